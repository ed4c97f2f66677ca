//! Draws the letters bent, rotated and crossed by lines. The same seed gives the same picture, so that a browser may
//! fetch it twice.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

use super::glyphs::strokes;

/// Width of the picture in pixels: twice what the page shows, for sharp screens.
pub const WIDTH: u32 = 480;
/// Height of the picture in pixels.
pub const HEIGHT: u32 = 144;

/// The picture of `answer`, as PNG; None only when the encoder fails.
#[must_use]
pub fn png(answer: &str, seed: u64) -> Option<Vec<u8>> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut picture = Pixmap::new(WIDTH, HEIGHT)?;
    picture.fill(Color::from_rgba8(0xF2, 0xF5, 0xF9, 0xFF));
    let bend = Bend::new(&mut random);
    speckle(&mut picture, &mut random);
    let count = answer.chars().count().max(1);
    #[expect(clippy::cast_precision_loss, reason = "a handful of letters")]
    let advance = (WIDTH as f32 - 60.0) / count as f32;
    for (index, letter) in answer.chars().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a handful of letters")]
        let left = 30.0 + advance * index as f32;
        if let Some(path) = letter_path(letter, left, advance, &bend, &mut random) {
            stroke(&mut picture, &path, random.random_range(7.0..10.0), 0xFF);
        }
    }
    for _ in 0..3 {
        if let Some(path) = crossing(&mut random) {
            stroke(&mut picture, &path, random.random_range(3.0..5.0), 0xB0);
        }
    }
    encode(&picture)
}

/// Colours of the letters and of the background.
const INK: [u8; 3] = [0x00, 0x1C, 0x41];
const PAPER: [u8; 3] = [0xF2, 0xF5, 0xF9];

/// Encodes with sixteen colours from ink to paper: enough for a captcha, in a third of the bytes.
fn encode(picture: &Pixmap) -> Option<Vec<u8>> {
    let palette: Vec<u8> = (0..16)
        .flat_map(|step| INK.into_iter().zip(PAPER).map(move |(ink, paper)| mix(ink, paper, step)))
        .collect();
    // The picture is opaque, and its red grows evenly from ink to paper.
    let shade = |red: u8| u8::try_from((u32::from(red) * 15 + 0x79) / 0xF2).unwrap_or(15).min(15);
    let packed: Vec<u8> = picture
        .pixels()
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, pixel| (byte << 4) | shade(pixel.red())))
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette(palette);
    encoder.set_compression(png::Compression::Default);
    encoder.write_header().ok()?.write_image_data(&packed).ok()?;
    Some(bytes)
}

/// The colour `step` fifteenths of the way from `ink` to `paper`.
fn mix(ink: u8, paper: u8, step: u32) -> u8 {
    u8::try_from((u32::from(ink) * (15 - step) + u32::from(paper) * step) / 15).unwrap_or(u8::MAX)
}

/// Two waves that bend the whole line of letters.
struct Bend {
    height: f32,
    length: f32,
    phase: f32,
    lean: f32,
}

impl Bend {
    fn new(random: &mut StdRng) -> Self {
        Self {
            height: random.random_range(5.0..9.0),
            length: random.random_range(45.0..75.0),
            phase: random.random_range(0.0..6.3),
            lean: random.random_range(-4.0..4.0),
        }
    }

    fn apply(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let wave = (x / self.length + self.phase).sin();
        (x + self.lean * (y / 25.0 + self.phase).sin(), y + self.height * wave)
    }
}

fn letter_path(letter: char, left: f32, advance: f32, bend: &Bend, random: &mut StdRng) -> Option<Path> {
    let size = random.random_range(0.85..1.05_f32);
    let (wide, high) = (advance * 0.62 / 4.0 * size, 86.0 / 6.0 * size);
    let (sin, cos) = random.random_range(-0.3..0.3_f32).sin_cos();
    let centre = (left + advance / 2.0, HEIGHT as f32 / 2.0 + random.random_range(-8.0..8.0));
    let place = |x: f32, y: f32| {
        let (x, y) = ((x - 2.0) * wide, (y - 3.0) * high);
        bend.apply((centre.0 + x * cos - y * sin, centre.1 + x * sin + y * cos))
    };
    let mut path = PathBuilder::new();
    for line in strokes(letter).split(' ') {
        let points: Vec<(f32, f32)> = line
            .as_bytes()
            .chunks_exact(2)
            .map(|pair| (f32::from(pair[0] - b'0'), f32::from(pair[1] - b'0')))
            .collect();
        let Some(&(x, y)) = points.first() else { continue };
        let start = place(x, y);
        path.move_to(start.0, start.1);
        for pair in points.windows(2) {
            // Each segment in four pieces, so that the bend is visible.
            for piece in 1..=4_u8 {
                let t = f32::from(piece) / 4.0;
                let (x, y) =
                    place(pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t);
                path.line_to(x, y);
            }
        }
    }
    path.finish()
}

/// A curve from the left edge to the right one.
fn crossing(random: &mut StdRng) -> Option<Path> {
    let high = HEIGHT as f32;
    let mut any = || random.random_range(0.1 * high..0.9 * high);
    let mut path = PathBuilder::new();
    path.move_to(0.0, any());
    path.cubic_to(WIDTH as f32 / 3.0, any(), WIDTH as f32 / 1.5, any(), WIDTH as f32, any());
    path.finish()
}

fn speckle(picture: &mut Pixmap, random: &mut StdRng) {
    let mut paint = Paint::default();
    for _ in 0..260 {
        let (x, y) = (random.random_range(0.0..WIDTH as f32), random.random_range(0.0..HEIGHT as f32));
        let size = random.random_range(1.5..4.0);
        paint.set_color_rgba8(0x00, 0x1C, 0x41, random.random_range(0x20..0x80));
        if let Some(rect) = Rect::from_xywh(x, y, size, size) {
            let path = PathBuilder::from_rect(rect);
            picture.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }
}

fn stroke(picture: &mut Pixmap, path: &Path, width: f32, alpha: u8) {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(0x00, 0x1C, 0x41, alpha);
    let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    picture.stroke_path(path, &paint, &stroke, Transform::identity(), None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_depend_only_on_seed_and_answer() {
        let picture = png("AHKMX", 7).unwrap();
        assert_eq!(picture.get(..4), Some(b"\x89PNG".as_slice()));
        assert_eq!(png("AHKMX", 7).unwrap(), picture);
        assert_ne!(png("AHKMX", 8).unwrap(), picture);
        assert_ne!(png("AHKMY", 7).unwrap(), picture);
        assert!(picture.len() < 20_000, "{} bytes", picture.len());
    }

    #[test]
    fn every_captcha_letter_has_strokes() {
        for letter in super::super::LETTERS {
            assert!(!strokes(char::from(*letter)).is_empty());
            assert!(strokes(char::from(*letter)).trim().split(' ').all(|line| line.len() % 2 == 0));
        }
    }
}

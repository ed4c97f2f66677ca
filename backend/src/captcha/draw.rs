//! Draws the letters: each with a face, size, slant and warp of its own, crossed by strokes that look like parts of letters,
//! on a ground where ink and paper change places (docs/decisions/0015). The same seed gives the same picture.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tiny_skia::{
    Color, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};

use super::glyphs::strokes;

/// Width of the picture in pixels: twice what the page shows, for sharp screens.
pub const WIDTH: u32 = 480;
/// Height of the picture in pixels.
pub const HEIGHT: u32 = 144;

/// A point of the picture.
type Point = (f32, f32);

/// The picture of `answer`, as PNG; None only when the encoder fails.
#[must_use]
pub fn png(answer: &str, seed: u64) -> Option<Vec<u8>> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut picture = Pixmap::new(WIDTH, HEIGHT)?;
    picture.fill(shade_of(PAPER));
    for _ in 0..random.random_range(2..4) {
        clutter(&mut picture, &mut random);
    }
    let count = answer.chars().count().max(1);
    #[expect(clippy::cast_precision_loss, reason = "a handful of letters")]
    let advance = random.random_range(WIDTH as f32 - 130.0..WIDTH as f32 - 70.0) / count as f32;
    #[expect(clippy::cast_precision_loss, reason = "a handful of letters")]
    let mut left = random.random_range(22.0..WIDTH as f32 - 22.0 - advance * count as f32);
    let wave = Wave::new(&mut random, 10.0..20.0);
    for letter in answer.chars() {
        let centre = left + advance * random.random_range(0.38..0.62);
        let middle = HEIGHT as f32 / 2.0 + wave.at(centre) + random.random_range(-6.0..6.0);
        let glyph = Glyph::new((centre, middle), advance, &mut random);
        Face::any(&mut random).stroke(&mut picture, &glyph.paths(letter));
        left += advance;
    }
    for _ in 0..random.random_range(4..6) {
        clutter(&mut picture, &mut random);
    }
    encode(&picture, &Ground::new(&mut random))
}

/// Colours of the letters and of the background.
const INK: [u8; 3] = [0x00, 0x1C, 0x41];
const PAPER: [u8; 3] = [0xF2, 0xF5, 0xF9];

fn shade_of([red, green, blue]: [u8; 3]) -> Color {
    Color::from_rgba8(red, green, blue, 0xFF)
}

/// Encodes with sixteen colours from ink to paper: enough for a captcha, in a third of the bytes. Where `ground` says so, ink
/// and paper change places.
fn encode(picture: &Pixmap, ground: &Ground) -> Option<Vec<u8>> {
    let palette: Vec<u8> = (0..16)
        .flat_map(|step| INK.into_iter().zip(PAPER).map(move |(ink, paper)| mix(ink, paper, step)))
        .collect();
    // The picture is opaque, and its red grows evenly from ink to paper.
    let shade = |red: u8| u8::try_from((u32::from(red) * 15 + 0x79) / 0xF2).unwrap_or(15).min(15);
    let mut packed = Vec::with_capacity(picture.pixels().len() / 2);
    for (row, pixels) in (0_u16..).zip(picture.pixels().chunks(WIDTH as usize)) {
        for (pair, column) in pixels.chunks(2).zip((0_u16..).step_by(2)) {
            let turned = if ground.turned(column, row) { 15 } else { 0 };
            packed.push(pair.iter().fold(0, |byte, pixel| (byte << 4) | (shade(pixel.red()) ^ turned)));
        }
    }
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

/// One sine wave.
struct Wave {
    height: f32,
    length: f32,
    phase: f32,
}

impl Wave {
    fn new(random: &mut StdRng, height: std::ops::Range<f32>) -> Self {
        Self {
            height: random.random_range(height),
            length: random.random_range(35.0..75.0),
            phase: random.random_range(0.0..6.3),
        }
    }

    fn at(&self, x: f32) -> f32 {
        self.height * (x / self.length + self.phase).sin()
    }
}

/// Where ink and paper change places: wide fields with curved edges, which cut through letters.
struct Ground {
    across: [Wave; 2],
    down: [Wave; 2],
    level: f32,
}

impl Ground {
    fn new(random: &mut StdRng) -> Self {
        let mut wave = |height| Wave::new(random, height);
        let (across, down) = ([wave(0.8..1.2), wave(0.5..0.9)], [wave(0.8..1.2), wave(0.5..0.9)]);
        Self { across, down, level: random.random_range(-0.3..0.3) }
    }

    fn turned(&self, x: u16, y: u16) -> bool {
        let (x, y) = (f32::from(x), f32::from(y));
        let [wide, fine] = &self.across;
        let [high, thin] = &self.down;
        wide.at(x + 0.7 * y) + high.at(y * 1.2 - 0.4 * x) + 0.6 * (fine.at(x - y) + thin.at(y + 0.3 * x)) > self.level
    }
}

/// How a letter's lines are drawn.
#[derive(Clone, Copy)]
enum Face {
    Plain { width: f32 },
    /// Two edges with paper between them.
    Hollow { width: f32 },
    Dashed { width: f32, dash: f32 },
    /// A row of dots.
    Dotted { width: f32 },
}

impl Face {
    fn any(random: &mut StdRng) -> Self {
        let width = random.random_range(6.5..10.0);
        match random.random_range(0..6) {
            0 | 1 => Self::Hollow { width: width + 5.0 },
            2 => Self::Dashed { width, dash: random.random_range(9.0..14.0) },
            3 => Self::Dotted { width: width + 1.0 },
            _ => Self::Plain { width },
        }
    }

    fn stroke(self, picture: &mut Pixmap, paths: &[Path]) {
        let mut draw = |width, colour, cap, dash| {
            let paint = Paint {
                anti_alias: true,
                shader: tiny_skia::Shader::SolidColor(shade_of(colour)),
                ..Paint::default()
            };
            let stroke = Stroke { width, line_cap: cap, line_join: LineJoin::Round, dash, ..Stroke::default() };
            for path in paths {
                picture.stroke_path(path, &paint, &stroke, Transform::identity(), None);
            }
        };
        match self {
            Self::Plain { width } => draw(width, INK, LineCap::Round, None),
            Self::Hollow { width } => {
                draw(width, INK, LineCap::Round, None);
                draw(width - 6.5, PAPER, LineCap::Round, None);
            }
            Self::Dashed { width, dash } => {
                draw(width, INK, LineCap::Butt, StrokeDash::new(vec![dash, 4.5], 0.0));
            }
            Self::Dotted { width } => {
                draw(width, INK, LineCap::Round, StrokeDash::new(vec![0.1, width * 1.2], 0.0));
            }
        }
    }
}

/// Where the grid of one letter lies in the picture.
struct Glyph {
    centre: Point,
    /// Columns of the matrix that turns, slants and sizes the letter.
    across: Point,
    down: Point,
    warp: [Wave; 2],
    curved: bool,
    serif: bool,
}

impl Glyph {
    fn new(centre: Point, advance: f32, random: &mut StdRng) -> Self {
        let wide = advance * random.random_range(0.68..0.95) / 4.0;
        let high = random.random_range(62.0..96.0_f32) / 6.0;
        let (sin, cos) = random.random_range(-0.4..0.4_f32).sin_cos();
        let slant = random.random_range(-0.25..0.25);
        Self {
            centre,
            across: (wide * cos, wide * sin),
            down: (high * (slant * cos - sin), high * (slant * sin + cos)),
            warp: [Wave::new(random, 2.0..5.0), Wave::new(random, 2.0..5.0)],
            curved: random.random_bool(0.5),
            serif: random.random_bool(0.4),
        }
    }

    fn place(&self, (x, y): Point) -> Point {
        let (x, y) = (x - 2.0, y - 3.0);
        let (x, y) = (
            self.centre.0 + x * self.across.0 + y * self.down.0,
            self.centre.1 + x * self.across.1 + y * self.down.1,
        );
        let [sideways, up] = &self.warp;
        (x + sideways.at(y), y + up.at(x))
    }

    /// The lines of a letter, in the picture.
    fn paths(&self, letter: char) -> Vec<Path> {
        let mut paths = Vec::with_capacity(6);
        for line in strokes(letter).split(' ') {
            let points: Vec<Point> = line
                .as_bytes()
                .chunks_exact(2)
                .map(|pair| (f32::from(pair[0] - b'0'), f32::from(pair[1] - b'0')))
                .collect();
            let (Some(&first), Some(&last)) = (points.first(), points.last()) else { continue };
            paths.extend(self.path(&points));
            if self.serif {
                for (x, y) in [first, last].into_iter().filter(|(_, y)| *y == 0.0 || *y == 6.0) {
                    paths.extend(self.path(&[(x - 0.6, y), (x + 0.6, y)]));
                }
            }
        }
        paths
    }

    /// A line through these points of the grid; its corners are cut where the face is curved.
    fn path(&self, points: &[Point]) -> Option<Path> {
        let mut line: Vec<Point> = points.to_vec();
        if self.curved {
            line = cut_corners(&line);
            line = cut_corners(&line);
        }
        let mut path = PathBuilder::new();
        let (x, y) = self.place(*line.first()?);
        path.move_to(x, y);
        for pair in line.windows(2) {
            let [from, to] = pair else { continue };
            // In pieces, so that the warp is visible.
            for piece in 1..=4_u8 {
                let t = f32::from(piece) / 4.0;
                let (x, y) = self.place((from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t));
                path.line_to(x, y);
            }
        }
        path.finish()
    }
}

/// Chaikin's corner cutting, which keeps both ends.
fn cut_corners(line: &[Point]) -> Vec<Point> {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return Vec::new() };
    let between = |a: Point, b: Point, t: f32| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
    let mut cut = vec![first];
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        cut.extend([between(*a, *b, 0.2), between(*a, *b, 0.8)]);
    }
    cut.push(last);
    cut
}

/// A short curve in one of the faces of the letters, which may cross them.
fn clutter(picture: &mut Pixmap, random: &mut StdRng) {
    let (x, y) = (random.random_range(0.0..WIDTH as f32), random.random_range(0.0..HEIGHT as f32));
    let length = random.random_range(30.0..75.0);
    let (sin, cos) = random.random_range(0.0..6.3_f32).sin_cos();
    let bend = random.random_range(-0.6..0.6) * length;
    let mut path = PathBuilder::new();
    path.move_to(x, y);
    path.quad_to(x + cos * length / 2.0 - sin * bend, y + sin * length / 2.0 + cos * bend, x + cos * length, y + sin * length);
    if let Some(path) = path.finish() {
        Face::any(random).stroke(picture, &[path]);
    }
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
    }

    #[test]
    fn pictures_of_any_seed_are_small() {
        for seed in 0..200 {
            let size = png("AHKMX", seed).unwrap().len();
            assert!(size < 20_000, "{size} bytes with seed {seed}");
        }
    }

    #[test]
    fn every_captcha_letter_has_strokes() {
        for letter in super::super::LETTERS {
            assert!(!strokes(char::from(*letter)).is_empty());
            assert!(strokes(char::from(*letter)).trim().split(' ').all(|line| line.len() % 2 == 0));
        }
    }
}

//! Draws the letters: each with a face, size and place of its own, over its neighbours, crossed by lines of the same colour
//! and width, on fields in which ink and paper change places (docs/decisions/0015-captcha.md). The same seed gives the same
//! picture, so that a browser may fetch it twice.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tiny_skia::{
    BlendMode, Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform,
};

use super::letter::{Face, Letter, Point, Wave};

/// Width of the picture in pixels: twice what the page shows, for sharp screens.
pub const WIDTH: u32 = 480;
/// Height of the picture in pixels.
pub const HEIGHT: u32 = 144;

/// The picture of `answer`, as PNG; None only when the encoder fails.
#[must_use]
pub fn png(answer: &str, seed: u64) -> Option<Vec<u8>> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut picture = Pixmap::new(WIDTH, HEIGHT)?;
    // Black is paper and white is ink until `encode`; whatever is drawn turns one into the other.
    picture.fill(Color::BLACK);
    for _ in 0..random.random_range(1..3) {
        field(&mut picture, &mut random);
    }
    for letter in lay_out(answer, &mut random) {
        if let Some(path) = letter.path() {
            draw(&mut picture, &path, letter.face);
        }
    }
    // Mostly one: two make some letters hard to read for people.
    for _ in 0..random.random_range(2..5) / 2 {
        crossing(&mut picture, &mut random);
    }
    for _ in 0..random.random_range(1..3) {
        scrap(&mut picture, &mut random);
    }
    encode(&picture)
}

/// Gives each letter its place: columns of varying width, which overlap, from a varying left edge on.
fn lay_out(answer: &str, random: &mut StdRng) -> Vec<Letter> {
    let columns: Vec<(char, f32)> =
        answer.chars().map(|letter| (letter, random.random_range(0.8..1.2))).collect();
    let sum: f32 = columns.iter().map(|(_, share)| share).sum();
    let total = WIDTH as f32 * random.random_range(0.78..0.92);
    let mut left = random.random_range(14.0..WIDTH as f32 - total - 14.0);
    let wave = Wave::new(random, 4.0..16.0, 40.0..90.0);
    let mut letters = Vec::with_capacity(columns.len());
    for (letter, share) in columns {
        let advance = total * share / sum.max(1.0);
        let centre = left + advance / 2.0;
        let middle = HEIGHT as f32 / 2.0 + wave.at(centre) + random.random_range(-7.0..7.0);
        letters.push(Letter::new(letter, (centre, middle), advance, random));
        left += advance;
    }
    letters
}

/// A wide field with a curved edge, which cuts through letters.
fn field(picture: &mut Pixmap, random: &mut StdRng) {
    let (wide, high) = (WIDTH as f32, HEIGHT as f32);
    let centre = (random.random_range(0.0..wide), random.random_range(0.0..high));
    let radius =
        (random.random_range(0.10 * wide..0.34 * wide), random.random_range(0.35 * high..0.9 * high));
    let wave = Wave::new(random, 0.05..0.3, 0.28..0.5);
    let mut path = PathBuilder::new();
    for step in 0..48_u8 {
        let angle = f32::from(step) / 48.0 * std::f32::consts::TAU;
        let reach = 1.0 + wave.at(angle.sin() + 0.4 * angle.cos());
        let (x, y) = (centre.0 + radius.0 * reach * angle.cos(), centre.1 + radius.1 * reach * angle.sin());
        if step == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path.close();
    if let Some(path) = path.finish() {
        picture.fill_path(&path, &inverting(), FillRule::Winding, Transform::identity(), None);
    }
}

/// A curve from one edge to the other.
fn crossing(picture: &mut Pixmap, random: &mut StdRng) {
    let (wide, high) = (WIDTH as f32, HEIGHT as f32);
    let mut any = || random.random_range(0.05 * high..0.95 * high);
    let mut path = PathBuilder::new();
    path.move_to(-8.0, any());
    path.cubic_to(
        wide / 3.0,
        any() * 1.6 - 0.3 * high,
        wide / 1.5,
        any() * 1.6 - 0.3 * high,
        wide + 8.0,
        any(),
    );
    if let Some(path) = path.finish() {
        draw(picture, &path, Face::Plain { width: random.random_range(3.6..5.0) });
    }
}

/// A short curve in one of the faces of the letters.
fn scrap(picture: &mut Pixmap, random: &mut StdRng) {
    let (x, y) = (random.random_range(0.0..WIDTH as f32), random.random_range(0.0..HEIGHT as f32));
    let length = random.random_range(25.0..60.0);
    let (sin, cos) = random.random_range(0.0..6.3_f32).sin_cos();
    let bend = random.random_range(-0.5..0.5) * length;
    let at =
        |along: f32, aside: f32| -> Point { (x + cos * along - sin * aside, y + sin * along + cos * aside) };
    let (middle, end) = (at(length / 2.0, bend), at(length, 0.0));
    let mut path = PathBuilder::new();
    path.move_to(x, y);
    path.quad_to(middle.0, middle.1, end.0, end.1);
    if let Some(path) = path.finish() {
        draw(picture, &path, Face::any(random));
    }
}

/// A paint that turns ink into paper and paper into ink: what crosses stays visible.
fn inverting() -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, blend_mode: BlendMode::Difference, ..Paint::default() };
    paint.set_color(Color::WHITE);
    paint
}

fn draw(picture: &mut Pixmap, path: &Path, face: Face) {
    let mut line = |width| {
        let stroke =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        picture.stroke_path(path, &inverting(), &stroke, Transform::identity(), None);
    };
    match face {
        Face::Plain { width } => line(width),
        Face::Hollow { width, edge } => {
            line(width);
            line(width - 2.0 * edge);
        }
    }
}

/// Colours of the letters and of the background.
const INK: [u8; 3] = [0x00, 0x1C, 0x41];
const PAPER: [u8; 3] = [0xF2, 0xF5, 0xF9];

/// Encodes with sixteen colours from ink to paper: enough for a captcha, in a third of the bytes.
fn encode(picture: &Pixmap) -> Option<Vec<u8>> {
    let palette: Vec<u8> = (0..16)
        .flat_map(|step| INK.into_iter().zip(PAPER).map(move |(ink, paper)| mix(ink, paper, step)))
        .collect();
    let shade = |red: u8| 15 - u8::try_from((u32::from(red) * 15 + 127) / 255).unwrap_or(15).min(15);
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
}

//! One letter with a face of its own: size, slant, rotation, warp, serifs, weight (docs/decisions/0015-captcha.md).

use std::ops::Range;

use rand::Rng;
use rand::rngs::StdRng;
use tiny_skia::{Path, PathBuilder};

use super::glyphs::{other_strokes, strokes};

/// A point of the picture, or of the grid of a letter.
pub(super) type Point = (f32, f32);

/// One sine wave.
pub(super) struct Wave {
    height: f32,
    length: f32,
    phase: f32,
}

impl Wave {
    pub(super) fn new(random: &mut StdRng, height: Range<f32>, length: Range<f32>) -> Self {
        Self {
            height: random.random_range(height),
            length: random.random_range(length),
            phase: random.random_range(0.0..6.3),
        }
    }

    pub(super) fn at(&self, x: f32) -> f32 {
        self.height * (x / self.length + self.phase).sin()
    }
}

/// How the lines of a letter look.
#[derive(Clone, Copy)]
pub(super) enum Face {
    /// One line.
    Plain { width: f32 },
    /// Only the two edges of a thick line.
    Hollow { width: f32, edge: f32 },
}

impl Face {
    pub(super) fn any(random: &mut StdRng) -> Self {
        if random.random_bool(0.3) {
            Self::Hollow { width: random.random_range(15.5..18.5), edge: random.random_range(4.0..4.8) }
        } else {
            Self::Plain { width: random.random_range(8.0..13.0) }
        }
    }
}

/// Where the grid of one letter is in the picture, and how its lines run.
pub(super) struct Letter {
    strokes: &'static str,
    centre: Point,
    /// The columns of the matrix that rotates, slants and sizes the letter.
    across: Point,
    down: Point,
    /// The middle line of the letter on its grid.
    middle: f32,
    warp: [Wave; 2],
    /// How round corners are, from 0 to 1/2; 0 leaves them.
    round: f32,
    serif: f32,
    pub(super) face: Face,
}

impl Letter {
    /// `letter` with random looks, around `centre`, in a column as wide as `advance`.
    pub(super) fn new(letter: char, centre: Point, advance: f32, random: &mut StdRng) -> Self {
        let other = other_strokes(letter).filter(|_| random.random_bool(0.5));
        let chosen = other.unwrap_or_else(|| strokes(letter));
        // The highest and the lowest line: a small letter is drawn as large as a capital.
        let lines = || chosen.split(' ').flat_map(|line| line.as_bytes().iter().skip(1).step_by(2));
        let grid = |byte: &u8| f32::from(byte.saturating_sub(b'0'));
        let top = lines().min().map_or(0.0, grid);
        let bottom = lines().max().map_or(6.0, grid);
        let wide = advance * random.random_range(0.56..0.76) / 4.0;
        let high = random.random_range(70.0..104.0_f32) / (bottom - top).max(1.0);
        let (sin, cos) = random.random_range(-0.28..0.28_f32).sin_cos();
        let slant = random.random_range(-0.2..0.2);
        Self {
            strokes: chosen,
            centre,
            across: (wide * cos, wide * sin),
            down: (high * (slant * cos - sin), high * (slant * sin + cos)),
            middle: f32::midpoint(top, bottom),
            warp: [Wave::new(random, 1.0..4.0, 15.0..30.0), Wave::new(random, 1.0..4.0, 15.0..30.0)],
            round: if other.is_some() || random.random_bool(0.4) {
                random.random_range(0.2..0.3)
            } else {
                0.0
            },
            serif: if random.random_bool(0.3) { random.random_range(0.3..0.5) } else { 0.0 },
            face: Face::any(random),
        }
    }

    fn place(&self, (x, y): Point) -> Point {
        let (x, y) = (x - 2.0, y - self.middle);
        let (x, y) = (
            self.centre.0 + x * self.across.0 + y * self.down.0,
            self.centre.1 + x * self.across.1 + y * self.down.1,
        );
        let [sideways, up] = &self.warp;
        (x + sideways.at(y), y + up.at(x))
    }

    /// The lines of the letter, in the picture.
    pub(super) fn path(&self) -> Option<Path> {
        let mut path = PathBuilder::new();
        for line in self.strokes.split(' ') {
            let grid = |byte: &u8| f32::from(byte.saturating_sub(b'0'));
            let points: Vec<Point> = line
                .as_bytes()
                .chunks_exact(2)
                .filter_map(|pair| Some((grid(pair.first()?), grid(pair.last()?))))
                .collect();
            self.line(&points, &mut path);
            let (Some(&first), Some(&last)) = (points.first(), points.last()) else { continue };
            if self.serif > 0.0 && first != last {
                for (x, y) in [first, last].into_iter().filter(|(_, y)| *y == 0.0 || *y == 6.0) {
                    self.line(&[(x - self.serif, y), (x + self.serif, y)], &mut path);
                }
            }
        }
        path.finish()
    }

    /// Adds a line through these points of the grid.
    fn line(&self, points: &[Point], path: &mut PathBuilder) {
        let mut line = points.to_vec();
        if self.round > 0.0 {
            line = cut_corners(&cut_corners(&line, self.round), self.round);
        }
        let Some(&first) = line.first() else { return };
        let (x, y) = self.place(first);
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
    }
}

/// Chaikin's corner cutting, which keeps both ends.
fn cut_corners(line: &[Point], share: f32) -> Vec<Point> {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return Vec::new() };
    let between = |a: Point, b: Point, t: f32| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
    let mut cut = Vec::with_capacity(line.len() * 2 + 2);
    cut.push(first);
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        cut.extend([between(*a, *b, share), between(*a, *b, 1.0 - share)]);
    }
    cut.push(last);
    cut
}

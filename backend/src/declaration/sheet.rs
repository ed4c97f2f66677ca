//! Text and drawn lines on the page. Text becomes tagged content and returns its node for the structure tree; lines and
//! boxes are artifacts, because they only repeat what the words beside them say.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag};

use super::face::{Face, Faces, Line};

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
/// Left and right margin: 2 cm.
pub(super) const MARGIN: f32 = 56.7;
/// Width between the margins.
pub(super) const COLUMN: f32 = WIDTH - 2.0 * MARGIN;

/// For the title, headings and the rule under them.
pub(super) const BLUE: Ink = Ink(10, 52, 98);
pub(super) const BLACK: Ink = Ink(0, 0, 0);
/// For small print; its contrast against white is still 8 : 1.
pub(super) const GREY: Ink = Ink(72, 72, 72);
/// For frames and lines to write on.
pub(super) const LINE: Ink = Ink(120, 120, 120);

/// A colour.
#[derive(Clone, Copy)]
pub(super) struct Ink(u8, u8, u8);

/// Style of a text. Lengths in points.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) size: f32,
    /// From one baseline to the next.
    pub(super) leading: f32,
    pub(super) ink: Ink,
    pub(super) centred: bool,
}

/// The page, and the fonts to write with.
pub(super) struct Sheet<'a, 'b> {
    pub(super) surface: &'a mut Surface<'b>,
    pub(super) faces: &'a Faces,
}

impl Sheet<'_, '_> {
    /// Writes `text` into a column whose upper left corner is at `x`, `top`. Returns its content for a tag, and the
    /// bottom of the column.
    pub(super) fn text(
        &mut self,
        style: Style,
        (x, top): (f32, f32),
        width: f32,
        text: &str,
    ) -> (Vec<Node>, f32) {
        let faces = self.faces;
        let face = if style.bold { &faces.bold } else { &faces.regular };
        let lines = face.lines(text, style.size, width);
        let mut bottom = top;
        let mut content = Vec::with_capacity(lines.len());
        for line in &lines {
            let indent = if style.centred { (width - line.width * style.size) / 2.0 } else { 0.0 };
            // Centres the capitals in the height of the line; they are 0.714 em high.
            let baseline = bottom + (style.leading + 0.714 * style.size) / 2.0;
            content.push(self.line(face, style, Point::from_xy(x + indent, baseline), line));
            bottom += style.leading;
        }
        (content, bottom)
    }

    fn line(&mut self, face: &Face, style: Style, at: Point, line: &Line) -> Node {
        let content = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(style.ink)));
        self.surface.draw_glyphs(at, &line.glyphs, face.font(), &line.text, style.size, false);
        self.surface.end_tagged();
        content.into()
    }

    /// A line from `x` to `x + width`.
    pub(super) fn rule(&mut self, (x, y): (f32, f32), width: f32, thickness: f32, ink: Ink) {
        let mut path = PathBuilder::new();
        path.move_to(x, y);
        path.line_to(x + width, y);
        self.draw(path.finish(), thickness, ink);
    }

    /// A box to write into.
    pub(super) fn frame(&mut self, (x, y): (f32, f32), width: f32, height: f32) {
        let mut path = PathBuilder::new();
        if let Some(rectangle) = Rect::from_xywh(x, y, width, height) {
            path.push_rect(rectangle);
        }
        self.draw(path.finish(), 0.7, LINE);
    }

    fn draw(&mut self, path: Option<Path>, width: f32, ink: Ink) {
        let Some(path) = path else { return };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_fill(None);
        let paint = rgb::Color::new(ink.0, ink.1, ink.2).into();
        self.surface.set_stroke(Some(Stroke { paint, width, ..Stroke::default() }));
        self.surface.draw_path(&path);
        self.surface.end_tagged();
    }
}

fn fill(ink: Ink) -> Fill {
    Fill {
        paint: rgb::Color::new(ink.0, ink.1, ink.2).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }
}

//! The two fonts: which characters they print, shaping text into glyphs, and breaking lines.

use std::sync::LazyLock;

use harfrust::{Direction, FontRef, Language, ShapeOptions, ShaperData, UnicodeBuffer};
use krilla::Data;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use unicode_normalization::UnicodeNormalization;

/// See `data/fonts/README.md` for their source and the characters they contain.
static REGULAR: &[u8] = include_bytes!("../../data/fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../data/fonts/NotoSans-Bold.ttf");

/// Most printed characters of a name. `domain` accepts names of up to 120.
const LONGEST: usize = 160;

/// Both weights, parsed once. None when a font cannot be parsed.
pub(super) fn faces() -> Option<&'static Faces> {
    static FACES: LazyLock<Option<Faces>> =
        LazyLock::new(|| Some(Faces { regular: Face::new(REGULAR)?, bold: Face::new(BOLD)? }));
    FACES.as_ref()
}

/// Both weights.
pub(super) struct Faces {
    pub(super) regular: Face,
    pub(super) bold: Face,
}

/// One font: krilla's view, for embedding, and harfrust's, for shaping.
pub(super) struct Face {
    font: Font,
    reference: FontRef<'static>,
    shaping: ShaperData,
}

/// A line of text as glyphs. Lengths are in em.
pub(super) struct Line {
    /// The text of the glyphs. A line that another follows keeps its last space, so that the words stay apart for
    /// screen readers.
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// Width without the space at the end.
    pub(super) width: f32,
}

impl Face {
    fn new(bytes: &'static [u8]) -> Option<Self> {
        let reference = FontRef::new(bytes).ok()?;
        let shaping = ShaperData::new(&reference);
        Some(Self { font: Font::new(Data::from(bytes), 0)?, reference, shaping })
    }

    /// The font to draw the glyphs with.
    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }

    /// `text` as it can be printed: composed (NFC), on one line, without invisible characters, with “?” for those that
    /// the font lacks, and cut after [`LONGEST`] characters. The result never needs `.notdef`.
    pub(super) fn printable(&self, text: &str) -> String {
        let visible: String = text
            .nfc()
            .filter(|c| !is_invisible(*c))
            .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
            .map(|c| if c == ' ' || self.covers(c) { c } else { '?' })
            .collect();
        let tidy = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        match tidy.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}…", &tidy[..cut]),
            None => tidy,
        }
    }

    fn covers(&self, c: char) -> bool {
        self.shape(c.encode_utf8(&mut [0; 4])).iter().all(|glyph| glyph.glyph_id.to_u32() != 0)
    }

    /// Breaks `text` into lines of at most `width` points at `size`: at spaces, and inside a word that is wider than a
    /// line.
    pub(super) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<Line> {
        let room = width / size;
        let (mut lines, mut start, mut used) = (Vec::new(), 0, 0.0);
        // Start of the last word of this line, and the width of the line up to there.
        let mut word = (0, 0.0);
        for glyph in self.shape(text) {
            let at = glyph.text_range.start;
            let is_space = text[at..].starts_with(' ');
            // Glyphs of one cluster stay together: a line breaks only at the start of a cluster.
            if used + glyph.x_advance > room && !is_space && at > start {
                let (cut, before) = if word.0 > start { word } else { (at, used) };
                lines.push(self.line(&text[start..cut]));
                (start, used, word) = (cut, used - before, (cut, 0.0));
            }
            used += glyph.x_advance;
            if is_space {
                word = (at + 1, used);
            }
        }
        lines.push(self.line(&text[start..]));
        lines
    }

    fn line(&self, text: &str) -> Line {
        let glyphs = self.shape(text);
        let end = text.trim_end().len();
        let width =
            glyphs.iter().filter(|glyph| glyph.text_range.start < end).map(|glyph| glyph.x_advance).sum();
        Line { text: text.to_owned(), glyphs, width }
    }

    fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        // The fonts have no right-to-left script.
        buffer.set_direction(Direction::LeftToRight);
        if let Ok(language) = "es".parse::<Language>() {
            buffer.set_language(language);
        }
        let shaper = self.shaping.shaper(&self.reference).build();
        let shaped = shaper.shape(buffer, ShapeOptions::new());
        let em = self.font.units_per_em();
        let infos = shaped.glyph_infos();
        let starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        infos
            .iter()
            .zip(shaped.glyph_positions())
            .zip(&starts)
            .map(|((info, place), start)| {
                let end = starts.iter().copied().find(|next| next > start).unwrap_or(text.len());
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    place.x_advance as f32 / em,
                    place.x_offset as f32 / em,
                    place.y_offset as f32 / em,
                    place.y_advance as f32 / em,
                    *start..end,
                    None,
                )
            })
            .collect()
    }
}

/// Characters that only change how others look: joiners, direction marks, variation selectors, tags. A name does not
/// need them, and direction marks can make one text look like another.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

//! PDF (ISO 32000): its start, its end, and the uncompressed names between them.
//!
//! Compressed streams are not opened. So a script in a compressed object stream is not found, and a stream that
//! decompresses to gigabytes costs nothing. The defence against a hostile PDF is that officers get it as a download
//! with a sandbox, not this list of names. It finds the honest cases, such as forms with scripts and portfolios, and
//! careless attackers.
//!
//! `/URI` is no such name: word processors write one for every mail address and every link of a text, so most
//! declarations with a letterhead would be refused. A viewer follows it only after a click, and asks first.

use super::super::Unfit;

/// The first bytes of a PDF.
pub(super) const SIGNATURE_1: &[u8] = b"%PDF-1.";
/// The first bytes of a PDF 2.
pub(super) const SIGNATURE_2: &[u8] = b"%PDF-2.";

/// The end of a file as DOS marks it.
const DOS_END: u8 = 0x1a;

/// Bytes before the end within which the directory of an archive is found: its own 22 bytes and the longest comment.
const ARCHIVE: u64 = 22 + 0xffff;

/// Walks a PDF, beginning behind the signature.
#[derive(Debug, Default)]
pub(super) struct Pdf {
    seen: u64,
    /// The last 16 bytes, the newest in the lowest byte.
    last: u128,
    name: Name,
    /// Whether the walk is within `stream … endstream`.
    stream: bool,
    end: End,
    /// Position behind the last signature of an archive's directory.
    archive: Option<u64>,
}

/// State of `%%EOF`.
#[derive(Debug, Default, Clone, Copy)]
enum End {
    /// Not found yet.
    #[default]
    Ahead,
    /// Found, and followed only by white space so far.
    Here,
    /// Found, and followed by this byte.
    Behind(u8),
}

impl Pdf {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// See [`super::Inspector::push`].
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<usize, Unfit> {
        for byte in bytes {
            self.byte(*byte)?;
        }
        Ok(bytes.len())
    }

    fn byte(&mut self, byte: u8) -> Result<(), Unfit> {
        self.seen += 1;
        self.last = self.last << 8 | u128::from(byte);
        match self.name.push(byte) {
            Some(Meaning::Active) => return Err(Unfit::Active),
            // In the trailer, or in the dictionary before a stream that has its place.
            Some(Meaning::Locked) if !self.stream => return Err(Unfit::Locked),
            Some(Meaning::ActiveOutside) if !self.stream => return Err(Unfit::Active),
            Some(Meaning::ActiveOutside | Meaning::Locked) | None => {}
        }
        match byte {
            b'\r' | b'\n' if self.stream_begins() => self.stream = true,
            b'm' if self.ends_with(b"endstream") => self.stream = false,
            0x06 if self.ends_with(b"PK\x05\x06") => self.archive = Some(self.seen),
            _ => {}
        }
        if byte == b'F' && self.ends_with(b"%%EOF") {
            self.end = End::Here;
        } else if matches!(self.end, End::Here) && !is_white(byte) && byte != DOS_END {
            self.end = End::Behind(byte);
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Unfit> {
        match self.end {
            End::Ahead => Err(Unfit::Broken),
            // A file truncated within an update: objects, a table or a comment follow an earlier `%%EOF`.
            End::Behind(b'0'..=b'9' | b'x' | b'%') => Err(Unfit::Broken),
            End::Behind(_) => Err(Unfit::Trailing),
            End::Here if self.archive.is_some_and(|at| self.seen - at <= ARCHIVE) => Err(Unfit::Trailing),
            End::Here => Ok(()),
        }
    }

    /// Whether the last bytes are `text`, of at most 16 bytes.
    fn ends_with(&self, text: &[u8]) -> bool {
        let last = self.last.to_be_bytes();
        last.ends_with(text)
    }

    /// Whether the data of a stream begins: `stream` and a line end behind a dictionary.
    fn stream_begins(&self) -> bool {
        let last = self.last.to_be_bytes();
        let before = last.strip_suffix(b"\n").or_else(|| last.strip_suffix(b"\r"));
        let Some(mut before) = before.and_then(|before| before.strip_suffix(b"stream")) else { return false };
        while let [shorter @ .., white] = before
            && is_white(*white)
        {
            before = shorter;
        }
        before.ends_with(b">>")
    }
}

/// What a name means for the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It has scripts, starts programs, embeds files, opens other files, or sends or loads the data of a form.
    Active,
    /// The same, when the name is outside of streams: compressed data contains so short a name by chance once in some
    /// hundred megabytes.
    ActiveOutside,
    /// It is encrypted. To know whether it opens without a password, its keys would have to be derived here; what is in its streams
    /// could not be looked at in either case.
    Locked,
}

impl Meaning {
    /// Length of the longest name with a meaning.
    const LONGEST: usize = b"EmbeddedFiles".len();

    fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"JavaScript" | b"Launch" | b"EmbeddedFile" | b"EmbeddedFiles" | b"RichMedia" | b"XFA"
            | b"GoToR" | b"GoToE" | b"SubmitForm" | b"ImportData" => Some(Self::Active),
            b"JS" => Some(Self::ActiveOutside),
            b"Encrypt" => Some(Self::Locked),
            _ => None,
        }
    }
}

/// Reads names: `/`, then everything up to white space or a delimiter; `#` and two digits are one byte.
#[derive(Debug, Default)]
struct Name {
    within: bool,
    text: Vec<u8>,
    /// The name has no meaning: it is too long, or has a `#` that is no escape.
    other: bool,
    escape: Escape,
}

#[derive(Debug, Default, Clone, Copy)]
enum Escape {
    #[default]
    None,
    Begun,
    Half(u8),
}

impl Name {
    /// Reads a byte. Returns the meaning of the name that it ends, if any.
    fn push(&mut self, byte: u8) -> Option<Meaning> {
        let ends = is_white(byte) || b"()<>[]{}/%".contains(&byte);
        if !ends {
            if self.within {
                self.extend(byte);
            }
            return None;
        }
        let whole = self.within && !self.other && matches!(self.escape, Escape::None);
        let meaning = if whole { Meaning::of(&self.text) } else { None };
        self.within = byte == b'/';
        self.text.clear();
        (self.other, self.escape) = (false, Escape::None);
        meaning
    }

    fn extend(&mut self, byte: u8) {
        let digit = (byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (self.escape, digit) {
            (Escape::None, _) if byte == b'#' => self.escape = Escape::Begun,
            (Escape::None, _) => self.letter(byte),
            (Escape::Begun, Some(high)) => self.escape = Escape::Half(high),
            (Escape::Half(high), Some(low)) => {
                self.escape = Escape::None;
                self.letter(high << 4 | low);
            }
            (_, None) => (self.other, self.escape) = (true, Escape::None),
        }
    }

    fn letter(&mut self, byte: u8) {
        if self.text.len() < Meaning::LONGEST { self.text.push(byte) } else { self.other = true }
    }
}

/// White space of a PDF, including NUL.
fn is_white(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

//! Decides the format of an uploaded file by its content while it is received, never by its name or the type that a
//! browser declares. Nothing is decoded and no file is held in memory; nothing is decompressed but the texts and profiles
//! of a PNG, up to a bound. So decompression bombs do no harm here.
//!
//! What stands before the signature is dropped: a byte order mark, blank bytes, and before a PDF whatever stands in its first
//! 1,024 bytes, where readers look for its signature. The verdict depends only on the bytes, not on how they are split into pieces.

mod jpeg;
mod packed;
mod pdf;
mod png;
#[cfg(test)]
mod png_tests;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::format::Format;
use super::{MAX_FILE_BYTES, Unfit};

/// Largest width and height of an image, in pixels.
const LONGEST_SIDE: u32 = 20_000;
/// Most pixels of an image: an A4 page at 1,000 dots per inch has 97 million.
const MAX_PIXELS: u64 = 100_000_000;

/// How many bytes may stand before a PDF: readers look for its signature in the first 1,024.
const MAX_BEFORE: usize = 1024;
/// How many bytes show that a file is of another format.
const ENOUGH: usize = 16;
/// The mark that some programs write before UTF-8, and by mistake before any file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Inspects a file while it is received.
#[derive(Debug)]
pub(crate) struct Inspector {
    seen: u64,
    walk: Walk,
}

/// What belongs to the file, of the bytes received so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilePart {
    /// The signature that these bytes complete: the file begins with it. Else empty.
    pub(crate) signature: &'static [u8],
    /// Which of these bytes follow.
    pub(crate) chunk: Range<usize>,
}

/// State of the inspection.
#[derive(Debug)]
enum Walk {
    /// What came so far, without blank bytes before it: no signature yet.
    Start(Vec<u8>),
    Pdf(pdf::Pdf),
    Jpeg(jpeg::Jpeg),
    Png(png::Png),
}

impl Inspector {
    /// An inspector before the first byte.
    pub(crate) fn new() -> Self {
        Self { seen: 0, walk: Walk::Start(Vec::new()) }
    }

    /// Inspects the next bytes and returns which of them belong to the file: all from its signature on, until an image has ended.
    /// Whatever stood before the signature is dropped, so that what is kept begins with it and is nothing else for any reader.
    ///
    /// # Errors
    /// Why the file is refused; the rest need not be read.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<FilePart, Unfit> {
        let room = usize::try_from(MAX_FILE_BYTES - self.seen).unwrap_or(usize::MAX);
        let within = bytes.get(..room).unwrap_or(bytes);
        // First the bytes within the limit: their verdict must not depend on how many more came with them.
        let kept = self.walk(within)?;
        self.seen += within.len() as u64;
        if bytes.len() > within.len() { Err(Unfit::TooLarge) } else { Ok(kept) }
    }

    fn walk(&mut self, bytes: &[u8]) -> Result<FilePart, Unfit> {
        let Walk::Start(start) = &mut self.walk else {
            return Ok(FilePart { signature: &[], chunk: 0..self.walk.push(bytes)? });
        };
        for (at, byte) in bytes.iter().enumerate() {
            if start.is_empty() && is_blank(*byte) {
                continue;
            }
            start.push(*byte);
            if start == BYTE_ORDER_MARK {
                start.clear();
            }
            if let Some((signature, walk)) = Walk::sniff(start)? {
                self.walk = walk;
                let behind = at + 1;
                let rest = bytes.get(behind..).unwrap_or_default();
                return Ok(FilePart { signature, chunk: behind..behind + self.walk.push(rest)? });
            }
        }
        Ok(FilePart { signature: &[], chunk: 0..0 })
    }

    /// The format of the whole file.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) fn finish(self) -> Result<Format, Unfit> {
        match self.walk {
            Walk::Start(start) if start.is_empty() => Err(Unfit::Empty),
            Walk::Start(start) => Err(other(&start).unwrap_or(Unfit::Format)),
            Walk::Pdf(pdf) => pdf.finish().map(|()| Format::Pdf),
            Walk::Jpeg(jpeg) => jpeg.finish().map(|()| Format::Jpeg),
            Walk::Png(png) => png.finish().map(|()| Format::Png),
        }
    }
}

impl Walk {
    /// The walk of a format once its signature is complete; None while it may still come.
    fn sniff(start: &[u8]) -> Result<Option<(&'static [u8], Self)>, Unfit> {
        let found = match start {
            jpeg::SIGNATURE => (jpeg::SIGNATURE, Self::Jpeg(jpeg::Jpeg::new())),
            png::SIGNATURE => (png::SIGNATURE, Self::Png(png::Png::new())),
            _ if start.ends_with(pdf::SIGNATURE_1) => (pdf::SIGNATURE_1, Self::Pdf(pdf::Pdf::new())),
            _ if start.ends_with(pdf::SIGNATURE_2) => (pdf::SIGNATURE_2, Self::Pdf(pdf::Pdf::new())),
            _ if start.len() == ENOUGH => return other(start).map_or(Ok(None), Err),
            _ if start.len() == MAX_BEFORE + pdf::SIGNATURE_1.len() => return Err(Unfit::Format),
            _ => return Ok(None),
        };
        Ok(Some(found))
    }

    fn push(&mut self, bytes: &[u8]) -> Result<usize, Unfit> {
        match self {
            Self::Start(_) => Ok(bytes.len()),
            Self::Pdf(pdf) => pdf.push(bytes),
            Self::Jpeg(jpeg) => jpeg.push(bytes),
            Self::Png(png) => png.push(bytes),
        }
    }
}

/// What a file is that is known and not accepted, whatever else is in it.
fn other(start: &[u8]) -> Option<Unfit> {
    let lower = start.to_ascii_lowercase();
    // HEIC, HEIF and AVIF; the same container has videos. Of the length before, what is blank was dropped.
    let brand = (0..=4).find_map(|at| start.get(at..)?.strip_prefix(b"ftyp"));
    if let Some(brand) = brand {
        let of_images: [&[u8]; 6] = [b"hei", b"hev", b"mif1", b"msf1", b"avi", b"MiHE"];
        let is_photo = of_images.iter().any(|known| brand.starts_with(known));
        return Some(if is_photo { Unfit::Photo } else { Unfit::Format });
    }
    match start {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Unfit::Photo),
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..]
        | [0xd0, 0xcf, 0x11, 0xe0, ..]
        | [b'{', b'\\', b'r', b't', b'f', ..] => Some(Unfit::Document),
        _ if lower.starts_with(b"<!doctype") || lower.starts_with(b"<html") => Some(Unfit::Page),
        _ => None,
    }
}

/// What some programs write before a file: white space, or the NULs of a block that was not filled.
fn is_blank(byte: u8) -> bool {
    byte == 0 || byte.is_ascii_whitespace()
}

/// Whether an image of this size is accepted.
fn size(width: u32, height: u32) -> Result<(), Unfit> {
    if width == 0 || height == 0 {
        return Err(Unfit::Broken);
    }
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_SIDE || pixels > MAX_PIXELS { Err(Unfit::Pixels) } else { Ok(()) }
}

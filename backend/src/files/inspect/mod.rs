//! Decides the format of an uploaded file by its content while it is received, never by its name or the type that a
//! browser declares. Nothing is decoded and no file is held in memory; nothing is decompressed but the texts and profiles
//! of a PNG, up to a bound. So decompression bombs do no harm here.
//!
//! The verdict depends only on the bytes, not on how they are split into pieces.

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

use super::format::Format;
use super::{MAX_FILE_BYTES, Unfit};

/// Largest width and height of an image, in pixels.
const LONGEST_SIDE: u32 = 20_000;
/// Most pixels of an image: an A4 page at 1,000 dots per inch has 97 million.
const MAX_PIXELS: u64 = 100_000_000;

/// Inspects a file while it is received.
#[derive(Debug)]
pub(crate) struct Inspector {
    seen: u64,
    walk: Walk,
}

/// State of the inspection.
#[derive(Debug)]
enum Walk {
    /// The first bytes, too few to know the format.
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

    /// Inspects the next bytes and returns how many of them belong to the file: all, until an image has ended.
    ///
    /// # Errors
    /// Why the file is refused; the rest need not be read.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<usize, Unfit> {
        let room = usize::try_from(MAX_FILE_BYTES - self.seen).unwrap_or(usize::MAX);
        let within = bytes.get(..room).unwrap_or(bytes);
        // First the bytes within the limit: their verdict must not depend on how many more came with them.
        let kept = self.walk(within)?;
        self.seen += within.len() as u64;
        if bytes.len() > within.len() { Err(Unfit::TooLarge) } else { Ok(kept) }
    }

    fn walk(&mut self, bytes: &[u8]) -> Result<usize, Unfit> {
        let Walk::Start(start) = &mut self.walk else { return self.walk.push(bytes) };
        for (at, byte) in bytes.iter().enumerate() {
            start.push(*byte);
            if let Some(walk) = Walk::sniff(start)? {
                self.walk = walk;
                let rest = bytes.get(at + 1..).unwrap_or_default();
                return Ok(at + 1 + self.walk.push(rest)?);
            }
        }
        Ok(bytes.len())
    }

    /// The format of the whole file.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) fn finish(self) -> Result<Format, Unfit> {
        match self.walk {
            Walk::Start(start) if start.is_empty() => Err(Unfit::Empty),
            Walk::Start(_) => Err(Unfit::Format),
            Walk::Pdf(pdf) => pdf.finish().map(|()| Format::Pdf),
            Walk::Jpeg(jpeg) => jpeg.finish().map(|()| Format::Jpeg),
            Walk::Png(png) => png.finish().map(|()| Format::Png),
        }
    }
}

impl Walk {
    /// The walk of a format once its signature is complete; None while it may still become one.
    fn sniff(start: &[u8]) -> Result<Option<Self>, Unfit> {
        let walk = match start {
            pdf::SIGNATURE_1 | pdf::SIGNATURE_2 => Self::Pdf(pdf::Pdf::new()),
            jpeg::SIGNATURE => Self::Jpeg(jpeg::Jpeg::new()),
            png::SIGNATURE => Self::Png(png::Png::new()),
            _ => {
                let all = [pdf::SIGNATURE_1, pdf::SIGNATURE_2, jpeg::SIGNATURE, png::SIGNATURE];
                let may_become = all.iter().any(|signature| signature.starts_with(start));
                return if may_become { Ok(None) } else { Err(Unfit::Format) };
            }
        };
        Ok(Some(walk))
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

/// Whether an image of this size is accepted.
fn size(width: u32, height: u32) -> Result<(), Unfit> {
    if width == 0 || height == 0 {
        return Err(Unfit::Broken);
    }
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_SIDE || pixels > MAX_PIXELS { Err(Unfit::Pixels) } else { Ok(()) }
}

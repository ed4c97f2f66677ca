//! PNG (RFC 2083, and its third edition): each chunk with its checksum, from IHDR to IEND.
//!
//! The compressed rows are not decompressed: a reader decompresses no more than IHDR declares, which is bounded here.
//! It does so only once: an animated PNG (APNG) is refused. Compressed texts and profiles are bounded by [`packed`].

use super::super::Unfit;
use super::packed::{self, Packed};

/// The first bytes of a PNG.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Walks the chunks, beginning behind the signature.
#[derive(Debug)]
pub(super) struct Png {
    at: At,
    /// Bytes read so far of a chunk's start or checksum.
    held: Vec<u8>,
    /// The data of IHDR.
    image: Vec<u8>,
    /// Whether there was an IHDR, and whether there were rows.
    header: bool,
    rows: bool,
    /// The compressed text or profile that is being read, how many there were, and how many bytes they may still hold.
    packed: Option<Packed>,
    chunks: u32,
    room: u64,
}

/// What comes next.
#[derive(Debug)]
enum At {
    /// Length and kind of a chunk.
    Chunk,
    /// Its data.
    Data { kind: [u8; 4], left: u32, sum: crc32fast::Hasher },
    /// Its checksum.
    Sum { kind: [u8; 4], sum: u32 },
    /// Nothing: IEND was read.
    End,
}

impl Png {
    pub(super) fn new() -> Self {
        Self {
            at: At::Chunk,
            held: Vec::new(),
            image: Vec::new(),
            header: false,
            rows: false,
            packed: None,
            chunks: 0,
            room: packed::MAX_UNPACKED,
        }
    }

    /// See [`super::Inspector::push`].
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<usize, Unfit> {
        let mut rest = bytes;
        while !rest.is_empty() && !matches!(self.at, At::End) {
            rest = self.step(rest)?;
        }
        Ok(bytes.len() - rest.len())
    }

    pub(super) fn finish(&self) -> Result<(), Unfit> {
        if matches!(self.at, At::End) { Ok(()) } else { Err(Unfit::Broken) }
    }

    /// Reads what it can of `bytes`, at least one byte, and returns the rest.
    fn step<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Unfit> {
        match &mut self.at {
            At::Chunk => {
                let rest = self.hold(8, bytes);
                if let [a, b, c, d, kind @ ..] = self.held.as_slice()
                    && let Ok(kind) = <[u8; 4]>::try_from(kind)
                {
                    let left = u32::from_be_bytes([*a, *b, *c, *d]);
                    self.begin(kind, left)?;
                }
                Ok(rest)
            }
            At::Data { kind, left, sum } => {
                let much = usize::try_from(*left).unwrap_or(usize::MAX);
                let (data, rest) = bytes.split_at_checked(much).unwrap_or((bytes, &[]));
                sum.update(data);
                if kind == b"IHDR" {
                    self.image.extend_from_slice(data);
                }
                if let Some(packed) = &mut self.packed {
                    packed.push(data, &mut self.room)?;
                }
                *left -= u32::try_from(data.len()).unwrap_or(*left);
                if *left == 0 {
                    self.at = At::Sum { kind: *kind, sum: sum.clone().finalize() };
                }
                Ok(rest)
            }
            At::Sum { kind, sum } => {
                let (kind, sum) = (*kind, *sum);
                let rest = self.hold(4, bytes);
                if let Ok(declared) = <[u8; 4]>::try_from(self.held.as_slice()) {
                    self.held.clear();
                    if u32::from_be_bytes(declared) != sum {
                        return Err(Unfit::Broken);
                    }
                    if &kind == b"IHDR" {
                        self.check_image()?;
                    }
                    self.at = if &kind == b"IEND" { At::End } else { At::Chunk };
                }
                Ok(rest)
            }
            At::End => Ok(bytes),
        }
    }

    /// Fills `held` up to `much` bytes.
    fn hold<'a>(&mut self, much: usize, bytes: &'a [u8]) -> &'a [u8] {
        let (taken, rest) = bytes.split_at_checked(much - self.held.len()).unwrap_or((bytes, &[]));
        self.held.extend_from_slice(taken);
        rest
    }

    /// Begins a chunk.
    fn begin(&mut self, kind: [u8; 4], left: u32) -> Result<(), Unfit> {
        let in_place = match &kind {
            b"IHDR" => !self.header && left == 13,
            b"IEND" => self.rows && left == 0,
            // Animation: a file can have any number of frames to decompress, and a viewer of a still image sees only
            // one.
            b"acTL" | b"fcTL" | b"fdAT" => return Err(Unfit::Animated),
            _ => self.header && kind.iter().all(u8::is_ascii_alphabetic),
        };
        if !in_place {
            return Err(Unfit::Broken);
        }
        self.header = true;
        self.rows |= &kind == b"IDAT";
        self.packed = Packed::of(kind);
        if self.packed.is_some() {
            self.chunks += 1;
            if self.chunks > packed::MAX_CHUNKS {
                return Err(Unfit::Pixels);
            }
        }
        self.held.clear();
        let mut sum = crc32fast::Hasher::new();
        sum.update(&kind);
        self.at =
            if left == 0 { At::Sum { kind, sum: sum.finalize() } } else { At::Data { kind, left, sum } };
        Ok(())
    }

    /// Whether the image that IHDR declares is accepted.
    fn check_image(&self) -> Result<(), Unfit> {
        let [a, b, c, d, e, f, g, h, depth, colour, packing, filter, interlace] = *self.image.as_slice()
        else {
            return Err(Unfit::Broken);
        };
        let known = match colour {
            0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
            3 => matches!(depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(depth, 8 | 16),
            _ => false,
        };
        if !known || packing != 0 || filter != 0 || interlace > 1 {
            return Err(Unfit::Broken);
        }
        super::size(u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))
    }
}

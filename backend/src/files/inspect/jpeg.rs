//! JPEG (ITU T.81): from marker to marker by the length in each segment, through the scans, to the outer EOI.
//!
//! A preview inside an APP segment has its own markers, which are skipped with the segment. Phones write previews,
//! depth maps and videos behind EOI; the kept file ends at EOI.

use super::super::Unfit;

/// The first bytes of a JPEG: SOI, and the first byte of the next marker.
pub(super) const SIGNATURE: &[u8] = b"\xff\xd8\xff";

/// Most scans of an image. A progressive file has about ten; thousands of empty ones over a large image keep a reader
/// busy for hours.
const MAX_SCANS: u32 = 200;

/// Walks the segments, beginning behind the signature.
#[derive(Debug)]
pub(super) struct Jpeg {
    at: At,
    /// The first bytes of a frame header.
    held: Vec<u8>,
    /// Whether there was a frame header.
    frame: bool,
    scans: u32,
}

/// What comes next.
#[derive(Debug, Clone, Copy)]
enum At {
    /// The `FF` of a marker.
    Marker,
    /// The code of a marker.
    Code,
    /// The two bytes of a segment's length.
    High {
        code: u8,
    },
    Low {
        code: u8,
        high: u8,
    },
    /// The rest of a segment.
    Segment {
        code: u8,
        left: usize,
    },
    /// The bits of a scan.
    Scan,
    /// Behind an `FF` within a scan.
    ScanCode,
    /// Nothing: EOI was read.
    End,
}

impl Jpeg {
    pub(super) fn new() -> Self {
        Self { at: At::Code, held: Vec::new(), frame: false, scans: 0 }
    }

    /// See [`super::Inspector::push`].
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<usize, Unfit> {
        let mut rest = bytes;
        while let [byte, behind @ ..] = rest {
            self.at = match self.at {
                At::End => break,
                At::Marker if *byte == 0xff => At::Code,
                At::Marker => return Err(Unfit::Broken),
                At::Code => self.marker(*byte)?,
                At::High { code } => At::Low { code, high: *byte },
                At::Low { code, high } => {
                    // The length counts its own two bytes.
                    match usize::from(u16::from_be_bytes([high, *byte])).checked_sub(2) {
                        None => return Err(Unfit::Broken),
                        Some(0) => self.behind(code)?,
                        Some(left) => At::Segment { code, left },
                    }
                }
                At::Segment { code, left } => {
                    let (data, behind) = rest.split_at_checked(left).unwrap_or((rest, &[]));
                    if is_frame(code) {
                        self.held.extend_from_slice(data);
                    }
                    rest = behind;
                    self.at = match left - data.len() {
                        0 => self.behind(code)?,
                        left => At::Segment { code, left },
                    };
                    continue;
                }
                At::Scan => {
                    let Some(next) = rest.iter().position(|byte| *byte == 0xff) else {
                        rest = &[];
                        break;
                    };
                    rest = rest.get(next + 1..).unwrap_or_default();
                    self.at = At::ScanCode;
                    continue;
                }
                At::ScanCode => match byte {
                    // A stuffed byte, or a restart marker: the scan continues.
                    0x00 | 0xd0..=0xd7 => At::Scan,
                    0xff => At::ScanCode,
                    code => self.marker(*code)?,
                },
            };
            rest = behind;
        }
        Ok(bytes.len() - rest.len())
    }

    pub(super) fn finish(&self) -> Result<(), Unfit> {
        if matches!(self.at, At::End) { Ok(()) } else { Err(Unfit::Broken) }
    }

    /// What follows a marker of this code.
    fn marker(&mut self, code: u8) -> Result<At, Unfit> {
        match code {
            // Fill bytes may precede a code.
            0xff => Ok(At::Code),
            // TEM and RST have no segment.
            0x01 | 0xd0..=0xd7 => Ok(At::Marker),
            0xd9 if self.scans > 0 => Ok(At::End),
            0xd9 => Err(Unfit::Broken),
            // Reserved; SOI within an image; lossless, arithmetic or hierarchical frames, which no browser shows.
            0x00 | 0x02..=0xbf | 0xc3 | 0xc5..=0xcb | 0xcd..=0xcf | 0xd8 | 0xde | 0xdf => Err(Unfit::Broken),
            code if is_frame(code) && self.frame => Err(Unfit::Broken),
            0xda if !self.frame => Err(Unfit::Broken),
            0xda if self.scans == MAX_SCANS => Err(Unfit::Pixels),
            code => Ok(At::High { code }),
        }
    }

    /// What follows a complete segment.
    fn behind(&mut self, code: u8) -> Result<At, Unfit> {
        if is_frame(code) {
            let held = std::mem::take(&mut self.held);
            let [_precision, a, b, c, d, components, ref rest @ ..] = *held.as_slice() else {
                return Err(Unfit::Broken);
            };
            if components == 0 || rest.len() != 3 * usize::from(components) {
                return Err(Unfit::Broken);
            }
            super::size(u16::from_be_bytes([c, d]).into(), u16::from_be_bytes([a, b]).into())?;
            self.frame = true;
        }
        if code == 0xda {
            self.scans += 1;
            return Ok(At::Scan);
        }
        Ok(At::Marker)
    }
}

/// Whether a segment is the header of a frame that browsers can show: baseline, extended or progressive.
fn is_frame(code: u8) -> bool {
    matches!(code, 0xc0..=0xc2)
}

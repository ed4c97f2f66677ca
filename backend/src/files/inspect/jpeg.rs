//! JPEG (ITU T.81): from marker to marker by the length that each segment tells, through the scans, to the outer EOI.
//!
//! A preview inside an APP segment has markers of its own, which are stepped over with the segment. Telephones write
//! previews, depth maps and whole films behind EOI; the file that is kept ends at EOI.

use super::super::Unfit;

/// How a JPEG begins: SOI, and the first byte of the next marker.
pub(super) const SIGNATURE: &[u8] = b"\xff\xd8\xff";

/// Most scans of an image. A progressive file has about ten; thousands of empty ones over a large image keep a reader busy
/// for hours.
const MOST_SCANS: u32 = 200;

/// Walks the segments. Starts behind the signature.
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
    /// Nothing: EOI is behind.
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
                    // A stuffed byte, or the mark of a restart: the scan goes on.
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

    /// What follows on a marker of this code.
    fn marker(&mut self, code: u8) -> Result<At, Unfit> {
        match code {
            // Fill bytes may stand before a code.
            0xff => Ok(At::Code),
            // TEM and RST stand alone.
            0x01 | 0xd0..=0xd7 => Ok(At::Marker),
            0xd9 if self.scans > 0 => Ok(At::End),
            0xd9 => Err(Unfit::Broken),
            // Reserved; SOI within an image; frames without loss, arithmetic or hierarchical, which no browser shows.
            0x00 | 0x02..=0xbf | 0xc3 | 0xc5..=0xcb | 0xcd..=0xcf | 0xd8 | 0xde | 0xdf => Err(Unfit::Broken),
            code if is_frame(code) && self.frame => Err(Unfit::Broken),
            0xda if !self.frame => Err(Unfit::Broken),
            0xda if self.scans == MOST_SCANS => Err(Unfit::Pixels),
            code => Ok(At::High { code }),
        }
    }

    /// What follows on a segment that is whole.
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

/// Whether a segment is the header of a frame of a kind that browsers show: baseline, extended, progressive.
fn is_frame(code: u8) -> bool {
    matches!(code, 0xc0..=0xc2)
}

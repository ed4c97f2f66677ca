//! Compressed chunks of a PNG beside its rows: `zTXt`, `iTXt` and `iCCP`.
//!
//! Nothing in IHDR says how large they become, and 5 MB of them may become 5 GB. So they are decompressed here as they
//! come in, up to a bound, and what comes out is thrown away.

use flate2::{Decompress, FlushDecompress};

use super::super::Unfit;

/// Most bytes that the compressed chunks of one image may hold: the largest colour profiles have about two million.
pub(super) const MAX_UNPACKED: u64 = 4 * 1024 * 1024;

/// Most compressed chunks of one image. Each costs a reader a decompressor.
pub(super) const MAX_CHUNKS: u32 = 64;

/// Size of the buffer for what comes out.
const BUFFER: usize = 8 * 1024;

/// A compressed chunk that is being read.
pub(super) struct Packed {
    at: At,
    international: bool,
}

/// What comes next.
enum At {
    /// The keyword, or the name of the profile; it ends with a NUL.
    Keyword,
    /// Of `iTXt`: whether the text is compressed.
    Flag,
    /// The method of compression.
    Method,
    /// Of `iTXt`: language and translated keyword, this many of them; each ends with a NUL.
    Texts(u8),
    /// The compressed bytes.
    Stream(Box<(Decompress, [u8; BUFFER])>),
    /// Nothing that is decompressed.
    Over,
}

impl At {
    fn stream() -> Self {
        Self::Stream(Box::new((Decompress::new(true), [0; BUFFER])))
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packed(…)")
    }
}

impl Packed {
    /// A chunk of this kind, if it is one that may be compressed.
    pub(super) fn of(kind: [u8; 4]) -> Option<Self> {
        matches!(&kind, b"zTXt" | b"iTXt" | b"iCCP")
            .then(|| Self { at: At::Keyword, international: &kind == b"iTXt" })
    }

    /// Reads some of its data; `room` is what the image has left of [`MAX_UNPACKED`].
    pub(super) fn push(&mut self, data: &[u8], room: &mut u64) -> Result<(), Unfit> {
        let mut rest = data;
        while let [byte, behind @ ..] = rest {
            self.at = match &mut self.at {
                At::Keyword if *byte != 0 => At::Keyword,
                At::Keyword if self.international => At::Flag,
                At::Keyword => At::Method,
                At::Flag if *byte == 1 => At::Method,
                At::Flag => At::Over,
                At::Method if self.international => At::Texts(2),
                At::Method => At::stream(),
                At::Texts(left) => match (*byte, *left) {
                    (0, 0 | 1) => At::stream(),
                    (0, left) => At::Texts(left - 1),
                    (_, left) => At::Texts(left),
                },
                At::Stream(stream) => {
                    if unpack(stream, rest, room)? {
                        return Ok(());
                    }
                    At::Over
                }
                At::Over => return Ok(()),
            };
            rest = behind;
        }
        Ok(())
    }
}

/// Decompresses `data` and counts what comes out. False when the stream has ended, or is none that a reader understands.
fn unpack(
    (stream, buffer): &mut (Decompress, [u8; BUFFER]),
    mut data: &[u8],
    room: &mut u64,
) -> Result<bool, Unfit> {
    loop {
        let before = (stream.total_in(), stream.total_out());
        let status = stream.decompress(data, buffer, FlushDecompress::None);
        let read = usize::try_from(stream.total_in() - before.0).unwrap_or(usize::MAX);
        let made = stream.total_out() - before.1;
        *room = room.checked_sub(made).ok_or(Unfit::Pixels)?;
        data = data.get(read..).unwrap_or_default();
        match status {
            Ok(flate2::Status::StreamEnd) | Err(_) => return Ok(false),
            Ok(_) if read == 0 && made == 0 => return Ok(true),
            Ok(_) => {}
        }
    }
}

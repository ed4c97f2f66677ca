//! Made-up files for the tests: small and complete, without anybody's data.

use super::super::Unfit;
use super::super::format::Format;
use super::Inspector;

/// The format of `file`, received in one piece, and how many of its bytes are kept.
pub(crate) fn inspect(file: &[u8]) -> Result<(Format, usize), Unfit> {
    inspect_pieces([file])
}

/// The same for a file in several pieces.
pub(crate) fn inspect_pieces<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(Format, usize), Unfit> {
    kept_of(pieces).map(|(format, kept)| (format, kept.len()))
}

/// The format of a file in pieces, and what is kept of it.
pub(crate) fn kept_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<(Format, Vec<u8>), Unfit> {
    let mut inspector = Inspector::new();
    let mut all = Vec::new();
    for piece in pieces {
        let kept = inspector.push(piece)?;
        all.extend_from_slice(kept.signature);
        all.extend_from_slice(&piece[kept.chunk]);
    }
    Ok((inspector.finish()?, all))
}

/// A PDF of one empty page, with `more` among its objects.
pub(crate) fn pdf(more: &str) -> Vec<u8> {
    format!(
        "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
         3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj\n{more}\nxref\n0 4\n\
         trailer <</Size 4/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )
    .into_bytes()
}

/// A PDF of this many bytes.
pub(crate) fn pdf_of(size: usize) -> Vec<u8> {
    let mut file = pdf("");
    let stop = file.len() - "%%EOF\n".len();
    file.splice(stop..stop, std::iter::repeat_n(b' ', size - file.len()));
    file
}

/// An image of 20 × 10 pixels.
pub(crate) fn png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 20, 10);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[127; 600]).unwrap();
    file
}

/// An animation of two such images.
pub(crate) fn apng() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 20, 10);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[127; 600]).unwrap();
    writer.write_image_data(&[255; 600]).unwrap();
    writer.finish().unwrap();
    file
}

/// A chunk of a PNG.
pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let sum = crc32fast::hash(&[kind, data].concat()).to_be_bytes();
    [&length, kind.as_slice(), data, &sum].concat()
}

/// A PNG that declares this size.
pub(crate) fn png_of(width: u32, height: u32) -> Vec<u8> {
    let header = [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", &header).as_slice(), &chunk(b"IDAT", b"rows"), &chunk(b"IEND", b"")]
        .concat()
}

/// A photograph of 20 × 10 pixels, in one scan or in several, with `app` as APP segment 1.
pub(crate) fn jpeg(progressive: bool, app: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 80);
    encoder.set_progressive(progressive);
    if !app.is_empty() {
        encoder.add_app_segment(1, app.to_vec()).unwrap();
    }
    let pixels: Vec<u8> = (0..600u32).map(|n| (n * n % 251).to_le_bytes()[0]).collect();
    encoder.encode(&pixels, 20, 10, jpeg_encoder::ColorType::Rgb).unwrap();
    file
}

/// A segment of a JPEG.
pub(crate) fn segment(code: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, code], length.as_slice(), data].concat()
}

/// A hand-made JPEG that declares this size and has `scans` scans.
pub(crate) fn jpeg_of(width: u16, height: u16, scans: usize) -> Vec<u8> {
    let [[a, b], [c, d]] = [height.to_be_bytes(), width.to_be_bytes()];
    let frame = segment(0xc2, &[8, a, b, c, d, 1, 1, 0x11, 0]);
    let scan = [segment(0xda, &[1, 1, 0, 0, 0, 0]).as_slice(), b"bits\xff\x00\xff\xd0bits"].concat();
    [b"\xff\xd8", frame.as_slice(), &scan.repeat(scans), b"\xff\xd9"].concat()
}

/// A ZIP with one stored file and this comment.
pub(crate) fn zip(comment: &[u8]) -> Vec<u8> {
    let (name, data) = (b"a", b"hello");
    let common = [
        &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        crc32fast::hash(data).to_le_bytes().as_slice(),
        &[5, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0],
    ]
    .concat();
    let local = [b"PK\x03\x04", common.as_slice(), name, data].concat();
    let central = [b"PK\x01\x02", [20, 0].as_slice(), &common, &[0; 14], name].concat();
    let [size, at] = [central.len(), local.len()].map(|n| u32::try_from(n).unwrap().to_le_bytes());
    let length = u16::try_from(comment.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06", [0, 0, 0, 0, 1, 0, 1, 0].as_slice(), &size, &at, &length, comment].concat();
    [local, central, end].concat()
}

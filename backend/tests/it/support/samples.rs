//! Files as people send them, and as nobody should: small, made up, and of nobody.

use sha2::{Digest, Sha256};

/// A PDF of one empty page, with `more` among its objects. Two with different ones are different files.
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

/// A photograph of 20 × 10 pixels.
pub(crate) fn jpeg() -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut file, 80);
    encoder.encode(&[127; 600], 20, 10, jpeg_encoder::ColorType::Rgb).unwrap();
    file
}

/// A scan of 20 × 10 pixels.
pub(crate) fn png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 20, 10);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[127; 600]).unwrap();
    file
}

/// A PNG of a few bytes that says it is this large.
pub(crate) fn png_of(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        let sum = crc32fast::hash(&[kind, data].concat()).to_be_bytes();
        [&length, kind.as_slice(), data, &sum].concat()
    };
    let header = [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", &header).as_slice(), &chunk(b"IDAT", b"rows"), &chunk(b"IEND", b"")]
        .concat()
}

/// A ZIP with nothing in it.
pub(crate) fn zip() -> Vec<u8> {
    [b"PK\x05\x06".as_slice(), &[0; 18]].concat()
}

/// SHA-256 of a file, as the store keeps it.
pub(crate) fn sha256(file: &[u8]) -> String {
    format!("{:x}", Sha256::digest(file))
}

//! The fuzz target of the inspection: no verdict depends on how a file is split, no more bytes are kept than came, and what is
//! kept is a whole file of the same format.

use super::inspect::Inspector;
use super::{Format, Unfit};

/// An upload.
pub(crate) fn inspection(file: &[u8]) {
    let whole = inspect(file, file.len().max(1));
    for size in [1, 7, 64] {
        assert_eq!(inspect(file, size), whole, "the verdict depends on the pieces");
    }
    let Ok((format, kept)) = whole else { return };
    assert!(kept.len() <= file.len());
    assert_eq!(inspect(&kept, 13).as_ref(), Ok(&(format, kept)), "what is kept is no whole file");
}

/// Format and kept bytes of a file that comes in pieces of this size.
fn inspect(file: &[u8], size: usize) -> Result<(Format, Vec<u8>), Unfit> {
    let mut inspector = Inspector::new();
    let mut all = Vec::new();
    for piece in file.chunks(size) {
        let kept = inspector.push(piece)?;
        all.extend_from_slice(kept.signature);
        all.extend_from_slice(piece.get(kept.chunk).unwrap_or_default());
    }
    Ok((inspector.finish()?, all))
}

/// A PDF, a PNG and a JPEG.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let pdf = |more: &str| {
        let text = format!(
            "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Kids[]/Count 0>> endobj\n{more}\nxref\n0 3\n\
             trailer <</Size 3/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
        );
        text.into_bytes()
    };
    let stream = "3 0 obj <</Length 5>> stream\n12345\nendstream endobj";
    vec![pdf(""), pdf(stream), pdf("3 0 obj <</S/URI/URI(mailto:a@b.cl)>> endobj"), png(), jpeg()]
}

/// An image of 2 × 1 pixels with a compressed text.
fn png() -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let chunks: [(&[u8; 4], &[u8]); 4] = [
        (b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
        (b"zTXt", b"a\0\0\x78\x9c\x4b\x04\x00\x00\x62\x00\x62"),
        (b"IDAT", &[0x78, 0x9c, 0x63, 0x68, 0x68, 0x00, 0x00, 0x01, 0x82, 0x01, 0x01]),
        (b"IEND", b""),
    ];
    for (name, data) in chunks {
        file.extend(u32::try_from(data.len()).unwrap_or_default().to_be_bytes());
        let named = [name, data].concat();
        file.extend(&named);
        file.extend(crc32fast::hash(&named).to_be_bytes());
    }
    file
}

/// An image of 2 × 1 pixels, with a preview that has markers of its own, and bytes behind its end.
fn jpeg() -> Vec<u8> {
    [
        &b"\xff\xd8\xff\xe1\x00\x08\xff\xd8\xff\xd9\x00\x00"[..],
        b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x02\x01\x01\x11\x00",
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\x00\x34\xff\xd0\x56",
        b"\xff\xd9after",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_seed_that_is_accepted() {
        let formats: Vec<_> =
            seeds().iter().filter_map(|file| inspect(file, 4_096).ok()).map(|(format, _)| format).collect();
        for format in [Format::Pdf, Format::Png, Format::Jpeg] {
            assert!(formats.contains(&format), "{format:?}");
        }
    }
}

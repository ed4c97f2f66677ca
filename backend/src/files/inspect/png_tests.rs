//! What only a PNG can hold: more pictures than one, and texts that swell.

use super::samples::*;
use super::tests::{refused, taken};
use super::*;

#[test]
fn animated_pngs_are_refused() {
    assert_eq!(refused(&apng()), Some(Unfit::Animated));
    // Whichever chunk of an animation comes first, also behind the image.
    let still = png();
    let (rows, end) = (still.len() - 12, chunk(b"IEND", b""));
    for kind in [b"acTL", b"fcTL", b"fdAT"] {
        let hidden = [&still[..33], &chunk(kind, &[0; 26]), &still[33..]].concat();
        assert_eq!(refused(&hidden), Some(Unfit::Animated), "{kind:?} before the rows");
        let behind = [&still[..rows], &chunk(kind, &[0; 26]), &end].concat();
        assert_eq!(refused(&behind), Some(Unfit::Animated), "{kind:?} behind them");
    }
}

/// `png()` with these chunks before its rows.
pub(super) fn png_with(chunks: &[u8]) -> Vec<u8> {
    let image = png();
    [&image[..33], chunks, &image[33..]].concat()
}

/// Compressed text and profile chunks whose content is `content` once decompressed.
pub(super) fn packed(content: &[u8]) -> [Vec<u8>; 3] {
    use std::io::Write as _;

    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    let packed = encoder.finish().unwrap();
    [
        chunk(b"zTXt", &[b"Comment\0\0", packed.as_slice()].concat()),
        chunk(b"iTXt", &[b"Comment\0\x01\0es\0Comentario\0", packed.as_slice()].concat()),
        chunk(b"iCCP", &[b"Profile\0\0", packed.as_slice()].concat()),
    ]
}

#[test]
fn security_pngs_whose_texts_swell_are_refused() {
    let most = usize::try_from(packed::MAX_UNPACKED).unwrap();
    for (bomb, fits) in packed(&vec![b'a'; most + 1]).iter().zip(&packed(&vec![b'a'; most])) {
        assert!(bomb.len() < most / 900, "{} bytes", bomb.len());
        assert_eq!(refused(&png_with(bomb)), Some(Unfit::Pixels));
        assert_eq!(inspect_pieces(png_with(bomb).chunks(7)), Err(Unfit::Pixels));
        assert_eq!(taken(&png_with(fits)), Some(Format::Png));
        // The bound holds for all of them together, and after the rows too.
        assert_eq!(refused(&png_with(&fits.repeat(2))), Some(Unfit::Pixels));
        let image = png();
        let behind = [&image[..image.len() - 12], bomb, &chunk(b"IEND", b"")].concat();
        assert_eq!(refused(&behind), Some(Unfit::Pixels));
    }
    let small = &packed(b"a")[0];
    assert_eq!(taken(&png_with(&small.repeat(64))), Some(Format::Png));
    assert_eq!(refused(&png_with(&small.repeat(65))), Some(Unfit::Pixels));
}

#[test]
fn texts_of_pngs_that_are_plain_or_damaged_are_accepted() {
    let plain = [
        chunk(b"tEXt", b"Comment\0x"),
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), &[b'x'; 9_000]].concat()),
        chunk(b"zTXt", b"Comment"),
        chunk(b"zTXt", b"Comment\0\0no zlib"),
        chunk(b"iCCP", b""),
        packed(b"hola")[1].clone(),
    ];
    for text in &plain {
        assert_eq!(taken(&png_with(text)), Some(Format::Png));
        assert_eq!(inspect_pieces(png_with(text).chunks(1)), inspect(&png_with(text)));
    }
}

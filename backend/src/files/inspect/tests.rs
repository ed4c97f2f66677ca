//! What is accepted, what is refused and why, and that the verdict does not depend on how the bytes are split.

use proptest::prelude::*;

use super::png_tests::{packed, png_with};
use super::samples::*;
use super::*;

pub(super) fn taken(file: &[u8]) -> Option<Format> {
    let (format, kept) = inspect(file).ok()?;
    assert_eq!(kept, file.len(), "the whole file is kept");
    Some(format)
}

pub(super) fn refused(file: &[u8]) -> Option<Unfit> {
    inspect(file).err()
}

/// `file` truncated at every length from 9 bytes up to its own minus `spared`.
fn cut(file: &[u8], spared: usize) -> impl Iterator<Item = &[u8]> {
    (9..file.len() - spared).filter_map(|end| file.get(..end))
}

#[test]
fn complete_files_are_accepted_and_recognised_by_content() {
    assert_eq!(taken(&pdf("")), Some(Format::Pdf));
    assert_eq!(taken(&[b"%PDF-2.0", &pdf("")[8..], b"\r\n \0\0"].concat()), Some(Format::Pdf));
    assert_eq!(taken(&png()), Some(Format::Png));
    assert_eq!(taken(&jpeg(false, b"")), Some(Format::Jpeg));
    assert_eq!(taken(&jpeg(true, b"")), Some(Format::Jpeg));
    assert_eq!(taken(&jpeg_of(20_000, 5_000, 200)), Some(Format::Jpeg));
    assert_eq!(taken(&png_of(20_000, 5_000)), Some(Format::Png));
}

#[test]
fn empty_files_and_other_formats_are_refused() {
    for empty in [&b""[..], b"\n", &[0; 5_000], b"\xef\xbb\xbf\r\n"] {
        assert_eq!(refused(empty), Some(Unfit::Empty));
    }
    let mut bmp = b"BM".to_vec();
    bmp.resize(100, 0);
    for (other, unfit) in [
        (&b"<!doctype html><script>alert(1)</script>"[..], Unfit::Page),
        (b"\r\n<HTML><body>%PDF-1.4\n%%EOF", Unfit::Page),
        (b"\xef\xbb\xbf<!DOCTYPE html>", Unfit::Page),
        (b"GIF89a\x01\x00\x01\x00", Unfit::Format),
        (b"\0\0\0\x18ftypheic", Unfit::Photo),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Unfit::Photo),
        (b"\0\0\0\x1cftypavif", Unfit::Photo),
        (b"\0\0\0 ftypheix\0\0\0\0", Unfit::Photo),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", Unfit::Format),
        (b"RIFF\x24\0\0\0WEBPVP8 ", Unfit::Photo),
        (b"RIFF\x24\0\0\0WAVEfmt ", Unfit::Format),
        (b"II*\0", Unfit::Format),
        (b"%!PS-Adobe-3.0", Unfit::Format),
        (b"%PDF-3.0\n%%EOF", Unfit::Format),
        (b"%PDF", Unfit::Format),
        (b"\xff\xd8", Unfit::Format),
        (b"\x89PNG\r\n\x1a", Unfit::Format),
        (b"P", Unfit::Format),
        (b"{\\rtf1\\ansi", Unfit::Document),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Unfit::Document),
        (&zip(b""), Unfit::Document),
        (b"PK\x05\x06\0\0\0\0", Unfit::Document),
        (&[b"PK\x03\x04 a name.pdf".as_slice(), &pdf("")].concat(), Unfit::Document),
        (&bmp, Unfit::Format),
    ] {
        assert_eq!(refused(other), Some(unfit), "{}", String::from_utf8_lossy(other));
        assert_eq!(inspect_pieces(other.chunks(1)).err(), Some(unfit));
    }
}

#[test]
fn what_stands_before_a_file_is_dropped() {
    let blank: [&[u8]; 7] = [
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\n",
        b" \t\x0c",
        &[0; 80_508],
        b"\xef\xbb\xbf\r\n\xef\xbb\xbf",
        b"\0\xef\xbb\xbf",
    ];
    for before in blank {
        for whole in [pdf(""), [pdf("").as_slice(), &[0; 80_508]].concat(), png(), jpeg(true, b"")] {
            let file = [before, &whole].concat();
            let (format, kept) = kept_of([file.as_slice()]).unwrap();
            assert!(kept == whole, "{format:?} behind {} bytes", before.len());
            assert_eq!(kept_of(file.chunks(5)).unwrap(), (format, kept));
        }
    }
    let header = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n";
    for (before, accepted) in [
        (&header[..], true),
        (b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\n", true),
        (b"<br />\n<b>Notice</b>", true),
        (&[b'x'; 1_024], true),
        (&[b'x'; 1_025], false),
    ] {
        let file = [before, &pdf("")].concat();
        let wanted = if accepted { Ok((Format::Pdf, pdf(""))) } else { Err(Unfit::Format) };
        assert_eq!(kept_of([file.as_slice()]), wanted, "{}", String::from_utf8_lossy(before));
    }
    assert_eq!(taken(&[pdf("").as_slice(), b"\r\n\x1a\0\0"].concat()), Some(Format::Pdf), "the end of DOS");
}

#[test]
fn the_size_limit_is_inclusive_and_counts_bytes_that_are_not_kept() {
    let most = usize::try_from(MAX_FILE_BYTES).unwrap();
    assert_eq!(taken(&pdf_of(most)), Some(Format::Pdf));
    assert_eq!(refused(&pdf_of(most + 1)), Some(Unfit::TooLarge));
    let mut file = jpeg(false, b"");
    let kept = file.len();
    file.resize(most, 7);
    assert_eq!(inspect(&file), Ok((Format::Jpeg, kept)));
    file.push(7);
    assert_eq!(refused(&file), Some(Unfit::TooLarge));
    file.truncate(2);
    file.extend([0xff; 9]);
    file.resize(most, 0);
    assert_eq!(refused(&file), Some(Unfit::Broken), "the first fault decides");
}

#[test]
fn truncated_files_are_broken() {
    // Of a PDF only the last line end may be missing.
    for file in [pdf(""), pdf("4 0 obj <</Length 2>> stream\nhi\nendstream endobj")] {
        assert!(cut(&file, 1).all(|file| refused(file) == Some(Unfit::Broken)));
    }
    for file in [png(), jpeg(false, b""), jpeg(true, b""), png_of(9, 9), jpeg_of(9, 9, 3)] {
        assert!(cut(&file, 0).all(|file| refused(file) == Some(Unfit::Broken)));
    }
    let updated =
        [pdf("").as_slice(), b"4 0 obj <<>> endobj\nxref\n", b"trailer <<>>\nstartxref\n5\n%%EOF"].concat();
    assert_eq!(taken(&updated), Some(Format::Pdf));
    assert!(cut(&updated, 1).skip(pdf("").len()).all(|file| refused(file) == Some(Unfit::Broken)));
}

#[test]
fn damaged_images_are_broken() {
    let file = png();
    for at in 8..file.len() {
        let mut file = file.clone();
        file[at] ^= 1;
        assert_eq!(refused(&file), Some(Unfit::Broken), "byte {at}");
    }
    let (start, end) = (&png_of(9, 9)[..33], chunk(b"IEND", b""));
    assert_eq!(refused(&[start, &end].concat()), Some(Unfit::Broken), "no rows");
    assert_eq!(refused(&[&start[..8], &chunk(b"tEXt", b"a")].concat()), Some(Unfit::Broken), "no header");
    assert_eq!(refused(&[start, &start[8..]].concat()), Some(Unfit::Broken), "two headers");
    assert_eq!(refused(&png_of(0, 9)), Some(Unfit::Broken));
    assert_eq!(refused(&jpeg_of(9, 0, 1)), Some(Unfit::Broken));
    assert_eq!(refused(&jpeg_of(9, 9, 0)), Some(Unfit::Broken), "no scan");
    assert_eq!(refused(b"\xff\xd8\xff\xd9"), Some(Unfit::Broken), "no frame");
    assert_eq!(refused(b"\xff\xd8\xff\xe0\x00\x01"), Some(Unfit::Broken), "a length below its own size");
    let frame = segment(0xc0, &[8, 0, 9, 0, 9, 3, 1, 0x11, 0]);
    assert_eq!(refused(&[b"\xff\xd8", frame.as_slice()].concat()), Some(Unfit::Broken), "components missing");
}

#[test]
fn images_with_too_many_pixels_or_scans_are_refused() {
    for (width, height) in
        [(60_000, 60_000), (20_001, 1), (1, 20_001), (10_001, 10_000), (u32::MAX, u32::MAX)]
    {
        assert_eq!(refused(&png_of(width, height)), Some(Unfit::Pixels), "{width} × {height}");
    }
    for (width, height) in [(60_000, 60_000), (20_001, 1), (1, 20_001), (10_001, 10_000)] {
        assert_eq!(refused(&jpeg_of(width, height, 1)), Some(Unfit::Pixels), "{width} × {height}");
    }
    assert_eq!(refused(&jpeg_of(9, 9, 201)), Some(Unfit::Pixels));
}

#[test]
fn data_behind_an_image_is_not_kept() {
    let trailer =
        [b"\0\0\x01\x0aImage_UTC_Data1700000000000SEFH\x69\0\0\0SEFT".as_slice(), &jpeg(true, b"")].concat();
    for (file, format) in
        [(jpeg(false, b""), Format::Jpeg), (jpeg(true, b""), Format::Jpeg), (png(), Format::Png)]
    {
        let samsung = [file.as_slice(), &trailer, &zip(b"")].concat();
        assert_eq!(inspect(&samsung), Ok((format, file.len())));
    }
}

#[test]
fn a_preview_within_a_segment_is_skipped() {
    let exif = [b"Exif\0\0".as_slice(), &jpeg(false, b"")].concat();
    let whole = jpeg(true, &exif);
    assert_eq!(taken(&whole), Some(Format::Jpeg));
    let preview_of_a_bomb = jpeg(false, &[b"Exif\0\0".as_slice(), &jpeg_of(60_000, 60_000, 1)].concat());
    assert_eq!(taken(&preview_of_a_bomb), Some(Format::Jpeg), "the preview is not what is shown");
}

#[test]
fn pdfs_with_trailing_data_or_that_are_archives_are_refused() {
    for behind in [b"<script>alert(1)</script>".as_slice(), &png(), &zip(b""), b"\0\0 a"] {
        assert_eq!(refused(&[pdf("").as_slice(), behind].concat()), Some(Unfit::Trailing));
    }
    // An archive with the end of the PDF as its comment.
    let archive = [&pdf("")[..15], zip(b"\nstartxref\n9\n%%EOF\n").as_slice()].concat();
    assert_eq!(refused(&archive), Some(Unfit::Trailing));
    let far = [&pdf("")[..15], zip(b"").as_slice(), &pdf_of(70_000)[15..]].concat();
    assert_eq!(taken(&far), Some(Format::Pdf), "an archive's directory is not found so far from the end");
    let longest = [&pdf("")[..15], zip(b"").as_slice(), &pdf_of(0xffff + 15)[15..]].concat();
    assert_eq!(refused(&longest), Some(Unfit::Trailing));
}

#[test]
fn pdfs_with_active_content_are_refused() {
    for name in [
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/RichMedia",
        "/XFA",
        "/GoToR",
        "/GoToE",
        "/SubmitForm",
        "/ImportData",
        "/#47oToR",
        "/#4aS",
        "/#4A#53",
        "/J#61vaScript",
        "/#4c#61#75#6e#63#68",
        "/Name/JS",
    ] {
        for end in [" 4 0 R", "(x)", "<78>", "\0", "[1]", "/A", "%a", "\r"] {
            let file = pdf(&format!("4 0 obj <</Type/Action {name}{end} >> endobj"));
            assert_eq!(refused(&file), Some(Unfit::Active), "{name}{end}");
        }
    }
}

#[test]
fn pdfs_with_links_to_pages_of_the_web_are_accepted() {
    let links = "4 0 obj <</Type/Annot/Subtype/Link/A<</S/URI/URI(https://empresa.ejemplo.cl)>>>> endobj \
                 5 0 obj <</S/GoTo/D[3 0 R/Fit]>> endobj";
    assert_eq!(taken(&pdf(links)), Some(Format::Pdf));
}

#[test]
fn names_that_only_resemble_active_ones_are_accepted() {
    for name in [
        "/JSomething",
        "/JS#",
        "/JS#6",
        "/#4a#53x",
        "/JSX",
        "/MyJS",
        "/ JS",
        "JavaScript",
        "/javascript",
        "/LaunchPad",
        "/EmbeddedFilesAndMore",
        "/#2FJS",
        "/Encryption",
        "/EncryptMetadata",
        "/Xfa",
        "/J#5gS",
        "/J##53",
    ] {
        let file = pdf(&format!("4 0 obj <</A 1 {name} (x)>> endobj"));
        assert_eq!(taken(&file), Some(Format::Pdf), "{name}");
    }
}

#[test]
fn a_short_name_counts_only_outside_of_streams() {
    for begin in ["<</Length 9>>stream\n", "<</Length 9>>\r\nstream\r\n", "<</A<</B 1>>>> \tstream\r"] {
        let file = pdf(&format!("4 0 obj {begin}x /JS (y)\nendstream endobj"));
        assert_eq!(taken(&file), Some(Format::Pdf), "{begin}");
        let behind = pdf(&format!("4 0 obj {begin}x\nendstream endobj 5 0 obj <</JS(y)>> endobj"));
        assert_eq!(refused(&behind), Some(Unfit::Active), "{begin}");
        let long = pdf(&format!("4 0 obj {begin}x /JavaScript y\nendstream endobj"));
        assert_eq!(refused(&long), Some(Unfit::Active), "{begin}");
    }
    let no_stream = pdf("(stream\n) % stream\n stream\n <</JS(y)>>");
    assert_eq!(refused(&no_stream), Some(Unfit::Active));
}

#[test]
fn pdfs_with_a_password_are_locked() {
    let file = String::from_utf8(pdf("")).unwrap().replace("/Size 4", "/Size 4/Encrypt 5 0 R");
    assert_eq!(refused(file.as_bytes()), Some(Unfit::Locked));
    let in_a_text = pdf("4 0 obj <</Length 20>> stream\nBT (/Encrypt 5 0 R) Tj ET\nendstream endobj");
    assert_eq!(taken(&in_a_text), Some(Format::Pdf), "a word on the page");
    let of_a_table = pdf("4 0 obj <</Type/XRef/Encrypt 5 0 R/Length 2>> stream\nhi\nendstream endobj");
    assert_eq!(refused(&of_a_table), Some(Unfit::Locked));
}

/// One of each kind of verdict.
fn samples() -> Vec<Vec<u8>> {
    let trailing =
        [jpeg(true, &[b"Exif\0\0".as_slice(), &jpeg(false, b"")].concat()).as_slice(), b"SEFT"].concat();
    vec![
        pdf(""),
        pdf("4 0 obj <</Length 9>> stream\nx /JS (y)\nendstream endobj"),
        pdf("4 0 obj <</#4aS (x)>> endobj"),
        pdf("5 0 obj <</Encrypt 1>> endobj"),
        [&pdf("")[..15], zip(b"\n%%EOF\n").as_slice()].concat(),
        [pdf("").as_slice(), &zip(b"")].concat(),
        png(),
        [png().as_slice(), b"behind"].concat(),
        png_of(60_000, 60_000),
        png_with(&packed(b"hola").concat()),
        jpeg(false, b""),
        trailing,
        [b"\0\xef\xbb\xbf\r\n".as_slice(), &pdf("")].concat(),
        [b"junk ".as_slice(), &pdf("")].concat(),
        jpeg_of(9, 9, 3),
        jpeg_of(60_000, 9, 1),
        zip(b""),
        b"<html>".to_vec(),
        Vec::new(),
    ]
}

/// Splits `file` at `cuts`.
fn pieces<'a>(file: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(file.len() + 1)).collect();
    cuts.extend([0, file.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|cut| &file[cut[0]..cut[1]]).collect()
}

#[test]
fn the_verdict_is_the_same_byte_by_byte() {
    for file in samples() {
        assert_eq!(inspect_pieces(file.chunks(1)), inspect(&file));
    }
}

proptest! {
    #[test]
    fn the_verdict_is_the_same_for_any_pieces(
        file in prop::sample::select(samples()),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        prop_assert_eq!(inspect_pieces(pieces(&file, &cuts)), inspect(&file));
    }

}

proptest! {
    // Each case reads 5 MB.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_size_limit_does_not_depend_on_the_pieces(over in 0usize..40, cut in 0usize..80) {
        let most = usize::try_from(MAX_FILE_BYTES).unwrap();
        let mut inspector = Inspector::new();
        let start = [jpeg(false, b"").as_slice(), &vec![0; most - 40]].concat();
        let start = &start[..most - 40];
        prop_assert!(inspector.push(start).is_ok());
        let rest = vec![0; over + 20];
        let (a, b) = rest.split_at(cut.min(rest.len()));
        let verdict = inspector.push(a).and_then(|_| inspector.push(b));
        prop_assert_eq!(verdict.err(), (rest.len() > 40).then_some(Unfit::TooLarge));
    }

}

proptest! {
    #[test]
    fn random_bytes_never_panic(
        start in prop::sample::select(vec![b"".as_slice(), b"%PDF-1.", b"\xef\xbb\xbf\r\n\0%PDF-1.", b"junk\0%PDF-1.", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let file = [start, &bytes].concat();
        let verdict = inspect(&file);
        prop_assert_eq!(inspect_pieces(pieces(&file, &cuts)), verdict);
        if let Ok((_, kept)) = verdict {
            prop_assert!(kept <= file.len());
        }
    }

    #[test]
    fn mutated_files_never_panic(
        mut file in prop::sample::select(samples()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        doubled in any::<(prop::sample::Index, prop::sample::Index)>(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        if !file.is_empty() {
            for (at, byte) in changes {
                let at = at.index(file.len());
                file[at] = byte;
            }
            let (from, to) = (doubled.0.index(file.len()), doubled.1.index(file.len()));
            let part = file.get(from..to).unwrap_or_default().to_vec();
            file.splice(from..from, part);
        }
        let verdict = inspect(&file);
        prop_assert_eq!(inspect_pieces(pieces(&file, &cuts)), verdict);
        // The kept bytes are a complete file by themselves.
        if let Ok((format, kept)) = kept_of([file.as_slice()]) {
            prop_assert_eq!(kept_of([kept.as_slice()]), Ok((format, kept.clone())));
        }
    }
}

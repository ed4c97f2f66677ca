//! Reads the form with `hayro-syntax`, which shares no code with krilla: each element of the structure tree with the
//! text of its marks on the page.

mod reader;

use jiff::civil::date;
use krilla::geom::Point;
use krilla::text::{GlyphId, KrillaGlyph};
use proptest::prelude::*;

use super::*;
use reader::Read;

fn example() -> Declaration<'static> {
    Declaration {
        company: rut("76192083-9"),
        company_name: "Capacitación Ñandú & Cía. Ltda.",
        company_kind: Some(CompanyKind::Otec),
        representative: rut("9868503-0"),
        representative_names: Some("María José Núñez Ibáñez"),
        date: date(2026, 11, 21),
    }
}

fn rut(text: &str) -> Rut {
    Rut::parse(text).unwrap()
}

fn read(declaration: &Declaration<'_>) -> Read {
    Read::new(pdf(declaration).unwrap())
}

/// Label and value of each row of the table.
fn rows(read: &Read) -> Vec<(String, String)> {
    let cells = |role| read.of(role).into_iter().map(str::to_owned);
    assert_eq!(read.of("TH").len(), read.of("TD").len());
    cells("TH").zip(cells("TD")).collect()
}

/// The value in the row of “Razón Social”.
fn printed(name: &str) -> String {
    let read = read(&Declaration { company_name: name, ..example() });
    assert_eq!(read.pages, 1);
    rows(&read).swap_remove(0).1
}

#[test]
fn f_req_the_data_of_the_company_is_in_a_table() {
    let rows = rows(&read(&example()));
    let expected = [
        ("Razón Social", "Capacitación Ñandú & Cía. Ltda."),
        ("Rut Empresa", "76.192.083-9"),
        ("Tipo", "OTEC (organismo técnico de capacitación)"),
        ("Representante Legal", "María José Núñez Ibáñez"),
        ("Rut Representante Legal", "9.868.503-0"),
    ];
    assert_eq!(rows, expected.map(|(label, value)| (label.to_owned(), value.to_owned())));
}

#[test]
fn unknown_data_is_omitted_or_left_for_handwriting() {
    let read = read(&Declaration {
        company_name: " \n",
        company_kind: None,
        representative_names: None,
        ..example()
    });
    let values: Vec<_> = rows(&read).into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["Complete a mano:", "76.192.083-9", "Complete a mano:", "9.868.503-0"]);
}

#[test]
fn f_req_the_form_has_title_parts_fields_and_the_next_step() {
    let read = read(&example());
    assert_eq!(read.of("H1"), ["Declaración Jurada"]);
    assert_eq!(
        read.of("H2"),
        ["1. Empresa que solicita la clave", "2. Declaración", "3. Facilitador extranjero", "4. Firma"]
    );
    assert_eq!(read.of("Lbl"), ["a)", "b)", "c)", "d)", "e)"]);
    let items = read.of("LBody");
    assert!(items[3].starts_with("La Clave SENCE es personal e intransferible"), "{items:?}");
    assert_eq!(
        items[5..],
        [
            "Nombres y apellidos del facilitador",
            "Tipo de documento",
            "Número de documento",
            "País que emitió el documento",
            "Correo electrónico",
            "Lugar",
            "Fecha",
        ]
    );
    let paragraphs = read.of("P");
    assert!(paragraphs.contains(&"Solicitud de Clave SENCE para facilitador extranjero"), "{paragraphs:?}");
    assert!(paragraphs.contains(&"Formulario preparado el 21 de noviembre de 2026"), "{paragraphs:?}");
    assert!(paragraphs.contains(&"Firma del representante legal"), "{paragraphs:?}");
    assert_eq!(
        paragraphs[paragraphs.len() - 2..],
        [
            "Firme, escanee o fotografíe esta hoja y súbala en «Subir solicitud».",
            "Consultas: 800\u{a0}80\u{a0}10\u{a0}30, lunes a viernes de 9:00 a 18:00.",
        ]
    );
}

#[test]
fn metadata_has_title_language_and_date_but_no_names() {
    let read = read(&example());
    assert_eq!(read.language, "es-CL");
    assert!(read.shows_title);
    assert_eq!(read.made, Some((21, 11, 2026)));
    for expected in [
        "<pdfuaid:part>1</pdfuaid:part>",
        "Declaración Jurada: Solicitud de Clave SENCE para facilitador extranjero",
        "<xmp:CreateDate>2026-11-21T12:00:00+00:00</xmp:CreateDate>",
    ] {
        assert!(read.metadata.contains(expected), "{expected} in {}", read.metadata);
    }
    for private in ["Núñez", "Ñandú", "9.868.503", "76.192.083"] {
        assert!(!read.metadata.contains(private), "{private}");
    }
    assert_eq!((read.pages, read.stray), (1, 0), "pages, and texts outside of the structure");
}

#[test]
fn the_same_declaration_gives_the_same_bytes() {
    let once = pdf(&example()).unwrap();
    assert_eq!(once, pdf(&example()).unwrap());
    assert_ne!(once, pdf(&Declaration { date: date(2026, 11, 22), ..example() }).unwrap());
}

#[test]
fn hostile_names_are_printed_as_text() {
    for (name, expected) in [
        ("Uno\r\nDos\tTres\0Cuatro", "Uno Dos Tres Cuatro"),
        ("\u{202e}atL .aíC\u{202c} \u{200f}y\u{feff}", "atL .aíC y"),
        ("Café 🦀👩\u{200d}👧 SpA", "Café ??? SpA"),
        (r"(Uno) \) \( ) ( \\ Dos", r"(Uno) \) \( ) ( \\ Dos"),
        ("<script>alert(1)</script> & %PDF >> endobj", "<script>alert(1)</script> & %PDF >> endobj"),
        ("漢字 שלום سلام", "?? ???? ????"),
        ("\u{fffe}\u{ffff}\u{e000}\u{10ffff}", "????"),
        ("Jose\u{301} N\u{303}andu\u{301}", "José Ñandú"),
        ("Nguyễn Đặng Łukasz Ždanov Ωμέγα Привет Ĳ", "Nguyễn Đặng Łukasz Ždanov Ωμέγα Привет Ĳ"),
        ("ж\u{301}x\u{302}", "ж\u{301}x\u{302}"),
        ("Uno\u{37e}\u{300} \u{37e}", "Uno;\u{300} ;"),
    ] {
        assert_eq!(printed(name), expected);
    }
}

#[test]
fn long_names_wrap_and_keep_every_letter() {
    for letter in ["W", "i", "‱", "Ñ"] {
        let long = letter.repeat(120);
        assert_eq!(printed(&long), long);
    }
    let words = "Sociedad de Capacitación ".repeat(4);
    assert_eq!(printed(&words), words.trim_end());
    assert_eq!(printed(&"a".repeat(200)), format!("{}…", "a".repeat(160)));
}

#[test]
fn lines_do_not_overlap() {
    let long = "Sociedad de Capacitación ".repeat(5);
    let places =
        read(&Declaration { company_name: &long, representative_names: Some(&long), ..example() }).places;
    assert!(places.len() > 35, "{}", places.len());
    for (at, one) in places.iter().enumerate() {
        for other in &places[at + 1..] {
            assert!(one.0 != other.0 || (one.1 - other.1).abs() > 7.0, "{one:?} {other:?}");
        }
        assert!((f64::from(sheet::MARGIN)..f64::from(sheet::WIDTH)).contains(&(one.0 + 0.01)), "{one:?}");
        assert!((24.0..f64::from(sheet::HEIGHT) - 24.0).contains(&one.1), "{one:?}");
    }
}

#[test]
fn the_longest_names_leave_room_for_the_signature() {
    for letter in ["W ", "W", "‱", "Ǆ"] {
        let name = letter.repeat(160);
        let declaration = Declaration { company_name: &name, representative_names: Some(&name), ..example() };
        let mut document = blank().unwrap();
        let mut page = document.start_page_with(PageSettings::from_wh(sheet::WIDTH, sheet::HEIGHT).unwrap());
        let drawn = form::draw(&mut page.surface(), face::faces().unwrap(), &declaration);
        assert!(drawn.end + 8.0 < form::UPPER_END, "{letter}: {}", drawn.end);
    }
}

#[test]
fn lines_fit_the_column_and_keep_the_whole_text() {
    let face = &face::faces().unwrap().regular;
    for text in ["Uno dos tres cuatro", "Supercalifragilístico", "a", "AVAVAVAV To. Te"] {
        for width in [12.0, 40.0, 200.0] {
            let lines = face.lines(text, 10.0, width);
            assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<String>(), text);
            // Kerning across the break may differ slightly.
            assert!(lines.iter().all(|line| line.width * 10.0 <= width + 0.5), "{text} {width}");
        }
    }
    let lines: Vec<_> = face.lines("Uno dos tres", 10.0, 45.0).into_iter().map(|line| line.text).collect();
    assert_eq!(lines, ["Uno dos ", "tres"]);
}

#[test]
fn a_document_that_breaks_a_rule_is_an_error() {
    assert!(matches!(written(blank().unwrap()), Err(DeclarationError::Accessibility(1..))));

    // The same page with one more glyph, which has no text.
    let mut document = blank().unwrap();
    let mut page = document.start_page_with(PageSettings::from_wh(sheet::WIDTH, sheet::HEIGHT).unwrap());
    let mut surface = page.surface();
    let faces = face::faces().unwrap();
    let form::Drawn { tree, outline, .. } = form::draw(&mut surface, faces, &example());
    let glyph = KrillaGlyph::new(GlyphId::new(0), 0.5, 0.0, 0.0, 0.0, 0..1, None);
    surface.draw_glyphs(Point::from_xy(9.0, 9.0), &[glyph], faces.regular.font(), "?", 9.0, false);
    surface.finish();
    page.finish();
    document.set_tag_tree(tree);
    document.set_outline(outline);
    document.set_metadata(metadata(date(2026, 11, 21)));
    assert_eq!(written(document), Err(DeclarationError::Accessibility(1)));
}

#[test]
fn the_month_is_written_by_name() {
    let day = |month| (words().prepared)(1, month, 2026);
    assert_eq!(day(1), "Formulario preparado el 1 de enero de 2026");
    assert_eq!(day(9), "Formulario preparado el 1 de septiembre de 2026");
    assert_eq!(day(12), "Formulario preparado el 1 de diciembre de 2026");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_results_in_a_form(name in proptest::collection::vec(any::<char>(), 0..130), names in "\\PC{0,130}") {
        let name = String::from_iter(name);
        let read = Read::new(pdf(&Declaration {
            company_name: &name,
            representative_names: Some(&names),
            ..example()
        })?);
        prop_assert_eq!(read.pages, 1);
        prop_assert_eq!(read.of("TD").len(), 5);
    }
}

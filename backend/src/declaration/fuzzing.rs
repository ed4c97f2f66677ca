//! The fuzz target of the Declaración Jurada: any name that is accepted can be drawn, and our own inspection accepts the sheet.

use domain::birth::Date;
use domain::name::Name;
use domain::rut::Rut;
use fuzz::{lines, texts};

use super::{Declaration, pdf};

/// The names of a company and of its representative.
pub(crate) fn sheet(input: &[u8]) {
    let input = fuzz::text(input);
    let [company, representative] = lines(&input);
    let (Ok(company), Ok(rut)) = (Name::parse(company), Rut::parse("76.192.083-9")) else { return };
    let representative = Name::parse(representative).ok();
    let drawn = pdf(&Declaration {
        company: rut,
        company_name: company.as_str(),
        company_kind: None,
        representative: rut,
        representative_names: representative.as_ref().map(Name::as_str),
        date: Date::constant(2026, 11, 29),
    });
    assert!(drawn.as_ref().is_ok_and(|sheet| sheet.starts_with(b"%PDF-")), "{:?}", drawn.err());
}

/// Names in several scripts.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    texts(&[
        "Quillay SpA\nAna Rojas",
        "Capacitaci\u{f3}n \u{d1}and\u{fa}\nJose\u{301}",
        "\u{4e2d}\u{6587} \u{1f600}\n\u{627}\u{644}",
    ])
}

//! What the import says to the operator: which sentence of the catalogue for which case. None has a value of the file in it.

use backend::hashing::UnfitHash;
use backend::import::{Column, Counts, Fault, HeaderError, ImportError, Refusal, Warning, Why};
use wording::catalogue::commands::ImportSum;

use crate::words::{error_sentence, words};

/// The header of the report of refused rows.
pub(super) const REPORT_HEADER: &str = "linea,columna,motivo";

/// The line of the report for a refused row: its columns and reasons side by side.
pub(super) fn report_line(refusal: &Refusal) -> String {
    let mut columns: Vec<&str> = refusal.faults.iter().filter_map(|f| f.column).map(Column::name).collect();
    columns.dedup();
    let reasons: Vec<String> = refusal.faults.iter().map(reason).collect();
    // Our own sentences hold quotes like «these» only, and never a line's end.
    format!("{},{},\"{}\"", refusal.line, columns.join(" "), reasons.join(" "))
}

/// With its column in front, where a row has several.
fn reason(fault: &Fault) -> String {
    match fault.column {
        Some(column) => format!("{}: {}", column.name(), why(fault.why)),
        None => why(fault.why).to_owned(),
    }
}

fn why(why: Why) -> &'static str {
    let refused = &words().import.refused;
    match why {
        Why::LineTooLong => refused.line_too_long,
        Why::NotUtf8 => refused.not_utf8,
        Why::Utf8Line => refused.utf8_line,
        Why::OtherEncoding => refused.other_encoding,
        Why::Unnamed => refused.unnamed,
        Why::Placeholder => refused.placeholder,
        Why::Formula => refused.formula,
        Why::ChangedNumber => refused.changed_number,
        Why::AmbiguousRut => refused.ambiguous_rut,
        Why::NoCheckDigit => refused.no_check_digit,
        Why::EncodedTwice => refused.encoded_twice,
        Why::Control => refused.control,
        Why::Quote => refused.quote,
        Why::FieldCount => refused.field_count,
        Why::UnknownKind => refused.unknown_kind,
        Why::OtherIdentifier => refused.other_identifier,
        Why::OnlyPeople => refused.only_people,
        Why::OnlyCompanies => refused.only_companies,
        Why::Duplicate => refused.duplicate,
        Why::Field(error) => error_sentence(error),
        Why::Hash(unfit) => hash(unfit),
        Why::NamesTooLong => refused.names_too_long,
        Why::UnknownCompanyKind => refused.unknown_company_kind,
        Why::UnknownQuestion => refused.unknown_question,
        Why::UnknownComuna => refused.unknown_comuna,
        Why::UnknownDocumentKind => refused.unknown_document_kind,
        Why::UnknownCountry => refused.unknown_country,
        Why::Incomplete => refused.incomplete,
    }
}

fn hash(unfit: UnfitHash) -> &'static str {
    let refused = &words().import.hash;
    match unfit {
        UnfitHash::UnknownScheme => refused.unknown_scheme,
        UnfitHash::Malformed => refused.malformed,
        UnfitHash::TooCheap => refused.too_cheap,
        UnfitHash::TooExpensive => refused.too_expensive,
        UnfitHash::Lengths => refused.lengths,
    }
}

/// Why nothing was imported, or not all; and what to do then.
pub(super) fn failure(error: &ImportError) -> String {
    let words = &words().import;
    let (failed, then) = match error {
        ImportError::Header(error) => (header(error), words.nothing_changed),
        ImportError::Utf8(line) => ((words.is_utf8)(*line), words.again),
        ImportError::Read(error) => ((words.read)(error), words.again),
        ImportError::Report(error) => ((words.report)(error), words.again),
        ImportError::Store(error) => ((words.store)(error), words.again),
        ImportError::System => (words.system.to_owned(), words.again),
    };
    format!("{failed} {then}")
}

fn header(error: &HeaderError) -> String {
    let refused = &words().import.header;
    match error {
        HeaderError::Empty => refused.empty.to_owned(),
        HeaderError::Utf16 => refused.utf16.to_owned(),
        HeaderError::Utf8Marked => refused.utf8_marked.to_owned(),
        HeaderError::Line(reason) => (refused.line)(why(*reason)),
        HeaderError::Workbook => refused.workbook.to_owned(),
        HeaderError::NoHeader => refused.no_header.to_owned(),
        HeaderError::Unknown(names) => {
            (refused.unknown)(&names.iter().map(|name| (refused.quoted)(name)).collect::<Vec<_>>().join(", "))
        }
        HeaderError::Twice(name) => (refused.twice)(name),
        HeaderError::NoIdentifier => refused.no_identifier.to_owned(),
    }
}

/// What was imported and is worth a look.
pub(super) fn warning(warning: Warning) -> String {
    let words = &words().import;
    match warning {
        Warning::Placeholders(column, rows) => (words.placeholders)(column.name(), rows),
        Warning::LostLetters(rows) => (words.lost_letters)(rows),
    }
}

/// The sum at the end.
pub(super) fn summary(counts: Counts, seconds: f64, dry_run: bool) -> String {
    (words().import.summary)(&ImportSum { seconds, dry_run, ..sum(counts) })
}

/// How far it has come, as a line.
pub(super) fn so_far(counts: Counts, of: u64) -> String {
    let share = (100 * counts.bytes).checked_div(of).map(|share| share.min(100));
    (words().import.so_far)(share, &sum(counts))
}

/// What is beside the bar.
pub(super) fn beside_the_bar(counts: Counts) -> String {
    (words().import.beside_the_bar)(&sum(counts))
}

fn sum(counts: Counts) -> ImportSum {
    let Counts { bytes: _, rows, created, present, refused } = counts;
    ImportSum { rows, created, present, refused, ..ImportSum::default() }
}

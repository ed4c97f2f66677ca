//! What the commands say to the operator: `serve`, `import`, `officers` and `solicitudes`. Errors of the configuration are in
//! English and not here.
//!
//! A label ends with its colon; `server` writes the value behind it.

use std::fmt::Display;

use domain::officer::OfficerNameError;

/// The sentences of the commands.
#[derive(Debug)]
pub struct Commands {
    /// `clave-sence serve`.
    pub serve: Serve,
    /// Why `officers` or `solicitudes` could not do its work.
    pub failures: Failures,
    /// `clave-sence import`.
    pub import: Import,
    /// `clave-sence officers`.
    pub officers: Officers,
    /// `clave-sence solicitudes`.
    pub requests: Requests,
    /// `clave-sence clients`.
    pub clients: Clients,
    /// `clave-sence keys`.
    pub keys: Keys,
    /// `clave-sence rce`.
    pub attendance: Attendance,
}

/// The commands about attendance.
#[derive(Debug)]
pub struct Attendance {
    /// What was typed is no RUT, no origin or no day: this text, and the reason.
    pub wrong: fn(&str, &dyn Display) -> String,
    /// A token was made: RUT, id, token.
    pub added: fn(&str, &str, &str) -> String,
    /// The OTEC has no token of this id.
    pub unknown: fn(&str, &str) -> String,
    /// The token was revoked.
    pub revoked: fn(&str) -> String,
    /// It had been revoked before.
    pub revoked_before: fn(&str) -> String,
    /// The list is empty.
    pub nobody: &'static str,
    /// In the list: since when the token counts.
    pub since: fn(&str) -> String,
    /// In the list: since when it is revoked.
    pub revoked_since: fn(&str) -> String,
    /// In the list: every origin will do.
    pub any_origin: &'static str,
    /// `--from` is after `--to`.
    pub no_days: &'static str,
    /// A day is written like this.
    pub no_day: &'static str,
}

/// The commands about systems that people enter with their key.
#[derive(Debug)]
pub struct Clients {
    /// There is one of this id.
    pub taken: fn(&str) -> String,
    /// There is none of this id.
    pub unknown: fn(&str) -> String,
    /// What was typed cannot be registered, from the reason.
    pub wrong: fn(&dyn Display) -> String,
    /// The system was registered: id, issuer, and secret.
    pub added: fn(&str, &str, Option<&str>) -> String,
    /// A further secret of this id.
    pub secret: fn(&str, &str) -> String,
    /// It has no secret.
    pub no_secret: fn(&str) -> String,
    /// It was disabled.
    pub disabled: fn(&str) -> String,
    /// It had been disabled before.
    pub disabled_before: fn(&str) -> String,
    /// The list is empty.
    pub nobody: &'static str,
    /// In the list: since when it is disabled.
    pub disabled_since: fn(&str) -> String,
    /// In the list: since when it is registered.
    pub since: fn(&str) -> String,
}

/// The commands about signing keys.
#[derive(Debug)]
pub struct Keys {
    /// In the list: it signs, since this time.
    pub active: fn(&str) -> String,
    /// In the list: it signs from this time on.
    pub next: fn(&str) -> String,
    /// In the list: it signed until another took its place.
    pub former: &'static str,
    /// In the list: it was stored under another `secret_key`.
    pub unreadable: &'static str,
    /// A key that could not be read was deleted.
    pub replaced: fn(&str) -> String,
    /// The next key of an algorithm signs from this time on.
    pub rotated: fn(&str, &str) -> String,
    /// There was a next key already.
    pub before: fn(&str, &str) -> String,
    /// The former key was deleted.
    pub at_once: fn(&str) -> String,
}

/// What the server says when it has started.
#[derive(Debug)]
pub struct Serve {
    /// Stands before the address of the pages.
    pub ready: &'static str,
    /// Stands before the address of the demo's inbox.
    pub inbox: &'static str,
}

/// What stopped a command of the desk, each from the error.
#[derive(Debug)]
pub struct Failures {
    /// The runtime did not start.
    pub start: fn(&dyn Display) -> String,
    /// The database or the store of files could not be opened.
    pub open: fn(&dyn Display) -> String,
    /// The database or the store of files failed.
    pub service: fn(&dyn Display) -> String,
}

/// The import of accounts. No sentence has a value of the file in it, but for unknown names of columns.
#[derive(Debug)]
pub struct Import {
    /// Why a row was refused.
    pub refused: RowRefused,
    /// Why a hashed key was refused.
    pub hash: HashRefused,
    /// What is wrong with the first line, or the whole file.
    pub header: HeaderRefused,
    /// Behind what is wrong with the first line.
    pub nothing_changed: &'static str,
    /// The file could not be read on.
    pub read: fn(&dyn Display) -> String,
    /// The report could not be written.
    pub report: fn(&dyn Display) -> String,
    /// The database failed.
    pub store: fn(&dyn Display) -> String,
    /// No random numbers, or the program was stopped.
    pub system: &'static str,
    /// Behind these: what to do.
    pub again: &'static str,
    /// Latin-1 was chosen, and this line is UTF-8.
    pub is_utf8: fn(u64) -> String,
    /// In this column, this many rows had a word for “nothing”.
    pub placeholders: fn(&str, u64) -> String,
    /// So many rows have letters that an earlier conversion lost.
    pub lost_letters: fn(u64) -> String,
    /// The sum at the end.
    pub summary: fn(&ImportSum) -> String,
    /// Where the report is.
    pub refused_in: fn(&dyn Display) -> String,
    /// How far it has come, as a line; first the share in percent, if it is known.
    pub so_far: fn(Option<u64>, &ImportSum) -> String,
    /// What is beside the bar.
    pub beside_the_bar: fn(&ImportSum) -> String,
    /// The file to import could not be opened.
    pub cannot_open: fn(&dyn Display) -> String,
    /// The report would replace the file to import.
    pub same_file: &'static str,
}

/// Counts of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportSum {
    /// Rows read.
    pub rows: u64,
    /// Accounts made.
    pub created: u64,
    /// Accounts that were there already.
    pub present: u64,
    /// Rows refused.
    pub refused: u64,
    /// How long it took.
    pub seconds: f64,
    /// Whether it only checked.
    pub dry_run: bool,
}

/// Why a row was refused.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the cases of backend::import::Why")]
pub struct RowRefused {
    pub line_too_long: &'static str,
    pub not_utf8: &'static str,
    pub utf8_line: &'static str,
    pub other_encoding: &'static str,
    pub unnamed: &'static str,
    pub placeholder: &'static str,
    pub formula: &'static str,
    pub changed_number: &'static str,
    pub ambiguous_rut: &'static str,
    pub no_check_digit: &'static str,
    pub encoded_twice: &'static str,
    pub control: &'static str,
    pub quote: &'static str,
    pub field_count: &'static str,
    pub unknown_kind: &'static str,
    pub other_identifier: &'static str,
    pub only_people: &'static str,
    pub only_companies: &'static str,
    pub duplicate: &'static str,
    pub names_too_long: &'static str,
    pub unknown_company_kind: &'static str,
    pub unknown_question: &'static str,
    pub unknown_comuna: &'static str,
    pub unknown_document_kind: &'static str,
    pub unknown_country: &'static str,
    pub incomplete: &'static str,
}

/// Why a hashed key was refused.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the cases of backend::hashing::UnfitHash")]
pub struct HashRefused {
    pub unknown_scheme: &'static str,
    pub malformed: &'static str,
    pub too_cheap: &'static str,
    pub too_expensive: &'static str,
    pub lengths: &'static str,
}

/// What is wrong with the first line, or the whole file.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the cases of backend::import::HeaderError")]
pub struct HeaderRefused {
    pub empty: &'static str,
    pub utf16: &'static str,
    pub utf8_marked: &'static str,
    /// From the reason.
    pub line: fn(&str) -> String,
    pub workbook: &'static str,
    pub no_header: &'static str,
    /// From the names, each in its quotes.
    pub unknown: fn(&str) -> String,
    /// A name of a column, in the quotes of the language.
    pub quoted: fn(&str) -> String,
    /// From the name.
    pub twice: fn(&str) -> String,
    pub no_identifier: &'static str,
}

/// The commands about officers.
#[derive(Debug)]
pub struct Officers {
    /// Why a text is not the name of an officer.
    pub no_name: fn(OfficerNameError) -> &'static str,
    /// There is one of this name.
    pub taken: fn(&str) -> String,
    /// There is none of this name.
    pub unknown: fn(&str) -> String,
    /// The officer was disabled.
    pub disabled: fn(&str) -> String,
    /// The officer had been disabled before.
    pub disabled_before: fn(&str) -> String,
    /// Key and second factor, shown once.
    pub proofs: fn(&OfficerProofs<'_>) -> String,
    /// The list is empty.
    pub nobody: &'static str,
    /// In the list: the officer decides.
    pub decides: &'static str,
    /// In the list: the officer only looks.
    pub looks: &'static str,
    /// In the list: since when the officer is disabled.
    pub disabled_since: fn(&str) -> String,
    /// In the list: since when there is this officer.
    pub since: fn(&str) -> String,
}

/// What an officer needs to sign in.
#[derive(Clone, Copy)]
pub struct OfficerProofs<'a> {
    /// Name.
    pub name: &'a str,
    /// Key.
    pub key: &'a str,
    /// The link as a QR code for the terminal, with an empty line behind it; empty if it could not be drawn.
    pub code: &'a str,
    /// The secret of the second factor.
    pub secret: &'a str,
    /// The same as a link.
    pub uri: &'a str,
}

/// The commands about requests for foreign facilitators.
#[derive(Debug)]
pub struct Requests {
    /// What was typed is no number.
    pub no_number: &'static str,
    /// There is none of this number.
    pub unknown: fn(&str) -> String,
    /// It was decided already, from by whom and when.
    pub decided_before: fn(&str) -> String,
    /// Behind what a grant would do to an account with another mail address.
    pub nothing_granted: &'static str,
    /// A file is not there, from its name for people.
    pub no_file: fn(&str) -> String,
    /// A path is taken.
    pub exists: fn(&dyn Display) -> String,
    /// A path cannot be written, from the path and the error.
    pub cannot_write: fn(&dyn Display, &dyn Display) -> String,
    /// The list is empty.
    pub nothing_listed: &'static str,
    /// Which page of how many.
    pub page: fn(i64, i64) -> String,
    /// Stands for the name of a company that is not known.
    pub no_company_name: &'static str,
    /// What is before each value of a request.
    pub labels: RequestLabels,
    /// A file, from its name for people, its format and size, and its SHA-256.
    pub file: fn(&str, &str, &str) -> String,
    /// A warning: another request is for the same document, from its number and state.
    pub same_document: fn(&str, &str) -> String,
}

/// Labels of a request.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after what they stand before")]
pub struct RequestLabels {
    pub number: &'static str,
    pub state: &'static str,
    pub received: &'static str,
    pub company: &'static str,
    pub company_rut: &'static str,
    pub representative_rut: &'static str,
    pub facilitator: &'static str,
    pub document: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub decided: &'static str,
    pub reason: &'static str,
    pub warning: &'static str,
}

//! Checks a row with the newtypes of `domain`: the result is an account to be written, or all faults of the row.

use std::sync::Arc;

use domain::answer::SecretAnswer;
use domain::birth::{BirthDate, Date};
use domain::company::CompanyKind;
use domain::document::{Country, DocumentKind, DocumentNumber};
use domain::email::Email;
use domain::field::{Field, FieldError, Reason};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::name::Name;
use domain::nie::NiePattern;
use domain::phone::{Mobile, Phone, PhoneError};
use domain::question::SecretQuestion;
use domain::text::{is_changed_number, is_date};

use super::column::Column;
use super::comuna;
use super::header::Header;
use super::refusal::{Fault, Why};
use super::split::Fields;
use super::survey::Survey;
use super::text::tidy;
use crate::spreadsheet;
use crate::store::import::ImportedAccount;

/// An account as read from the file. Its proofs are still plain, because hashing them is expensive.
pub(super) struct Candidate {
    pub(super) account: ImportedAccount,
    pub(super) answer: Option<SecretAnswer>,
    pub(super) document: Option<DocumentNumber>,
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Candidate(…)")
    }
}

impl Candidate {
    /// Whether it has proofs to be hashed before it is written.
    pub(super) fn has_proofs(&self) -> bool {
        self.answer.is_some() || self.document.is_some()
    }
}

/// What an accepted row is worth a look for.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Columns with a word for “nothing”, taken as empty.
    pub(super) placeholders: Vec<Column>,
    /// Whether letters were lost.
    pub(super) lost_letters: bool,
}

/// What rows are checked against.
pub(super) struct Checker {
    /// Today, for dates of birth.
    pub(super) today: Date,
    /// Accepted form of a NIE.
    pub(super) nie_pattern: Arc<NiePattern>,
}

impl Checker {
    /// Checks every column of a row, so that one run reports all its faults.
    pub(super) fn check(
        &self,
        header: &Header,
        survey: &Survey,
        fields: &Fields<'_>,
    ) -> Result<(Candidate, Notes), Vec<Fault>> {
        if fields.len() != header.width {
            return Err(vec![Fault { column: None, why: Why::FieldCount }]);
        }
        if header.unnamed.iter().any(|place| !fields.get(*place).is_empty()) {
            return Err(vec![Fault { column: None, why: Why::Unnamed }]);
        }
        let mut row = Row::new(header, fields);
        let identifier = self.identifier(&mut row, survey);
        let names = row.names();
        let company_name = row.name(Column::CompanyName, Field::CompanyName);
        let company_kind = row.optional(Column::CompanyKind, |text| {
            CompanyKind::parse(&text.to_lowercase()).ok_or(Why::UnknownCompanyKind)
        });
        let representative = row.optional(Column::Representative, |text| survey.representative(text));
        let representative_names = row.name(Column::RepresentativeNames, Field::RepresentativeNames);
        row.needed(Column::KeyHash);
        let key_hash = row.optional(Column::KeyHash, |text| {
            crate::hashing::check_supported(text).map(|()| text.to_owned()).map_err(Why::Hash)
        });
        let (question, answer) = row.question();
        let (document_of, document) = row.document();
        let birth_date =
            row.field(Column::BirthDate, Field::BirthDate, |text| BirthDate::parse(text, self.today));
        let comuna = row.optional(Column::Comuna, |text| comuna::find(text).ok_or(Why::UnknownComuna));
        let account = ImportedAccount {
            kind: Kind::Natural,
            identifier: String::new(),
            names: names.or(company_name),
            key_hash,
            question,
            answer_hash: None,
            birth_date,
            document: document_of,
            document_hash: None,
            company_kind,
            representative,
            representative_names,
            street: row.address(Column::Street, Field::Street, 100),
            street_number: row.address(Column::StreetNumber, Field::StreetNumber, 10),
            block: row.address(Column::Block, Field::Block, 20),
            flat: row.address(Column::Flat, Field::Flat, 20),
            comuna,
            email: row.field(Column::Email, Field::Email, Email::parse),
            home_phone: row.field(Column::HomePhone, Field::HomePhone, fixed_line),
            work_phone: row.field(Column::WorkPhone, Field::WorkPhone, fixed_line),
            mobile: row.field(Column::Mobile, Field::Mobile, Mobile::parse),
        };
        match identifier {
            Some((kind, identifier)) if row.faults.is_empty() => {
                let account = ImportedAccount { kind, identifier: identifier.plain(), ..account };
                Ok((Candidate { account, answer, document }, row.notes))
            }
            _ => Err(row.faults),
        }
    }

    fn identifier(&self, row: &mut Row<'_>, survey: &Survey) -> Option<(Kind, Identifier)> {
        row.needed(Column::Kind);
        let kind = match row.get(Column::Kind) {
            "" => Kind::Natural,
            text => match Kind::from_slug(&text.to_lowercase()) {
                Some(kind @ (Kind::Natural | Kind::Migrante | Kind::Juridica)) => kind,
                Some(Kind::Facilitador) | None => return row.fault(Column::Kind, Why::UnknownKind),
            },
        };
        let (own, other) = match kind {
            Kind::Migrante => (Column::Nie, Column::Rut),
            _ => (Column::Rut, Column::Nie),
        };
        let mut others = vec![other];
        others.extend((kind == Kind::Migrante).then_some(Column::CheckDigit));
        if let Some(other) = others.into_iter().find(|other| !row.get(*other).is_empty()) {
            return row.fault(other, Why::OtherIdentifier);
        }
        match kind {
            Kind::Juridica => row.only(&OF_PEOPLE, Why::OnlyPeople),
            _ => row.only(&OF_COMPANIES, Why::OnlyCompanies),
        }
        row.needed(own);
        if row.failed.contains(&own) {
            return None;
        }
        let identifier = match kind {
            Kind::Migrante => {
                Identifier::parse(kind, IdentifierInput::Number(row.get(own)), &self.nie_pattern)
                    .map_err(Why::Field)
            }
            _ => survey.whole_rut(row.get(Column::Rut), row.get(Column::CheckDigit)).map(Identifier::Rut),
        };
        match identifier {
            Ok(identifier) => Some((kind, identifier)),
            Err(why) => row.fault(own, why),
        }
    }
}

/// Columns that a company does not have. It gets its keys only by mail.
const OF_PEOPLE: [Column; 6] = [
    Column::Names,
    Column::BirthDate,
    Column::DocumentKind,
    Column::DocumentCountry,
    Column::DocumentNumber,
    Column::Mobile,
];

/// Columns that a person does not have.
const OF_COMPANIES: [Column; 4] =
    [Column::CompanyName, Column::CompanyKind, Column::Representative, Column::RepresentativeNames];

/// A row being checked, with the faults found so far.
struct Row<'a> {
    values: [&'a str; Column::ALL.len()],
    faults: Vec<Fault>,
    /// Columns whose value is at fault already.
    failed: Vec<Column>,
    notes: Notes,
}

impl<'a> Row<'a> {
    /// The row with what spreadsheets and databases add taken off its values.
    fn new(header: &Header, fields: &'a Fields<'a>) -> Self {
        let mut row = Self {
            values: [""; Column::ALL.len()],
            faults: Vec::new(),
            failed: Vec::new(),
            notes: Notes::default(),
        };
        for column in Column::ALL {
            let Some(place) = header.place(column) else { continue };
            let why = match spreadsheet::without_text_mark(fields.get(place)) {
                Err(spreadsheet::Formula) => Some(Why::Formula),
                Ok(text) if column.is_placeholder(text) => {
                    row.notes.placeholders.push(column);
                    continue;
                }
                Ok(text) if spreadsheet::is_encoded_twice(text) => Some(Why::EncodedTwice),
                Ok(text)
                    if (column.is_numeric() && is_changed_number(text))
                        || (column.may_become_date() && is_date(text)) =>
                {
                    Some(Why::ChangedNumber)
                }
                Ok(text) => {
                    row.notes.lost_letters |= spreadsheet::has_lost_letters(text);
                    row.values[column as usize] = text;
                    None
                }
            };
            if let Some(why) = why {
                row.failed.push(column);
                row.fault::<()>(column, why);
            }
        }
        row
    }

    /// The value in a column; empty when the file has no such column.
    fn get(&self, column: Column) -> &'a str {
        self.values[column as usize]
    }

    /// Refuses a word for “nothing” in a column where it could be taken for the value.
    fn needed(&mut self, column: Column) {
        if self.notes.placeholders.contains(&column) && !self.failed.contains(&column) {
            self.failed.push(column);
            self.fault::<()>(column, Why::Placeholder);
        }
    }

    fn fault<T>(&mut self, column: Column, why: Why) -> Option<T> {
        self.faults.push(Fault { column: Some(column), why });
        None
    }

    /// A column that may be empty, parsed by `parse`.
    fn optional<T>(&mut self, column: Column, parse: impl FnOnce(&'a str) -> Result<T, Why>) -> Option<T> {
        match self.get(column) {
            "" => None,
            text => parse(text).map_or_else(|why| self.fault(column, why), Some),
        }
    }

    /// [`Row::optional`] for a parser with the reasons of a field.
    fn field<T, E: Into<Reason>>(
        &mut self,
        column: Column,
        field: Field,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Option<T> {
        self.optional(column, |text| {
            parse(text).map_err(|error| Why::Field(FieldError::new(field, error.into())))
        })
    }

    /// A part of an address. An imported address may be incomplete; the address of `domain` may not.
    fn address(&mut self, column: Column, field: Field, most: usize) -> Option<String> {
        self.field(column, field, |text| {
            let text = tidy(text);
            if text.chars().count() > most { Err(Reason::TooLong) } else { Ok(text) }
        })
    }

    /// Names of a person, without characters that do not belong in a name, like the names from a registry.
    fn names(&mut self) -> Option<String> {
        self.optional(Column::Names, |text| {
            let text = tidy(text);
            if text.chars().count() > 100 { Err(Why::NamesTooLong) } else { Ok(text) }
        })
        .and_then(|text| Name::clean(&text))
        .map(|name| name.as_str().to_owned())
    }

    /// Razón social, or names of a representative.
    fn name(&mut self, column: Column, field: Field) -> Option<String> {
        self.field(column, field, Name::parse).map(|name| name.as_str().to_owned())
    }

    /// Reports columns of another kind of holder that are filled in this row.
    fn only(&mut self, others: &[Column], why: Why) {
        for column in others.iter().filter(|column| !self.get(**column).is_empty()).collect::<Vec<_>>() {
            self.fault::<()>(*column, why);
        }
    }

    /// Reports those of `columns` that are empty while another of them is filled.
    fn complete(&mut self, columns: &[Column]) {
        let filled = |column: &Column| !self.get(*column).is_empty() || self.failed.contains(column);
        if columns.iter().any(filled) {
            for column in columns.iter().filter(|column| !filled(column)).collect::<Vec<_>>() {
                self.fault::<()>(*column, Why::Incomplete);
            }
        }
    }

    fn question(&mut self) -> (Option<SecretQuestion>, Option<SecretAnswer>) {
        if !self.get(Column::Question).is_empty() {
            self.needed(Column::Answer);
        }
        self.complete(&[Column::Question, Column::Answer]);
        let question = self
            .optional(Column::Question, |text| SecretQuestion::parse(text).map_err(|_| Why::UnknownQuestion));
        (question, self.field(Column::Answer, Field::Answer, SecretAnswer::parse))
    }

    fn document(&mut self) -> (Option<(DocumentKind, Country)>, Option<DocumentNumber>) {
        if [Column::DocumentKind, Column::DocumentCountry].iter().any(|column| !self.get(*column).is_empty())
        {
            self.needed(Column::DocumentNumber);
        }
        self.complete(&[Column::DocumentKind, Column::DocumentCountry, Column::DocumentNumber]);
        let kind = self.optional(Column::DocumentKind, |text| {
            DocumentKind::parse(&text.to_lowercase()).ok_or(Why::UnknownDocumentKind)
        });
        let country =
            self.optional(Column::DocumentCountry, |text| Country::parse(text).ok_or(Why::UnknownCountry));
        (kind.zip(country), self.field(Column::DocumentNumber, Field::DocumentNumber, DocumentNumber::parse))
    }
}

/// A fixed line in one text, with its area code.
fn fixed_line(text: &str) -> Result<Phone, PhoneError> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // Without an area code it cannot be said that the area is wrong.
    Phone::parse("", text).map_err(|error| match error {
        PhoneError::Area if digits < 9 => PhoneError::Format,
        error => error,
    })
}

#[cfg(test)]
#[path = "row_tests.rs"]
mod tests;

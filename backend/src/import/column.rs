//! The columns that a file may have.

use domain::field::Field;
use domain::text::{fold, is_placeholder};

use crate::spreadsheet::column_name;

/// A column, named like the form control for the same data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Kind of holder.
    Kind,
    /// RUT of a persona natural or of a company.
    Rut,
    /// Check digit of that RUT, where the older system keeps it apart.
    CheckDigit,
    /// NIE of a persona migrante.
    Nie,
    /// Names of a person.
    Names,
    /// “Razón Social” of a company.
    CompanyName,
    /// Empresa, OTEC or OTIC.
    CompanyKind,
    /// RUT of a company's legal representative.
    Representative,
    /// Names of that representative.
    RepresentativeNames,
    /// Hash of the key.
    KeyHash,
    /// Id of the secret question.
    Question,
    /// Its answer, plain.
    Answer,
    /// Date of birth.
    BirthDate,
    /// Sort of identity document.
    DocumentKind,
    /// Country that issued it.
    DocumentCountry,
    /// Its number, plain.
    DocumentNumber,
    /// Street or passage.
    Street,
    /// Number in it.
    StreetNumber,
    /// Block.
    Block,
    /// Flat.
    Flat,
    /// Comuna, by code or name.
    Comuna,
    /// Mail address.
    Email,
    /// Fixed line at home, with its area code.
    HomePhone,
    /// Fixed line at work, with its area code.
    WorkPhone,
    /// Mobile.
    Mobile,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 25] = [
        Self::Kind,
        Self::Rut,
        Self::CheckDigit,
        Self::Nie,
        Self::Names,
        Self::CompanyName,
        Self::CompanyKind,
        Self::Representative,
        Self::RepresentativeNames,
        Self::KeyHash,
        Self::Question,
        Self::Answer,
        Self::BirthDate,
        Self::DocumentKind,
        Self::DocumentCountry,
        Self::DocumentNumber,
        Self::Street,
        Self::StreetNumber,
        Self::Block,
        Self::Flat,
        Self::Comuna,
        Self::Email,
        Self::HomePhone,
        Self::WorkPhone,
        Self::Mobile,
    ];

    /// The name in the header.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "tipo",
            Self::Names => "nombres",
            Self::KeyHash => "clave_hash",
            Self::CheckDigit => "dv",
            Self::Rut => Field::Rut.name(),
            Self::Nie => Field::Nie.name(),
            Self::CompanyName => Field::CompanyName.name(),
            Self::CompanyKind => Field::CompanyKind.name(),
            Self::Representative => Field::Representative.name(),
            Self::RepresentativeNames => Field::RepresentativeNames.name(),
            Self::Question => Field::Question.name(),
            Self::Answer => Field::Answer.name(),
            Self::BirthDate => Field::BirthDate.name(),
            Self::DocumentKind => Field::DocumentKind.name(),
            Self::DocumentCountry => Field::DocumentCountry.name(),
            Self::DocumentNumber => Field::DocumentNumber.name(),
            Self::Street => Field::Street.name(),
            Self::StreetNumber => Field::StreetNumber.name(),
            Self::Block => Field::Block.name(),
            Self::Flat => Field::Flat.name(),
            Self::Comuna => Field::Comuna.name(),
            Self::Email => Field::Email.name(),
            Self::HomePhone => Field::HomePhone.name(),
            Self::WorkPhone => Field::WorkPhone.name(),
            Self::Mobile => Field::Mobile.name(),
        }
    }

    /// The column with this name; case, accents, and what stands between its words are ignored.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = column_name(name);
        if ["digito", "digito_verificador"].contains(&name.as_str()) {
            return Some(Self::CheckDigit);
        }
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// Whether its values are numbers, or have them, so that a spreadsheet may have changed them.
    pub(super) fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Rut
                | Self::CheckDigit
                | Self::Nie
                | Self::Representative
                | Self::DocumentNumber
                | Self::StreetNumber
                | Self::Block
                | Self::Flat
                | Self::Comuna
                | Self::HomePhone
                | Self::WorkPhone
                | Self::Mobile
                | Self::Answer
        )
    }

    /// Whether a value stands for “nothing” in this column.
    pub(super) fn is_placeholder(self, text: &str) -> bool {
        match self {
            // “S/N” is how people write such an address; NA is Namibia.
            Self::StreetNumber
                if ["s/n", "s.n", "sn", "sin numero"].contains(&without_number(text).as_str()) =>
            {
                false
            }
            Self::DocumentCountry if text.eq_ignore_ascii_case("na") => false,
            // The zero of MySQL's dates.
            Self::BirthDate if text.contains('0') => {
                text.chars().all(|c| matches!(c, '0' | '-' | '/' | ':' | ' ' | '.'))
            }
            _ => is_placeholder(text),
        }
    }

    /// Whether a spreadsheet takes a value of this column for a date, though it is none.
    pub(super) fn may_become_date(self) -> bool {
        matches!(self, Self::StreetNumber | Self::Block | Self::Flat)
    }
}

/// How people write that a house has no number, without spaces, brackets and a final full stop: `S. N.` is `s.n`.
fn without_number(text: &str) -> String {
    let words = fold(text);
    let words = words.trim_matches(['(', ')', '[', ']', '"', '.', ' ']);
    if words.starts_with("sin") {
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        words.replace(' ', "")
    }
}

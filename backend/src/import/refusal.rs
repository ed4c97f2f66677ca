//! Why a row is refused. Line, column and reason, never a value: what stands in the file is personal data.

use domain::field::FieldError;

use super::column::Column;
use crate::hashing::UnfitHash;

/// A row that was refused, with all that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Line in the file, from 1 on, the header counted.
    pub line: u64,
    /// What is wrong; never empty.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// In which column; none when it is the line as a whole.
    pub column: Option<Column>,
    /// What it is.
    pub why: Why,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Over [`super::LONGEST_LINE`].
    #[error("the line is too long")]
    LineTooLong,
    /// Not UTF-8; maybe Latin-1.
    #[error("the line is not UTF-8")]
    NotUtf8,
    /// A control character.
    #[error("the line has a control character")]
    Control,
    /// A quote is opened and not closed in the same line.
    #[error("a quote is not closed")]
    Quote,
    /// More or fewer fields than the header has.
    #[error("the line has another number of fields than the header")]
    FieldCount,
    /// `tipo` is no kind of holder.
    #[error("no such kind of holder")]
    UnknownKind,
    /// A NIE on a persona natural or a company, or a RUT on a persona migrante.
    #[error("an identifier that this kind of holder does not have")]
    OtherIdentifier,
    /// What only a person has, on a company.
    #[error("a company has no such data")]
    OnlyPeople,
    /// What only a company has, on a person.
    #[error("a person has no such data")]
    OnlyCompanies,
    /// An earlier line of the file has the same kind and identifier.
    #[error("an earlier line has the same identifier")]
    Duplicate,
    /// Not well formed.
    #[error("{:?} of {:?}", .0.reason, .0.field)]
    Field(FieldError),
    /// The key's hash is of no use.
    #[error(transparent)]
    Hash(#[from] UnfitHash),
    /// Names over 100 characters.
    #[error("the names are too long")]
    NamesTooLong,
    /// Not a kind of company.
    #[error("no such kind of company")]
    UnknownCompanyKind,
    /// Not the id of a secret question.
    #[error("no such question")]
    UnknownQuestion,
    /// Neither code nor name of a comuna.
    #[error("no such comuna")]
    UnknownComuna,
    /// Not a sort of identity document.
    #[error("no such sort of document")]
    UnknownDocumentKind,
    /// Not the code of a country other than Chile.
    #[error("no such country")]
    UnknownCountry,
    /// It is empty, and a column that goes with it is not.
    #[error("a column that goes with it is filled, and this one is empty")]
    Incomplete,
}

//! Why a row is refused: line, column and reason, never a value, since the file holds personal data.

use domain::field::FieldError;

use super::column::Column;
use crate::hashing::UnfitHash;

/// A refused row, with all its faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Line in the file, from 1 on, counting the header.
    pub line: u64,
    /// The faults; never empty.
    pub faults: Vec<Fault>,
}

/// One fault of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The column; None when the whole line is at fault.
    pub column: Option<Column>,
    /// The reason.
    pub why: Why,
}

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Over [`super::LONGEST_LINE`].
    #[error("the line is too long")]
    LineTooLong,
    /// Not UTF-8; possibly Latin-1.
    #[error("the line is not UTF-8")]
    NotUtf8,
    /// Valid UTF-8 in a file that is Latin-1 elsewhere.
    #[error("the line is UTF-8, and others are not")]
    Utf8Line,
    /// Letters that come from MS-DOS or an old Mac, in a file that is said to be Latin-1.
    #[error("the line is in another encoding than Latin-1")]
    OtherEncoding,
    /// A column without a name has a value.
    #[error("a column without a name has a value")]
    Unnamed,
    /// `NULL`, `#N/A` or the like, where a value must stand.
    #[error("a word for nothing in the place of a value")]
    Placeholder,
    /// A formula in the place of its value.
    #[error("a formula in the place of its value")]
    Formula,
    /// A number that a spreadsheet changed: `10000181.0`, `1.00018E+07`, `12-ene`.
    #[error("a number with decimals or an exponent, or a date in its place")]
    ChangedNumber,
    /// A RUT with dots and no dash, of which nobody knows whether it has its check digit.
    #[error("a RUT with dots and no dash")]
    AmbiguousRut,
    /// A RUT without a dash, in a file that leaves out the check digit of such: of all of them, or of a tenth.
    #[error("a RUT that may lack its check digit")]
    NoCheckDigit,
    /// Letters that were encoded twice: `JosÃ©`.
    #[error("letters that were encoded twice")]
    EncodedTwice,
    /// A control character.
    #[error("the line has a control character")]
    Control,
    /// A quote is opened and not closed in the same line.
    #[error("a quote is not closed")]
    Quote,
    /// More or fewer fields than the header has.
    #[error("the line has more or fewer fields than the header")]
    FieldCount,
    /// `tipo` is no kind of holder.
    #[error("no such kind of holder")]
    UnknownKind,
    /// A NIE for a persona natural or a company, or a RUT for a persona migrante.
    #[error("an identifier that this kind of holder does not have")]
    OtherIdentifier,
    /// Data of a person, for a company.
    #[error("a company has no such data")]
    OnlyPeople,
    /// Data of a company, for a person.
    #[error("a person has no such data")]
    OnlyCompanies,
    /// An earlier line of the file has the same kind and identifier.
    #[error("an earlier line has the same identifier")]
    Duplicate,
    /// Not well formed.
    #[error("{:?} of {:?}", .0.reason, .0.field)]
    Field(FieldError),
    /// The hash of the key cannot be verified or costs too little or too much.
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
    /// Not a kind of identity document.
    #[error("no such kind of document")]
    UnknownDocumentKind,
    /// Not the code of a country other than Chile.
    #[error("no such country")]
    UnknownCountry,
    /// The column is empty, and a column that requires it is not.
    #[error("this column is empty, and a column that requires it is not")]
    Incomplete,
}

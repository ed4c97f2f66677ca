//! The columns that a file may have.

use domain::field::Field;

/// A column, named like the form control for the same data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Kind of holder.
    Kind,
    /// RUT of a persona natural or of a company.
    Rut,
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
    pub const ALL: [Self; 24] = [
        Self::Kind,
        Self::Rut,
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

    /// The column with this name; case and surrounding spaces are ignored.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL.into_iter().find(|column| column.name().eq_ignore_ascii_case(name))
    }
}

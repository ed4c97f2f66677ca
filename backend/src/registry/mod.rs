//! The state's registries, each with adapters for a file and for HTTP: Registro Civil (R-CIVIL), SII (R-SII), and the registry of
//! foreign documents (docs/decisions/0016-foreign-documents.md); and the courses that attendance is taken of, from a file (L-RCE).

mod civil_file;
mod course_file;
mod file;
mod foreign_file;
mod http;
mod tax_file;

use domain::document::{Country, DocumentKind, DocumentNumber};
use domain::flow::{CivilAnswer, ForeignAnswer, TaxAnswer};
use domain::name::Name;
use domain::nie::Nie;
use domain::rut::Rut;
use domain::serial::DocumentSerial;

pub use civil_file::CivilFile;
pub use course_file::CourseFile;
pub use foreign_file::ForeignFile;
pub use http::HttpRegistry;
pub use tax_file::TaxFile;

/// Registro Civil: is this serial the valid, unblocked document of this RUN?
#[derive(Clone)]
pub enum CivilRegistry {
    /// Answers from a CSV file: the default, for demo and tests.
    File(CivilFile),
    /// Answers by HTTP.
    Http(HttpRegistry),
}

impl CivilRegistry {
    /// Asks. A registry that cannot answer results in [`CivilAnswer::TechnicalFailure`], never in a wrong answer.
    pub async fn check(&self, run: Rut, serial: &DocumentSerial) -> CivilAnswer {
        match self {
            Self::File(file) => file.check(run, serial).await,
            Self::Http(http) => http.civil(run, serial).await,
        }
    }
}

/// SII: is this RUT currently a legal representative of that company?
#[derive(Clone)]
pub enum TaxRegistry {
    /// Answers from a CSV file: the default, for demo and tests.
    File(TaxFile),
    /// Answers by HTTP.
    Http(HttpRegistry),
}

impl TaxRegistry {
    /// Asks. A registry that cannot answer results in [`TaxAnswer::TechnicalFailure`], never in a wrong answer.
    pub async fn check(&self, company: Rut, person: Rut) -> TaxAnswer {
        match self {
            Self::File(file) => file.check(company, person).await,
            Self::Http(http) => http.tax(company, person).await,
        }
    }
}

/// The registry of foreign documents: is this an identity document of the holder of this NIE?
#[derive(Clone)]
pub enum ForeignDocuments {
    /// Answers from a CSV file, for tests.
    File(ForeignFile),
    /// Answers by HTTP.
    Http(HttpRegistry),
}

impl ForeignDocuments {
    /// Asks. `issued` is type and country where the person gave them: registration asks for both, a recovery for the number only.
    /// A registry that cannot answer results in [`ForeignAnswer::TechnicalFailure`], never in a wrong answer.
    pub async fn check(
        &self,
        nie: &Nie,
        number: &DocumentNumber,
        issued: Option<(DocumentKind, Country)>,
    ) -> ForeignAnswer {
        match self {
            Self::File(file) => file.check(nie, number, issued).await,
            Self::Http(http) => http.foreign(nie, number, issued).await,
        }
    }
}

/// A name from a registry, cleaned for our mails; None when nothing is left of it.
fn name(text: Option<String>) -> Option<String> {
    Name::clean(&text?).map(|name| name.as_str().to_owned())
}

//! The state's registries, each with adapters for a file and for HTTP: Registro Civil (R-CIVIL) and SII (R-SII).

mod civil_file;
mod file;
mod http;
mod tax_file;

use domain::flow::{CivilAnswer, TaxAnswer};
use domain::name::Name;
use domain::rut::Rut;
use domain::serial::DocumentSerial;

pub use civil_file::CivilFile;
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

/// A name from a registry, cleaned for our mails; None when nothing is left of it.
fn name(text: Option<String>) -> Option<String> {
    Name::clean(&text?).map(|name| name.as_str().to_owned())
}

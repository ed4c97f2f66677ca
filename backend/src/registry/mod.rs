//! The registries of the state, each behind a port. Today: Registro Civil from a file (R-CIVIL).

mod civil_file;

use domain::flow::CivilAnswer;
use domain::rut::Rut;
use domain::serial::DocumentSerial;

pub use civil_file::CivilFile;

/// Registro Civil: is this serial the valid, unblocked document of this RUN?
#[derive(Debug, Clone)]
pub enum CivilRegistry {
    /// Answers from a CSV file: the default, for demo and tests.
    File(CivilFile),
}

impl CivilRegistry {
    /// Asks. A registry that cannot answer gives [`CivilAnswer::TechnicalFailure`], never a wrong answer.
    pub async fn check(&self, run: Rut, serial: &DocumentSerial) -> CivilAnswer {
        match self {
            Self::File(file) => file.check(run, serial).await,
        }
    }
}

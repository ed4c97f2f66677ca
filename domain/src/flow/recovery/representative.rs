//! The legal representative, by whom a company comes to the serial: J-REC-1, J-REC-2.

use serde::{Deserialize, Serialize};

use super::{AskDocument, AskQuestion, Recovery};
use crate::flow::{RepresentativeRefused, Subject, TaxAnswer};
use crate::question::SecretQuestion;
use crate::rut::Rut;

/// “Rut Representante Legal” is asked for (J-REC-1, J-REC-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskRepresentative {
    pub(super) subject: Subject,
    pub(super) question: Option<SecretQuestion>,
}

impl AskRepresentative {
    /// The company.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether a question was asked before, so that the person may go back and answer it after all.
    #[must_use]
    pub fn remembered(&self) -> Option<AskQuestion> {
        self.question.map(|question| AskQuestion { subject: self.subject.clone(), question })
    }

    /// SII answered. Only the representative whom SII names now counts, not the one on file.
    ///
    /// # Errors
    /// [`RepresentativeRefused`].
    pub fn representative(&self, rut: Rut, answer: &TaxAnswer) -> Result<Recovery, RepresentativeRefused> {
        answer.represents()?;
        Ok(Recovery::Document(AskDocument {
            subject: self.subject.clone(),
            question: self.question,
            representative: Some(rut),
        }))
    }
}

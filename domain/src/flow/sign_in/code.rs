//! The code of a mail as a second step: who has typed the key also reads a message at the address on file.

use serde::{Deserialize, Serialize};

use super::{Asked, ConnectionOnFile, Destination, Next, Seconds, SignedIn};
use crate::field::{Field, FieldError, Reason};
use crate::openid::client::Client;
use crate::openid::{Acr, OAuthError};

/// How long a code counts.
pub const CODE_LIVES: Seconds = 600;

/// How often a code may be tried.
pub const CODE_TRIES: i64 = 5;

/// The key was right, and the system wants a code besides: no mail has been sent yet.
#[derive(Debug)]
pub struct NeedsCode {
    pub(super) to: Destination,
    pub(super) who: SignedIn,
}

impl NeedsCode {
    /// Who has typed the key.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// A mail was sent, or could not be.
    #[must_use]
    pub fn mailed(self, mailed: Mailed) -> AskCode {
        AskCode { to: self.to, who: self.who, mailed }
    }
}

/// What came of the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mailed {
    /// It goes to this address.
    To {
        /// Under what the store keeps its code.
        code: String,
        /// The address, masked.
        address: String,
    },
    /// No more mails go to that mailbox for now.
    Capped,
    /// The account has no address.
    NoAddress,
    /// There is reason to doubt whose address it is ([`crate::flow::contact::ContactProof::Doubted`]).
    Doubted,
}

/// The code is asked for; or, where there is none, the person is told what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskCode {
    pub(super) to: Destination,
    who: SignedIn,
    mailed: Mailed,
}

/// What the check of a code found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeVerdict {
    /// It is the code of this sign-in.
    Right,
    /// It is not.
    Wrong,
    /// It counts no longer: too old, tried too often, or for an address that was replaced.
    Over,
}

/// The code was right.
#[derive(Debug)]
pub struct CodeRight {
    to: Destination,
    who: SignedIn,
}

impl AskCode {
    /// Where the sign-in leads.
    #[must_use]
    pub fn to(&self) -> &Destination {
        &self.to
    }

    /// Who has typed the key.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// What came of the mail.
    #[must_use]
    pub fn mailed(&self) -> &Mailed {
        &self.mailed
    }

    /// Under what the store keeps the code; none where no mail was sent.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.mailed {
            Mailed::To { code, .. } => Some(code),
            Mailed::Capped | Mailed::NoAddress | Mailed::Doubted => None,
        }
    }

    /// “Enviar otro código”: another mail was sent, and the former code counts no longer. Where none could be, that one still counts.
    #[must_use]
    pub fn again(self, mailed: Mailed) -> Self {
        match (&self.mailed, &mailed) {
            (Mailed::To { .. }, Mailed::Capped) => self,
            _ => Self { mailed, ..self },
        }
    }

    /// A code was checked.
    ///
    /// # Errors
    /// It was not the code, or counts no longer.
    pub fn checked(self, verdict: CodeVerdict) -> Result<CodeRight, FieldError> {
        match (verdict, self.mailed) {
            (CodeVerdict::Right, Mailed::To { .. }) => {
                let who = SignedIn { acr: Acr::ClaveCodigo, ..self.who };
                Ok(CodeRight { to: self.to, who })
            }
            (CodeVerdict::Wrong, Mailed::To { .. }) => Err(FieldError::new(Field::MailCode, Reason::Wrong)),
            _ => Err(FieldError::new(Field::MailCode, Reason::Expired)),
        }
    }
}

impl CodeRight {
    /// Who signed in, now by key and code.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// Goes on as after the key.
    ///
    /// # Errors
    /// As [`Asked::go_on`].
    pub fn go_on(self, client: Option<&Client>, before: &ConnectionOnFile) -> Result<Next, OAuthError> {
        Asked { to: self.to }.go_on(client, self.who, before)
    }
}

//! Where the key goes: to the registered address, or, after proof by a document, to new contact data. With the captcha, the
//! right to send it.

use serde::{Deserialize, Serialize};

use super::{KeySent, Recovery};
use crate::field::FieldError;
use crate::flow::contact::NewContact;
use crate::flow::{AccountId, CaptchaVerdict, captcha_passed};

/// The document was right: where shall the key go?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseMail {
    pub(super) account: AccountId,
    pub(super) mail: Option<String>,
}

impl ChooseMail {
    /// The registered address, masked; none when the account has none.
    #[must_use]
    pub fn masked(&self) -> Option<&str> {
        self.mail.as_deref()
    }

    /// “SI”: to the registered address. Without one there is nothing to confirm, and the contact data is asked for.
    #[must_use]
    pub fn confirmed(self) -> Recovery {
        if self.mail.is_none() {
            return Recovery::Contact(self);
        }
        self.ready(Destination::Registered)
    }

    /// “NO”: other contact data is asked for.
    #[must_use]
    pub fn denied(self) -> Recovery {
        Recovery::Contact(self)
    }

    /// “Email Actual” and “Celular Actual” were given.
    #[must_use]
    pub fn contact(self, contact: NewContact) -> Recovery {
        self.ready(Destination::New(contact))
    }

    fn ready(self, destination: Destination) -> Recovery {
        Recovery::Captcha(Ready {
            account: self.account,
            proof: Proof::Document,
            destination,
            mail: self.mail,
        })
    }
}

/// How a person proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// By the answer to the secret question.
    Answer,
    /// By the identity document.
    Document,
}

/// Where the provisional key goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// The contact data on file.
    Registered,
    /// New contact data; the old data is notified too. Needs proof by a document.
    New(NewContact),
}

/// All is proven; the captcha is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    pub(super) account: AccountId,
    pub(super) proof: Proof,
    pub(super) destination: Destination,
    pub(super) mail: Option<String>,
}

impl Ready {
    /// Where the key will go.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The registered address, masked; none when the account has none.
    #[must_use]
    pub fn masked(&self) -> Option<&str> {
        self.mail.as_deref()
    }

    /// Back to the choice of the address, if the proof was a document.
    #[must_use]
    pub fn choose_again(&self) -> Option<ChooseMail> {
        (self.proof == Proof::Document).then(|| ChooseMail { account: self.account, mail: self.mail.clone() })
    }

    /// The captcha was checked.
    ///
    /// # Errors
    /// It was wrong or stale; a new one must be drawn.
    pub fn captcha(&self, verdict: CaptchaVerdict) -> Result<Grant, FieldError> {
        captcha_passed(verdict)?;
        Ok(Grant { account: self.account, proof: self.proof, destination: self.destination.clone() })
    }
}

/// The right to one provisional key. It cannot be stored, copied or read from anywhere: only [`Ready::captcha`]
/// gives it, and sending spends it.
#[derive(Debug)]
pub struct Grant {
    account: AccountId,
    proof: Proof,
    destination: Destination,
}

impl Grant {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// What earned it.
    #[must_use]
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// Where the key goes.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The end of the flow, once the messages are written.
    #[must_use]
    pub fn sent(self, sent: KeySent) -> Recovery {
        Recovery::Sent(sent)
    }
}

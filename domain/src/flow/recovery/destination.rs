//! Where the key goes: to the registered address, or, after proof by a document, to new contact data. With the captcha, the
//! right to send it.

use serde::{Deserialize, Serialize};

use super::{KeySent, Recovery};
use crate::field::FieldError;
use crate::flow::contact::NewContact;
use crate::flow::{AccountId, CaptchaVerdict, captcha_passed};
use crate::phone::Mobile;

/// The registered contact data as the pages show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskedContact {
    /// The mail address; none when the account has none.
    pub mail: Option<String>,
    /// The mobile; none when the account has none.
    #[serde(default)]
    pub mobile: Option<String>,
    /// A MAC of the whole of both: two addresses can look the same once they are masked.
    #[serde(default)]
    pub mac: String,
    /// Whether nobody has shown yet that the address receives messages (A-MAIL).
    #[serde(default)]
    pub unconfirmed: bool,
}

impl MaskedContact {
    /// Whether it is the same contact data. That the address was confirmed meanwhile is no change of it.
    fn is_same(&self, other: &Self) -> bool {
        (&self.mail, &self.mobile, &self.mac) == (&other.mail, &other.mobile, &other.mac)
    }
}

/// The document was right: where shall the key go?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseMail {
    pub(super) account: AccountId,
    #[serde(flatten)]
    pub(super) on_file: MaskedContact,
}

impl ChooseMail {
    /// The registered contact data, which the person confirms or not.
    #[must_use]
    pub fn on_file(&self) -> &MaskedContact {
        &self.on_file
    }

    /// Asks whether the registered contact data is right, or for new data when there is no address.
    #[must_use]
    pub fn ask(self) -> Recovery {
        if self.on_file.mail.is_some() { Recovery::Mail(self) } else { Recovery::Contact(self) }
    }

    /// “SI”: to the registered contact data. Without an address there is nothing to confirm, and new data is asked for.
    #[must_use]
    pub fn confirmed(self) -> Recovery {
        if self.on_file.mail.is_none() {
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
            on_file: self.on_file,
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

impl Destination {
    /// Mail address and mobile as the pages show them: new ones whole, those on file in part.
    #[must_use]
    pub fn shown(&self, on_file: &MaskedContact) -> (Option<String>, Option<String>) {
        match self {
            Self::Registered => (on_file.mail.clone(), on_file.mobile.clone()),
            Self::New(contact) => {
                (Some(contact.email.as_str().to_owned()), contact.mobile.as_ref().map(Mobile::readable))
            }
        }
    }
}

/// All is proven; the captcha is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    pub(super) account: AccountId,
    pub(super) proof: Proof,
    pub(super) destination: Destination,
    #[serde(flatten)]
    pub(super) on_file: MaskedContact,
}

impl Ready {
    /// Where the key will go.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The registered contact data.
    #[must_use]
    pub fn on_file(&self) -> &MaskedContact {
        &self.on_file
    }

    /// Back to the choice of the address, if the proof was a document.
    #[must_use]
    pub fn choose_again(&self) -> Option<ChooseMail> {
        let choice = || ChooseMail { account: self.account, on_file: self.on_file.clone() };
        (self.proof == Proof::Document).then(choice)
    }

    /// The captcha was checked.
    ///
    /// # Errors
    /// It was wrong or stale; a new one must be drawn.
    pub fn captcha(&self, verdict: CaptchaVerdict) -> Result<Grant, FieldError> {
        captcha_passed(verdict)?;
        let (destination, on_file) = (self.destination.clone(), self.on_file.clone());
        Ok(Grant { account: self.account, proof: self.proof, destination, on_file })
    }
}

/// The right to one provisional key. It cannot be stored, copied or read from anywhere: only [`Ready::captcha`]
/// gives it, and sending spends it.
#[derive(Debug)]
pub struct Grant {
    account: AccountId,
    proof: Proof,
    destination: Destination,
    on_file: MaskedContact,
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

    /// Where the key goes, as the pages show it.
    #[must_use]
    pub fn shown(&self) -> (Option<String>, Option<String>) {
        self.destination.shown(&self.on_file)
    }

    /// The choice to show again, when the contact data on file is no longer what the person confirmed.
    #[must_use]
    pub fn to_confirm_again(&self, on_file: MaskedContact) -> Option<ChooseMail> {
        let confirmed = self.proof == Proof::Document && self.destination == Destination::Registered;
        (confirmed && !self.on_file.is_same(&on_file))
            .then_some(ChooseMail { account: self.account, on_file })
    }

    /// The end of the flow, once the messages are written.
    #[must_use]
    pub fn sent(self, sent: KeySent) -> Recovery {
        Recovery::Sent(sent)
    }
}

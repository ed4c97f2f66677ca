//! What is sent to people: about what, to whom and by which channel. The courier words and sends it; the store keeps it until then.

use domain::email::Email;
use domain::phone::Mobile;
use serde::{Deserialize, Serialize};
use wording::Locale;

use crate::clock::Millis;

/// What earned a key. A person who registered an identity that is not theirs knows its secrets, but has no proof of identity. Each
/// kind of proof has daily caps of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProof {
    /// The secret answer, or the key before.
    Secret,
    /// An identity document.
    Identity,
    /// The decision of an officer.
    Grant,
}

impl KeyProof {
    /// The word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Identity => "identity",
            Self::Grant => "grant",
        }
    }

    /// The number in columns that tell proofs of identity from others.
    pub(crate) fn number(self) -> i64 {
        i64::from(self.is_identity())
    }

    /// What such a column says.
    pub(crate) fn of(number: i64) -> Self {
        if number == 1 { Self::Identity } else { Self::Secret }
    }

    /// Whether it proves an identity: a weaker proof never ends a key that such a one earned.
    #[must_use]
    pub fn is_identity(self) -> bool {
        matches!(self, Self::Identity | Self::Grant)
    }
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// E-mail.
    Mail,
    /// SMS.
    Sms,
}

impl Channel {
    /// The word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// To whom a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// To a mail address.
    Mail(Email),
    /// To a mobile.
    Sms(Mobile),
}

impl Recipient {
    /// The recipient as caps count it: a mailbox is the same whatever the case of its letters, and with or without a `+tag`.
    #[must_use]
    pub fn folded(&self) -> String {
        match self {
            Self::Mail(email) => {
                let text = email.as_str().to_ascii_lowercase();
                let (local, domain) = text.split_once('@').unwrap_or((&text, ""));
                let local = local
                    .split_once('+')
                    .map_or(local, |(name, _)| if name.is_empty() { local } else { name });
                format!("mail {local}@{domain}")
            }
            Self::Sms(mobile) => format!("sms {}", mobile.as_str()),
        }
    }
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    /// N-REC-END: carries the provisional key.
    ProvisionalKey,
    /// To the old contact data: a key was asked for to be sent elsewhere.
    ContactChanged,
    /// N-REG: a registration arrived. The same whether or not the identity had an account.
    Registered,
    /// Somebody tried to register a RUT that has an account.
    RegisteredAgain,
    /// N-CHG: a new key was set.
    KeyChanged,
    /// SII names another legal representative of the company than the one on file.
    RepresentativeChanged,
    /// F-REQ: a request for a foreign facilitator was filed; to the company.
    RequestFiled,
    /// N-UPD: address or contact data were changed; to the old contact data and the new.
    Updated,
    /// L-PAGE: carries the code that a system wants besides the key.
    SignInCode,
    /// F-REVIEW: to the company whose request was granted.
    RequestGranted,
    /// F-REVIEW: to the company whose request was refused, with the reason.
    RequestRefused,
}

impl Template {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::ProvisionalKey,
        Self::ContactChanged,
        Self::Registered,
        Self::RegisteredAgain,
        Self::KeyChanged,
        Self::RepresentativeChanged,
        Self::RequestFiled,
        Self::Updated,
        Self::SignInCode,
        Self::RequestGranted,
        Self::RequestRefused,
    ];

    /// The word in the store and in logs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ProvisionalKey => "provisional-key",
            Self::ContactChanged => "contact-changed",
            Self::Registered => "registered",
            Self::RegisteredAgain => "registered-again",
            Self::KeyChanged => "key-changed",
            Self::RepresentativeChanged => "representative-changed",
            Self::RequestFiled => "request-filed",
            Self::Updated => "updated",
            Self::SignInCode => "sign-in-code",
            Self::RequestGranted => "request-granted",
            Self::RequestRefused => "request-refused",
        }
    }
}

/// What the caps of messages count together: the template, and of a provisional key also what proved the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageClass {
    /// What the messages are about.
    pub template: Template,
    /// For whom a provisional key was made: none in other messages.
    pub proof: Option<KeyProof>,
}

impl MessageClass {
    /// Most messages of this class to one recipient in a day (UTC). Those about requests of companies are caused by officers, or
    /// by the company itself, which may have dozens of requests.
    #[must_use]
    pub fn most_per_day(self) -> i64 {
        match self.template {
            Template::Registered => 5,
            Template::RegisteredAgain => 6,
            // A person with a document can name another mailbox; few persons' documents must not use up one mailbox.
            Template::ProvisionalKey if self.proof.is_some_and(KeyProof::is_identity) => 30,
            Template::ProvisionalKey => 12,
            _ if self.is_about_a_request() => 200,
            _ => 10,
        }
    }

    /// Of these, how many of one account are let through though other accounts have used up the recipient's: else a stranger who
    /// registered other identities with the owner's mail could keep keys and notices of the owner's account from going out.
    #[must_use]
    pub fn own_per_day(self) -> i64 {
        match self.template {
            Template::ProvisionalKey => 3,
            // Only who has typed the key of this account causes one.
            Template::SignInCode => 5,
            _ if self.is_notice_of_a_change() => 2,
            _ => 0,
        }
    }

    /// How many of those of all accounts together whose contact data nobody has proven: each of them has
    /// [`MessageClass::own_per_day`] of its own, and a stranger can register hundreds with the mail of one person.
    #[must_use]
    pub fn unproven_per_day(self) -> i64 {
        if self.template == Template::ProvisionalKey { 6 } else { 10 }
    }

    /// Whether it tells the owner of a change. The sender of such a message may be a thief, who must not be able to keep it from
    /// going out; and a proof of identity that earned a key is never barred by what others of the same network sent.
    #[must_use]
    pub fn is_capped_by_sender(self) -> bool {
        let earned_by_identity = self.proof.is_some_and(KeyProof::is_identity);
        !(self.is_notice_of_a_change() || self.is_about_a_request() || earned_by_identity)
    }

    /// “¿No la pidió su empresa?”: bound by how many requests a company may have open.
    fn is_about_a_request(self) -> bool {
        matches!(self.template, Template::RequestFiled | Template::RequestGranted | Template::RequestRefused)
    }

    fn is_notice_of_a_change(self) -> bool {
        matches!(
            self.template,
            Template::KeyChanged
                | Template::ContactChanged
                | Template::Updated
                | Template::RepresentativeChanged
        )
    }

    /// The word in the store.
    #[must_use]
    pub fn word(self) -> String {
        format!("message/{}/{}", self.template.word(), self.proof.map_or("-", KeyProof::word))
    }
}

impl From<Template> for MessageClass {
    fn from(template: Template) -> Self {
        Self { template, proof: None }
    }
}

impl Template {
    /// The class of a provisional key for this proof. Keys of one proof leave those of the others their room.
    #[must_use]
    pub fn for_key(self, proof: KeyProof) -> MessageClass {
        MessageClass { template: self, proof: Some(proof) }
    }
}

/// A message, ready to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What it is about.
    pub template: Template,
    /// In which language it is. One from the outbox that does not say it is in Spanish.
    #[serde(default, with = "locale_by_id")]
    pub locale: Locale,
    /// To whom it goes.
    pub to: Recipient,
    /// Subject of a mail; empty for an SMS.
    pub subject: String,
    /// The text; paragraphs are parted by empty lines.
    pub text: String,
    /// Until when the provisional key or the code of a sign-in in it is valid; none without either.
    #[serde(default)]
    pub until: Option<Millis>,
}

impl Message {
    /// By which channel it goes.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self.to {
            Recipient::Mail(_) => Channel::Mail,
            Recipient::Sms(_) => Channel::Sms,
        }
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").field("template", &self.template).finish_non_exhaustive()
    }
}

/// A language as its id. One that this build does not have, such as that of a test, is read as the default.
mod locale_by_id {
    use serde::{Deserialize, Deserializer, Serializer};
    use wording::Locale;

    pub(super) fn serialize<S: Serializer>(locale: &Locale, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(locale.id())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Locale, D::Error> {
        Ok(Locale::parse(&String::deserialize(deserializer)?).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_one_recipient_in_capitals_and_with_a_tag() {
        let folded = |text| Recipient::Mail(Email::parse(text).unwrap()).folded();
        assert_eq!(folded("Ana.Rojas+uno@Correo.cl"), folded("ana.rojas@correo.cl"));
        assert_ne!(folded("ana@correo.cl"), folded("ana.rojas@correo.cl"));
        assert_ne!(folded("+ana@correo.cl"), folded("+eva@correo.cl"));
    }

    #[test]
    fn a_message_keeps_its_language_and_one_without_is_in_spanish() {
        let message = Message {
            template: Template::Updated,
            locale: Locale::Qps,
            to: Recipient::Sms(Mobile::parse("12345678").unwrap()),
            subject: String::new(),
            text: "⟦Ĥöļå⟧".to_owned(),
            until: Some(7),
        };
        let json = serde_json::to_string(&message).unwrap();
        assert!(serde_json::from_str::<Message>(&json).unwrap() == message);
        for older in [json.replace("\"locale\":\"qps\",", ""), json.replace("qps", "tlh")] {
            assert_ne!(older, json);
            assert_eq!(serde_json::from_str::<Message>(&older).unwrap().locale, Locale::Es);
        }
    }
}

//! What is sent to people: about what, to whom and by which channel. The courier words and sends it; the store keeps it until then.

use domain::email::Email;
use domain::phone::Mobile;
use serde::{Deserialize, Serialize};
use wording::Locale;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// E-mail.
    Mail,
    /// SMS.
    Sms,
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
    /// F-REVIEW: to the company whose request was granted.
    RequestGranted,
    /// F-REVIEW: to the company whose request was refused, with the reason.
    RequestRefused,
}

impl Template {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::ProvisionalKey,
        Self::ContactChanged,
        Self::Registered,
        Self::RegisteredAgain,
        Self::KeyChanged,
        Self::RepresentativeChanged,
        Self::RequestFiled,
        Self::Updated,
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
            Self::RequestGranted => "request-granted",
            Self::RequestRefused => "request-refused",
        }
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
    fn a_message_keeps_its_language_and_one_without_is_in_spanish() {
        let message = Message {
            template: Template::Updated,
            locale: Locale::Qps,
            to: Recipient::Sms(Mobile::parse("12345678").unwrap()),
            subject: String::new(),
            text: "⟦Ĥöļå⟧".to_owned(),
        };
        let json = serde_json::to_string(&message).unwrap();
        assert!(serde_json::from_str::<Message>(&json).unwrap() == message);
        for older in [json.replace("\"locale\":\"qps\",", ""), json.replace("qps", "tlh")] {
            assert_ne!(older, json);
            assert_eq!(serde_json::from_str::<Message>(&older).unwrap().locale, Locale::Es);
        }
    }
}

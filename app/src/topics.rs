//! The topics of “Más información” (A-INFO): what to do for each message that stops a person. The messages link to them.

use domain::field::{Field, FieldError, Reason};
use domain::flow::Notice;
use wording::catalogue::help::{self, Help};

use crate::errand::Errand;

/// A topic, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    ForgottenKey,
    ForgottenAnswer,
    Serial,
    BlockedCard,
    Document,
    CivilRegistry,
    Representative,
    TaxRegistry,
    MissingData,
    OtherPerson,
    OldMail,
    ProvisionalKey,
    Wait,
    ManyKeys,
    NoMessage,
    Expired,
    EasyKey,
    Facilitator,
    OpenRequests,
    File,
}

impl Topic {
    /// Every topic, in the order of the page.
    pub(crate) const ALL: [Self; 20] = [
        Self::ForgottenKey,
        Self::ForgottenAnswer,
        Self::Serial,
        Self::BlockedCard,
        Self::Document,
        Self::CivilRegistry,
        Self::Representative,
        Self::TaxRegistry,
        Self::MissingData,
        Self::OtherPerson,
        Self::OldMail,
        Self::ProvisionalKey,
        Self::Wait,
        Self::ManyKeys,
        Self::NoMessage,
        Self::Expired,
        Self::EasyKey,
        Self::Facilitator,
        Self::OpenRequests,
        Self::File,
    ];

    /// `id` on the page, and what a message links to.
    pub(crate) fn anchor(self) -> &'static str {
        match self {
            Self::ForgottenKey => "olvide-clave",
            Self::ForgottenAnswer => "olvide-respuesta",
            Self::Serial => "serie",
            Self::BlockedCard => "cedula-bloqueada",
            Self::Document => "documento",
            Self::CivilRegistry => "registro-civil",
            Self::Representative => "representante",
            Self::TaxRegistry => "sii",
            Self::MissingData => "faltan-datos",
            Self::OtherPerson => "otra-persona",
            Self::OldMail => "correo-antiguo",
            Self::ProvisionalKey => "clave-provisoria",
            Self::Wait => "espere",
            Self::ManyKeys => "muchas-claves",
            Self::NoMessage => "no-llega",
            Self::Expired => "vencio",
            Self::EasyKey => "clave-facil",
            Self::Facilitator => "facilitador",
            Self::OpenRequests => "solicitudes-abiertas",
            Self::File => "archivo",
        }
    }

    /// Question and answer.
    pub(crate) fn words(self, help: &'static Help) -> &'static help::Topic {
        let topics = &help.topics;
        match self {
            Self::ForgottenKey => &topics.forgotten_key,
            Self::ForgottenAnswer => &topics.forgotten_answer,
            Self::Serial => &topics.serial,
            Self::BlockedCard => &topics.blocked_card,
            Self::Document => &topics.document,
            Self::CivilRegistry => &topics.civil_registry,
            Self::Representative => &topics.representative,
            Self::TaxRegistry => &topics.tax_registry,
            Self::MissingData => &topics.missing_data,
            Self::OtherPerson => &topics.other_person,
            Self::OldMail => &topics.old_mail,
            Self::ProvisionalKey => &topics.provisional_key,
            Self::Wait => &topics.wait,
            Self::ManyKeys => &topics.many_keys,
            Self::NoMessage => &topics.no_message,
            Self::Expired => &topics.expired,
            Self::EasyKey => &topics.easy_key,
            Self::Facilitator => &topics.facilitator,
            Self::OpenRequests => &topics.open_requests,
            Self::File => &topics.file,
        }
    }

    /// The errand that helps.
    pub(crate) fn errand(self) -> Option<Errand> {
        Some(match self {
            Self::ForgottenKey | Self::ForgottenAnswer | Self::OtherPerson | Self::NoMessage => {
                Errand::Recover
            }
            Self::Serial
            | Self::BlockedCard
            | Self::Document
            | Self::CivilRegistry
            | Self::Representative
            | Self::TaxRegistry
            | Self::Wait
            | Self::Expired
            | Self::EasyKey
            | Self::OpenRequests
            | Self::File => return None,
            Self::MissingData | Self::OldMail => Errand::Update,
            Self::ProvisionalKey | Self::ManyKeys => Errand::Change,
            Self::Facilitator => Errand::Facilitator,
        })
    }
}

/// The topic of a notice, if there is one to read.
pub(crate) fn about(notice: Notice) -> Option<Topic> {
    Some(match notice {
        Notice::Expired | Notice::ExpiredForm | Notice::OtherTab => Topic::Expired,
        Notice::RegistryDown => Topic::CivilRegistry,
        Notice::TaxRegistryDown => Topic::TaxRegistry,
        Notice::Wait { .. }
        | Notice::WaitOrSerial { .. }
        | Notice::WaitOrDocument { .. }
        | Notice::WaitOrLetters { .. }
        | Notice::DocumentForNow { .. }
        | Notice::ManyMessages
        | Notice::UseDocument => Topic::Wait,
        Notice::StillMissing => Topic::MissingData,
        Notice::DailyCap => Topic::ManyKeys,
        Notice::MostRequests => Topic::OpenRequests,
        Notice::NewCaptcha
        | Notice::OtherIdentity { .. }
        | Notice::Busy
        | Notice::MostFiles
        | Notice::Unsigned
        | Notice::KeysToday
        | Notice::NewCode
        | Notice::CodesToday
        | Notice::ForeignRegistryDown => return None,
    })
}

/// The topic of an error that correcting the text may not clear.
pub(crate) fn about_error(error: FieldError) -> Option<Topic> {
    Some(match (error.field, error.reason) {
        (Field::Serial, Reason::Blocked) => Topic::BlockedCard,
        (Field::Serial, Reason::Wrong) => Topic::Serial,
        (Field::DocumentNumber, Reason::Wrong) => Topic::Document,
        (Field::DocumentNumber, Reason::AlreadyAsked) => Topic::OpenRequests,
        (Field::Declaration | Field::DocumentFile, reason) if reason != Reason::Missing => Topic::File,
        (
            Field::CurrentKey,
            Reason::WrongForDocument | Reason::ExpiredAskCompany | Reason::SpentAskCompany,
        ) => Topic::Facilitator,
        (Field::Representative, Reason::NotRepresentative) => Topic::Representative,
        (Field::Answer, Reason::Wrong) => Topic::ForgottenAnswer,
        (
            Field::CurrentKey,
            Reason::Expired
            | Reason::Spent
            | Reason::OnlyToChange
            | Reason::WrongProvisional
            | Reason::WrongAtTheEnd,
        ) => Topic::ProvisionalKey,
        (Field::BirthDate, Reason::NotTheSame) => Topic::OldMail,
        (Field::NewKey, Reason::Common | Reason::UsedBefore | Reason::ContainsName) => Topic::EasyKey,
        _ => return None,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::kind::Kind;

    use super::*;

    /// Every notice. [`about`] names all of them, so a new one is found there.
    pub(crate) const NOTICES: [Notice; 26] = [
        Notice::Expired,
        Notice::ExpiredForm,
        Notice::OtherTab,
        Notice::RegistryDown,
        Notice::TaxRegistryDown,
        Notice::ForeignRegistryDown,
        Notice::Wait { minutes: 2 },
        Notice::WaitOrSerial { minutes: 2 },
        Notice::WaitOrDocument { minutes: 2 },
        Notice::WaitOrLetters { minutes: 2, of: Some(Kind::Natural) },
        Notice::WaitOrLetters { minutes: 2, of: None },
        Notice::DocumentForNow { minutes: 2 },
        Notice::ManyMessages,
        Notice::UseDocument,
        Notice::StillMissing,
        Notice::DailyCap,
        Notice::KeysToday,
        Notice::NewCode,
        Notice::CodesToday,
        Notice::NewCaptcha,
        Notice::OtherIdentity { of: Kind::Natural },
        Notice::OtherIdentity { of: Kind::Migrante },
        Notice::Busy,
        Notice::MostRequests,
        Notice::MostFiles,
        Notice::Unsigned,
    ];

    #[test]
    fn a_info_every_message_that_links_has_its_topic() {
        let errors = [
            (Field::Serial, Reason::Blocked),
            (Field::Serial, Reason::Wrong),
            (Field::DocumentNumber, Reason::Wrong),
            (Field::DocumentNumber, Reason::AlreadyAsked),
            (Field::Declaration, Reason::FileFormat),
            (Field::CurrentKey, Reason::ExpiredAskCompany),
            (Field::Representative, Reason::NotRepresentative),
            (Field::Answer, Reason::Wrong),
            (Field::CurrentKey, Reason::Spent),
            (Field::BirthDate, Reason::NotTheSame),
            (Field::NewKey, Reason::Common),
        ];
        for topic in NOTICES.into_iter().filter_map(about) {
            assert!(Topic::ALL.contains(&topic), "{topic:?}");
        }
        for (field, reason) in errors {
            let topic = about_error(FieldError::new(field, reason));
            assert!(topic.is_some_and(|topic| Topic::ALL.contains(&topic)), "{topic:?}");
        }
    }

    #[test]
    fn a_info_each_topic_has_an_anchor_of_its_own() {
        for (i, topic) in Topic::ALL.iter().enumerate() {
            assert!(Topic::ALL[..i].iter().all(|other| other.anchor() != topic.anchor()), "{topic:?}");
        }
    }
}

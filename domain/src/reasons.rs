//! The [`Reason`] for each error of a newtype.
//!
//! The conversions have a file of their own so that imports point one way: newtypes import `field.rs` to report what is
//! wrong with a form, and `field.rs` imports none of them.

use crate::answer::AnswerError;
use crate::birth::BirthDateError;
use crate::clave::KeyError;
use crate::document::DocumentNumberError;
use crate::email::EmailError;
use crate::field::Reason;
use crate::mail_code::MailCodeError;
use crate::motive::MotiveError;
use crate::name::NameError;
use crate::nie::NieError;
use crate::phone::PhoneError;
use crate::rut::RutError;
use crate::serial::SerialError;

impl From<RutError> for Reason {
    fn from(error: RutError) -> Self {
        match error {
            RutError::Empty => Self::Missing,
            RutError::Characters => Self::Characters,
            RutError::Length => Self::Format,
            RutError::Separators => Self::Separators,
            RutError::CheckDigit => Self::CheckDigit,
        }
    }
}

impl From<NieError> for Reason {
    fn from(error: NieError) -> Self {
        match error {
            NieError::Empty => Self::Missing,
            NieError::Characters => Self::Characters,
            NieError::Format => Self::Format,
            NieError::Separators => Self::Separators,
        }
    }
}

impl From<NameError> for Reason {
    fn from(error: NameError) -> Self {
        match error {
            NameError::Empty => Self::Missing,
            NameError::TooShort => Self::TooShort,
            NameError::TooLong => Self::TooLong,
            NameError::Characters => Self::Characters,
        }
    }
}

impl From<MailCodeError> for Reason {
    fn from(error: MailCodeError) -> Self {
        match error {
            MailCodeError::Empty => Self::Missing,
            MailCodeError::Format => Self::Format,
        }
    }
}

impl From<MotiveError> for Reason {
    fn from(error: MotiveError) -> Self {
        match error {
            MotiveError::Empty => Self::Missing,
            MotiveError::TooShort => Self::TooShort,
            MotiveError::TooLong => Self::TooLong,
            MotiveError::Characters => Self::Characters,
        }
    }
}

impl From<BirthDateError> for Reason {
    fn from(error: BirthDateError) -> Self {
        match error {
            BirthDateError::Empty => Self::Missing,
            BirthDateError::Format => Self::Format,
            BirthDateError::Future => Self::Future,
            BirthDateError::TooOld => Self::TooOld,
        }
    }
}

impl From<DocumentNumberError> for Reason {
    fn from(error: DocumentNumberError) -> Self {
        match error {
            DocumentNumberError::Empty => Self::Missing,
            DocumentNumberError::Format => Self::Format,
            DocumentNumberError::Separators => Self::Separators,
        }
    }
}

impl From<SerialError> for Reason {
    fn from(error: SerialError) -> Self {
        match error {
            SerialError::Empty => Self::Missing,
            SerialError::Format => Self::Format,
            SerialError::Separators => Self::Separators,
        }
    }
}

impl From<EmailError> for Reason {
    fn from(error: EmailError) -> Self {
        match error {
            EmailError::Empty => Self::Missing,
            EmailError::TooLong => Self::TooLong,
            EmailError::Format => Self::Format,
        }
    }
}

impl From<PhoneError> for Reason {
    fn from(error: PhoneError) -> Self {
        match error {
            PhoneError::Empty => Self::Missing,
            PhoneError::Format => Self::Format,
            PhoneError::TooShort => Self::TooShort,
            PhoneError::Separators => Self::Separators,
            PhoneError::Area => Self::Area,
        }
    }
}

impl From<AnswerError> for Reason {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Empty => Self::Missing,
            AnswerError::TooShort => Self::TooShort,
            AnswerError::TooLong => Self::TooLong,
            AnswerError::Placeholder => Self::Placeholder,
        }
    }
}

impl From<KeyError> for Reason {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Empty => Self::Missing,
            KeyError::TooShort => Self::TooShort,
            KeyError::TooLong => Self::TooLong,
            KeyError::Characters => Self::Characters,
            KeyError::OuterSpace => Self::OuterSpace,
            KeyError::Unseen => Self::Unseen,
            KeyError::ContainsRut => Self::ContainsRut,
            KeyError::ContainsNie => Self::ContainsNie,
            KeyError::ContainsDocument => Self::ContainsDocument,
            KeyError::ContainsName => Self::ContainsName,
            KeyError::Common => Self::Common,
        }
    }
}

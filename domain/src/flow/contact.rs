//! “Datos de Contacto”: how a holder is reached. Registration and update ask for all of it, recovery for address and mobile.

use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::field::{Field, FieldError, Reason, checked};
use crate::kind::Kind;
use crate::phone::{Mobile, Phone, PhoneError};

/// “Datos de Contacto” as they were typed.
#[derive(Clone, Copy, Default)]
pub struct ContactInput<'a> {
    /// “Email”.
    pub email: &'a str,
    /// Area code and number of “Teléfono Particular”.
    pub home_phone: (&'a str, &'a str),
    /// Area code and number of “Teléfono Trabajo”.
    pub work_phone: (&'a str, &'a str),
    /// “Celular”.
    pub mobile: &'a str,
    /// “Sin Celular”.
    pub no_mobile: bool,
}

/// How a person is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The mail address.
    pub email: Email,
    /// Fixed line at home.
    pub home_phone: Option<Phone>,
    /// Fixed line at work.
    pub work_phone: Option<Phone>,
    /// Mobile; none when “Sin Celular” was ticked.
    pub mobile: Option<Mobile>,
}

impl Contact {
    /// Reads the contact data, and adds to `errors` each field that is missing or wrong.
    pub(super) fn parse(input: ContactInput<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
        let before = errors.len();
        let email = checked(Field::Email, Email::parse(input.email), errors);
        let home_phone = optional_phone(Field::HomePhone, input.home_phone, errors);
        let work_phone = optional_phone(Field::WorkPhone, input.work_phone, errors);
        let mobile = mobile_or_none(input, errors);
        (errors.len() == before).then_some(())?;
        Some(Self { email: email?, home_phone, work_phone, mobile: mobile? })
    }
}

/// Contact data given during recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// “Email Actual”.
    pub email: Email,
    /// “Celular Actual”; none when “Sin Celular” was ticked. A company is written to by mail only.
    pub mobile: Option<Mobile>,
}

impl NewContact {
    /// Reads what a kind is asked for: the mail address and, of a person, the mobile.
    ///
    /// # Errors
    /// Each field that is missing or wrong.
    pub fn parse(kind: Kind, input: ContactInput<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let email = checked(Field::Email, Email::parse(input.email), &mut errors);
        let mobile = match kind {
            Kind::Juridica | Kind::Facilitador => Some(None),
            Kind::Natural | Kind::Migrante => mobile_or_none(input, &mut errors),
        };
        match (email, mobile) {
            (Some(email), Some(mobile)) => Ok(Self { email, mobile }),
            _ => Err(errors),
        }
    }
}

/// Who proved that contact data is that of the owner (docs/decisions/0017).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContactProof {
    /// Nobody: a registration or an update gave it, without a proof of identity.
    #[default]
    Unproven,
    /// Nobody, and there is reason to doubt it: a key that an identity document earned has gone there, or another registration of
    /// the same identity gave other contact data.
    Doubted,
    /// The person who proved the identity gave it, or used a key that came there.
    Proven,
}

impl ContactProof {
    /// Whether the holder of the document is asked if the contact data is right. Only a part of it is shown, and another person may
    /// have registered an address that looks the same; so unproven data is offered once.
    #[must_use]
    pub fn is_offered(self) -> bool {
        self != Self::Doubted
    }

    /// After a reason to doubt. What is proven stays so.
    #[must_use]
    pub fn doubted(self) -> Self {
        if self == Self::Proven { self } else { Self::Doubted }
    }

    /// After somebody changed the contact data who has not proven the identity.
    #[must_use]
    pub fn changed(self) -> Self {
        if self == Self::Proven { Self::Unproven } else { self }
    }
}

/// “Celular”, or none where “Sin Celular” is ticked. A number beside the tick is an error: one of the two is a mistake.
/// The outer None: an error was added.
fn mobile_or_none(input: ContactInput<'_>, errors: &mut Vec<FieldError>) -> Option<Option<Mobile>> {
    match (input.no_mobile, input.mobile.trim().is_empty()) {
        (true, true) => Some(None),
        (true, false) => {
            errors.push(FieldError::new(Field::Mobile, Reason::NumberAndNone));
            None
        }
        (false, _) => checked(Field::Mobile, Mobile::parse(input.mobile), errors).map(Some),
    }
}

/// A fixed line that may be left out: an area code alone counts as left out.
fn optional_phone(field: Field, (area, number): (&str, &str), errors: &mut Vec<FieldError>) -> Option<Phone> {
    match Phone::parse(area, number) {
        Ok(phone) => Some(phone),
        Err(_) if number.trim().is_empty() => None,
        Err(PhoneError::Empty) => {
            errors.push(FieldError::new(field, Reason::Area));
            None
        }
        Err(error) => {
            errors.push(FieldError::new(field, error.into()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_without_a_mobile_says_so() {
        let read = |kind, mobile, no_mobile| {
            let input = ContactInput { email: "ana@correo.cl", mobile, no_mobile, ..ContactInput::default() };
            NewContact::parse(kind, input).map(|contact| contact.mobile.is_some())
        };
        let refused = |reason| Err(vec![FieldError::new(Field::Mobile, reason)]);
        for kind in [Kind::Natural, Kind::Migrante] {
            assert_eq!(read(kind, "", true), Ok(false));
            assert_eq!(read(kind, " ", true), Ok(false));
            assert_eq!(read(kind, "12345678", false), Ok(true));
            assert_eq!(read(kind, "12345678", true), refused(Reason::NumberAndNone));
            assert_eq!(read(kind, "", false), refused(Reason::Missing));
        }
        assert_eq!(read(Kind::Juridica, "", false), Ok(false));
    }

    #[test]
    fn doubt_ends_by_a_proof_only() {
        use ContactProof::{Doubted, Proven, Unproven};
        assert!(Unproven.is_offered() && Proven.is_offered() && !Doubted.is_offered());
        assert_eq!([Unproven, Doubted, Proven].map(ContactProof::doubted), [Doubted, Doubted, Proven]);
        assert_eq!([Unproven, Doubted, Proven].map(ContactProof::changed), [Unproven, Doubted, Unproven]);
    }

    #[test]
    fn contact_data_is_what_was_typed() {
        let mut errors = Vec::new();
        let input = ContactInput {
            email: "ana@correo.cl",
            home_phone: ("2", "21234567"),
            work_phone: ("45", ""),
            mobile: "12345678",
            no_mobile: false,
        };
        let contact = Contact::parse(input, &mut errors).unwrap();
        assert_eq!(contact.email.as_str(), "ana@correo.cl");
        assert_eq!(contact.home_phone.as_ref().map(Phone::as_str), Some("+56221234567"));
        assert_eq!(contact.work_phone, None, "an area code alone is no number");
        assert_eq!(contact.mobile.as_ref().map(Mobile::as_str), Some("+56912345678"));
        assert_eq!(errors, []);
        // What was wrong before does not spoil it.
        let mut errors = vec![FieldError::new(Field::Street, Reason::Missing)];
        assert!(Contact::parse(input, &mut errors).is_some());
        assert!(Contact::parse(ContactInput { home_phone: ("2", "1"), ..input }, &mut errors).is_none());
        assert_eq!(errors.last(), Some(&FieldError::new(Field::HomePhone, Reason::Format)));
    }
}

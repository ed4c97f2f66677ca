//! Registration of a person: N-REG. One form, read whole, and a captcha.

use serde::{Deserialize, Serialize};

use super::CaptchaVerdict;
use crate::address::{Address, AddressInput};
use crate::answer::SecretAnswer;
use crate::clave::NewKey;
use crate::email::Email;
use crate::field::{Field, FieldError, Reason, checked};
use crate::phone::{Mobile, Phone, PhoneError};
use crate::question::SecretQuestion;
use crate::rut::Rut;
use crate::serial::DocumentSerial;

/// Where a registration stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Registration {
    /// The form is being filled in.
    Form,
    /// “Éxito”. The same for a RUT that had an account: its owner is told by mail.
    Done {
        /// Whether an SMS goes out too, as the form said.
        by_sms: bool,
    },
}

/// Whether registration asks for the serial of the cédula (SECURITY, “Proofs and keys”).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterProof {
    /// The form of the guides: no proof.
    #[default]
    None,
    /// The serial is asked for and checked with Registro Civil.
    Serial,
}

/// The form as it was typed. Names of the fields: [`Field::name`].
#[derive(Debug, Clone, Copy)]
pub struct RegistrationInput<'a> {
    /// “Rut”.
    pub rut: &'a str,
    /// Id of the “Pregunta Secreta”.
    pub question: &'a str,
    /// “Respuesta Secreta”.
    pub answer: &'a str,
    /// “Número de serie cédula de identidad”, where [`RegisterProof::Serial`] asks for it.
    pub serial: &'a str,
    /// “Domicilio”.
    pub address: AddressInput<'a>,
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
    /// “Clave CS”.
    pub key: &'a str,
    /// “Repetir Clave CS”.
    pub key_again: &'a str,
}

/// A registration in which nothing is missing or malformed. Secrets show nothing in `Debug`.
#[derive(Debug, Clone)]
pub struct RegistrationForm {
    /// The RUT.
    pub rut: Rut,
    /// The chosen question.
    pub question: SecretQuestion,
    /// Its answer.
    pub answer: SecretAnswer,
    /// The document serial, where it is asked for.
    pub serial: Option<DocumentSerial>,
    /// Where the person lives.
    pub address: Address,
    /// How the person is reached.
    pub contact: Contact,
    /// The key to set.
    pub key: NewKey,
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

impl RegistrationForm {
    /// Reads the whole form.
    ///
    /// # Errors
    /// Every field that is missing or wrong, in the order of the form.
    pub fn parse(input: RegistrationInput<'_>, proof: RegisterProof) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let rut = checked(Field::Rut, Rut::parse(input.rut), &mut errors);
        let serial = match proof {
            RegisterProof::None => Some(None),
            RegisterProof::Serial => {
                checked(Field::Serial, DocumentSerial::parse(input.serial), &mut errors).map(Some)
            }
        };
        let question = SecretQuestion::parse(input.question).map_err(|_| Reason::Missing);
        let question = checked(Field::Question, question, &mut errors);
        let answer = checked(Field::Answer, SecretAnswer::parse(input.answer), &mut errors);
        let address = Address::parse(input.address).map_err(|mut found| errors.append(&mut found)).ok();
        let contact = Contact::parse(&input, &mut errors);
        let key = new_key(input.key, input.key_again, rut, "", &mut errors);
        match (rut, question, answer, serial, address, contact, key) {
            (
                Some(rut),
                Some(question),
                Some(answer),
                Some(serial),
                Some(address),
                Some(contact),
                Some(key),
            ) if errors.is_empty() => Ok(Self { rut, question, answer, serial, address, contact, key }),
            _ => Err(errors),
        }
    }
}

impl Contact {
    fn parse(input: &RegistrationInput<'_>, errors: &mut Vec<FieldError>) -> Option<Self> {
        let before = errors.len();
        let email = checked(Field::Email, Email::parse(input.email), errors);
        let home_phone = optional_phone(Field::HomePhone, input.home_phone, errors);
        let work_phone = optional_phone(Field::WorkPhone, input.work_phone, errors);
        let mobile =
            if input.no_mobile { None } else { checked(Field::Mobile, Mobile::parse(input.mobile), errors) };
        (errors.len() == before).then_some(())?;
        Some(Self { email: email?, home_phone, work_phone, mobile })
    }
}

/// A fixed line that may be left out: an area code alone counts as left out.
fn optional_phone(field: Field, (area, number): (&str, &str), errors: &mut Vec<FieldError>) -> Option<Phone> {
    match Phone::parse(area, number) {
        Ok(phone) => Some(phone),
        Err(_) if number.trim().is_empty() => None,
        Err(PhoneError::Area | PhoneError::Empty) => {
            errors.push(FieldError::new(field, Reason::Area));
            None
        }
        Err(PhoneError::Format) => {
            errors.push(FieldError::new(field, Reason::Format));
            None
        }
    }
}

/// Reads a new key typed twice.
pub(super) fn new_key(
    key: &str,
    again: &str,
    rut: Option<Rut>,
    names: &str,
    errors: &mut Vec<FieldError>,
) -> Option<NewKey> {
    let key_read = checked(Field::NewKey, NewKey::parse(key, rut, names), errors);
    if again.is_empty() {
        errors.push(FieldError::new(Field::NewKeyAgain, Reason::Missing));
        return None;
    }
    if key != again {
        errors.push(FieldError::new(Field::NewKeyAgain, Reason::Mismatch));
        return None;
    }
    key_read
}

/// What a captcha lets through.
///
/// # Errors
/// The captcha was wrong or stale.
pub fn captcha_passed(verdict: CaptchaVerdict) -> Result<(), FieldError> {
    match verdict {
        CaptchaVerdict::Right => Ok(()),
        CaptchaVerdict::Wrong => Err(FieldError::new(Field::Captcha, Reason::Wrong)),
        CaptchaVerdict::Stale => Err(FieldError::new(Field::Captcha, Reason::Stale)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> RegistrationInput<'static> {
        RegistrationInput {
            rut: "12.345.678-5",
            question: SecretQuestion::by_index(0).id(),
            answer: "Quilpué",
            serial: "",
            address: AddressInput {
                street: "Los Aromos",
                number: "12",
                block: "",
                flat: "",
                region: "13",
                comuna: "13101",
            },
            email: "ana@correo.cl",
            home_phone: ("", ""),
            work_phone: ("2", ""),
            mobile: "12345678",
            no_mobile: false,
            key: "Quillay7x",
            key_again: "Quillay7x",
        }
    }

    fn errors(input: RegistrationInput<'_>) -> Vec<(Field, Reason)> {
        let found = RegistrationForm::parse(input, RegisterProof::None).err().unwrap_or_default();
        found.into_iter().map(|e| (e.field, e.reason)).collect()
    }

    #[test]
    fn n_reg_optional_fields_may_be_empty() {
        assert_eq!(errors(good()), []);
        assert_eq!(errors(RegistrationInput { mobile: "", no_mobile: true, ..good() }), []);
        assert_eq!(errors(RegistrationInput { mobile: "", ..good() }), [(Field::Mobile, Reason::Missing)]);
    }

    #[test]
    fn n_reg_every_wrong_field_is_named_in_the_order_of_the_form() {
        let wrong = RegistrationInput {
            rut: "12345678-9",
            question: "",
            answer: " ",
            email: "ana",
            home_phone: ("", "2123456"),
            work_phone: ("32", "21"),
            key: "12345678",
            key_again: "123456789",
            ..good()
        };
        assert_eq!(
            errors(wrong),
            [
                (Field::Rut, Reason::CheckDigit),
                (Field::Question, Reason::Missing),
                (Field::Answer, Reason::Missing),
                (Field::Email, Reason::Format),
                (Field::HomePhone, Reason::Area),
                (Field::WorkPhone, Reason::Format),
                (Field::NewKey, Reason::Common),
                (Field::NewKeyAgain, Reason::Mismatch),
            ]
        );
    }

    #[test]
    fn the_serial_is_read_only_where_it_is_asked_for() {
        let asked = RegistrationForm::parse(good(), RegisterProof::Serial).unwrap_err();
        assert_eq!(asked, [FieldError::new(Field::Serial, Reason::Missing)]);
    }
}

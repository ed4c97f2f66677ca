//! Registration of a person or a company: N-REG, M-REG, J-REG. One form, read whole, and a captcha.

use serde::{Deserialize, Serialize};

use super::contact::{Contact, ContactInput};
use super::key::new_key;
use super::mail_check::CodeSent;
use crate::address::{Address, AddressInput};
use crate::answer::SecretAnswer;
use crate::birth::{BirthDate, Date};
use crate::clave::NewKey;
use crate::company::{Company, CompanyInput};
use crate::document::{DocumentInput, IdentityDocument};
use crate::field::{Field, FieldError, Reason, checked};
use crate::identifier::{Identifier, IdentifierInput};
use crate::kind::Kind;
use crate::nie::NiePattern;
use crate::question::SecretQuestion;
use crate::serial::DocumentSerial;

/// The state of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Registration {
    /// The form is being filled in.
    Form,
    /// “Éxito”. The same for a RUT that had an account: its owner is notified by mail.
    Done {
        /// Whether an SMS goes out too: the form has a mobile, and no cap stops it.
        by_sms: bool,
        /// Whether a mail goes out: no cap stops it.
        #[serde(default = "by_mail_unless_said")]
        by_mail: bool,
        /// The code in that mail (A-MAIL).
        #[serde(default)]
        code: Option<CodeSent>,
    },
}

impl Registration {
    /// The code that the last page takes (A-MAIL).
    pub fn code(&mut self) -> Option<&mut CodeSent> {
        match self {
            Self::Done { code, .. } => code.as_mut(),
            Self::Form => None,
        }
    }
}

/// Versions without caps always sent the mail.
fn by_mail_unless_said() -> bool {
    true
}

/// Whether registration asks for the serial of the cédula (docs/security.md#proofs-and-keys).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterProof {
    /// The form of the guides: no proof.
    #[default]
    None,
    /// The serial is asked for and checked with Registro Civil.
    Serial,
}

/// What the form of a kind asks for, under this configuration.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Who registers. A persona migrante gives an identity document too (M-REG).
    pub kind: Kind,
    /// Whether the serial of the cédula is asked for; of a RUT only.
    pub proof: RegisterProof,
    /// Whether the date of birth is asked for (V-UPD).
    pub birth_date: bool,
    /// What a NIE looks like.
    pub nie: &'a NiePattern,
    /// Today in Chile.
    pub today: Date,
}

impl Rules<'_> {
    /// Whether the form asks for the serial of the cédula: the person's, or the representative's.
    #[must_use]
    pub fn asks_serial(&self) -> bool {
        self.proof == RegisterProof::Serial && self.kind != Kind::Migrante
    }

    /// Whether the form asks for a foreign identity document.
    #[must_use]
    pub fn asks_document(&self) -> bool {
        self.kind == Kind::Migrante
    }

    /// Whether the form asks for name and kind of a company, and for its legal representative.
    #[must_use]
    pub fn asks_company(&self) -> bool {
        self.kind == Kind::Juridica
    }
}

/// The form as it was typed. Names of the fields: [`Field::name`].
#[derive(Clone, Copy)]
pub struct RegistrationInput<'a> {
    /// “Rut” or “NIE”.
    pub identifier: &'a str,
    /// “Fecha de Nacimiento”, where it is asked for.
    pub birth_date: &'a str,
    /// The identity document of a persona migrante.
    pub document: DocumentInput<'a>,
    /// What a company gives beyond.
    pub company: CompanyInput<'a>,
    /// Id of the “Pregunta Secreta”.
    pub question: &'a str,
    /// “Respuesta Secreta”.
    pub answer: &'a str,
    /// “Número de serie cédula de identidad”, where [`RegisterProof::Serial`] asks for it.
    pub serial: &'a str,
    /// “Domicilio”.
    pub address: AddressInput<'a>,
    /// “Datos de Contacto”.
    pub contact: ContactInput<'a>,
    /// “Clave CS”.
    pub key: &'a str,
    /// “Repetir Clave CS”.
    pub key_again: &'a str,
}

/// A registration in which nothing is missing or malformed. Secrets show nothing in `Debug`.
#[derive(Debug, Clone)]
pub struct RegistrationForm {
    /// RUT or NIE.
    pub identifier: Identifier,
    /// Date of birth, where it is asked for.
    pub birth_date: Option<BirthDate>,
    /// The identity document of a persona migrante.
    pub document: Option<IdentityDocument>,
    /// What a company gives beyond.
    pub company: Option<Company>,
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

impl RegistrationForm {
    /// Reads the whole form.
    ///
    /// # Errors
    /// Every field that is missing or wrong, in the order of the form.
    pub fn parse(input: RegistrationInput<'_>, rules: Rules<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let identifier = Identifier::parse(rules.kind, IdentifierInput::Number(input.identifier), rules.nie);
        let identifier = identifier.map_err(|error| errors.push(error)).ok();
        let company = asked(rules.asks_company(), || {
            Company::parse(input.company).map_err(|mut found| errors.append(&mut found)).ok()
        });
        let serial = asked(rules.asks_serial(), || {
            checked(Field::Serial, DocumentSerial::parse(input.serial), &mut errors)
        });
        // The form asks for the representative of a company, and for that person's serial, after the contact data.
        let of_representative = |error: &FieldError| {
            let fields = [Field::Representative, Field::RepresentativeNames, Field::Serial];
            rules.asks_company() && fields.contains(&error.field)
        };
        let mut later: Vec<_> = errors.extract_if(.., |error| of_representative(error)).collect();
        let birth_date = asked(rules.birth_date, || {
            checked(Field::BirthDate, BirthDate::parse(input.birth_date, rules.today), &mut errors)
        });
        let document = asked(rules.asks_document(), || {
            IdentityDocument::parse(input.document).map_err(|mut found| errors.append(&mut found)).ok()
        });
        let question = SecretQuestion::parse(input.question).map_err(|_| Reason::Missing);
        let question = checked(Field::Question, question, &mut errors);
        let answer = checked(Field::Answer, SecretAnswer::parse(input.answer), &mut errors);
        let address = Address::parse(input.address).map_err(|mut found| errors.append(&mut found)).ok();
        let contact = match rules.kind {
            // A company is written to by mail only.
            Kind::Juridica => ContactInput { mobile: "", no_mobile: true, ..input.contact },
            _ => input.contact,
        };
        let contact = Contact::parse(contact, &mut errors);
        errors.append(&mut later);
        let key = new_key(input.key, input.key_again, identifier.as_ref(), "", &mut errors);
        let form = (|| {
            Some(Self {
                identifier: identifier?,
                birth_date: birth_date?,
                document: document?,
                company: company?,
                question: question?,
                answer: answer?,
                serial: serial?,
                address: address?,
                contact: contact?,
                key: key?,
            })
        })();
        form.filter(|_| errors.is_empty()).ok_or(errors)
    }
}

/// A field that is read only where it is asked for. None when it was asked for and is wrong.
#[expect(clippy::option_option, reason = "wrong, not asked for, or there")]
fn asked<T>(asked: bool, read: impl FnOnce() -> Option<T>) -> Option<Option<T>> {
    if asked { read().map(Some) } else { Some(None) }
}

#[cfg(test)]
#[path = "registration_tests.rs"]
mod tests;

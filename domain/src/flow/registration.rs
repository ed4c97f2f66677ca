//! Registration of a person or a company: N-REG, M-REG, J-REG. One form, read whole, and a captcha.

use serde::{Deserialize, Serialize};

use super::contact::{Contact, ContactInput};
use super::key::new_key;
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
    },
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
mod tests {
    use super::*;

    const CONTACT: ContactInput<'_> = ContactInput {
        email: "ana@correo.cl",
        home_phone: ("", ""),
        work_phone: ("2", ""),
        mobile: "12345678",
        no_mobile: false,
    };

    fn read(input: RegistrationInput<'_>, change: impl FnOnce(&mut Rules<'_>)) -> Vec<(Field, Reason)> {
        let nie = NiePattern::any();
        let mut rules = Rules {
            kind: Kind::Natural,
            proof: RegisterProof::None,
            birth_date: false,
            nie: &nie,
            today: Date::constant(2026, 11, 21),
        };
        change(&mut rules);
        let found = RegistrationForm::parse(input, rules).err().unwrap_or_default();
        found.into_iter().map(|e| (e.field, e.reason)).collect()
    }

    fn good() -> RegistrationInput<'static> {
        RegistrationInput {
            identifier: "12.345.678-5",
            birth_date: "",
            document: DocumentInput::default(),
            company: CompanyInput::default(),
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
            contact: CONTACT,
            key: "Quillay7x",
            key_again: "Quillay7x",
        }
    }

    fn errors(input: RegistrationInput<'_>) -> Vec<(Field, Reason)> {
        read(input, |_| ())
    }

    #[test]
    fn n_reg_optional_fields_may_be_empty() {
        assert_eq!(errors(good()), []);
        let no_mobile = ContactInput { mobile: "", ..CONTACT };
        let ticked = ContactInput { no_mobile: true, ..no_mobile };
        assert_eq!(errors(RegistrationInput { contact: ticked, ..good() }), []);
        assert_eq!(
            errors(RegistrationInput { contact: no_mobile, ..good() }),
            [(Field::Mobile, Reason::Missing)]
        );
    }

    #[test]
    fn n_reg_a_form_is_what_was_typed() {
        let nie = NiePattern::any();
        let rules = Rules {
            kind: Kind::Natural,
            proof: RegisterProof::Serial,
            birth_date: true,
            nie: &nie,
            today: Date::constant(2026, 11, 21),
        };
        let input = RegistrationInput { serial: "A123456789", birth_date: "01-12-1992", ..good() };
        let form = RegistrationForm::parse(input, rules).unwrap();
        assert_eq!((form.identifier.plain().as_str(), form.question.id()), ("12345678-5", good().question));
        assert_eq!((form.answer.expose(), form.key.expose()), ("quilpue", "Quillay7x"));
        assert_eq!(form.serial.as_ref().map(DocumentSerial::as_str), Some("A123456789"));
        assert_eq!(form.birth_date.map(BirthDate::plain).as_deref(), Some("1992-12-01"));
        assert!(form.document.is_none() && form.company.is_none());
        assert_eq!(
            (form.address.street.as_str(), form.contact.email.as_str()),
            ("Los Aromos", "ana@correo.cl")
        );
        assert!(form.contact.mobile.is_some());
    }

    /// As flows of earlier versions are stored.
    #[test]
    fn a_registration_stored_before_there_were_caps_sent_its_mail() {
        let stored = serde_json::from_str::<Registration>(r#"{"done":{"by_sms":false}}"#).unwrap();
        assert_eq!(stored, Registration::Done { by_sms: false, by_mail: true });
    }

    #[test]
    fn n_reg_every_wrong_field_is_named_in_the_order_of_the_form() {
        let wrong = RegistrationInput {
            identifier: "12345678-9",
            question: "",
            answer: " ",
            contact: ContactInput {
                email: "ana",
                home_phone: ("", "2123456"),
                work_phone: ("32", "21"),
                ..CONTACT
            },
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
    fn what_the_rules_do_not_ask_for_is_not_read() {
        let asked = read(good(), |rules| rules.proof = RegisterProof::Serial);
        assert_eq!(asked, [(Field::Serial, Reason::Missing)]);
        let no_answer = RegistrationInput { answer: "", ..good() };
        let asked = read(no_answer, |rules| rules.proof = RegisterProof::Serial);
        assert_eq!(asked, [(Field::Serial, Reason::Missing), (Field::Answer, Reason::Missing)]);
        let asked = read(good(), |rules| rules.birth_date = true);
        assert_eq!(asked, [(Field::BirthDate, Reason::Missing)]);
        let future = RegistrationInput { birth_date: "22-11-2026", ..good() };
        assert_eq!(read(future, |rules| rules.birth_date = true), [(Field::BirthDate, Reason::Future)]);
    }

    #[test]
    fn m_reg_a_migrant_gives_nie_and_document_and_no_serial() {
        let migrant = |rules: &mut Rules<'_>| {
            rules.kind = Kind::Migrante;
            rules.proof = RegisterProof::Serial;
        };
        let missing = RegistrationInput { identifier: "A-1", ..good() };
        assert_eq!(
            read(missing, migrant),
            [
                (Field::Nie, Reason::Format),
                (Field::DocumentKind, Reason::Missing),
                (Field::DocumentCountry, Reason::Missing),
                (Field::DocumentNumber, Reason::Missing)
            ]
        );
        let document = DocumentInput { kind: "pasaporte", country: "VE", number: "V-12.345.678" };
        let whole = RegistrationInput { identifier: "XY-123456", document, ..good() };
        assert_eq!(read(whole, migrant), []);
        let with_nie = RegistrationInput { key: "1xy123456", key_again: "1xy123456", ..whole };
        assert_eq!(read(with_nie, migrant), [(Field::NewKey, Reason::ContainsNie)]);
    }

    #[test]
    fn j_reg_a_company_gives_name_kind_and_representative_and_no_mobile() {
        let company = |rules: &mut Rules<'_>| rules.kind = Kind::Juridica;
        let no_mobile = ContactInput { mobile: "", ..CONTACT };
        assert_eq!(
            read(RegistrationInput { contact: no_mobile, ..good() }, company),
            [
                (Field::CompanyName, Reason::Missing),
                (Field::CompanyKind, Reason::Missing),
                (Field::Representative, Reason::Missing),
                (Field::RepresentativeNames, Reason::Missing)
            ]
        );
        let input = CompanyInput {
            name: "Quillay Inventada SpA",
            kind: "otec",
            representative: "11.111.111-1",
            representative_names: "Rosa Prueba Inventada",
        };
        assert_eq!(read(RegistrationInput { company: input, contact: no_mobile, ..good() }, company), []);
        // The form has no mobile: one that comes all the same is not looked at.
        for contact in [CONTACT, ContactInput { mobile: "1", no_mobile: true, ..CONTACT }] {
            assert_eq!(read(RegistrationInput { company: input, contact, ..good() }, company), []);
        }
        let with_serial = |rules: &mut Rules<'_>| {
            rules.kind = Kind::Juridica;
            rules.proof = RegisterProof::Serial;
        };
        let no_mail = ContactInput { email: "", ..no_mobile };
        assert_eq!(
            read(RegistrationInput { contact: no_mail, ..good() }, with_serial),
            [
                (Field::CompanyName, Reason::Missing),
                (Field::CompanyKind, Reason::Missing),
                (Field::Email, Reason::Missing),
                (Field::Representative, Reason::Missing),
                (Field::RepresentativeNames, Reason::Missing),
                (Field::Serial, Reason::Missing)
            ]
        );
    }
}

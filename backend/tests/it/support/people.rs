//! Invented people: RUTs and NIEs made from small numbers, names that nobody bears.

use std::ops::Deref;

use backend::courier::DemoMessage;
use domain::address::AddressInput;
use domain::clave::ProvisionalKey;
use domain::company::CompanyInput;
use domain::document::DocumentInput;
use domain::flow::contact::ContactInput;
use domain::flow::registration::RegistrationInput;
use domain::flow::update::UpdateInput;
use domain::kind::Kind;
use domain::mail_code::MailCode;
use domain::question::SecretQuestion;
use domain::rut::Rut;

/// Somebody who may have a key, of any kind.
pub(crate) trait Holder {
    fn kind(&self) -> Kind;

    /// The RUT or NIE, as they type it.
    fn who(&self) -> &str;

    /// What their document proves them by: serial of the cédula, number of a foreign document.
    fn document(&self) -> &str;

    /// What they have in common with everybody.
    fn person(&self) -> &Person;

    /// The registration form of their kind, filled in as it should be.
    fn form(&self) -> RegistrationInput<'_>;
}

/// What a person knows of themselves.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) rut: Rut,
    pub(crate) rut_text: String,
    pub(crate) names: String,
    pub(crate) birth_date: String,
    pub(crate) email: String,
    pub(crate) mobile: String,
    pub(crate) serial: String,
    pub(crate) answer: String,
    pub(crate) key: String,
}

/// “Domicilio” of everybody.
pub(crate) const HOME: AddressInput<'_> = AddressInput {
    street: "Pasaje Los Inventados",
    number: "12",
    block: "",
    flat: "",
    region: "13",
    comuna: "13101",
};

impl Person {
    /// The invented person with this number.
    pub(crate) fn number(number: u32) -> Self {
        let rut = Rut::from_number(31_000_000 + number).unwrap();
        Self {
            rut,
            rut_text: rut.to_string(),
            names: format!("Zutana Quiltrana Número {number}"),
            birth_date: format!("01-12-{}", 1940 + number % 60),
            email: format!("zutana{number}@correo.ejemplo.cl"),
            mobile: format!("{:08}", 70_000_000 + number),
            serial: format!("A{:09}", 500_000_000 + number),
            answer: "El Guatón Loyola".to_owned(),
            key: "Quillay7x".to_owned(),
        }
    }

    /// The mobile as messages are addressed to it.
    pub(crate) fn phone(&self) -> String {
        format!("+569{}", self.mobile)
    }

    /// “Datos de Contacto”, filled in as they should be.
    pub(crate) fn contact(&self) -> ContactInput<'_> {
        ContactInput {
            email: &self.email,
            home_phone: ("", ""),
            work_phone: ("2", ""),
            mobile: &self.mobile,
            no_mobile: false,
        }
    }

    /// The form of “Actualizar datos” with the contact data of this person, who lives where everybody does.
    pub(crate) fn update(&self) -> UpdateInput<'_> {
        UpdateInput { address: HOME, contact: self.contact() }
    }

    /// The registration form, filled in as it should be.
    pub(crate) fn form(&self) -> RegistrationInput<'_> {
        RegistrationInput {
            identifier: &self.rut_text,
            birth_date: &self.birth_date,
            document: DocumentInput::default(),
            company: CompanyInput::default(),
            question: SecretQuestion::by_index(2).id(),
            answer: &self.answer,
            serial: &self.serial,
            address: HOME,
            contact: self.contact(),
            key: &self.key,
            key_again: &self.key,
        }
    }
}

impl Holder for Person {
    fn kind(&self) -> Kind {
        Kind::Natural
    }

    fn who(&self) -> &str {
        &self.rut_text
    }

    fn document(&self) -> &str {
        &self.serial
    }

    fn person(&self) -> &Person {
        self
    }

    fn form(&self) -> RegistrationInput<'_> {
        self.form()
    }
}

/// A persona migrante: a person with a NIE and a passport in place of RUT and cédula.
#[derive(Debug, Clone)]
pub(crate) struct Migrant {
    pub(crate) nie: String,
    pub(crate) document: String,
    pub(crate) person: Person,
}

impl Migrant {
    /// The invented migrant with this number.
    pub(crate) fn number(number: u32) -> Self {
        let names = format!("Fulano Forastero Número {number}");
        let email = format!("fulano{number}@correo.ejemplo.cl");
        let mobile = format!("{:08}", 80_000_000 + number);
        Self {
            nie: format!("EX-{}", 700_000 + number),
            document: format!("P-{:07}", 4_000_000 + number),
            person: Person { names, email, mobile, ..Person::number(number) },
        }
    }

    /// The registration form, filled in as it should be.
    pub(crate) fn form(&self) -> RegistrationInput<'_> {
        RegistrationInput {
            identifier: &self.nie,
            document: DocumentInput { kind: "pasaporte", country: "VE", number: &self.document },
            serial: "",
            ..self.person.form()
        }
    }
}

impl Deref for Migrant {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.person
    }
}

impl Holder for Migrant {
    fn kind(&self) -> Kind {
        Kind::Migrante
    }

    fn who(&self) -> &str {
        &self.nie
    }

    fn document(&self) -> &str {
        &self.document
    }

    fn person(&self) -> &Person {
        &self.person
    }

    fn form(&self) -> RegistrationInput<'_> {
        self.form()
    }
}

/// A company: a person's mail, answer and key, with a RUT of its own and a legal representative.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    pub(crate) rut: Rut,
    pub(crate) rut_text: String,
    pub(crate) person: Person,
    /// Who represents it.
    pub(crate) representative: Person,
}

impl Company {
    /// The invented company with this number, and the person with the same number who represents it.
    pub(crate) fn number(number: u32) -> Self {
        let rut = Rut::from_number(76_500_000 + number).unwrap();
        let names = format!("Quillay Inventada Número {number} SpA");
        let email = format!("empresa{number}@correo.ejemplo.cl");
        let person = Person { names, email, ..Person::number(number) };
        Self { rut, rut_text: rut.to_string(), person, representative: Person::number(number) }
    }

    /// The registration form, filled in as it should be.
    pub(crate) fn form(&self) -> RegistrationInput<'_> {
        RegistrationInput {
            identifier: &self.rut_text,
            company: CompanyInput {
                name: &self.person.names,
                kind: "otec",
                representative: &self.representative.rut_text,
                representative_names: &self.representative.names,
            },
            serial: &self.representative.serial,
            contact: ContactInput { mobile: "", ..self.person.contact() },
            ..self.person.form()
        }
    }
}

impl Deref for Company {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.person
    }
}

impl Holder for Company {
    fn kind(&self) -> Kind {
        Kind::Juridica
    }

    fn who(&self) -> &str {
        &self.rut_text
    }

    fn document(&self) -> &str {
        &self.representative.serial
    }

    fn person(&self) -> &Person {
        &self.person
    }

    fn form(&self) -> RegistrationInput<'_> {
        self.form()
    }
}

/// The provisional key in a message, if it contains one.
pub(crate) fn key_in(letter: &DemoMessage) -> Option<String> {
    letter
        .text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find_map(ProvisionalKey::parse)
        .map(|key| key.expose().to_owned())
}

/// The code in a mail (A-MAIL), if it contains one.
pub(crate) fn code_in(letter: &DemoMessage) -> Option<String> {
    letter.text.lines().find_map(|line| MailCode::parse(line).ok()).map(|code| code.expose().to_owned())
}

/// To whom letters went, in alphabetical order (an SMS before a mail).
pub(crate) fn recipients(letters: &[DemoMessage]) -> Vec<&str> {
    let mut to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    to
}

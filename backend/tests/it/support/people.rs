//! Invented people: RUTs made from small numbers, names that nobody bears.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use backend::courier::Letter;
use backend::store::accounts::{self, NewAccount};
use domain::address::AddressInput;
use domain::clave::ProvisionalKey;
use domain::flow::AccountId;
use domain::flow::registration::{RegisterProof, RegistrationForm, RegistrationInput};
use domain::kind::Kind;
use domain::question::SecretQuestion;
use domain::rut::Rut;

use super::TestBackend;

/// What a person knows of themselves.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) rut: Rut,
    pub(crate) rut_text: String,
    pub(crate) names: String,
    pub(crate) email: String,
    pub(crate) mobile: String,
    pub(crate) serial: String,
    pub(crate) answer: String,
    pub(crate) key: String,
}

impl Person {
    /// The invented person with this number.
    pub(crate) fn number(number: u32) -> Self {
        let rut = Rut::from_number(31_000_000 + number).unwrap();
        Self {
            rut,
            rut_text: rut.to_string(),
            names: format!("Zutana Quiltrana Número {number}"),
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

    /// The registration form, filled in as it should be.
    pub(crate) fn form(&self) -> RegistrationInput<'_> {
        RegistrationInput {
            rut: &self.rut_text,
            question: SecretQuestion::by_index(2).id(),
            answer: &self.answer,
            serial: &self.serial,
            address: AddressInput {
                street: "Pasaje Los Inventados",
                number: "12",
                block: "",
                flat: "",
                region: "13",
                comuna: "13101",
            },
            email: &self.email,
            home_phone: ("", ""),
            work_phone: ("2", ""),
            mobile: &self.mobile,
            no_mobile: false,
            key: &self.key,
            key_again: &self.key,
        }
    }
}

/// How much of an account is on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnFile {
    All,
    NoQuestion,
    NoContact,
}

impl TestBackend {
    /// Writes the account of a person, without the flow that earns it and without messages.
    pub(crate) async fn account(&self, person: &Person) -> AccountId {
        self.account_with(person, OnFile::All).await
    }

    /// Writes an account of which only a part is on file.
    pub(crate) async fn account_with(&self, person: &Person, on_file: OnFile) -> AccountId {
        // One pair of hashes will do for all accounts with the usual key and answer.
        static HASHES: OnceLock<(String, String)> = OnceLock::new();
        let form = RegistrationForm::parse(person.form(), RegisterProof::None).unwrap();
        let hashes = || (hash(form.key.expose()), hash(form.answer.expose()));
        let usual = Person::number(0);
        let (key, answer) = if (&person.key, &person.answer) == (&usual.key, &usual.answer) {
            HASHES.get_or_init(hashes).clone()
        } else {
            hashes()
        };
        let new = NewAccount {
            kind: Kind::Natural,
            identifier: &person.rut.plain(),
            names: Some(&person.names),
            key_hash: Some(&key),
            question: (on_file != OnFile::NoQuestion).then_some((form.question, answer.as_str())),
            address: Some(&form.address),
            contact: (on_file != OnFile::NoContact).then_some(&form.contact),
        };
        let connection = &mut *self.store.connection().await.unwrap();
        accounts::insert(connection, &new, self.now()).await.unwrap().unwrap()
    }

    /// Whether this is the key of the person's account, as the store has it.
    pub(crate) async fn key_is(&self, person: &Person, key: &str) -> bool {
        let connection = &mut *self.store.connection().await.unwrap();
        let account = accounts::find(connection, Kind::Natural, &person.rut.plain()).await.unwrap().unwrap();
        let hash = account.key_hash.unwrap();
        let hash = PasswordHash::new(&hash).unwrap();
        Argon2::default().verify_password(key.as_bytes(), &hash).is_ok()
    }
}

/// A hash as the service makes them, by the crate's own ordinary way.
fn hash(secret: &str) -> String {
    let salt = SaltString::from_b64("c29tZXNhbHRzb21l").unwrap();
    let argon2 =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap());
    argon2.hash_password(secret.as_bytes(), &salt).unwrap().to_string()
}

/// The provisional key that stands in a letter, if one does.
pub(crate) fn key_in(letter: &Letter) -> Option<String> {
    letter
        .text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find_map(ProvisionalKey::parse)
        .map(|key| key.expose().to_owned())
}

/// To whom letters went, in alphabetical order (an SMS before a mail).
pub(crate) fn recipients(letters: &[Letter]) -> Vec<&str> {
    let mut to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    to
}

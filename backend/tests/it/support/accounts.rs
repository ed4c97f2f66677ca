//! Accounts that are there when a test begins.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use backend::store::accounts::{self, Account, NewAccount};
use domain::flow::AccountId;
use domain::flow::contact::ContactProof;
use domain::flow::registration::RegistrationForm;

use super::TestBackend;
use super::people::{Holder, Person};

/// How much of an account is on file, besides its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountData {
    All,
    NoQuestion,
    NoContact,
    Nothing,
}

impl TestBackend {
    /// Writes the account of somebody, without the flow that earns it and without messages.
    pub(crate) async fn account(&self, who: &impl Holder) -> AccountId {
        self.account_with(who, AccountData::All).await
    }

    /// Writes an account of which only a part is on file.
    pub(crate) async fn account_with(&self, who: &impl Holder, on_file: AccountData) -> AccountId {
        // One set of hashes will do for all accounts with the usual key and answer.
        static HASHES: OnceLock<(String, String)> = OnceLock::new();
        let rules = self.settings.rules(who.kind(), self.now());
        let form = RegistrationForm::parse(who.form(), rules).unwrap();
        let hashes = || (hash(form.key.expose()), hash(form.answer.expose()));
        let (person, usual) = (who.person(), Person::number(0));
        let (key, answer) = if (&person.key, &person.answer) == (&usual.key, &usual.answer) {
            HASHES.get_or_init(hashes).clone()
        } else {
            hashes()
        };
        let document = form.document.as_ref().map(|d| (d.kind, d.country, hash(d.number.expose())));
        let document = document.as_ref().map(|(kind, country, hash)| (*kind, *country, hash.as_str()));
        let question = matches!(on_file, AccountData::All | AccountData::NoContact);
        let new = NewAccount {
            kind: who.kind(),
            identifier: &form.identifier.plain(),
            names: Some(&person.names),
            key_hash: Some(&key),
            question: question.then_some((form.question, answer.as_str())),
            birth_date: form.birth_date,
            document,
            company: form.company.as_ref(),
            address: (on_file != AccountData::Nothing).then_some(&form.address),
            contact: matches!(on_file, AccountData::All | AccountData::NoQuestion).then_some(&form.contact),
            contact_proof: ContactProof::Proven,
        };
        let connection = &mut *self.store.connection().await.unwrap();
        accounts::insert(connection, &new, self.now()).await.unwrap().unwrap()
    }

    /// The account of somebody, as the store has it.
    pub(crate) async fn on_file(&self, who: &impl Holder) -> Account {
        let rules = self.settings.rules(who.kind(), self.now());
        let form = RegistrationForm::parse(who.form(), rules).unwrap();
        let connection = &mut *self.store.connection().await.unwrap();
        accounts::find(connection, who.kind(), &form.identifier.plain()).await.unwrap().unwrap()
    }

    /// Whether this is the key of somebody's account, as the store has it.
    pub(crate) async fn key_is(&self, who: &impl Holder, key: &str) -> bool {
        let hash = self.on_file(who).await.key_hash.unwrap();
        let hash = PasswordHash::new(&hash).unwrap();
        Argon2::default().verify_password(key.as_bytes(), &hash).is_ok()
    }
}

/// A hash as the service of the tests makes them (`Hasher::worthless`), by the crate's own ordinary way.
pub(crate) fn hash(secret: &str) -> String {
    hash_with(secret, Params::new(8, 1, 1, None).unwrap())
}

/// A hash of argon2id with other parameters.
pub(crate) fn hash_with(secret: &str, params: Params) -> String {
    let salt = SaltString::from_b64("c29tZXNhbHRzb21l").unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(secret.as_bytes(), &salt).unwrap().to_string()
}

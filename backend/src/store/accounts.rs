//! Accounts and their current and former keys.

mod details;
mod keys;
mod statistics;

use domain::address::Address;
use domain::birth::BirthDate;
use domain::company::Company;
use domain::document::{Country, DocumentKind};
use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::contact::{Contact, ContactProof, NewContact};
use domain::kind::Kind;
use domain::needs::DataOnFile;
use domain::phone::Mobile;
use domain::question::SecretQuestion;
use domain::rut::Rut;
use sqlx::{AnyConnection, Row};

use super::provisional::KeyProof;
use super::{Result, StoreError, session_systems};
use crate::clock::Millis;
use crate::secrets::random_id;

pub use details::{
    Details, clear_registered, company, delete_question, details, is_contact_proven, replace_contact,
    set_contact_proof, set_details, set_document,
};
pub use keys::{KEYS_REMEMBERED, former_keys, rehash_key, remember_key, set_key};
pub use statistics::{AccountStatistics, statistics};

/// What the flows need to know of an account.
#[derive(Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Names of its owner, once known from a registry or an import.
    pub names: Option<String>,
    /// Hash of the key: argon2, or on an imported account possibly one of the older system's; None without a key.
    pub key_hash: Option<String>,
    /// The secret question, if one is on file.
    pub question: Option<SecretQuestion>,
    /// argon2 hash of the folded answer.
    pub answer_hash: Option<String>,
    /// Mail address for its messages.
    pub email: Option<Email>,
    /// Its mobile.
    pub mobile: Option<Mobile>,
    /// Date of birth, if one is on file (V-UPD).
    pub birth_date: Option<BirthDate>,
    /// argon2 hash of the number of a foreign identity document.
    pub document_hash: Option<String>,
    /// Whether street, number and comuna are on file.
    pub has_address: bool,
    /// Of a company: the legal representative whom SII named last.
    pub representative: Option<Rut>,
    /// Increases with each new key and each new representative: earlier proofs are then no longer valid.
    pub epoch: i64,
    /// The same for the proofs of identity: increases with each key that one of them earned, and each new representative.
    pub identity_epoch: i64,
    /// Who proved mail address and mobile.
    pub contact_proof: ContactProof,
    /// When it was shown that the mail address receives messages (A-MAIL); none since it last changed.
    pub mail_confirmed_at: Option<Millis>,
}

/// The version of an account against which a proof was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountVersion {
    /// Id of the account.
    pub account: AccountId,
    /// How often its key or its representative had changed. Against a proof of identity: how often such a proof, or a new
    /// representative, had.
    pub epoch: i64,
    /// What was proven.
    pub proof: KeyProof,
}

impl AccountVersion {
    /// The version after one more change.
    #[must_use]
    pub fn next(self) -> Self {
        Self { epoch: self.epoch + 1, ..self }
    }
}

impl Account {
    /// The version of the account as it was read, for flows with such a proof against it.
    #[must_use]
    pub fn version(&self, proof: KeyProof) -> AccountVersion {
        let epoch = match proof {
            KeyProof::Secret => self.epoch,
            KeyProof::Identity | KeyProof::Grant => self.identity_epoch,
        };
        AccountVersion { account: self.id, epoch, proof }
    }

    /// The secret question, when its answer is on file too.
    #[must_use]
    pub fn asked(&self) -> Option<SecretQuestion> {
        self.question.filter(|_| self.answer_hash.is_some())
    }

    /// Whether this is the contact data on file.
    #[must_use]
    pub fn has_contact(&self, contact: &NewContact) -> bool {
        self.mobile == contact.mobile && self.email.as_ref().is_some_and(|mail| mail.is_same(&contact.email))
    }

    /// The names for a notice to the contact data on file: those of a person only once that person has proven the contact data. Else
    /// a stranger who registered a RUT with an address of his own would learn the name of its holder. The name of a company is no
    /// secret.
    #[must_use]
    pub fn names_for_notices(&self, kind: Kind) -> Option<&str> {
        let proven = kind == Kind::Juridica || self.contact_proof == ContactProof::Proven;
        self.names.as_deref().filter(|_| proven)
    }

    /// What is on file, for [`domain::needs::missing`].
    #[must_use]
    pub fn on_file(&self) -> DataOnFile {
        DataOnFile {
            question: self.asked().is_some(),
            address: self.has_address,
            email: self.email.is_some(),
        }
    }
}

/// An account to be created.
pub struct NewAccount<'a> {
    /// Kind of holder.
    pub kind: Kind,
    /// Stored form of the identifier, such as [`domain::rut::Rut::plain`].
    pub identifier: &'a str,
    /// Names, when a registry returned them.
    pub names: Option<&'a str>,
    /// argon2 hash of the key.
    pub key_hash: Option<&'a str>,
    /// Question and hash of its answer.
    pub question: Option<(SecretQuestion, &'a str)>,
    /// Date of birth.
    pub birth_date: Option<BirthDate>,
    /// Identity document of a persona migrante, with the hash of its number.
    pub document: Option<(DocumentKind, Country, &'a str)>,
    /// Further data of a company.
    pub company: Option<&'a Company>,
    /// Address.
    pub address: Option<&'a Address>,
    /// Contact data.
    pub contact: Option<&'a Contact>,
    /// Who proved it.
    pub contact_proof: ContactProof,
}

const COLUMNS: &str = "id, names, key_hash, question, answer_hash, email, mobile, birth_date, document_hash,
     street, street_number, comuna, representative, epoch, identity_epoch, contact_proof, mail_confirmed_at";

fn read(row: &sqlx::any::AnyRow) -> Result<Account> {
    let text = |column: &str| row.try_get::<Option<String>, _>(column);
    let corrupt = || StoreError::Corrupt("account");
    Ok(Account {
        id: AccountId(row.try_get("id")?),
        epoch: row.try_get("epoch")?,
        identity_epoch: row.try_get("identity_epoch")?,
        contact_proof: match row.try_get("contact_proof")? {
            0_i64 => ContactProof::Unproven,
            1 => ContactProof::Doubted,
            2 => ContactProof::Proven,
            _ => return Err(corrupt()),
        },
        mail_confirmed_at: row.try_get("mail_confirmed_at")?,
        names: text("names")?,
        key_hash: text("key_hash")?,
        question: text("question")?
            .map(|id| SecretQuestion::parse(&id))
            .transpose()
            .map_err(|_| corrupt())?,
        answer_hash: text("answer_hash")?,
        email: text("email")?.map(Email::try_from).transpose().map_err(|_| corrupt())?,
        mobile: text("mobile")?.map(Mobile::try_from).transpose().map_err(|_| corrupt())?,
        birth_date: text("birth_date")?
            .map(|date| BirthDate::from_plain(&date).ok_or_else(corrupt))
            .transpose()?,
        document_hash: text("document_hash")?,
        has_address: text("street")?.is_some()
            && text("street_number")?.is_some()
            && text("comuna")?.is_some(),
        representative: text("representative")?
            .map(|rut| Rut::parse(&rut))
            .transpose()
            .map_err(|_| corrupt())?,
    })
}

/// The account with this kind and identifier.
///
/// # Errors
/// [`StoreError`].
pub async fn find(connection: &mut AnyConnection, kind: Kind, identifier: &str) -> Result<Option<Account>> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM account WHERE kind = $1 AND identifier = $2"
    )))
    .bind(kind.slug())
    .bind(identifier)
    .fetch_optional(connection)
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The account with this id.
///
/// # Errors
/// [`StoreError`]; `Corrupt` when there is none, since accounts are never deleted.
pub async fn get(connection: &mut AnyConnection, id: AccountId) -> Result<Account> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM account WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    read(row.as_ref().ok_or(StoreError::Corrupt("account"))?)
}

/// RUT, NIE or document of the account with this id, as it is stored.
///
/// # Errors
/// [`StoreError`]; `Corrupt` when there is none.
pub async fn identifier(connection: &mut AnyConnection, id: AccountId) -> Result<String> {
    let sql = "SELECT identifier FROM account WHERE id = $1";
    let row = sqlx::query_scalar(sql).bind(id.0).fetch_optional(connection).await?;
    row.ok_or(StoreError::Corrupt("account"))
}

/// The account with this id, locked until the end of the transaction. Every transaction that writes data of an account
/// begins with this, so that daily counts are exact and two transactions wait for each other instead of deadlocking.
/// (An `UPDATE` that changes nothing: SQLite has no `FOR UPDATE`.)
///
/// # Errors
/// [`StoreError`]; `Corrupt` when there is none.
pub async fn lock(connection: &mut AnyConnection, id: AccountId) -> Result<Account> {
    let sql = format!("UPDATE account SET changed_at = changed_at WHERE id = $1 RETURNING {COLUMNS}");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_optional(connection).await?;
    read(row.as_ref().ok_or(StoreError::Corrupt("account"))?)
}

/// Creates an account and returns its id. None, and no change, when the identifier already has an account.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    new: &NewAccount<'_>,
    now: Millis,
) -> Result<Option<AccountId>> {
    let id = random_id()?;
    let (address, contact) = (new.address, new.contact);
    let query = sqlx::query(
        "INSERT INTO account (id, kind, identifier, names, key_hash, question, answer_hash,
             street, street_number, block, flat, comuna, email, home_phone, work_phone, mobile, created_at, changed_at,
             birth_date, document_kind, document_country, document_hash, company_kind, representative,
             representative_names, contact_proof)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19, $20, $21, $22,
             $23, $24, $25)
         ON CONFLICT (kind, identifier) DO NOTHING",
    )
    .bind(id)
    .bind(new.kind.slug())
    .bind(new.identifier)
    .bind(new.names)
    .bind(new.key_hash)
    .bind(new.question.map(|(question, _)| question.id()))
    .bind(new.question.map(|(_, hash)| hash))
    .bind(address.map(|a| a.street.as_str()))
    .bind(address.map(|a| a.number.as_str()))
    .bind(address.and_then(|a| a.block.as_deref()))
    .bind(address.and_then(|a| a.flat.as_deref()))
    .bind(address.map(|a| a.comuna.as_str()))
    .bind(contact.map(|c| c.email.as_str()))
    .bind(contact.and_then(|c| c.home_phone.as_ref()).map(|p| p.as_str()))
    .bind(contact.and_then(|c| c.work_phone.as_ref()).map(|p| p.as_str()))
    .bind(contact.and_then(|c| c.mobile.as_ref()).map(|m| m.as_str()))
    .bind(now)
    .bind(new.birth_date.map(BirthDate::plain))
    .bind(new.document.map(|(kind, ..)| kind.id()))
    .bind(new.document.map(|(_, country, _)| country.code()))
    .bind(new.document.map(|(.., hash)| hash))
    .bind(new.company.map(|company| company.kind.id()))
    .bind(new.company.map(|company| company.representative.plain()))
    .bind(new.company.map(|company| company.representative_names.as_str()))
    .bind(proof_number(new.contact_proof));
    let inserted = super::touched(connection, query).await? == 1;
    if let (true, Some(hash)) = (inserted, new.key_hash) {
        remember_key(connection, AccountId(id), hash, now).await?;
    }
    Ok(inserted.then_some(AccountId(id)))
}

/// As it is stored.
fn proof_number(proof: ContactProof) -> i64 {
    match proof {
        ContactProof::Unproven => 0,
        ContactProof::Doubted => 1,
        ContactProof::Proven => 2,
    }
}

/// Stores the representative whom SII currently names. Deletes the names of the previous one, another person. The sessions of the
/// company end with the epoch, and their systems are to be notified.
///
/// # Errors
/// [`StoreError`].
pub async fn set_representative(
    connection: &mut AnyConnection,
    id: AccountId,
    rut: Rut,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "UPDATE account SET representative = $2, representative_names = NULL, epoch = epoch + 1,
             identity_epoch = identity_epoch + 1, changed_at = $3
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(rut.plain())
    .bind(now)
    .execute(&mut *connection)
    .await?;
    session_systems::end_all(connection, id, now).await
}

/// Stores the names that Registro Civil returned with a valid document.
///
/// # Errors
/// [`StoreError`].
pub async fn set_names(connection: &mut AnyConnection, id: AccountId, names: &str) -> Result<()> {
    sqlx::query("UPDATE account SET names = $2 WHERE id = $1")
        .bind(id.0)
        .bind(names)
        .execute(connection)
        .await?;
    Ok(())
}

//! Writes accounts of the older system in batches (A-IMPORT).

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use domain::birth::BirthDate;
use domain::company::CompanyKind;
use domain::document::{Country, DocumentKind};
use domain::email::Email;
use domain::kind::Kind;
use domain::phone::{Mobile, Phone};
use domain::question::SecretQuestion;
use domain::rut::Rut;
use domain::territory::ComunaCode;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, Connection, Row};

use super::{Engine, Result, Store};
use crate::clock::Millis;
use crate::secrets::random_id;

/// An imported account: everything but its identifier may be missing (A-MIN).
pub struct ImportedAccount {
    /// Kind of holder.
    pub kind: Kind,
    /// Stored form of the identifier.
    pub identifier: String,
    /// Names of a person, “Razón Social” of a company.
    pub names: Option<String>,
    /// Hash of the key, a current one or one of the older system.
    pub key_hash: Option<String>,
    /// The secret question.
    pub question: Option<SecretQuestion>,
    /// argon2 hash of its answer.
    pub answer_hash: Option<String>,
    /// Date of birth.
    pub birth_date: Option<BirthDate>,
    /// Kind and country of an identity document.
    pub document: Option<(DocumentKind, Country)>,
    /// argon2 hash of its number.
    pub document_hash: Option<String>,
    /// Empresa, OTEC or OTIC.
    pub company_kind: Option<CompanyKind>,
    /// Legal representative of a company.
    pub representative: Option<Rut>,
    /// Names of that representative.
    pub representative_names: Option<String>,
    /// Street or passage.
    pub street: Option<String>,
    /// Number in it.
    pub street_number: Option<String>,
    /// Block.
    pub block: Option<String>,
    /// Flat.
    pub flat: Option<String>,
    /// Comuna.
    pub comuna: Option<ComunaCode>,
    /// Mail address.
    pub email: Option<Email>,
    /// Fixed line at home.
    pub home_phone: Option<Phone>,
    /// Fixed line at work.
    pub work_phone: Option<Phone>,
    /// Mobile.
    pub mobile: Option<Mobile>,
}

/// Kind and identifier, as they are stored.
pub type Key<'a> = (Kind, &'a str);

impl ImportedAccount {
    /// The unique key of the account.
    #[must_use]
    pub fn key(&self) -> Key<'_> {
        (self.kind, &self.identifier)
    }
}

/// Rows per statement. SQLite searches a list for the name of each parameter, so few rows are faster there; PostgreSQL
/// is reached over the network, so many are.
const fn rows(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 10,
        Engine::Postgres => 100,
    }
}

/// The older system vouches for the contact data: `contact_proof` is 2, [`domain::flow::contact::ContactProof::Proven`].
const INTO: &str = "INSERT INTO account (id, kind, identifier, names, key_hash, question, answer_hash, birth_date,
     document_kind, document_country, document_hash, company_kind, representative, representative_names, street, street_number, block, flat, comuna, email, home_phone,
     work_phone, mobile, created_at, changed_at, contact_proof) VALUES ";

/// Parameters of a row; $1, before them, is the time that all rows share.
const PARAMETERS: usize = 23;

/// The connection of an import.
pub struct ImportStore {
    connection: PoolConnection<Any>,
    engine: Engine,
    /// The statement for [`rows`] accounts.
    full: Arc<str>,
}

impl ImportStore {
    /// Takes a connection of the store for an import.
    ///
    /// # Errors
    /// The pool has no free connection, or the database does not answer.
    pub async fn open(store: &Store) -> Result<Self> {
        let mut connection = store.outcomes.acquire().await?;
        if store.engine == Engine::Sqlite {
            // The ids are random, so each batch changes pages all over the tree: a larger cache keeps them in memory,
            // and they are written to the file less often.
            for pragma in ["PRAGMA cache_size = -64000", "PRAGMA wal_autocheckpoint = 8000"] {
                sqlx::query(pragma).execute(&mut *connection).await?;
            }
        }
        Ok(Self { connection, engine: store.engine, full: statement(rows(store.engine)).into() })
    }

    /// The engine of the store.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Writes accounts in one transaction, all or none. Existing accounts, with the same kind and identifier, are not
    /// changed. Returns how many were created.
    ///
    /// # Errors
    /// [`super::StoreError`]; then nothing was written.
    pub async fn insert(&mut self, accounts: &[ImportedAccount], now: Millis) -> Result<u64> {
        // Always in the same order, so that two simultaneous imports wait for each other and do not deadlock.
        let mut accounts: Vec<&ImportedAccount> = accounts.iter().collect();
        accounts.sort_unstable_by_key(|account| (account.kind.slug(), &account.identifier));
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        let mut tx = self.connection.begin_with(begin).await?;
        let mut created = 0;
        for accounts in accounts.chunks(rows(self.engine)) {
            let full = accounts.len() == rows(self.engine);
            let sql = if full { self.full.clone() } else { statement(accounts.len()).into() };
            created += insert_some(&mut tx, sql, accounts, now).await?;
        }
        tx.commit().await?;
        Ok(created)
    }

    /// Those of `keys` that the store already has.
    ///
    /// # Errors
    /// [`super::StoreError`].
    pub async fn present(&mut self, keys: &[Key<'_>]) -> Result<HashSet<(Kind, String)>> {
        let mut found = HashSet::new();
        for keys in keys.chunks(rows(self.engine)) {
            let mut sql =
                String::from("SELECT kind, identifier FROM account WHERE (kind, identifier) IN (VALUES ");
            for row in 0..keys.len() {
                let (comma, first) = (if row == 0 { "" } else { "," }, 2 * row + 1);
                let _ = write!(sql, "{comma}(${first},${})", first + 1);
            }
            sql.push(')');
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
            for (kind, identifier) in keys {
                query = query.bind(kind.slug()).bind(*identifier);
            }
            for row in query.fetch_all(&mut *self.connection).await? {
                let kind = Kind::from_slug(&row.try_get::<String, _>(0)?);
                found.extend(kind.map(|kind| Ok::<_, sqlx::Error>((kind, row.try_get(1)?))).transpose()?);
            }
        }
        Ok(found)
    }
}

/// The statement for `rows` rows. The engine parses each text once.
fn statement(rows: usize) -> String {
    let mut sql = String::from(INTO);
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for parameter in 0..PARAMETERS {
            let _ = write!(sql, "${},", 2 + row * PARAMETERS + parameter);
        }
        sql.push_str("$1,$1,2)");
    }
    sql.push_str(" ON CONFLICT (kind, identifier) DO NOTHING");
    sql
}

async fn insert_some(
    connection: &mut AnyConnection,
    sql: Arc<str>,
    accounts: &[&ImportedAccount],
    now: Millis,
) -> Result<u64> {
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now);
    for account in accounts {
        query = query
            .bind(random_id()?)
            .bind(account.kind.slug())
            .bind(account.identifier.as_str())
            .bind(account.names.as_deref())
            .bind(account.key_hash.as_deref())
            .bind(account.question.map(SecretQuestion::id))
            .bind(account.answer_hash.as_deref())
            .bind(account.birth_date.map(BirthDate::plain))
            .bind(account.document.map(|(kind, _)| kind.id()))
            .bind(account.document.map(|(_, country)| country.code()))
            .bind(account.document_hash.as_deref())
            .bind(account.company_kind.map(CompanyKind::id))
            .bind(account.representative.map(|rut| rut.plain()))
            .bind(account.representative_names.as_deref())
            .bind(account.street.as_deref())
            .bind(account.street_number.as_deref())
            .bind(account.block.as_deref())
            .bind(account.flat.as_deref())
            .bind(account.comuna.map(ComunaCode::as_str))
            .bind(account.email.as_ref().map(Email::as_str))
            .bind(account.home_phone.as_ref().map(Phone::as_str))
            .bind(account.work_phone.as_ref().map(Phone::as_str))
            .bind(account.mobile.as_ref().map(Mobile::as_str));
    }
    super::touched(connection, query).await
}

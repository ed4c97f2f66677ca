//! Rows as the property tests of `server` prepare and read them (server/src/http_properties).

use domain::flow::AccountId;
use sqlx::Row;

use super::TestBackend;
use super::peek::TABLES;

/// A provisional key that was made.
#[derive(Debug, Clone)]
pub(crate) struct MadeKey {
    pub(crate) id: i64,
    pub(crate) hash: String,
    pub(crate) until: i64,
    pub(crate) used: bool,
    /// Whether a document earned it.
    pub(crate) by_document: bool,
    /// Mail and mobile that its use puts on file.
    pub(crate) contact: Option<(String, Option<String>)>,
}

impl TestBackend {
    /// The provisional keys of an account, oldest first.
    pub(crate) async fn made_keys(&self, account: AccountId) -> Vec<MadeKey> {
        let connection = &mut *self.store.connection().await.unwrap();
        let sql = "SELECT id, key_hash, expires_at, used_at, by_identity, new_email, new_mobile FROM provisional_key
             WHERE account_id = $1 ORDER BY created_at, id";
        let rows = sqlx::query(sql).bind(account.0).fetch_all(connection).await.unwrap();
        let read = |row: &sqlx::any::AnyRow| MadeKey {
            id: row.get("id"),
            hash: row.get("key_hash"),
            until: row.get("expires_at"),
            used: row.get::<Option<i64>, _>("used_at").is_some(),
            by_document: row.get::<i64, _>("by_identity") == 1,
            contact: row.get::<Option<String>, _>("new_email").map(|mail| (mail, row.get("new_mobile"))),
        };
        rows.iter().map(read).collect()
    }

    /// Gives an account other secrets than its registration did.
    pub(crate) async fn set_secrets(&self, account: AccountId, key_hash: &str, answer_hash: &str) {
        self.write("UPDATE account SET key_hash = $2 WHERE id = $1", account, key_hash).await;
        self.write("UPDATE former_key SET key_hash = $2 WHERE account_id = $1", account, key_hash).await;
        self.write("UPDATE account SET answer_hash = $2 WHERE id = $1", account, answer_hash).await;
    }

    /// Everything that is stored.
    pub(crate) async fn everything(&self) -> String {
        let mut all = String::new();
        for table in TABLES {
            all += &self.dump(table).await;
            all.push('\n');
        }
        all
    }
}

//! Looks into the tables behind the back of the services.

use domain::flow::AccountId;
use sqlx::{Column, Row};

use super::TestBackend;

/// Every table but that of the migrations and that of `/salud/listo`, which no page writes.
pub(crate) const TABLES: [&str; 32] = [
    "account",
    "former_key",
    "provisional_key",
    "flow",
    "captcha",
    "attempt",
    "outbox",
    "audit",
    "audit_try",
    "upload",
    "facilitator_request",
    "officer",
    "officer_session",
    "former_contact",
    "known_browser",
    "captcha_spent",
    "mail_code",
    "client",
    "client_secret",
    "client_origin",
    "signing_key",
    "session",
    "session_system",
    "connection",
    "system_grant",
    "system_token",
    "pushed_request",
    "client_assertion",
    "sign_in_code",
    "rce_token",
    "rce_origin",
    "rce_session",
];

impl TestBackend {
    /// The number that a query gives; none counts as zero.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let connection = &mut *self.store.connection().await.unwrap();
        let row = sqlx::query(sql).fetch_one(connection).await.unwrap();
        row.try_get::<Option<i64>, _>(0).unwrap().unwrap_or(0)
    }

    /// The one column of a query, as text.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        let connection = &mut *self.store.connection().await.unwrap();
        let rows = sqlx::query(sql).fetch_all(connection).await.unwrap();
        rows.iter().map(|row| row.try_get(0).unwrap()).collect()
    }

    /// Writes to the tables as no service would; `$1` is the number of an account, `$2` a text.
    pub(crate) async fn write(&self, sql: &'static str, account: AccountId, text: &str) {
        let connection = &mut *self.store.connection().await.unwrap();
        sqlx::query(sql).bind(account.0).bind(text).execute(connection).await.unwrap();
    }

    /// Event and outcome of everything in the record, tries in vain included.
    pub(crate) async fn record_of_accounts(&self) -> Vec<String> {
        self.texts(
            "SELECT event || ' ' || outcome FROM audit UNION ALL SELECT event || ' ' || outcome FROM audit_try",
        )
        .await
    }

    /// How many messages the record says were left out.
    pub(crate) async fn left_out(&self) -> i64 {
        self.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try WHERE event = 'message-left-out'").await
    }

    /// Sum of the counters whose purpose begins with `purpose`. A flow that begins is no try.
    pub(crate) async fn tries(&self, purpose: &str) -> i64 {
        let connection = &mut *self.store.connection().await.unwrap();
        let rows = sqlx::query("SELECT purpose, tries FROM attempt").fetch_all(connection).await.unwrap();
        rows.iter()
            .filter(|row| {
                let counted: String = row.get(0);
                counted.starts_with(purpose) && !counted.starts_with("flow/")
            })
            .map(|row| row.get::<i64, _>(1))
            .sum()
    }

    /// Everything that is in a table, column by column; bytes that are not text as they are.
    pub(crate) async fn dump(&self, table: &str) -> String {
        let connection = &mut *self.store.connection().await.unwrap();
        let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
        let mut lines = Vec::new();
        for row in sqlx::query(sql).fetch_all(connection).await.unwrap() {
            let mut line = String::new();
            for column in row.columns() {
                let at = column.ordinal();
                let value = if let Ok(text) = row.try_get::<Option<String>, _>(at) {
                    text.unwrap_or_else(|| "NULL".to_owned())
                } else if let Ok(number) = row.try_get::<i64, _>(at) {
                    number.to_string()
                } else {
                    String::from_utf8_lossy(&row.try_get::<Vec<u8>, _>(at).unwrap()).into_owned()
                };
                line.push_str(&format!("{}={value};", column.name()));
            }
            lines.push(line);
        }
        lines.sort_unstable();
        lines.join("\n")
    }
}

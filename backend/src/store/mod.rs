//! The database, SQLite or PostgreSQL, with the same SQL for both (docs/decisions/0010).
//!
//! What may be used once is spent by one conditional `UPDATE`, and the number of changed rows decides; this is safe
//! under PostgreSQL's READ COMMITTED too. A change and the messages about it are written in one transaction.

pub mod accounts;
pub mod assertions;
pub mod attempts;
pub mod audit;
pub mod browsers;
pub mod captchas;
pub mod clients;
pub mod flows;
pub mod former_contact;
pub mod grants;
pub mod import;
pub mod mail_codes;
mod migrations;
pub mod officers;
pub mod outbox;
pub mod provisional;
pub mod pushed;
pub mod quota;
pub mod rce;
pub mod representatives;
pub mod requests;
pub mod savepoint;
pub mod session_systems;
pub mod sessions;
pub mod sign_in_codes;
pub mod signing_keys;
pub mod tokens;
pub mod uploads;

use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{Any, AnyConnection, AnyPool, Transaction};

use crate::clock::{MINUTE, Millis};
use crate::owner_only;

/// Errors of the store. The text is for logs; it never holds values of rows.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations failed.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds a value that this program did not write.
    #[error("a row of {0} cannot be read")]
    Corrupt(&'static str),
    /// No random bytes, or a sealed text that the key does not open.
    #[error(transparent)]
    Secrets(#[from] crate::secrets::SecretsError),
    /// The URL names neither SQLite nor PostgreSQL.
    #[error("the database URL must begin with sqlite: or postgres:")]
    Url,
}

/// Most batches of finished messages that one sweep deletes: 10,000 of each state a minute.
const MAX_BATCHES: u32 = 20;

/// Result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// For larger installations.
    Postgres,
}

/// Connections for writing outcomes on SQLite: one commits while the next prepares.
pub const OUTCOME_CONNECTIONS: u32 = 2;

/// The database.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    /// For writing outcomes: on SQLite, connections that wait for the disk; on PostgreSQL, the same pool.
    outcomes: AnyPool,
    engine: Engine,
}

/// A transaction on one of its connections.
pub type Tx = Transaction<'static, Any>;

impl Store {
    /// Opens the database of `url` (`sqlite:PATH` or `postgres://…`) and applies the migrations.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be reached, or is newer than this program.
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        install_default_drivers();
        let (engine, url) = match url.split_once(':') {
            Some(("sqlite", path)) => {
                let path = path.trim_start_matches("//");
                if let Some(folder) = Path::new(path).parent() {
                    owner_only::create_folder(folder).map_err(sqlx::Error::Io)?;
                }
                owner_only::create_database(Path::new(path)).map_err(sqlx::Error::Io)?;
                (Engine::Sqlite, format!("sqlite://{path}?mode=rwc"))
            }
            Some(("postgres" | "postgresql", _)) => (Engine::Postgres, url.to_owned()),
            _ => return Err(StoreError::Url),
        };
        let pool = connect(&url, engine, connections, "PRAGMA synchronous = NORMAL").await?;
        migrate(&pool, engine).await?;
        let outcomes = match engine {
            Engine::Sqlite => connect(&url, engine, OUTCOME_CONNECTIONS, "PRAGMA synchronous = FULL").await?,
            Engine::Postgres => pool.clone(),
        };
        Ok(Self { pool, outcomes, engine })
    }

    /// The engine of this store.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A connection for reading, or for one statement that is its own transaction.
    ///
    /// # Errors
    /// The pool has no free connection within ten seconds.
    pub async fn connection(&self) -> Result<sqlx::pool::PoolConnection<Any>> {
        Ok(self.pool.acquire().await?)
    }

    /// A connection of those that write outcomes, without a transaction.
    ///
    /// # Errors
    /// The pool has no free connection within ten seconds.
    pub async fn outcome_connection(&self) -> Result<sqlx::pool::PoolConnection<Any>> {
        Ok(self.outcomes.acquire().await?)
    }

    /// A transaction for writing an outcome, which survives a power loss once committed. On SQLite it takes the write
    /// lock at once, because a read transaction that turns into a writing one is refused without waiting.
    ///
    /// # Errors
    /// The pool has no free connection, or SQLite's lock is not free within the busy timeout.
    pub async fn begin(&self) -> Result<Tx> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        Ok(self.outcomes.begin_with(begin).await?)
    }

    /// Whether the database answers and can be written: writes one row, always the same. On SQLite that row has its place in the
    /// file, so rows that need two more pages are written with it, and deleted again.
    ///
    /// # Errors
    /// It does not answer, or its disk is full, or it only reads.
    pub async fn check_writable(&self, now: Millis) -> Result<()> {
        const ROW: &str =
            "INSERT INTO readiness (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
        const MORE: &str = "INSERT INTO readiness (id, at)
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 800) SELECT i, $1 FROM n";
        if self.engine == Engine::Postgres {
            sqlx::query(ROW).bind(now).execute(&mut *self.connection().await?).await?;
            return Ok(());
        }
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for sql in [ROW, MORE] {
            sqlx::query(sql).bind(now).execute(&mut *tx).await?;
        }
        sqlx::query("DELETE FROM readiness WHERE id > 1").execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes expired rows: flows, captchas, known browsers, sessions, what systems were granted, attempt counters unused for two days, counts of
    /// tries in vain after a year, contact data that was replaced 30 days ago, and some of the finished messages that are no longer
    /// kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep(&self, now: Millis) -> Result<()> {
        let connection = &mut *self.connection().await?;
        for (sql, until) in [
            ("DELETE FROM flow WHERE expires_at < $1", now),
            ("DELETE FROM captcha WHERE expires_at < $1", now),
            // Kept a minute longer: a server whose clock is behind may still accept the captcha.
            ("DELETE FROM captcha_spent WHERE expires_at < $1", now - MINUTE),
            ("DELETE FROM audit_try WHERE last_at < $1", now - audit::TRIES_KEPT),
            ("DELETE FROM attempt WHERE last_at < $1", now - 2 * crate::clock::DAY),
            ("DELETE FROM former_contact WHERE expires_at <= $1", now),
            ("DELETE FROM known_browser WHERE expires_at <= $1", now),
            ("DELETE FROM mail_code WHERE expires_at <= $1", now),
            ("DELETE FROM sign_in_code WHERE expires_at <= $1", now),
            ("DELETE FROM pushed_request WHERE expires_at <= $1", now),
            // Kept a minute longer: a server whose clock is behind may still accept the assertion.
            ("DELETE FROM client_assertion WHERE expires_at <= $1", now - MINUTE),
            ("DELETE FROM officer_session WHERE seen_at <= $1", now - officers::IDLE),
            ("DELETE FROM officer_session WHERE created_at <= $1", now - officers::LONGEST),
            // Longer than they count: “Cerrar sesión” still finds which systems are to be notified.
            ("DELETE FROM session WHERE created_at <= $1", now - session_systems::REMEMBERED),
            (
                "DELETE FROM session_system WHERE entered_at <= $1 AND ended_at IS NULL",
                now - session_systems::REMEMBERED,
            ),
        ] {
            sqlx::query(sql).bind(until).execute(&mut *connection).await?;
        }
        grants::sweep(&mut *connection, now).await?;
        // In batches of their own transactions, so that nobody waits long for SQLite's one writer.
        for _ in 0..MAX_BATCHES {
            if !outbox::prune(&mut *connection, now).await? {
                break;
            }
        }
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.outcomes.close().await;
        self.pool.close().await;
    }
}

/// Applies the migrations. On PostgreSQL a lock lets only one process do it. SQLite has no such lock, so of two
/// processes that start at once, one may fail because the other has just created a table: it tries again.
async fn migrate(pool: &AnyPool, engine: Engine) -> Result<()> {
    let migrator = migrations::migrator();
    let mut done = migrator.run(pool).await;
    for _ in 0..3 {
        if engine == Engine::Postgres || done.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        done = migrator.run(pool).await;
    }
    Ok(done?)
}

/// A pool of at most `most` connections; on SQLite each runs the pragmas.
async fn connect(url: &str, engine: Engine, most: u32, synchronous: &'static str) -> Result<AnyPool> {
    let pool = AnyPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(Duration::from_secs(10))
        // A file does not disconnect, and a test costs a statement each time.
        .test_before_acquire(engine == Engine::Postgres)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    for pragma in SQLITE_PRAGMAS.into_iter().chain([synchronous]) {
                        sqlx::query(pragma).execute(&mut *connection).await?;
                    }
                }
                Ok(())
            })
        })
        .connect(url)
        .await?;
    Ok(pool)
}

/// WAL lets readers continue while another connection writes. With WAL a killed process loses nothing, whatever
/// `synchronous` is; a power loss may lose the last commits unless it is FULL. So outcomes and their messages are
/// written with FULL, and counters and steps of flows, of which there are many more, with NORMAL.
const SQLITE_PRAGMAS: [&str; 4] = [
    "PRAGMA journal_mode = WAL",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -4000",
];

/// Runs a statement and returns the number of rows that it changed.
pub(crate) async fn touched(
    connection: &mut AnyConnection,
    query: sqlx::query::Query<'_, Any, sqlx::any::AnyArguments>,
) -> Result<u64> {
    Ok(query.execute(connection).await?.rows_affected())
}

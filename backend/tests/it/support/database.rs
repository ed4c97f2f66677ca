//! A fresh database for each test, gone when the test ends.

use backend::store::Engine;
use sqlx::{AnyConnection, Connection};

use super::folder::Folder;
use super::postgres;

/// The database of one test.
#[derive(Debug)]
pub(crate) enum Database {
    /// A file.
    Sqlite(Folder),
    /// A database of the server that all tests share.
    Postgres(String),
}

impl Database {
    pub(crate) async fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(Folder::new()),
            Engine::Postgres => {
                let name = format!("t{:x}", backend::secrets::random_id().unwrap());
                admin(format!("CREATE DATABASE {name}")).await;
                Self::Postgres(name)
            }
        }
    }

    /// The URL of the database, as the configuration gives it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("clave.db").display()),
            Self::Postgres(name) => postgres::url(name),
        }
    }

    /// Every byte that the engine keeps in files, where they are ours to read.
    pub(crate) fn raw(&self) -> Vec<u8> {
        match self {
            Self::Sqlite(folder) => std::fs::read_dir(folder.path())
                .unwrap()
                .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
                .collect(),
            Self::Postgres(_) => Vec::new(),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres(name) = self {
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            let drop = std::thread::spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.unwrap().block_on(admin(sql));
            });
            let _ = drop.join();
        }
    }
}

async fn admin(sql: String) {
    sqlx::any::install_default_drivers();
    let url = tokio::task::spawn_blocking(|| postgres::url("postgres")).await;
    let mut connection = AnyConnection::connect(&url.unwrap()).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    let _ = connection.close().await;
}

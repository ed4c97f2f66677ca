//! A database server that lets nobody in, for the tests of the server.

use sqlx::{AnyConnection, Connection as _};

/// Ends every connection to the database of this URL, and lets nobody in; or lets it in again. Of PostgreSQL only.
pub(crate) async fn let_in(url: &str, is_up: bool) {
    let (server, name) = url.rsplit_once('/').unwrap();
    let mut connection = AnyConnection::connect(&format!("{server}/postgres")).await.unwrap();
    let mut run = vec![format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {is_up}")];
    if !is_up {
        run.push(format!(
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = '{name}'"
        ));
    }
    for sql in run {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

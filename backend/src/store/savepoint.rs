//! Savepoints of a transaction, one at a time.

use sqlx::AnyConnection;

use super::Result;

/// Marks the point.
///
/// # Errors
/// [`super::StoreError`].
pub async fn begin(connection: &mut AnyConnection) -> Result<()> {
    run(connection, "SAVEPOINT step").await
}

/// Keeps what was written since.
///
/// # Errors
/// [`super::StoreError`].
pub async fn release(connection: &mut AnyConnection) -> Result<()> {
    run(connection, "RELEASE SAVEPOINT step").await
}

/// Undoes what was written since. The point itself stays until the transaction ends, which costs nothing.
///
/// # Errors
/// [`super::StoreError`].
pub async fn undo(connection: &mut AnyConnection) -> Result<()> {
    run(connection, "ROLLBACK TO SAVEPOINT step").await
}

async fn run(connection: &mut AnyConnection, sql: &'static str) -> Result<()> {
    sqlx::query(sql).execute(connection).await?;
    Ok(())
}

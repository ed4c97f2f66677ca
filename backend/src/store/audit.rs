//! The record of every event that touches an account: append-only, without secrets (SECURITY, “Record”).

use domain::flow::AccountId;
use sqlx::AnyConnection;

use super::Result;
use crate::clock::Millis;
use crate::secrets::random_id;
use crate::service::Caller;

/// In place of an account where a RUT has none.
pub const NOBODY: AccountId = AccountId(0);

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was registered.
    Registered,
    /// Somebody tried to register its RUT again.
    RegisteredAgain,
    /// A secret answer was checked.
    Answer,
    /// An identity document was checked.
    Document,
    /// Date of birth and mail were compared.
    BirthDate,
    /// SII was asked about a representative.
    Representative,
    /// SII names another representative than the one on file.
    RepresentativeChanged,
    /// Address or contact data were changed.
    Updated,
    /// A provisional key was asked for and sent.
    KeySent,
    /// Key and RUT were checked.
    KeyChecked,
    /// A new key was set.
    KeySet,
}

impl Event {
    /// The word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::RegisteredAgain => "registered-again",
            Self::Answer => "answer",
            Self::Document => "document",
            Self::BirthDate => "birth-date",
            Self::Representative => "representative",
            Self::RepresentativeChanged => "representative-changed",
            Self::Updated => "updated",
            Self::KeySent => "key-sent",
            Self::KeyChecked => "key-checked",
            Self::KeySet => "key-set",
        }
    }
}

/// Writes one row. `outcome` is a fixed word of the program, never a value.
///
/// # Errors
/// [`super::StoreError`].
pub async fn write(
    connection: &mut AnyConnection,
    account: AccountId,
    event: Event,
    outcome: &'static str,
    caller: &Caller,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (id, at, account_id, event, outcome, network, request)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(random_id()?)
    .bind(now)
    .bind(account.0)
    .bind(event.word())
    .bind(outcome)
    .bind(caller.prefix())
    .bind(&caller.request)
    .execute(connection)
    .await?;
    Ok(())
}

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
    /// A company filed a request for a foreign facilitator.
    RequestFiled,
    /// An officer signed in, or tried to.
    OfficerSignIn,
    /// An officer looked at a request.
    RequestSeen,
    /// An officer opened a file of a request.
    FileOpened,
    /// An officer granted a request, or tried to.
    RequestGranted,
    /// An officer refused a request, or tried to.
    RequestRefused,
    /// An officer's account was made, changed or ended by command.
    OfficerChanged,
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
            Self::RequestFiled => "request-filed",
            Self::OfficerSignIn => "officer-sign-in",
            Self::RequestSeen => "request-seen",
            Self::FileOpened => "file-opened",
            Self::RequestGranted => "request-granted",
            Self::RequestRefused => "request-refused",
            Self::OfficerChanged => "officer-changed",
        }
    }
}

/// Who acted, where it was not the holder; and on which request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Desk<'a> {
    /// Name of the officer.
    pub officer: Option<&'a str>,
    /// Number of the request.
    pub request: Option<&'a str>,
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
    write_of(connection, account, event, outcome, caller, Desk::default(), now).await
}

/// The same of what happened at the desk, or concerns a request.
///
/// # Errors
/// [`super::StoreError`].
pub async fn write_of(
    connection: &mut AnyConnection,
    account: AccountId,
    event: Event,
    outcome: &'static str,
    caller: &Caller,
    desk: Desk<'_>,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (id, at, account_id, event, outcome, network, request, officer, request_number)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(random_id()?)
    .bind(now)
    .bind(account.0)
    .bind(event.word())
    .bind(outcome)
    .bind(caller.prefix())
    .bind(&caller.request)
    .bind(desk.officer)
    .bind(desk.request)
    .execute(connection)
    .await?;
    Ok(())
}

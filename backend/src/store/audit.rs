//! The record of every event that touches an account: append-only, without secrets (docs/security.md#record). Tries in vain, which
//! anybody can make without end, are counted instead, by the hour: `tries`.

mod outcome;
mod tries;

use domain::flow::AccountId;
use sqlx::{AnyConnection, Row};

use super::Result;
use crate::caller::Caller;
use crate::clock::Millis;
use crate::secrets::random_id;

pub use outcome::Outcome;
pub(super) use tries::KEPT as TRIES_KEPT;

/// In place of an account, where a RUT has none, and in the rows of officers, who have none either.
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
    /// Another representative acts than the one on file, or SII does not name one any more who acted.
    RepresentativeChanged,
    /// Address or contact data were changed.
    Updated,
    /// A provisional key was asked for and sent.
    KeySent,
    /// Key and RUT were checked.
    KeyChecked,
    /// A new key was set.
    KeySet,
    /// With a key that was sent to new contact data, that data replaced what was on file.
    ContactReplaced,
    /// With a key that a document earned, the secret question was deleted.
    QuestionDeleted,
    /// The code of a mail was typed.
    MailCode,
    /// The code of a mail was sent to who typed the key for a system that wants one, or could not be.
    CodeSent,
    /// That code was typed.
    SignInCode,
    /// A message was left out.
    MessageLeftOut,
    /// Somebody signed in, for a system or “Mi cuenta”.
    SignedIn,
    /// A session was ended, or all of them.
    SignedOut,
    /// A system was disconnected.
    Disconnected,
    /// A code came a second time: what it had given was revoked.
    CodeReused,
    /// A refresh token came a second time: what its sign-in had given was revoked.
    RefreshReused,
    /// A system gave back what it was granted in one sign-in.
    GrantReturned,
    /// A session of attendance was opened (L-RCE).
    AttendanceOpened,
    /// A session of attendance was closed.
    AttendanceClosed,
    /// A token or an origin of an OTEC was added or revoked by command.
    OtecChanged,
    /// Attendance was exported by command.
    AttendanceExported,
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
    /// A system was registered, disabled, or got a secret, by command.
    ClientChanged,
    /// Keys that sign were changed, by command.
    KeysChanged,
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
            Self::ContactReplaced => "contact-replaced",
            Self::QuestionDeleted => "question-deleted",
            Self::MailCode => "mail-code",
            Self::CodeSent => "code-sent",
            Self::SignInCode => "sign-in-code",
            Self::MessageLeftOut => "message-left-out",
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::Disconnected => "disconnected",
            Self::CodeReused => "code-reused",
            Self::RefreshReused => "refresh-reused",
            Self::GrantReturned => "grant-returned",
            Self::AttendanceOpened => "attendance-opened",
            Self::AttendanceClosed => "attendance-closed",
            Self::OtecChanged => "otec-changed",
            Self::AttendanceExported => "attendance-exported",
            Self::RequestFiled => "request-filed",
            Self::OfficerSignIn => "officer-sign-in",
            Self::RequestSeen => "request-seen",
            Self::FileOpened => "file-opened",
            Self::RequestGranted => "request-granted",
            Self::RequestRefused => "request-refused",
            Self::OfficerChanged => "officer-changed",
            Self::ClientChanged => "client-changed",
            Self::KeysChanged => "keys-changed",
        }
    }
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it happened last.
    pub at: Millis,
    /// What.
    pub event: Event,
    /// How it came out; none in a row whose word this version does not write.
    pub outcome: Option<Outcome>,
    /// Name of the officer; none where the company acted.
    pub officer: Option<String>,
    /// How often.
    pub times: i64,
}

/// Most entries of looks in a history, and most rows that are read for it.
const MAX_ENTRIES: usize = 50;
const MAX_ROWS: i64 = 2_000;

/// What happened to a request, newest first. What the same officer did with the same outcome is one entry as long as nothing
/// else came between; of looks only the newest are given.
///
/// # Errors
/// [`super::StoreError`].
pub async fn of_request(
    connection: &mut AnyConnection,
    company: AccountId,
    number: &str,
) -> Result<Vec<Entry>> {
    let rows = sqlx::query(
        "SELECT event, outcome, officer, at FROM audit WHERE request_number = $1 AND account_id = $2
         ORDER BY at DESC, event, outcome LIMIT $3",
    )
    .bind(number)
    .bind(company.0)
    .bind(MAX_ROWS)
    .fetch_all(connection)
    .await?;
    let events = [
        Event::RequestFiled,
        Event::RequestSeen,
        Event::FileOpened,
        Event::RequestGranted,
        Event::RequestRefused,
    ];
    let mut entries: Vec<Entry> = Vec::new();
    for row in rows {
        let word: String = row.try_get("event")?;
        let Some(event) = events.into_iter().find(|event| event.word() == word) else { continue };
        let (outcome, officer): (String, Option<String>) = (row.try_get("outcome")?, row.try_get("officer")?);
        let outcome = Outcome::parse(&outcome);
        match entries.last_mut() {
            Some(last) if last.event == event && last.outcome == outcome && last.officer == officer => {
                last.times += 1;
            }
            _ => entries.push(Entry { at: row.try_get("at")?, event, outcome, officer, times: 1 }),
        }
    }
    let mut place = 0;
    entries.retain(|entry| {
        place += 1;
        place <= MAX_ENTRIES || !matches!(entry.event, Event::RequestSeen | Event::FileOpened)
    });
    Ok(entries)
}

/// Who acted, where it was not the holder; and on which request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Desk<'a> {
    /// Name of the officer.
    pub officer: Option<&'a str>,
    /// Number of the request; of a command, the id of the system or key.
    pub request: Option<&'a str>,
}

/// An audit row: what happened to which account, and how it came out.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    account: AccountId,
    event: Event,
    outcome: Outcome,
    desk: Desk<'a>,
}

impl<'a> Record<'a> {
    /// Of what the holder of an account did, or the user of an identifier without one ([`NOBODY`]).
    #[must_use]
    pub fn new(account: AccountId, event: Event, outcome: Outcome) -> Self {
        Self { account, event, outcome, desk: Desk::default() }
    }

    /// Of what happened at the desk, or concerns a request.
    #[must_use]
    pub fn at(self, desk: Desk<'a>) -> Self {
        Self { desk, ..self }
    }
}

/// How often this has happened to an account since a moment.
///
/// # Errors
/// [`super::StoreError`].
pub async fn count_since(
    connection: &mut AnyConnection,
    account: AccountId,
    (event, outcome): (Event, Outcome),
    since: Millis,
) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM audit WHERE account_id = $1 AND at > $2 AND event = $3 AND outcome = $4",
    )
    .bind(account.0)
    .bind(since)
    .bind(event.word())
    .bind(outcome.word())
    .fetch_one(connection)
    .await?;
    Ok(row.try_get(0)?)
}

/// Writes one row; a try in vain is counted.
///
/// # Errors
/// [`super::StoreError`].
pub async fn write(
    connection: &mut AnyConnection,
    record: Record<'_>,
    caller: &Caller,
    now: Millis,
) -> Result<()> {
    if tries::is_vain(record) {
        return tries::count(connection, record, caller, now).await;
    }
    sqlx::query(
        "INSERT INTO audit (id, at, account_id, event, outcome, network, request, officer, request_number)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(random_id()?)
    .bind(now)
    .bind(record.account.0)
    .bind(record.event.word())
    .bind(record.outcome.word())
    .bind(caller.prefix())
    .bind(&caller.request_id)
    .bind(record.desk.officer)
    .bind(record.desk.request)
    .execute(connection)
    .await?;
    Ok(())
}

//! Tries in vain: one row for each account, event, outcome and hour, with a count. Whoever tries without end writes few rows, and the
//! rows are deleted after a year.

use sqlx::AnyConnection;

use super::{Event, NOBODY, Outcome, Record};
use crate::caller::Caller;
use crate::clock::{DAY, HOUR, Millis};
use crate::store::Result;

/// How long the counts are kept after the last try.
pub(in crate::store) const KEPT: Millis = 365 * DAY;

/// How many rows the tries on identifiers without an account share, so that they wait for each other no more than those of one
/// account do.
const SLOTS_OF_NOBODY: i64 = 64;

/// The slot of a request: always the same one. In a transaction that took several, another could wait for one of them while it holds
/// the next.
fn slot_of_nobody(caller: &Caller) -> i64 {
    caller.request_id.bytes().fold(0, |slot, byte| (slot * 31 + i64::from(byte)) % SLOTS_OF_NOBODY)
}

/// Whether this is an event that anybody can cause without a proof, or a system without the person, and that changed nothing on file.
pub(super) fn is_vain(record: Record<'_>) -> bool {
    use Outcome::{
        Blocked, CodeSpent, DailyCap, Disabled, DoesNot, Expired, NoSuchCompany, NoSuchData, NotValid, Spent,
        TechnicalFailure, Unknown, Wrong, WrongCode, WrongKey,
    };
    let wrong = match record.event {
        Event::RegisteredAgain | Event::MessageLeftOut => true,
        Event::Answer
        | Event::Document
        | Event::BirthDate
        | Event::Representative
        | Event::KeySent
        | Event::KeyChecked
        | Event::SignInCode
        | Event::CodeSent
        | Event::MailCode => matches!(
            record.outcome,
            Wrong
                | Expired
                | Spent
                | NotValid
                | Blocked
                | NoSuchData
                | TechnicalFailure
                | DoesNot
                | NoSuchCompany
                | DailyCap
        ),
        // A page of a system may ask for one each second.
        Event::SignedIn => record.outcome == Outcome::Silently,
        Event::OfficerSignIn => {
            matches!(record.outcome, Unknown | Disabled | WrongKey | WrongCode | CodeSpent)
        }
        _ => false,
    };
    wrong && record.desk.request.is_none()
}

/// Counts it, in one statement whether or not there is an account.
pub(super) async fn count(
    connection: &mut AnyConnection,
    record: Record<'_>,
    caller: &Caller,
    now: Millis,
) -> Result<()> {
    let slot = if record.account == NOBODY { slot_of_nobody(caller) } else { 0 };
    sqlx::query(
        "INSERT INTO audit_try (account_id, slot, officer, event, outcome, hour, times, last_at, network, request)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)
         ON CONFLICT (account_id, slot, officer, event, outcome, hour) DO UPDATE SET
             times = audit_try.times + 1, last_at = excluded.last_at, network = excluded.network,
             request = excluded.request",
    )
    .bind(record.account.0)
    .bind(slot)
    .bind(record.desk.officer.unwrap_or_default())
    .bind(record.event.word())
    .bind(record.outcome.word())
    .bind(now.div_euclid(HOUR))
    .bind(now)
    .bind(caller.prefix())
    .bind(&caller.request_id)
    .execute(connection)
    .await?;
    Ok(())
}

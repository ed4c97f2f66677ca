//! Tries in vain: one row for each account, event, outcome and hour, with a count. Whoever tries without end writes few rows, and the
//! rows are deleted after a year.

use sqlx::AnyConnection;

use super::{Event, NOBODY, Outcome, Record};
use crate::caller::Caller;
use crate::clock::{DAY, HOUR, Millis};
use crate::secrets::random_below;
use crate::store::Result;

/// How long the counts are kept after the last try.
pub(in crate::store) const KEPT: Millis = 365 * DAY;

/// How many rows the tries on identifiers without an account share, so that they wait for each other no more than those of one
/// account do.
const SLOTS_OF_NOBODY: u64 = 64;

/// Whether this is an event that anybody can cause without a proof, and that changed nothing.
pub(super) fn is_vain(record: Record<'_>) -> bool {
    use Outcome::{
        Blocked, CodeSpent, DailyCap, Disabled, DoesNot, Expired, NoSuchCompany, NoSuchData, NotValid, Spent,
        TechnicalFailure, Unknown, Wrong, WrongCode, WrongKey,
    };
    let wrong = match record.event {
        Event::RegisteredAgain => true,
        Event::Answer
        | Event::Document
        | Event::BirthDate
        | Event::Representative
        | Event::KeySent
        | Event::KeyChecked => matches!(
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
    let slot = if record.account == NOBODY { random_below(SLOTS_OF_NOBODY)? } else { 0 };
    sqlx::query(
        "INSERT INTO audit_try (account_id, slot, officer, event, outcome, hour, times, last_at, network, request)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)
         ON CONFLICT (account_id, slot, officer, event, outcome, hour) DO UPDATE SET
             times = audit_try.times + 1, last_at = excluded.last_at, network = excluded.network,
             request = excluded.request",
    )
    .bind(record.account.0)
    .bind(i64::try_from(slot).unwrap_or(0))
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

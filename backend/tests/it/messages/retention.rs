//! What becomes of messages that are delivered or given up: kept for a while, then deleted, and counted within bounds.

use backend::clock::{DAY, MINUTE, Millis};
use backend::store::outbox;

use crate::support::{TestBackend, on_both_engines};

on_both_engines![
    security_finished_messages_are_deleted_after_their_time,
    security_a_large_backlog_is_deleted_in_bounded_batches,
    security_the_outbox_is_counted_within_a_bound,
];

/// Writes `count` messages of this state, written at `at`; `first` is the id of the first.
async fn messages(t: &TestBackend, (first, count): (i64, i64), status: &str, at: Millis) {
    let last = first + count - 1;
    let sql = format!(
        "INSERT INTO outbox (id, channel, template, account_id, sealed, status, tries, next_at, leased_to, created_at)
         WITH RECURSIVE n (id) AS (SELECT {first} UNION ALL SELECT id + 1 FROM n WHERE id < {last})
         SELECT id, 'mail', 'welcome', 7, NULL, '{status}', 1, {at}, 0, {at} FROM n"
    );
    let connection = &mut *t.store.connection().await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

async fn security_finished_messages_are_deleted_after_their_time(t: TestBackend) {
    let now = t.now();
    let too_old = outbox::RETENTION + MINUTE;
    messages(&t, (1, 10), "sent", now - too_old).await;
    messages(&t, (100, 3), "failed", now - too_old).await;
    messages(&t, (200, 2), "pending", now - too_old).await;
    messages(&t, (300, 5), "sent", now - (outbox::RETENTION - MINUTE)).await;
    messages(&t, (400, 1), "failed", now - DAY).await;
    t.store.sweep(now).await.unwrap();
    let census = outbox::census(&mut t.store.connection().await.unwrap()).await.unwrap();
    assert_eq!((census.sent, census.failed, census.pending), (5, 1, 2));
    assert_eq!(census.oldest, Some(now - too_old), "a waiting message is never deleted");
}

async fn security_a_large_backlog_is_deleted_in_bounded_batches(t: TestBackend) {
    let now = t.now();
    messages(&t, (1, 11_000), "sent", now - 40 * DAY).await;
    t.store.sweep(now).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox").await, 1_000, "the rest waits for the next sweep");
    t.store.sweep(now).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn security_the_outbox_is_counted_within_a_bound(t: TestBackend) {
    let now = t.now();
    messages(&t, (1, outbox::MAX_COUNTED + 10), "sent", now - DAY).await;
    messages(&t, (200_000, 1), "pending", now - 20 * MINUTE).await;
    let connection = &mut *t.store.connection().await.unwrap();
    let census = outbox::census(connection).await.unwrap();
    assert_eq!((census.sent, census.pending), (outbox::MAX_COUNTED, 1));
    assert_eq!(outbox::oldest_waiting(connection).await.unwrap(), Some(now - 20 * MINUTE));
}

//! What becomes of messages that are delivered or given up: kept for a while, then deleted, and counted within bounds.

use backend::clock::{DAY, MINUTE};
use backend::store::outbox;

use crate::support::{TestBackend, on_both_engines};

on_both_engines![
    security_finished_messages_are_deleted_after_their_time,
    security_a_large_backlog_is_deleted_in_bounded_batches,
    security_the_outbox_is_counted_within_a_bound,
];

/// Writes `count` messages of this state and age; `first` is the id of the first.
async fn messages(t: &TestBackend, first: i64, count: i64, status: &str, age: i64) {
    let (last, at) = (first + count - 1, t.now() - age);
    let sql = format!(
        "INSERT INTO outbox (id, channel, template, account_id, sealed, status, tries, next_at, leased_to, created_at)
         WITH RECURSIVE n (id) AS (SELECT {first} UNION ALL SELECT id + 1 FROM n WHERE id < {last})
         SELECT id, 'mail', 'welcome', 7, NULL, '{status}', 1, {at}, 0, {at} FROM n"
    );
    let connection = &mut *t.store.connection().await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

async fn security_finished_messages_are_deleted_after_their_time(t: TestBackend) {
    let too_old = outbox::KEPT + MINUTE;
    messages(&t, 1, 10, "sent", too_old).await;
    messages(&t, 100, 3, "failed", too_old).await;
    messages(&t, 200, 2, "pending", too_old).await;
    messages(&t, 300, 5, "sent", outbox::KEPT - MINUTE).await;
    messages(&t, 400, 1, "failed", DAY).await;
    t.store.sweep(t.now()).await.unwrap();
    let census = outbox::census(&mut t.store.connection().await.unwrap()).await.unwrap();
    assert_eq!((census.sent, census.failed, census.pending), (5, 1, 2));
    assert_eq!(census.oldest, Some(t.now() - too_old), "a waiting message is never deleted");
}

async fn security_a_large_backlog_is_deleted_in_bounded_batches(t: TestBackend) {
    messages(&t, 1, 11_000, "sent", 40 * DAY).await;
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox").await, 1_000, "the rest waits for the next sweep");
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn security_the_outbox_is_counted_within_a_bound(t: TestBackend) {
    messages(&t, 1, outbox::MOST_COUNTED + 10, "sent", DAY).await;
    messages(&t, 200_000, 1, "pending", 20 * MINUTE).await;
    let connection = &mut *t.store.connection().await.unwrap();
    let census = outbox::census(connection).await.unwrap();
    assert_eq!((census.sent, census.pending), (outbox::MOST_COUNTED, 1));
    assert_eq!(outbox::oldest_waiting(connection).await.unwrap(), Some(t.now() - 20 * MINUTE));
}

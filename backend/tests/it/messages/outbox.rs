//! R-MAIL, R-SMS: the outbox keeps every message, encrypted, until it is delivered or given up.

use std::collections::HashSet;

use backend::clock::{MINUTE, SECOND};
use backend::courier::{Inbox, Transports};
use backend::store::outbox;

use crate::support::people::key_in;
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    r_mail_messages_of_a_dead_worker_are_delivered_after_its_lease,
    r_mail_messages_are_unreadable_before_delivery_and_deleted_after_it,
    r_mail_two_couriers_deliver_each_message_once,
    r_mail_a_message_sealed_with_another_secret_is_given_up,
    r_mail_a_message_waits_without_a_configured_channel,
];

const PENDING: &str = "SELECT COUNT(*) FROM outbox WHERE status = 'pending'";
const SEALED: &str = "SELECT COUNT(*) FROM outbox WHERE sealed IS NOT NULL";

async fn r_mail_messages_of_a_dead_worker_are_delivered_after_its_lease(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.proven_by_answer(&person).await.send_right().await;
    let first: HashSet<_> = {
        let connection = &mut *t.store.connection().await.unwrap();
        let taken = outbox::take(connection, &t.secrets, 16, t.now(), 90 * SECOND).await.unwrap();
        taken.iter().map(|taken| taken.id).collect()
    };
    assert_eq!(first.len(), 2);
    // That worker died. Until its lease ends no other worker takes the messages; then they are sent with the same ids.
    t.clock.advance(89 * SECOND);
    assert!(t.messages().await.is_empty());
    assert_eq!(t.number(PENDING).await, 2);
    t.clock.advance(2 * SECOND);
    let inbox = t.folder.path().join("otra-bandeja");
    assert_eq!(t.courier(Transports::local(inbox.clone())).round().await.unwrap(), 2);
    let ids: HashSet<_> = std::fs::read_dir(&inbox)
        .unwrap()
        .map(|file| {
            i64::from_str_radix(file.unwrap().path().file_stem().unwrap().to_str().unwrap(), 16).unwrap()
        })
        .collect();
    assert_eq!(ids, first);
    assert_eq!(t.number("SELECT MIN(tries) FROM outbox WHERE status = 'sent'").await, 2);
    assert!(key_in(&Inbox::new(inbox).newest(1).await[0]).is_some());
}

async fn r_mail_messages_are_unreadable_before_delivery_and_deleted_after_it(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.proven_by_answer(&person).await.send_right().await;
    let before = (t.dump("outbox").await, t.database.raw());
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    let after = (t.dump("outbox").await, t.database.raw());

    for outbox in [&before.0, &after.0] {
        for secret in [key.as_str(), &person.email, &person.mobile, &person.names, "clave provisoria"] {
            assert!(!outbox.contains(secret), "{secret} in {outbox}");
        }
    }
    for raw in [&before.1, &after.1] {
        assert!(!raw.windows(key.len()).any(|bytes| bytes == key.as_bytes()), "the key in the file");
    }
    for table in ["account", "former_key", "provisional_key", "flow", "audit", "attempt", "captcha"] {
        assert!(!t.dump(table).await.contains(&key), "the key in {table}");
    }
    assert_eq!((t.number(SEALED).await, t.number(PENDING).await), (0, 0));
}

async fn r_mail_two_couriers_deliver_each_message_once(t: TestBackend) {
    for number in 0..20 {
        let person = Person::number(number);
        t.account(&person).await;
        t.proven_by_answer(&person).await.send_right().await;
    }
    let inboxes: Vec<_> = (0..2).map(|n| t.folder.path().join(format!("bandeja-{n}"))).collect();
    let work = inboxes.iter().map(|inbox| {
        let courier = t.courier(Transports::local(inbox.clone()));
        async move {
            let mut tried = 0;
            while let Some(more) = courier.round().await.ok().filter(|more| *more > 0) {
                tried += more;
            }
            tried
        }
    });
    let tried = crate::support::at_once(work.collect::<Vec<_>>()).await;
    assert_eq!(tried.iter().sum::<usize>(), 40, "{tried:?}");
    let mut kept = 0;
    for inbox in inboxes {
        kept += Inbox::new(inbox).newest(1000).await.len();
    }
    assert_eq!(kept, 40);
    assert_eq!((t.number(SEALED).await, t.number("SELECT MAX(tries) FROM outbox").await), (0, 1));
}

async fn r_mail_a_message_sealed_with_another_secret_is_given_up(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.proven_by_answer(&person).await.send_right().await;
    let t = t.restart_with(b"otra clave larga que nadie usa fuera de las pruebas").await;
    assert!(t.messages().await.is_empty());
    assert_eq!(t.texts("SELECT status FROM outbox").await, ["failed", "failed"]);
    assert_eq!(t.number(SEALED).await, 0);
}

async fn r_mail_a_message_waits_without_a_configured_channel(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.proven_by_answer(&person).await.send_right().await;
    assert_eq!(t.courier(Transports::default()).round().await.unwrap(), 2);
    let connection = &mut *t.store.connection().await.unwrap();
    let census = outbox::census(connection).await.unwrap();
    assert_eq!((census.pending, census.sent, census.failed), (2, 0, 0));
    assert!(census.oldest.is_some());
    t.clock.advance(MINUTE);
    assert_eq!(t.messages().await.len(), 2);
    let census = outbox::census(connection).await.unwrap();
    assert_eq!((census.pending, census.sent, census.oldest), (0, 2, None));
}

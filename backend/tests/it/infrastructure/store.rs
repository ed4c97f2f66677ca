//! The store: sweeps, ids, migrations, and what its tables may hold (docs/decisions/0010, docs/security.md#record).

use backend::clock::{DAY, MINUTE};
use backend::store::{Engine, Store, StoreError};
use domain::flow::contact::ContactProof;
use domain::flow::recovery::Recovery;

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    store_expired_rows_are_swept,
    store_ids_are_unpredictable,
    store_opening_twice_changes_nothing,
    store_a_full_or_read_only_database_is_not_writable,
    store_concurrent_opening_of_an_empty_database_migrates_it_once,
    store_contact_data_from_before_is_proven_where_nobody_changed_it,
    security_the_audit_contains_no_personal_data,
    security_a_cookie_cannot_be_read_from_the_store,
];

async fn store_expired_rows_are_swept(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.proven_by_answer(&person).await;
    t.changing().identify(&person.rut_text, "NoEsEsta1").await;
    t.clock.advance(14 * MINUTE);
    let mut fresh = t.proven_by_answer(&person).await;
    t.clock.advance(2 * MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM flow").await, 1);
    assert!(t.tries("key").await > 0, "counters are kept longer than flows");
    assert!(matches!(fresh.send_right().await.state, Recovery::Sent(_)), "a current flow is kept");
    t.clock.advance(3 * DAY);
    t.store.sweep(t.now()).await.unwrap();
    for table in ["flow", "captcha_spent", "attempt"] {
        assert_eq!(t.dump(table).await, "", "{table}");
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 1);
}

async fn store_ids_are_unpredictable(t: TestBackend) {
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(t.account(&Person::number(number)).await.0);
    }
    let sorted = {
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        sorted
    };
    assert_eq!(sorted.len(), 20);
    assert_ne!(sorted, ids, "ids are not in the order of registration");
    assert!(ids.iter().all(|id| *id > 0) && ids.iter().any(|id| *id > 1 << 60));
}

/// Migration 0014, on accounts with the audit rows of an earlier version.
async fn store_contact_data_from_before_is_proven_where_nobody_changed_it(t: TestBackend) {
    const EVENT: &str = "INSERT INTO audit (id, at, account_id, event, outcome, network, request)
        SELECT COUNT(*) + 1, COUNT(*) + 1, $1, $2, 'done', '', '' FROM audit";
    let people = [1, 2, 3, 4, 5].map(Person::number);
    let events = ["", "registered", "updated", "registered contact-replaced", "contact-replaced updated"];
    for (person, events) in people.iter().zip(events) {
        let id = t.account(person).await;
        for event in events.split_whitespace() {
            t.write(EVENT, id, event).await;
        }
    }
    t.number("UPDATE account SET contact_proof = 0 RETURNING 1").await;
    let migration = include_str!("../../../migrations/0014_identity.sql");
    for statement in migration.split(';').filter(|text| text.contains("UPDATE account")) {
        let connection = &mut *t.store.connection().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(connection).await.unwrap();
    }
    let mut proofs = Vec::new();
    for person in &people {
        proofs.push(t.on_file(person).await.contact_proof);
    }
    let (proven, not) = (ContactProof::Proven, ContactProof::Unproven);
    assert_eq!(proofs, [proven, not, not, proven, not]);
}

const MIGRATIONS: &str = "SELECT COUNT(*) FROM _sqlx_migrations";

async fn store_opening_twice_changes_nothing(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let before = t.dump("account").await;
    let migrations = t.number(MIGRATIONS).await;
    let second = Store::open(&t.database.url(), 2).await.unwrap();
    assert_eq!(second.engine(), t.store.engine());
    second.check_writable(t.now()).await.unwrap();
    assert_eq!(t.number(MIGRATIONS).await, migrations);
    assert_eq!(t.dump("account").await, before);
    assert!(matches!(Store::open("mysql://127.0.0.1/x", 1).await, Err(StoreError::Url)));
}

/// A pool of one connection, so that what is set on it holds for the next question.
async fn store_a_full_or_read_only_database_is_not_writable(t: TestBackend) {
    let store = Store::open(&t.database.url(), 1).await.unwrap();
    let set = async |sql: String| {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *store.connection().await.unwrap()).await.unwrap();
    };
    store.check_writable(t.now()).await.unwrap();
    let (ends, begins) = match store.engine() {
        Engine::Sqlite => {
            // Without free pages, and no room for one more.
            set("VACUUM".to_owned()).await;
            let pages = t.number("PRAGMA page_count").await;
            (vec![format!("PRAGMA max_page_count = {pages}")], "PRAGMA max_page_count = 1000000")
        }
        Engine::Postgres => (
            vec!["SET default_transaction_read_only = on".to_owned()],
            "SET default_transaction_read_only = off",
        ),
    };
    for sql in ends {
        set(sql).await;
    }
    assert!(store.check_writable(t.now()).await.is_err());
    if store.engine() == Engine::Sqlite {
        set("PRAGMA query_only = ON".to_owned()).await;
        set(begins.to_owned()).await;
        assert!(store.check_writable(t.now()).await.is_err(), "read-only");
        set("PRAGMA query_only = OFF".to_owned()).await;
    } else {
        set(begins.to_owned()).await;
    }
    store.check_writable(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM readiness").await, 1);
}

async fn store_concurrent_opening_of_an_empty_database_migrates_it_once(t: TestBackend) {
    let empty = crate::support::database::Database::new(t.store.engine()).await;
    let open = (0..6).map(|_| {
        let url = empty.url();
        async move { Store::open(&url, 2).await.map(|_| ()).map_err(|error| error.to_string()) }
    });
    for opened in crate::support::at_once(open.collect::<Vec<_>>()).await {
        assert_eq!(opened, Ok(()));
    }
}

async fn security_the_audit_contains_no_personal_data(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.civil_knows(&[&person]);
    t.register(&person).await;
    t.register(&person).await;
    let mut browser = t.proven_by_serial(&person).await;
    browser.contact(&new.email, &new.mobile).await;
    browser.send_right().await;
    let key = t.messages().await.iter().find_map(crate::support::people::key_in).unwrap();
    t.recovering().rut(&person.rut_text).await;
    t.changing().identify(&person.rut_text, "NoEsEsta1").await;
    t.change_key(&person, &key, "Peumo#41").await;

    let mut events = t.record_of_accounts().await;
    events.sort_unstable();
    assert_eq!(
        events,
        [
            "contact-replaced done",
            "document valid",
            "key-checked provisional",
            "key-checked wrong",
            "key-sent to-new-contact",
            "key-set by-identity",
            "question-deleted done",
            "registered done",
            "registered-again refused",
        ]
    );
    let record = t.dump("audit").await + &t.dump("audit_try").await;
    let rut = person.rut.number().to_string();
    for secret in [
        rut.as_str(),
        &person.rut_text,
        &person.email,
        &new.email,
        &person.mobile,
        &new.mobile,
        "Zutana",
        &person.serial,
        &person.answer,
        &person.key,
        &key,
        "Peumo#41",
        "203.0.113.7",
    ] {
        assert!(!record.contains(secret), "{secret} in {record}");
    }
    assert!(record.contains("network=203.0.113.0/24;request=pedido-1;"));
    let counters = t.dump("attempt").await;
    for secret in [rut.as_str(), "203.0.113"] {
        assert!(!counters.contains(secret), "{secret} in {counters}");
    }
}

async fn security_a_cookie_cannot_be_read_from_the_store(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    let first = browser.token.clone().unwrap();
    browser.answer(&person.answer).await;
    let second = browser.token.clone().unwrap();
    let flows = t.dump("flow").await;
    for token in [first, second] {
        assert!(!flows.contains(token.expose()));
    }
}

/// PostgreSQL without TLS, as in these tests, and a URL that asks for it: no connection, and nothing in the clear.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn security_a_database_that_must_be_reached_by_tls_is_never_reached_without() {
    let t = TestBackend::open(Engine::Postgres).await;
    let url = t.database.url();
    let join = if url.contains('?') { '&' } else { '?' };
    assert!(Store::open(&format!("{url}{join}sslmode=prefer"), 1).await.is_ok());
    for mode in ["require", "verify-ca", "verify-full"] {
        let opened = Store::open(&format!("{url}{join}sslmode={mode}"), 1).await;
        let error = opened.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("TLS"), "{mode}: {error}");
    }
}

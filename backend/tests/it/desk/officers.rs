//! F-REVIEW: who may sign in at the desk, and how long a session lasts.

use backend::clock::{HOUR, MINUTE, SECOND};
use backend::flows::Token;
use backend::service::Caller;
use backend::service::officers::{Draft, SignIn};
use domain::field::{Field, Reason};
use domain::flow::request::RequestNumber;
use domain::flow::{Feedback, Notice};
use domain::officer::OfficerName;

use crate::support::mesa::{Signer, desk_caller};
use crate::support::{TestBackend, at_once, on_both_engines};

on_both_engines![
    f_review_name_key_and_code_open_a_session,
    f_review_wrong_unknown_and_disabled_get_the_same_error_at_the_same_cost,
    f_review_missing_fields_are_reported_and_not_counted,
    security_one_code_in_sixteen_forms_opens_one_session,
    security_a_code_is_accepted_once_and_older_codes_are_refused,
    f_review_a_draft_survives_an_expired_session,
    security_failed_sign_ins_cause_a_wait,
    security_attempts_from_other_addresses_do_not_lock_out_an_officer,
    security_wrong_codes_with_the_right_key_are_limited_across_addresses,
    security_a_reset_clears_the_failed_attempts_of_the_officer,
    security_a_session_expires,
    security_a_session_ends_with_sign_out_reset_and_disable,
    security_neither_key_nor_secret_nor_token_can_be_read_from_the_store,
    f_review_a_secret_sealed_with_another_key_refuses_the_sign_in,
    f_review_adding_a_name_twice_changes_nothing,
];

/// The errors and the notice of the sign-in page.
async fn said(t: &TestBackend, token: Option<&Token>) -> Feedback {
    let flow = t.officers(&desk_caller()).page(token).await.unwrap();
    flow.expect("a flow with feedback").feedback
}

fn wrong() -> Feedback {
    domain::field::FieldError::new(Field::Officer, Reason::Wrong).into()
}

fn waits(feedback: &Feedback) -> bool {
    matches!(feedback.notice, Some(Notice::Wait { .. }))
}

/// A caller at another address.
fn elsewhere(number: u8) -> Caller {
    Caller { address: format!("198.51.100.{number}").parse().ok(), ..desk_caller() }
}

async fn f_review_name_key_and_code_open_a_session(t: TestBackend) {
    let ana = t.officer("ana.rojas", true).await;
    let luis = t.officer("luis", false).await;
    let token = t.signed_in(&ana).await;
    let officer = t.who_is(&token).await.unwrap();
    assert_eq!((officer.name.as_str(), officer.may_decide), ("ana.rojas", true));
    // Case, spaces and dashes are ignored; a code may be typed with a space.
    let code = luis.code();
    let typed = format!("{} {}", &code[..3], &code[3..]);
    let moved =
        t.sign_in(" LUIS ", &format!(" {} ", luis.key().replace('-', " ").to_uppercase()), &typed).await;
    assert_eq!(moved.state, SignIn::SignedIn);
    assert!(!t.who_is(moved.token.as_ref().unwrap()).await.unwrap().may_decide);
    // Signing in again returns a new token and ends the old session.
    let again = t.officers(&desk_caller()).sign_in(Some(&token), "ana.rojas", ana.key(), &ana.code()).await;
    let again = again.unwrap().token.unwrap();
    assert_ne!(again.expose(), token.expose());
    assert!(t.who_is(&token).await.is_none() && t.who_is(&again).await.is_some());
    assert!(t.officers(&desk_caller()).session(None).await.unwrap().is_none());
}

async fn f_review_wrong_unknown_and_disabled_get_the_same_error_at_the_same_cost(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    let gone = t.officer("pedro", true).await;
    let commands = Caller::default();
    t.officers(&commands).disable(&OfficerName::parse("pedro").unwrap()).await.unwrap();
    let other = t.officer("otra", true).await;
    let tries = [
        ("ana", "clave-que-no-es-esta", ana.code()),
        ("ana", ana.key(), other.code()),
        ("ana", other.key(), other.code()),
        ("pedro", gone.key(), gone.code()),
        ("nadie", ana.key(), ana.code()),
        ("no es un nombre; '", ana.key(), ana.code()),
        ("consola", ana.key(), ana.code()),
        ("ana", &"x".repeat(5000), ana.code()),
    ];
    for (name, key, code) in tries {
        let before = t.hasher.runs();
        let moved = t.sign_in(name, key, &code).await;
        assert_eq!(t.hasher.runs() - before, 1, "{name}");
        assert_eq!(moved.state, SignIn::Ask, "{name}");
        assert_eq!(said(&t, moved.token.as_ref()).await, wrong(), "{name}");
        assert!(t.who_is(moved.token.as_ref().unwrap()).await.is_none());
    }
    let record = t.record().await;
    let outcomes: Vec<_> =
        record.iter().filter(|line| line.starts_with("officer-sign-in")).cloned().collect();
    for line in [
        "officer-sign-in wrong-key ana",
        "officer-sign-in wrong-code ana",
        "officer-sign-in disabled pedro",
        "officer-sign-in unknown -",
    ] {
        assert!(outcomes.iter().any(|found| found == line), "{line}: {outcomes:?}");
    }
    let counted = "SELECT CAST(SUM(times) AS BIGINT) FROM audit_try WHERE event = 'officer-sign-in'";
    assert_eq!(t.number(counted).await, 8, "every attempt is in the audit");
}

async fn f_review_missing_fields_are_reported_and_not_counted(t: TestBackend) {
    t.officer("ana", true).await;
    let before = t.hasher.runs();
    let moved = t.sign_in("", "", "12345").await;
    let errors: Vec<_> =
        said(&t, moved.token.as_ref()).await.errors.iter().map(|e| (e.field, e.reason)).collect();
    assert_eq!(
        errors,
        [
            (Field::Officer, Reason::Missing),
            (Field::OfficerKey, Reason::Missing),
            (Field::Code, Reason::Format)
        ]
    );
    assert_eq!((t.hasher.runs(), t.tries("officer").await), (before, 0));
    // Only the name is kept.
    let moved = t.sign_in("ana", "una-clave-secreta", "").await;
    let flow = t.officers(&desk_caller()).page(moved.token.as_ref()).await.unwrap().unwrap();
    assert_eq!(flow.typed.get("usuario"), "ana");
    assert!(!t.dump("flow").await.contains("una-clave-secreta"));
}

async fn security_one_code_in_sixteen_forms_opens_one_session(t: TestBackend) {
    let t = t.hashing_at_once();
    let ana = t.officer("ana", true).await;
    let code = ana.code();
    // Each from its own address, so that no limit applies.
    let forms = (0..16).map(|number| {
        let (backend, ana, code) = (t.backend.clone(), ana.clone(), code.clone());
        async move {
            let caller = Caller { address: format!("198.51.100.{number}").parse().ok(), ..desk_caller() };
            backend.officers(&caller).sign_in(None, "ana", ana.key(), &code).await.unwrap()
        }
    });
    let ended = at_once(forms).await;
    assert_eq!(ended.iter().filter(|moved| moved.state == SignIn::SignedIn).count(), 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM officer_session").await, 1);
    for moved in ended.iter().filter(|moved| moved.state == SignIn::Ask) {
        // Wrong codes with the right key are counted from any address.
        let said = said(&t, moved.token.as_ref()).await;
        assert!(said == wrong() || waits(&said), "{said:?}");
    }
}

async fn security_a_code_is_accepted_once_and_older_codes_are_refused(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    let (early, code) = (ana.code(), ana.code());
    assert_eq!(t.sign_in("ana", ana.key(), &code).await.state, SignIn::SignedIn);
    // The code of the previous step is valid until a newer one is used.
    for spent in [&code, &early] {
        assert_eq!(t.sign_in("ana", ana.key(), spent).await.state, SignIn::Ask);
    }
    t.later(31 * SECOND);
    assert_eq!(t.sign_in("ana", ana.key(), &code).await.state, SignIn::Ask);
    // A clock one step behind is accepted; one three steps behind is not.
    let code = ana.code();
    t.later(29 * SECOND);
    assert_eq!(t.sign_in("ana", ana.key(), &code).await.state, SignIn::SignedIn);
    let code = ana.code();
    t.later(90 * SECOND);
    assert_eq!(t.sign_in("ana", ana.key(), &code).await.state, SignIn::Ask);
    assert!(t.record().await.contains(&"officer-sign-in code-spent ana".to_owned()));
}

async fn f_review_a_draft_survives_an_expired_session(t: TestBackend) {
    let (ana, caller) = (t.officer("ana", true).await, desk_caller());
    let officers = t.officers(&caller);
    let number = RequestNumber::from_random(5);
    let draft = Draft::new(number.clone(), &"ñ".repeat(5_000), None);
    assert_eq!(draft.motive.chars().count(), 1_000);
    let kept = officers.keep(None, draft.clone()).await.unwrap();
    assert_eq!(kept.state, SignIn::AskWithDraft(draft.clone()));
    let wrong = officers.sign_in(kept.token.as_ref(), "ana", "no-es-esta-clave", &ana.code()).await.unwrap();
    assert_eq!(wrong.state, SignIn::AskWithDraft(draft.clone()), "the draft stays after a wrong key");
    let right = officers.sign_in(wrong.token.as_ref(), "ana", ana.key(), &ana.code()).await.unwrap();
    assert_eq!(right.state, SignIn::Resumed(number));
    let session = officers.session(right.token.as_ref()).await.unwrap().unwrap();
    assert_eq!(session.notes.draft, Some(draft));
    assert!(
        officers.page(wrong.token.as_ref()).await.unwrap().is_none(),
        "the draft is removed from the flow"
    );
}

async fn security_failed_sign_ins_cause_a_wait(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    for name in ["ana", "ANA ", "ana", " Ana", "ana"] {
        assert_eq!(
            said(&t, t.sign_in(name, "no-es-esta-clave", "123456").await.token.as_ref()).await,
            wrong()
        );
    }
    let before = t.hasher.runs();
    let moved = t.sign_in("ana", ana.key(), &ana.code()).await;
    // All spellings count for one officer. A wait costs no hash and applies to the right key too.
    assert!(waits(&said(&t, moved.token.as_ref()).await));
    assert_eq!(t.hasher.runs(), before);
    // Attempts during a wait add no rows to the audit.
    let rows = t.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try").await;
    for _ in 0..10 {
        t.sign_in("ana", "no-es-esta-clave", "123456").await;
    }
    assert_eq!(t.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try").await, rows);
    // An unknown name has to wait like a known one.
    for _ in 0..5 {
        t.sign_in("nadie", "no-es-esta-clave", "123456").await;
    }
    assert!(waits(&said(&t, t.sign_in("nadie", "no-es-esta-clave", "123456").await.token.as_ref()).await));
    // Another address can sign in; after the wait this one can too. A success resets the counter.
    let home = Caller { address: "198.51.100.7".parse().ok(), ..desk_caller() };
    let moved = t.officers(&home).sign_in(None, "ana", ana.key(), &ana.code()).await.unwrap();
    assert_eq!(moved.state, SignIn::SignedIn);
    t.later(2 * MINUTE);
    assert_eq!(t.sign_in("ana", ana.key(), &ana.code()).await.state, SignIn::SignedIn);
}

async fn security_attempts_from_other_addresses_do_not_lock_out_an_officer(t: TestBackend) {
    let t = t.hashing_at_once();
    let ana = t.officer("ana", true).await;
    for number in 0..30 {
        let caller = elsewhere(number);
        let moved = t.officers(&caller).sign_in(None, "ana", "no-es-esta-clave", "123456").await.unwrap();
        assert_eq!(said(&t, moved.token.as_ref()).await, wrong());
    }
    assert_eq!(t.sign_in("ana", ana.key(), &ana.code()).await.state, SignIn::SignedIn);
}

/// Sends five wrong codes with the right key, each from another address.
async fn steal(t: &TestBackend, key: &str, other: &Signer) {
    for number in 0..5 {
        let caller = elsewhere(number);
        let moved = t.officers(&caller).sign_in(None, "ana", key, &other.code()).await.unwrap();
        assert_eq!(said(t, moved.token.as_ref()).await, wrong());
    }
}

async fn security_wrong_codes_with_the_right_key_are_limited_across_addresses(t: TestBackend) {
    let (ana, other) = (t.officer("ana", true).await, t.officer("otra", true).await);
    // Codes of successful sign-ins are not counted.
    for _ in 0..6 {
        t.signed_in(&ana).await;
    }
    // Codes of another officer are wrong; each advances the clock by 30 seconds, less than the first wait.
    steal(&t, ana.key(), &other).await;
    let thief = elsewhere(9);
    let moved = t.officers(&thief).sign_in(None, "ana", ana.key(), &ana.code()).await.unwrap();
    assert!(waits(&said(&t, moved.token.as_ref()).await), "even the right code has to wait");
    t.later(2 * MINUTE);
    let moved = t.officers(&thief).sign_in(None, "ana", ana.key(), &other.code()).await.unwrap();
    assert_eq!(said(&t, moved.token.as_ref()).await, wrong());
    t.later(MINUTE);
    let moved = t.officers(&thief).sign_in(None, "ana", ana.key(), &ana.code()).await.unwrap();
    assert!(waits(&said(&t, moved.token.as_ref()).await), "the next wait is twice as long");
    t.later(2 * MINUTE);
    assert_eq!(t.sign_in("ana", ana.key(), &ana.code()).await.state, SignIn::SignedIn);
}

async fn security_a_reset_clears_the_failed_attempts_of_the_officer(t: TestBackend) {
    let (ana, other) = (t.officer("ana", true).await, t.officer("otra", true).await);
    for name in ["ana", "otra"] {
        for _ in 0..5 {
            t.sign_in(name, "no-es-esta-clave", "123456").await;
        }
    }
    steal(&t, ana.key(), &other).await;
    let name = OfficerName::parse("ana").unwrap();
    let new = t.officers(&Caller::default()).reset(&name).await.unwrap().unwrap();
    for caller in [desk_caller(), elsewhere(0)] {
        t.later(30 * SECOND);
        let code = new.totp.code(t.now());
        let moved = t.officers(&caller).sign_in(None, "ana", &new.key, &code).await.unwrap();
        assert_eq!(moved.state, SignIn::SignedIn);
    }
    // The attempts for another officer stay.
    assert!(t.tries("officer/pair").await >= 5);
}

async fn security_a_session_expires(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    let token = t.signed_in(&ana).await;
    t.later(29 * MINUTE);
    assert!(t.who_is(&token).await.is_some(), "use prolongs the session");
    t.later(29 * MINUTE);
    assert!(t.who_is(&token).await.is_some());
    t.later(30 * MINUTE);
    assert!(t.who_is(&token).await.is_none(), "30 minutes without use");
    let token = t.signed_in(&ana).await;
    for _ in 0..23 {
        t.later(20 * MINUTE);
        assert!(t.who_is(&token).await.is_some());
    }
    t.later(20 * MINUTE);
    assert!(t.who_is(&token).await.is_none(), "8 hours after the sign-in");
    t.signed_in(&ana).await;
    t.later(9 * HOUR);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM officer_session").await, 0);
}

async fn security_a_session_ends_with_sign_out_reset_and_disable(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    let (name, commands) = (OfficerName::parse("ana").unwrap(), Caller::default());
    let token = t.signed_in(&ana).await;
    t.officers(&desk_caller()).sign_out(Some(&token)).await.unwrap();
    assert!(t.who_is(&token).await.is_none());
    let token = t.signed_in(&ana).await;
    let new = t.officers(&commands).reset(&name).await.unwrap().unwrap();
    assert!(t.who_is(&token).await.is_none());
    assert_eq!(
        t.sign_in("ana", ana.key(), &ana.code()).await.state,
        SignIn::Ask,
        "the old key and codes are refused"
    );
    let code = new.totp.code(t.now());
    let moved = t.sign_in("ana", &new.key, &code).await;
    assert_eq!(moved.state, SignIn::SignedIn);
    assert_eq!(t.officers(&commands).disable(&name).await.unwrap(), Some(true));
    assert_eq!(t.officers(&commands).disable(&name).await.unwrap(), Some(false));
    assert!(t.who_is(moved.token.as_ref().unwrap()).await.is_none());
    // A reset enables the officer again.
    let new = t.officers(&commands).reset(&name).await.unwrap().unwrap();
    let code = new.totp.code(t.now());
    assert_eq!(t.sign_in("ana", &new.key, &code).await.state, SignIn::SignedIn);
    let nobody = OfficerName::parse("nadie").unwrap();
    assert!(t.officers(&commands).reset(&nobody).await.unwrap().is_none());
    assert!(t.officers(&commands).disable(&nobody).await.unwrap().is_none());
    let record = t.record().await;
    for (line, times) in [
        ("officer-changed added ana", 1),
        ("officer-changed reset ana", 2),
        ("officer-changed disabled ana", 1),
    ] {
        assert_eq!(record.iter().filter(|found| *found == line).count(), times, "{line}");
    }
}

async fn security_neither_key_nor_secret_nor_token_can_be_read_from_the_store(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    let token = t.signed_in(&ana).await;
    let mut all = String::new();
    for table in ["officer", "officer_session", "audit", "attempt", "flow"] {
        all.push_str(&t.dump(table).await);
    }
    let secret = String::from_utf8_lossy(ana.proofs.totp.secret()).into_owned();
    for part in [ana.key(), token.expose(), &secret, &ana.proofs.totp.base32()] {
        assert!(!all.contains(part));
    }
    assert!(all.contains("$argon2id$"));
    let groups: Vec<_> = ana.key().split('-').map(str::len).collect();
    assert_eq!(groups, [5, 5, 5, 5]);
}

async fn f_review_a_secret_sealed_with_another_key_refuses_the_sign_in(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    let t = t.restart_with(b"otra clave larga que nadie usa fuera de las pruebas").await;
    let moved = t.sign_in("ana", ana.key(), &ana.code()).await;
    assert_eq!(said(&t, moved.token.as_ref()).await, wrong());
}

async fn f_review_adding_a_name_twice_changes_nothing(t: TestBackend) {
    let ana = t.officer("ana", true).await;
    let commands = Caller::default();
    let again = t.officers(&commands).add(&OfficerName::parse("ANA").unwrap(), false).await.unwrap();
    assert!(again.is_none());
    t.signed_in(&ana).await;
    let listed = t.officers(&commands).list().await.unwrap();
    let listed: Vec<_> = listed.iter().map(|officer| (officer.name.as_str(), officer.may_decide)).collect();
    assert_eq!(listed, [("ana", true)]);
}

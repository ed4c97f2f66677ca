//! A-MIN: the flow of an account without a mail address stops, leads to “Actualizar datos”, and resumes afterwards.

use backend::clock::MINUTE;
use domain::flow::Notice;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;
use domain::flow::update::Update;
use domain::kind::Kind;
use domain::needs::Datum;

use crate::support::accounts::AccountData;
use crate::support::people::{key_in, recipients};
use crate::support::{Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    a_min_change_resumes_after_missing_data_without_reentering_key,
    a_min_an_account_with_only_a_key_is_completed,
    a_min_continuing_without_the_data_lists_what_is_still_missing,
    a_min_a_change_with_a_provisional_key_never_stops,
    a_min_recovery_stops_after_the_answer_and_resumes_at_the_captcha,
    a_min_a_stopped_recovery_continues_with_the_document,
    security_only_the_stopped_change_opens_an_update,
    security_other_browsers_cannot_resume_a_stopped_flow,
];

/// A change of the key that stopped because its account has no mail address.
async fn stopped(t: &TestBackend, person: &Person) -> Visit<Change> {
    let mut browser = t.changing();
    let page = browser.identify(&person.rut_text, &person.key).await;
    let Change::MissingData(missing) = &page.state else { panic!("{:?} {:?}", page.state, page.feedback) };
    assert_eq!(missing.data(), [Datum::Email]);
    browser
}

async fn a_min_change_resumes_after_missing_data_without_reentering_key(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::NoContact).await;
    let mut change = stopped(&t, &person).await;
    let page = change.set_key("Peumo#41", "Peumo#41", "nada").await;
    assert!(matches!(page.state, Change::MissingData(_)), "no new key yet");
    let moved = change.service().new_captcha(change.posted(), "", "").await.unwrap();
    assert!(matches!(change.arrive(moved).await.state, Change::MissingData(_)));

    let hashes = t.hasher.runs();
    let mut update = t.updating();
    let page = update.by_stopped_change(&change).await.unwrap();
    assert!(matches!(page.state, Update::Question(_)), "{:?}", page.feedback);
    assert_eq!(t.hasher.runs(), hashes, "the key is not asked for again");
    let page = update.answer(&person.answer).await;
    assert_eq!((page.typed.get("direccion"), page.typed.get("email")), ("Pasaje Los Inventados", ""));
    assert_eq!(page.typed.get("sin_celular"), "", "the person has not chosen it yet");
    assert_eq!(update.lacking().await, [Datum::Email]);
    let page = update.save_right(person.update()).await;
    assert!(matches!(page.state, Update::Done(done) if done.changed && done.by_sms));
    assert_eq!(
        recipients(&t.messages().await),
        [person.phone(), person.email.clone()],
        "there is no older data"
    );

    assert!(matches!(change.resume().await.state, Change::NewKey(_)));
    assert_eq!(change.set("Peumo#41").await.state, Change::Done { by_sms: true, question_deleted: false });
    assert!(t.key_is(&person, "Peumo#41").await);
    assert_eq!(recipients(&t.messages().await), [person.phone(), person.email]);
}

async fn a_min_an_account_with_only_a_key_is_completed(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::Nothing).await;
    let mut change = stopped(&t, &person).await;
    let mut update = t.updating();
    let page = update.by_stopped_change(&change).await.unwrap();
    assert!(matches!(page.state, Update::Choose(_)), "{:?}", page.feedback);
    let page = update.choose(person.form().question, &person.answer).await;
    assert_eq!((page.typed.get("direccion"), page.typed.get("region")), ("", ""));
    assert_eq!(update.lacking().await, [Datum::Address, Datum::Email], "the question was just chosen");
    assert!(matches!(update.save_right(person.update()).await.state, Update::Done(done) if done.changed));
    assert!(matches!(change.resume().await.state, Change::NewKey(_)));
    assert!(matches!(change.set("Peumo#41").await.state, Change::Done { .. }));
    // From now on it works like any other account.
    let key = t.recover_by_answer(&person).await;
    t.change_key(&person, &key, "Boldo#123").await;
}

async fn a_min_continuing_without_the_data_lists_what_is_still_missing(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::NoContact).await;
    let mut change = stopped(&t, &person).await;
    for _ in 0..2 {
        let page = change.resume().await;
        assert!(matches!(page.state, Change::MissingData(_)));
        assert_eq!(page.notice(), Some(Notice::StillMissing));
    }
    let mut update = t.updating();
    update.by_stopped_change(&change).await.unwrap();
    update.answer(&person.answer).await;
    assert_eq!(change.resume().await.notice(), Some(Notice::StillMissing), "the update is not finished");
    t.clock.advance(16 * MINUTE);
    let page = change.resume().await;
    assert_eq!((page.state.clone(), page.notice()), (Change::Identify, Some(Notice::Expired)));
}

async fn a_min_a_change_with_a_provisional_key_never_stops(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account_with(&person, AccountData::NoContact).await;
    t.civil_knows(&[&person]);
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    recovery.forgotten().await;
    recovery.serial(&person.serial).await;
    recovery.contact(&new.email, &new.mobile).await;
    recovery.send_right().await;
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    let mut change = t.proven_by_key(&person, &key).await;
    assert_eq!(
        change.set("Peumo#41").await.state,
        Change::Done { by_sms: true, question_deleted: true },
        "the recovery brought the mail address"
    );
    assert_eq!(recipients(&t.messages().await), [new.phone(), new.email]);
    t.proven_by_key(&person, "Peumo#41").await;
}

async fn a_min_recovery_stops_after_the_answer_and_resumes_at_the_captcha(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account_with(&person, AccountData::NoContact).await;
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    let page = recovery.answer(&person.answer).await;
    assert!(matches!(page.state, Recovery::MissingData(_)), "{:?}", page.feedback);
    // An answer alone does not allow new contact data, and no key is sent.
    for state in [
        recovery.contact(&new.email, &new.mobile).await.state,
        recovery.mail("no").await.state,
        recovery.send("nada").await.state,
        recovery.serial(&person.serial).await.state,
    ] {
        assert!(matches!(state, Recovery::MissingData(_)));
    }
    let page = recovery.resume(false).await;
    assert!(matches!(page.state, Recovery::MissingData(_)));
    assert_eq!(page.notice(), Some(Notice::StillMissing));
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 0);

    // With the key, the person adds the address.
    t.opened(&person).await.save_right(person.update()).await;
    t.messages().await;
    let page = recovery.resume(false).await;
    let Recovery::Captcha(ready) = &page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(ready.on_file().mail.as_deref(), Some("z•••••@c•••••.cl"));
    assert!(ready.choose_again().is_none(), "to the registered address only");
    assert!(matches!(recovery.send_right().await.state, Recovery::Sent(sent) if sent.by_sms));
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [person.phone(), person.email.clone()]);
    t.change_key(&person, &key_in(&letters[0]).unwrap(), "Peumo#41").await;
}

async fn a_min_a_stopped_recovery_continues_with_the_document(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account_with(&person, AccountData::NoContact).await;
    t.civil_knows(&[&person]);
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    recovery.answer(&person.answer).await;
    assert!(matches!(recovery.resume(true).await.state, Recovery::Document(_)));
    assert!(matches!(recovery.serial("A999999999").await.state, Recovery::Document(_)));
    assert!(matches!(recovery.serial(&person.serial).await.state, Recovery::Contact(_)));
    recovery.contact(&new.email, &new.mobile).await;
    assert!(matches!(recovery.send_right().await.state, Recovery::Sent(_)));
    assert_eq!(recipients(&t.messages().await), [new.phone(), new.email]);
}

async fn security_only_the_stopped_change_opens_an_update(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account_with(&person, AccountData::NoContact).await;
    t.account(&other).await;
    let change = stopped(&t, &person).await;
    let mut update = t.updating();
    assert!(update.by_stopped_change(&t.changing()).await.is_none(), "no cookie");
    let complete = t.proven_by_key(&other, &other.key).await;
    assert!(update.by_stopped_change(&complete).await.is_none(), "that change did not stop");
    let mut refused = t.changing();
    refused.identify(&person.rut_text, "NoEsEsta1").await;
    assert!(update.by_stopped_change(&refused).await.is_none(), "that change has proven nothing");
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    recovery.answer(&person.answer).await;
    let mut planted = t.changing();
    planted.token.clone_from(&recovery.token);
    assert!(update.by_stopped_change(&planted).await.is_none(), "the cookie of another flow");
    let mut migrant = t.updating_as(Kind::Migrante);
    assert!(migrant.by_stopped_change(&change).await.is_none(), "of another kind");
    assert!(update.by_stopped_change(&change).await.is_some());
    t.clock.advance(16 * MINUTE);
    assert!(update.by_stopped_change(&change).await.is_none(), "expired");
}

async fn security_other_browsers_cannot_resume_a_stopped_flow(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account_with(&person, AccountData::NoContact).await;
    t.account(&other).await;
    let change = stopped(&t, &person).await;
    let mut recovery = t.recovering();
    recovery.rut(&person.rut_text).await;
    recovery.answer(&person.answer).await;
    let mut update = t.updating();
    update.by_stopped_change(&change).await.unwrap();
    update.answer(&person.answer).await;
    update.save_right(person.update()).await;

    // An attacker who knows the tag of the page and has their own cookie or none.
    for token in [None, t.proven_by_key(&other, &other.key).await.token] {
        let own = token.is_some();
        let mut stranger = t.changing();
        (stranger.token, stranger.tag) = (token, change.tag.clone());
        let page = stranger.resume().await;
        let notice = if own { Notice::OtherTab } else { Notice::Expired };
        assert_eq!(page.notice(), Some(notice));
        let given = stranger.token.unwrap();
        assert_ne!(given.expose(), change.token.as_ref().unwrap().expose());
    }
    let mut stranger = t.recovering();
    (stranger.token, stranger.tag) = (change.token.clone(), recovery.tag.clone());
    assert_eq!(stranger.resume(false).await.state, Recovery::Identify);
    let mut stranger = t.recovering();
    stranger.tag.clone_from(&recovery.tag);
    assert_eq!(stranger.resume(true).await.state, Recovery::Identify);

    // Setting a key also ends stopped flows.
    t.change_key(&person, &person.key, "Peumo#41").await;
    let (mut change, mut recovery) = (change, recovery);
    assert_eq!(change.resume().await.state, Change::Identify);
    assert_eq!(recovery.resume(false).await.state, Recovery::Identify);
}

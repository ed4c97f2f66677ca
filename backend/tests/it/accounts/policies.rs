//! Settings for the older guides: V-TTL (how long a provisional key works) and V-SHOW (the page shows it too).

use backend::clock::{DAY, HOUR, MINUTE, SECOND, chilean_time};
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::recovery::{KeySent, Recovery};

use crate::support::people::key_in;
use crate::support::{Migrant, Page, Person, TestBackend, Visit, on_both_engines};

on_both_engines![
    v_ttl_of_one_hour_is_stated_in_the_messages,
    v_ttl_is_a_day_by_default,
    v_show_the_page_shows_the_key_of_the_messages,
    v_show_by_default_the_key_is_in_the_messages_only,
    v_show_the_page_ends_when_a_key_is_set,
    v_show_a_replaced_key_is_no_longer_shown,
    v_show_a_sealed_key_opens_only_in_its_flow,
    v_show_the_key_is_never_stored_in_clear_text,
];

fn sent(page: &Page<Recovery>) -> KeySent {
    let Recovery::Sent(sent) = &page.state else { panic!("{:?} {:?}", page.state, page.feedback) };
    sent.clone()
}

fn with_key_on_screen(mut t: TestBackend) -> TestBackend {
    t.backend.settings.show_provisional = true;
    t
}

/// The key that the page of this browser shows; `None` without a flow.
async fn shown(t: &TestBackend, browser: &Visit<Recovery>) -> Option<String> {
    t.shown_key(&browser.flow().await?).await.unwrap()
}

async fn v_ttl_of_one_hour_is_stated_in_the_messages(t: TestBackend) {
    let (mut t, person) = (t, Person::number(1));
    t.backend.settings.provisional_ttl = HOUR;
    t.account(&person).await;
    let before = t.now();
    let until = sent(&t.proven_by_answer(&person).await.send_right().await).until;
    assert!((before + HOUR..=t.now() + HOUR).contains(&until));
    let letters = t.messages().await;
    let key = key_in(&letters[0]).unwrap();
    for letter in &letters {
        assert!(letter.text.contains("1 hora") && !letter.text.contains("24 horas"), "{}", letter.text);
        let date = format!("1 hora, hasta el {} (hora de Chile)", chilean_time(until));
        assert_eq!(letter.text.contains(&date), !letter.sms, "{}", letter.text);
    }
    t.clock.advance(HOUR - MINUTE);
    t.proven_by_key(&person, &key).await;
    t.clock.advance(MINUTE + SECOND);
    let page = t.changing().identify(&person.rut_text, &key).await;
    assert_eq!(
        (page.state.clone(), page.errors()),
        (Change::Identify, vec![(Field::CurrentKey, Reason::Expired)])
    );
    assert!(t.key_is(&person, &person.key).await);
}

async fn v_ttl_is_a_day_by_default(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let before = t.now();
    let until = sent(&t.proven_by_answer(&person).await.send_right().await).until;
    assert!((before + DAY..=t.now() + DAY).contains(&until));
    let letters = t.messages().await;
    let mail = letters.iter().find(|letter| !letter.sms).unwrap();
    assert!(mail.text.contains(&format!("24 horas, hasta el {} (hora de Chile)", chilean_time(until))));
    t.clock.advance(DAY - MINUTE);
    t.change_key(&person, &key_in(mail).unwrap(), "Peumo#41").await;
}

async fn v_show_the_page_shows_the_key_of_the_messages(t: TestBackend) {
    let (t, person, migrant) = (with_key_on_screen(t), Person::number(1), Migrant::number(1));
    t.account(&person).await;
    t.account(&migrant).await;
    let mut by_answer = t.proven_by_answer(&person).await;
    let mut by_document = t.proven_by_serial(&migrant).await;
    assert_eq!(shown(&t, &by_answer).await, None, "no key before it is sent");
    by_document.mail("si").await;
    for browser in [&mut by_answer, &mut by_document] {
        assert!(sent(&browser.send_right().await).shown.is_some());
        let on_screen = shown(&t, browser).await.unwrap();
        let letters = t.messages().await;
        assert_eq!(letters.len(), 2, "the messages are sent as well");
        for letter in &letters {
            assert_eq!(key_in(letter).as_ref(), Some(&on_screen));
        }
        browser.load().await;
        assert_eq!(shown(&t, browser).await, Some(on_screen.clone()), "a reload shows it again");
        let page = browser.send("nada").await;
        assert!(matches!(page.state, Recovery::Sent(_)), "resubmitting creates no other key");
        assert_eq!(shown(&t, browser).await, Some(on_screen));
    }
    let key = shown(&t, &by_answer).await.unwrap();
    t.change_key(&person, &key, "Peumo#41").await;
}

async fn v_show_by_default_the_key_is_in_the_messages_only(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    assert_eq!(sent(&browser.send_right().await).shown, None);
    assert_eq!(shown(&t, &browser).await, None);
}

async fn v_show_the_page_ends_when_a_key_is_set(t: TestBackend) {
    let (t, person) = (with_key_on_screen(t), Person::number(1));
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    browser.send_right().await;
    let key = shown(&t, &browser).await.unwrap();
    t.change_key(&person, &key, "Peumo#41").await;
    assert!(browser.flow().await.is_none(), "setting a key with the shown one ends the page");
    let page = browser.send("nada").await;
    assert_eq!(page.state, Recovery::Identify);

    let mut browser = t.proven_by_answer(&person).await;
    browser.send_right().await;
    t.change_key(&person, "Peumo#41", "Boldo#123").await;
    assert!(browser.flow().await.is_none(), "setting a key with another one ends the page");

    let mut browser = t.proven_by_answer(&person).await;
    browser.send_right().await;
    t.clock.advance(16 * MINUTE);
    assert!(browser.flow().await.is_none(), "the page expires");
}

async fn v_show_a_replaced_key_is_no_longer_shown(t: TestBackend) {
    let (t, person) = (with_key_on_screen(t), Person::number(1));
    t.account(&person).await;
    let (mut first, mut second) = (t.proven_by_answer(&person).await, t.proven_by_answer(&person).await);
    first.send_right().await;
    assert!(shown(&t, &first).await.is_some());
    second.send_right().await;
    assert!(shown(&t, &second).await.is_some());
    assert!(matches!(first.load().await.state, Recovery::Sent(_)));
    assert_eq!(shown(&t, &first).await, None);
}

async fn v_show_a_sealed_key_opens_only_in_its_flow(t: TestBackend) {
    let (t, person, other) = (with_key_on_screen(t), Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    let mut first = t.proven_by_answer(&person).await;
    let mut second = t.proven_by_answer(&other).await;
    first.send_right().await;
    second.send_right().await;
    assert_ne!(shown(&t, &first).await, shown(&t, &second).await);
    let (first, mut second) = (first.flow().await.unwrap(), second.flow().await.unwrap());
    second.state.clone_from(&first.state);
    assert_eq!(t.shown_key(&second).await.unwrap(), None, "the key is sealed for its own flow");
    let t = t.restart_with(b"otra clave larga que nadie usa fuera de las pruebas").await;
    assert_eq!(t.shown_key(&first).await.unwrap(), None, "the key is sealed with the configured secret");
}

async fn v_show_the_key_is_never_stored_in_clear_text(t: TestBackend) {
    let (t, person) = (with_key_on_screen(t), Person::number(1));
    t.account(&person).await;
    let mut browser = t.proven_by_answer(&person).await;
    browser.send_right().await;
    let key = shown(&t, &browser).await.unwrap();
    for table in ["flow", "outbox", "provisional_key", "account", "former_key", "audit", "attempt", "captcha"]
    {
        assert!(!t.dump(table).await.contains(&key), "the key in {table}");
    }
    let raw = t.database.raw();
    assert!(!raw.windows(key.len()).any(|bytes| bytes == key.as_bytes()), "the key in the file");
}

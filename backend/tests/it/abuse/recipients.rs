//! Caps on messages: nobody floods a stranger's mailbox or mobile, and nobody uses up the keys of a stronger proof
//! (docs/security.md#abuse-and-enumeration).

use backend::clock::{DAY, HOUR, MINUTE};
use domain::flow::Notice;
use domain::flow::recovery::Recovery;
use domain::flow::registration::Registration;
use domain::flow::update::Update;

use crate::support::requests::Facilitator;
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    security_one_recipient_is_not_flooded_by_registrations,
    security_a_mail_address_is_one_recipient_however_it_is_spelled,
    security_keys_by_answer_leave_those_by_document,
    security_a_key_that_cannot_be_sent_is_not_promised,
    security_updates_do_not_flood_a_recipient,
    security_one_address_causes_few_messages_an_hour,
    security_beyond_the_hourly_budget_only_mails_go,
    security_counters_of_recipients_hold_no_address,
    security_a_full_mailbox_looks_the_same_for_known_and_unknown,
    security_notices_leave_the_keys_of_a_mailbox,
    security_notices_to_owners_leave_the_messages_of_the_sender,
    security_a_thief_who_sent_much_cannot_keep_the_owner_from_learning,
    security_changes_of_other_identities_leave_the_notices_of_the_owner,
    security_keys_of_other_identities_leave_the_keys_of_the_owner,
    security_a_network_that_sent_much_does_not_bar_the_holder_of_a_document,
    security_many_identities_with_one_mail_send_few_notices_to_it,
    security_a_thief_who_sent_much_cannot_file_a_request_in_silence,
    security_the_budget_of_sms_shows_no_account,
];

const MESSAGES: &str = "SELECT COUNT(*) FROM outbox";

/// A person with another's mail and mobile.
fn with_contact_of(victim: &Person, number: u32) -> Person {
    Person { email: victim.email.clone(), mobile: victim.mobile.clone(), ..Person::number(number) }
}

async fn security_one_recipient_is_not_flooded_by_registrations(t: TestBackend) {
    let victim = Person::number(1);
    for number in 100..130 {
        t.register(&with_contact_of(&victim, number)).await;
    }
    let sent = t.number(MESSAGES).await;
    assert!((2..=20).contains(&sent), "{sent} messages went to one stranger");
    t.clock.advance(DAY);
    t.register(&with_contact_of(&victim, 131)).await;
    assert_eq!(t.number(MESSAGES).await, sent + 2, "the next day there is room again");
}

async fn security_a_mail_address_is_one_recipient_however_it_is_spelled(t: TestBackend) {
    let victim = Person::number(1);
    for number in 100..130 {
        let (local, domain) = victim.email.split_once('@').unwrap();
        let local: String = local
            .chars()
            .enumerate()
            .map(
                |(at, letter)| {
                    if number as usize >> (at % 5) & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
                },
            )
            .collect();
        let email = format!("{local}@{domain}");
        t.register(&Person { email, ..Person::number(number) }).await;
    }
    let sent = t.number("SELECT COUNT(*) FROM outbox WHERE channel = 'mail'").await;
    assert!((1..=10).contains(&sent), "{sent} mails went to one mailbox");
}

async fn security_keys_by_answer_leave_those_by_document(t: TestBackend) {
    let mut t = t;
    t.backend.settings.keys_per_day = 3;
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    for _ in 0..3 {
        t.recover_by_answer(&person).await;
        t.clock.advance(HOUR / 2);
    }
    let page = t.proven_by_answer(&person).await.send_right().await;
    assert_eq!(page.notice(), Some(Notice::DailyCap));
    let mut browser = t.proven_by_serial(&person).await;
    browser.mail("si").await;
    let page = browser.send_right().await;
    assert!(
        matches!(page.state, Recovery::Sent(_)),
        "the holder of the document gets a key: {:?}",
        page.feedback
    );
    assert!(!t.messages().await.is_empty());
}

async fn security_a_key_that_cannot_be_sent_is_not_promised(t: TestBackend) {
    let mut t = t;
    t.backend.settings.keys_per_day = 1000;
    let person = Person::number(1);
    t.account(&person).await;
    let mut sent = 0;
    for _ in 0..40 {
        let page = t.proven_by_answer(&person).await.send_right().await;
        match page.state {
            Recovery::Sent(_) => sent += 1,
            _ => assert_eq!(page.notice(), Some(Notice::DailyCap)),
        }
    }
    let keys =
        t.number("SELECT COUNT(*) FROM outbox WHERE template = 'provisional-key' AND channel = 'mail'").await;
    assert!(sent < 40, "nothing ever stopped the keys");
    assert_eq!(keys, sent, "each key that was promised was sent");
}

async fn security_updates_do_not_flood_a_recipient(t: TestBackend) {
    let (person, victim) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    for change in 0..25 {
        let there = if change % 2 == 0 { with_contact_of(&victim, 1) } else { person.clone() };
        let page = t.opened(&person).await.save_right(there.update()).await;
        assert!(matches!(page.state, Update::Done(_)), "{:?}", page.feedback);
        t.clock.advance(MINUTE);
    }
    let to_victim = t.messages().await.iter().filter(|letter| letter.to.contains(&victim.email)).count();
    assert!((1..=12).contains(&to_victim), "{to_victim} mails to one stranger");
    let audited = t.left_out().await;
    assert!(audited > 0, "what was left out is recorded");
    assert_eq!(t.limits.left_out()[0], ("recipient", audited.cast_unsigned()));
}

async fn security_one_address_causes_few_messages_an_hour(t: TestBackend) {
    let mut t = t;
    t.backend.settings.messages_per_address = 10;
    for number in 0..20 {
        t.register(&Person::number(number)).await;
    }
    let sent = t.number(MESSAGES).await;
    assert!((10..=11).contains(&sent), "{sent}");
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 20, "the accounts are there all the same");
    t.clock.advance(HOUR + MINUTE);
    t.register(&Person::number(21)).await;
    assert_eq!(t.number(MESSAGES).await, sent + 2);
}

async fn security_beyond_the_hourly_budget_only_mails_go(t: TestBackend) {
    let mut t = t;
    t.backend.settings.sms_per_hour = 3;
    for number in 0..8 {
        t.register(&Person::number(number)).await;
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox WHERE channel = 'sms'").await, 3);
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox WHERE channel = 'mail'").await, 8);
    assert_eq!(t.limits.left_out()[2], ("sms-budget", 5));
    let page = t.proven_by_answer(&Person::number(1)).await.send_right().await;
    let Recovery::Sent(sent) = page.state else { panic!("{:?}", page.feedback) };
    assert!(!sent.by_sms, "no SMS is promised");
    t.clock.advance(HOUR + MINUTE);
    t.register(&Person::number(9)).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox WHERE channel = 'sms'").await, 4);
}

async fn security_counters_of_recipients_hold_no_address(t: TestBackend) {
    let person = Person::number(1);
    t.register(&person).await;
    let kept = format!("{}{}", t.dump("attempt").await, t.dump("outbox").await);
    for secret in [person.email.as_str(), &person.mobile, "203.0.113"] {
        assert!(!kept.contains(secret), "{kept}");
    }
    assert!(kept.contains("message/registered"), "{kept}");
}

async fn security_a_full_mailbox_looks_the_same_for_known_and_unknown(t: TestBackend) {
    let (victim, known) = (Person::number(1), Person::number(2));
    t.account(&known).await;
    let mut ends = Vec::new();
    for number in (100..110).chain([2, 110, 2]) {
        let page = t.registering().await.create_right(with_contact_of(&victim, number).form()).await;
        ends.push(page.state);
    }
    assert!(matches!(ends[0], Registration::Done { by_sms: true, by_mail: true, .. }));
    for end in &ends[10..] {
        assert!(
            matches!(*end, Registration::Done { by_sms: false, by_mail: false, .. }),
            "nothing is promised"
        );
    }
}

/// What a stranger fills a mailbox with costs its owner no key.
async fn security_notices_leave_the_keys_of_a_mailbox(t: TestBackend) {
    let victim = Person::number(1);
    t.account(&victim).await;
    for number in 100..120 {
        t.register(&with_contact_of(&victim, number)).await;
        if number < 104 {
            t.register(&with_contact_of(&victim, 1)).await;
        }
        t.clock.advance(10 * MINUTE);
    }
    let left_out = t.left_out().await;
    assert!(left_out > 10, "{left_out}");
    t.messages().await;
    let key = t.recover_by_answer(&victim).await;
    t.change_key(&victim, &key, "Maiten4zQ").await;
    let notified = t.messages().await.iter().any(|letter| letter.to == victim.email);
    assert!(notified, "she learns of the new key, too");
}

/// A caller who registers known RUTs gets as many messages as one who registers unknown ones.
async fn security_notices_to_owners_leave_the_messages_of_the_sender(t: TestBackend) {
    let mut t = t;
    t.backend.settings.messages_per_address = 8;
    let mut own = Vec::new();
    for known in [true, false] {
        for number in 0..8 {
            let number = number + if known { 0 } else { 50 };
            if known {
                t.account(&Person::number(number)).await;
            }
            let sender = Person::number(200 + number);
            t.register(&with_contact_of(&sender, number)).await;
        }
        own.push(t.number("SELECT COUNT(*) FROM outbox WHERE template = 'registered'").await);
        t.clock.advance(2 * HOUR);
    }
    assert_eq!(own, [8, 16]);
}

/// The sender of the notice of a change may be the thief.
async fn security_a_thief_who_sent_much_cannot_keep_the_owner_from_learning(t: TestBackend) {
    let mut t = t;
    t.backend.settings.messages_per_address = 2;
    let victim = Person::number(1);
    t.account(&victim).await;
    t.register(&Person::number(2)).await;
    t.register(&Person::number(3)).await;
    t.messages().await;
    t.change_key(&victim, &victim.key, "Maiten4zQ").await;
    assert!(t.messages().await.iter().any(|letter| letter.to == victim.email));
}

async fn security_changes_of_other_identities_leave_the_notices_of_the_owner(t: TestBackend) {
    let victim = Person::number(1);
    t.account(&victim).await;
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    for number in [100, 101, 102, 103] {
        let other = with_contact_of(&victim, number);
        t.account(&other).await;
        let mut key = other.key.clone();
        for change in 0..5 {
            let next = format!("Maiten{change}zQ");
            t.change_key(&other, &key, &next).await;
            key = next;
        }
    }
    let sent = t.messages().await.iter().filter(|letter| letter.to == victim.email).count();
    assert!((10..20).contains(&sent), "{sent} mails");
    t.change_key(&victim, &victim.key, "Maiten4zQ").await;
    assert!(t.messages().await.iter().any(|letter| letter.to == victim.email));
}

async fn security_keys_of_other_identities_leave_the_keys_of_the_owner(t: TestBackend) {
    let victim = Person::number(1);
    t.account(&victim).await;
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    for number in [100, 101, 102] {
        let other = with_contact_of(&victim, number);
        t.account(&other).await;
        for _ in 0..7 {
            t.recover_by_answer(&other).await;
            t.clock.advance(20 * MINUTE);
        }
    }
    let page = t.proven_by_answer(&victim).await.send_right().await;
    assert!(matches!(page.state, Recovery::Sent(_)), "{:?}", page.feedback);
}

async fn security_a_network_that_sent_much_does_not_bar_the_holder_of_a_document(t: TestBackend) {
    let mut t = t;
    t.backend.settings.messages_per_address = 2;
    let owner = Person::number(1);
    t.account(&owner).await;
    t.civil_knows(&[&owner]);
    t.register(&Person::number(2)).await;
    t.register(&Person::number(3)).await;
    let mut browser = t.proven_by_serial(&owner).await;
    browser.mail("si").await;
    let page = browser.send_right().await;
    assert!(matches!(page.state, Recovery::Sent(_)), "{:?}", page.feedback);
}

/// Each account has notices of its own beside the cap of its recipient, and a stranger can register any number of identities.
async fn security_many_identities_with_one_mail_send_few_notices_to_it(t: TestBackend) {
    let victim = Person::number(1);
    t.clock.advance(DAY - t.now().rem_euclid(DAY));
    for number in 100..120 {
        let other = with_contact_of(&victim, number);
        t.register(&other).await;
        t.change_key(&other, &other.key, "Maiten4zQ").await;
        t.change_key(&other, "Maiten4zQ", "Peumo#41").await;
    }
    let sent = t.texts("SELECT channel FROM outbox WHERE template = 'key-changed'").await;
    let mails = sent.iter().filter(|channel| *channel == "mail").count();
    assert!((10..=20).contains(&mails) && sent.len() - mails <= 20, "{mails} mails, {} in all", sent.len());
}

async fn security_a_thief_who_sent_much_cannot_file_a_request_in_silence(t: TestBackend) {
    let mut t = t;
    t.backend.settings.messages_per_address = 2;
    let company = t.one_company().await;
    t.register(&Person::number(2)).await;
    t.register(&Person::number(3)).await;
    t.tax_knows(&[&company]);
    t.filed(&company, &Facilitator::number(1)).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM outbox WHERE template = 'request-filed'").await, 1);
}

/// Who brings the budget of SMS to its end and registers an identity sees no difference in what is left.
async fn security_the_budget_of_sms_shows_no_account(t: TestBackend) {
    let mut t = t;
    t.backend.settings.sms_per_hour = 2;
    let known = Person::number(1);
    t.account(&known).await;
    let mut ends = Vec::new();
    for target in [&known, &Person::number(2)] {
        t.clock.advance(HOUR + MINUTE);
        let own = Person::number(50);
        let form = Person { email: own.email.clone(), mobile: own.mobile.clone(), ..target.clone() };
        let first = t.registering().await.create_right(form.form()).await.state;
        let next = with_contact_of(&Person::number(51), if target.rut == known.rut { 60 } else { 61 });
        ends.push((first, t.registering().await.create_right(next.form()).await.state));
    }
    // All but whose registration it was.
    let shown = |end: &Registration| match end {
        Registration::Done { by_sms, by_mail, code } => {
            (*by_sms, *by_mail, code.as_ref().map(|sent| (sent.email.clone(), sent.confirmed)))
        }
        Registration::Form => panic!("no end"),
    };
    let [known, unknown] = [&ends[0], &ends[1]].map(|(first, next)| (shown(first), shown(next)));
    assert_eq!(known, unknown);
    assert!(matches!(ends[0].1, Registration::Done { by_sms: true, by_mail: true, .. }));
}

//! N-REC-1 with “NO”: the key goes to new contact data, and the old one is notified
//! (docs/security.md#proofs-and-keys).

use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::recovery::Recovery;

use crate::support::accounts::AccountData;
use crate::support::people::{key_in, recipients};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    n_rec_1_no_sends_the_key_to_the_new_contact_and_notifies_the_old,
    n_rec_1_new_contact_data_is_stored_when_its_key_is_used,
    n_rec_1_new_contact_data_of_a_replaced_key_is_never_stored,
    n_rec_1_the_contact_can_be_chosen_again_at_the_captcha,
    n_rec_1_without_contact_data_new_contact_data_is_required,
    n_rec_1_a_person_without_a_mobile_gets_the_key_by_mail,
    n_rec_1_no_with_the_registered_data_sends_no_warning,
    n_rec_1_no_with_only_another_mobile_notifies_the_old_contact,
];

const CONTACT: &str = "SELECT email || ' ' || mobile FROM account";

async fn n_rec_1_no_sends_the_key_to_the_new_contact_and_notifies_the_old(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    assert!(matches!(browser.mail("no").await.state, Recovery::Contact(_)));

    let page = browser.contact("zutana", "123").await;
    assert_eq!(page.errors(), [(Field::Email, Reason::Format), (Field::Mobile, Reason::Format)]);
    assert_eq!((page.typed.get("email"), page.typed.get("celular")), ("zutana", "123"));
    assert!(matches!(browser.contact(&new.email, &new.mobile).await.state, Recovery::Captcha(_)));
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(sent) if sent.by_sms));

    let letters = t.messages().await;
    assert_eq!(
        recipients(&letters),
        [person.phone().as_str(), new.phone().as_str(), person.email.as_str(), new.email.as_str()]
    );
    for letter in &letters {
        let to_new = letter.to == new.email || letter.to == new.phone();
        assert_eq!(key_in(letter).is_some(), to_new, "the key goes to the new contact only");
        assert!(to_new || letter.text.contains("otro correo"), "{}", letter.text);
        assert!(to_new || !letter.text.contains(&new.email));
    }
}

async fn n_rec_1_a_person_without_a_mobile_gets_the_key_by_mail(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    let only_mail = ContactInput { email: &new.email, no_mobile: true, ..ContactInput::default() };

    let page = browser.contact_of(ContactInput { mobile: &new.mobile, ..only_mail }).await;
    assert_eq!(page.errors(), [(Field::Mobile, Reason::NumberAndNone)]);
    assert_eq!((page.typed.get("celular"), page.typed.get("sin_celular")), (new.mobile.as_str(), "si"));

    assert!(matches!(browser.contact_of(only_mail).await.state, Recovery::Captcha(_)));
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(sent) if !sent.by_sms));
    let letters = t.messages().await;
    let with_key: Vec<_> = letters.iter().filter(|letter| key_in(letter).is_some()).collect();
    assert!(matches!(with_key.as_slice(), [letter] if letter.to == new.email));

    let key = with_key.first().and_then(|letter| key_in(letter)).unwrap();
    let mut change = t.proven_by_key(&person, &key).await;
    let page = change.set("Peumo#41").await;
    assert!(matches!(page.state, Change::Done { by_sms: false, .. }), "only the former mobile gets an SMS");
    assert_eq!(
        t.texts("SELECT email || ' ' || COALESCE(mobile, 'none') FROM account").await,
        [format!("{} none", new.email)]
    );
}

async fn n_rec_1_new_contact_data_is_stored_when_its_key_is_used(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    browser.contact(&new.email, &new.mobile).await;
    browser.send_right().await;
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    let old = format!("{} {}", person.email, person.phone());
    assert_eq!(
        t.texts(CONTACT).await,
        [old.as_str()],
        "the contact data is unchanged before the key is used"
    );

    t.change_key(&person, &key, "Peumo#41").await;
    assert_eq!(t.texts(CONTACT).await, [format!("{} {}", new.email, new.phone())]);
    assert_eq!(
        recipients(&t.messages().await),
        [person.phone().as_str(), new.phone().as_str(), person.email.as_str(), new.email.as_str()],
        "old and new contact data are notified of the new key"
    );
}

async fn n_rec_1_new_contact_data_of_a_replaced_key_is_never_stored(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    browser.contact(&new.email, &new.mobile).await;
    browser.send_right().await;
    let first = t.messages().await.iter().find_map(key_in).unwrap();

    let mut browser = t.proven_by_serial(&person).await;
    browser.mail("si").await;
    browser.send_right().await;
    let second = t.messages().await.iter().find_map(key_in).unwrap();
    let page = t.changing().identify(&person.rut_text, &first).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Spent)]);
    t.change_key(&person, &second, "Peumo#41").await;
    assert_eq!(t.texts(CONTACT).await, [format!("{} {}", person.email, person.phone())]);
    assert_eq!(recipients(&t.messages().await), [person.phone().as_str(), person.email.as_str()]);
}

async fn n_rec_1_the_contact_can_be_chosen_again_at_the_captcha(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    browser.contact(&new.email, &new.mobile).await;
    assert!(
        matches!(browser.mail("si").await.state, Recovery::Captcha(_)),
        "the registered address can still be chosen"
    );
    browser.send_right().await;
    assert_eq!(recipients(&t.messages().await), [person.phone().as_str(), person.email.as_str()]);
}

async fn n_rec_1_without_contact_data_new_contact_data_is_required(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account_with(&person, AccountData::NoContact).await;
    t.civil_knows(&[&person]);
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    browser.forgotten().await;
    let page = browser.serial(&person.serial).await;
    assert!(matches!(page.state, Recovery::Contact(_)), "there is no address to confirm");
    assert!(matches!(browser.mail("si").await.state, Recovery::Contact(_)));
    browser.contact(&new.email, &new.mobile).await;
    browser.send_right().await;
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [new.phone().as_str(), new.email.as_str()]);
    t.change_key(&person, &key_in(&letters[0]).unwrap(), "Peumo#41").await;
    assert_eq!(t.texts(CONTACT).await, [format!("{} {}", new.email, new.phone())]);
}

async fn n_rec_1_no_with_the_registered_data_sends_no_warning(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    browser.mail("no").await;
    browser.contact(&person.email.to_uppercase(), &person.mobile).await;
    let page = browser.send_right().await;
    assert!(matches!(page.state, Recovery::Sent(sent) if sent.by_sms && !sent.to_new));
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [person.phone().as_str(), person.email.as_str()]);
    let key = key_in(&letters[0]).unwrap();
    t.change_key(&person, &key, "Peumo#41").await;
    assert_eq!(t.texts(CONTACT).await, [format!("{} {}", person.email, person.phone())]);
}

async fn n_rec_1_no_with_only_another_mobile_notifies_the_old_contact(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let mut browser = t.proven_by_serial(&person).await;
    browser.contact(&person.email, &new.mobile).await;
    let page = browser.send_right().await;
    assert!(matches!(page.state, Recovery::Sent(sent) if sent.to_new));
    let letters = t.messages().await;
    let mut wanted = [person.phone(), new.phone(), person.email.clone(), person.email.clone()];
    wanted.sort_unstable();
    assert_eq!(recipients(&letters), wanted);
    assert_eq!(letters.iter().filter(|letter| key_in(letter).is_some()).count(), 2);
}

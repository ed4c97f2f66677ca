//! N-UPD, “Actualizar datos”: from RUT and key through the secret question to “Éxito”.

use domain::address::AddressInput;
use domain::field::{Field, Reason};
use domain::flow::contact::ContactInput;
use domain::flow::update::{Done, Update, UpdateInput};
use domain::flow::{Notice, recovery::Recovery};

use crate::support::accounts::AccountData;
use crate::support::people::{HOME, key_in, recipients};
use crate::support::{Page, Person, TestBackend, on_both_engines};

on_both_engines![
    n_upd_old_and_new_contact_data_are_notified_once_and_the_key_stays,
    n_upd_unchanged_contact_data_is_notified_once,
    n_upd_the_form_shows_stored_data_after_both_proofs,
    n_upd_the_mobile_can_be_removed,
    n_upd_an_account_without_a_question_chooses_one_for_recovery,
    n_upd_an_unchanged_form_sends_no_message,
    n_upd_the_mail_of_another_account_is_allowed,
    security_a_new_key_ends_unfinished_updates,
];

/// The page is “Éxito”.
fn done(page: &Page<Update>) -> Done {
    let Update::Done(done) = page.state.clone() else { panic!("{:?} {:?}", page.state, page.feedback) };
    assert!(page.typed.is_empty(), "no typed value is kept");
    done
}

async fn n_upd_old_and_new_contact_data_are_notified_once_and_the_key_stays(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut browser = t.updating();
    let page = browser.by_key(&person.rut.plain(), &person.key).await;
    let Update::Question(asked) = &page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(asked.question().id(), person.form().question);
    let page = browser.answer("el GUATON, loyola").await;
    assert!(matches!(page.state, Update::Form(_)), "{:?}", page.feedback);
    let done = done(&browser.save_right(new.update()).await);
    assert!(done.changed && done.by_sms);

    let letters = t.messages().await;
    let to = [person.phone(), new.phone(), person.email.clone(), new.email.clone()];
    assert_eq!(recipients(&letters), to, "each address once");
    for letter in &letters {
        assert!(letter.text.contains("actualiza") && letter.text.contains("800 80 10 30"), "{}", letter.text);
        for secret in [&new.email, &new.mobile, &person.key, "Los Inventados"] {
            assert!(!letter.text.contains(secret), "{secret} in {}", letter.text);
        }
    }
    let mail = letters.iter().find(|letter| letter.to == person.email).unwrap();
    assert!(mail.text.contains("¿No fue usted?") && mail.text.contains("/recuperar/natural"));

    assert!(t.key_is(&person, &person.key).await);
    t.change_key(&person, &person.key, "Peumo#41").await;
    assert_eq!(
        recipients(&t.messages().await),
        [new.phone(), new.email.clone()],
        "later notices go to the new data"
    );
}

async fn n_upd_unchanged_contact_data_is_notified_once(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let contact = ContactInput { email: &new.email, ..person.contact() };
    let form = UpdateInput { contact, ..person.update() };
    assert!(done(&t.opened(&person).await.save_right(form).await).changed);
    assert_eq!(recipients(&t.messages().await), [person.phone(), person.email.clone(), new.email.clone()]);

    // Only the postal address changes: the contact data is notified too.
    let address = AddressInput { street: "Avenida Imaginaria", ..HOME };
    assert!(done(&t.opened(&person).await.save_right(UpdateInput { address, contact }).await).changed);
    let messages = t.messages().await;
    assert_eq!(recipients(&messages), [person.phone(), new.email]);
    let said = "los datos de su cuenta: su dirección. Su clave";
    assert!(messages.iter().any(|message| message.text.contains(said)), "it says what changed");
}

async fn n_upd_the_form_shows_stored_data_after_both_proofs(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let fields = [
        ("direccion", "Camino Ficticio"),
        ("numero", "S/N"),
        ("block", "B 2"),
        ("departamento", "12 C"),
        ("region", "05"),
        ("comuna", "05101"),
        ("email", "otra@correo.ejemplo.cl"),
        ("area_particular", "32"),
        ("telefono_particular", "2123456"),
        ("area_trabajo", "2"),
        ("telefono_trabajo", "23456789"),
        ("celular", "70000077"),
        ("sin_celular", ""),
    ];
    let form = UpdateInput {
        address: AddressInput {
            street: "  Camino   Ficticio ",
            number: "S/N",
            block: "B 2",
            flat: "12 C",
            region: "05",
            comuna: "05101",
        },
        contact: ContactInput {
            email: "otra@correo.ejemplo.cl",
            home_phone: ("32", "212 3456"),
            work_phone: ("2", "2345-6789"),
            mobile: "+56 9 7000 0077",
            no_mobile: false,
        },
    };
    assert!(done(&t.opened(&person).await.save_right(form).await).changed);

    let mut browser = t.updating();
    let before = browser.by_key(&person.rut_text, &person.key).await;
    assert!(before.typed.is_empty());
    assert!(!t.dump("flow").await.contains("Ficticio"), "a key alone shows no stored data");
    let page = browser.answer(&person.answer).await;
    for (name, on_file) in fields {
        assert_eq!(page.typed.get(name), on_file, "{name}");
    }
    // Sending the form back unchanged changes nothing.
    let said = |name: &str| page.typed.get(name).to_owned();
    let [street, number, block, flat, region, comuna] =
        ["direccion", "numero", "block", "departamento", "region", "comuna"].map(said);
    let [email, home, work, mobile] =
        ["email", "telefono_particular", "telefono_trabajo", "celular"].map(said);
    let form = UpdateInput {
        address: AddressInput {
            street: &street,
            number: &number,
            block: &block,
            flat: &flat,
            region: &region,
            comuna: &comuna,
        },
        contact: ContactInput {
            email: &email,
            home_phone: ("32", &home),
            work_phone: ("2", &work),
            mobile: &mobile,
            no_mobile: false,
        },
    };
    assert!(browser.lacking().await.is_empty());
    assert!(!done(&browser.save_right(form).await).changed);
}

async fn n_upd_the_mobile_can_be_removed(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let contact = ContactInput { mobile: "", no_mobile: true, ..person.contact() };
    let form = UpdateInput { contact, ..person.update() };
    let ended = done(&t.opened(&person).await.save_right(form).await);
    assert!(ended.changed && ended.by_sms, "the removed mobile is notified");
    assert_eq!(recipients(&t.messages().await), [person.phone(), person.email.clone()]);

    let mut browser = t.opened(&person).await;
    let page = browser.load().await;
    assert_eq!((page.typed.get("sin_celular"), page.typed.get("celular")), ("si", ""));
    let page = browser
        .save_right(UpdateInput { contact: ContactInput { no_mobile: false, ..contact }, ..form })
        .await;
    assert_eq!(page.errors(), [(Field::Mobile, Reason::Missing)], "a mobile or the checkbox is required");
    let address = AddressInput { flat: "7", ..HOME };
    let ended = done(&browser.save_right(UpdateInput { address, contact }).await);
    assert!(ended.changed && !ended.by_sms);
    assert_eq!(recipients(&t.messages().await), [person.email.as_str()]);
}

async fn n_upd_an_account_without_a_question_chooses_one_for_recovery(t: TestBackend) {
    let person = Person::number(1);
    t.account_with(&person, AccountData::NoQuestion).await;
    let question = person.form().question;
    let mut browser = t.updating();
    let page = browser.by_key(&person.rut_text, &person.key).await;
    assert!(matches!(page.state, Update::Choose(_)), "{:?}", page.feedback);
    let page = browser.choose("", "x").await;
    assert_eq!(page.errors(), [(Field::Question, Reason::Missing), (Field::Answer, Reason::TooShort)]);
    let page = browser.choose(question, " ").await;
    assert_eq!(page.errors(), [(Field::Answer, Reason::Missing)]);
    assert_eq!((page.typed.get("pregunta"), page.typed.get("respuesta")), (question, ""));
    let page = browser.choose(question, "La Piedra Feliz").await;
    assert!(matches!(page.state, Update::Form(_)));
    assert_eq!(page.typed.get("email"), person.email);
    let flows = t.dump("flow").await.to_lowercase();
    assert!(!flows.contains("piedra"), "an answer is never stored in clear text");
    let page = t.recovering().rut(&person.rut_text).await;
    assert!(
        matches!(page.state, Recovery::Document(_)),
        "the question is not stored before the form is sent"
    );

    let ended = done(&browser.save_right(person.update()).await);
    assert!(ended.changed, "a new question counts as a change");
    assert_eq!(recipients(&t.messages().await), [person.phone(), person.email.clone()]);
    let person = Person { answer: "la piedra FELIZ".to_owned(), ..person };
    let key = t.recover_by_answer(&person).await;
    t.change_key(&person, &key, "Peumo#41").await;
    assert!(matches!(t.updating().by_key(&person.rut_text, "Peumo#41").await.state, Update::Question(_)));
}

async fn n_upd_an_unchanged_form_sends_no_message(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let before = t.dump("account").await;
    let ended = done(&t.opened(&person).await.save_right(person.update()).await);
    assert!(!ended.changed);
    assert!(t.messages().await.is_empty());
    assert_eq!(t.dump("account").await, before, "the time of the last change stays too");
    assert_eq!(t.texts("SELECT outcome FROM audit WHERE event = 'updated'").await, ["nothing-changed"]);
}

async fn n_upd_the_mail_of_another_account_is_allowed(t: TestBackend) {
    let (person, other) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.account(&other).await;
    let others = t.dump("account").await;
    let others = others.lines().find(|line| line.contains(&other.rut.plain())).unwrap();
    let contact = ContactInput { email: &other.email, ..person.contact() };
    let page = t.opened(&person).await.save_right(UpdateInput { contact, ..person.update() }).await;
    assert!(
        done(&page).changed && page.notice().is_none(),
        "the page does not reveal that the address is in use"
    );
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [person.phone(), person.email.clone(), other.email.clone()]);
    assert!(letters.iter().all(|letter| !letter.text.contains(&other.names)));
    assert!(t.dump("account").await.contains(others), "the other account is unchanged");
    // A key works for its own account only, even when both accounts have the same address.
    let key = t.recover_by_answer(&other).await;
    let page = t.changing().identify(&person.rut_text, &key).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Wrong)]);
    t.change_key(&other, &key, "Peumo#41").await;
    assert!(t.messages().await.iter().all(|letter| key_in(letter).is_none()));
}

async fn security_a_new_key_ends_unfinished_updates(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut opened = t.opened(&person).await;
    let mut asked = t.updating();
    asked.by_key(&person.rut_text, &person.key).await;
    t.change_key(&person, &person.key, "Peumo#41").await;
    t.messages().await;
    let page = opened.save(new.update(), "nada").await;
    assert_eq!((page.state.clone(), page.notice()), (Update::Identify, Some(Notice::Expired)));
    let page = asked.answer(&person.answer).await;
    assert_eq!((page.state.clone(), page.notice()), (Update::Identify, Some(Notice::Expired)));
    assert!(t.messages().await.is_empty());
}

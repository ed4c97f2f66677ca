//! N-REG, “Registrar persona natural”.

use domain::address::AddressInput;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::contact::ContactInput;
use domain::flow::registration::{Registration, RegistrationInput};

use crate::support::people::recipients;
use crate::support::{Person, TestBackend, on_both_engines};
use backend::clock::{DAY, MINUTE};

on_both_engines![
    n_reg_a_person_gets_an_account_and_a_key_that_works,
    n_reg_without_a_mobile_only_a_mail_is_sent,
    n_reg_a_refused_form_keeps_typed_fields_but_no_secrets,
    n_reg_a_captcha_is_accepted_once_before_expiry_in_its_flow,
    n_reg_a_new_captcha_keeps_what_was_typed,
    security_registering_a_known_rut_looks_like_success_and_changes_nothing,
];

async fn n_reg_a_person_gets_an_account_and_a_key_that_works(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let page = browser.create_right(person.form()).await;
    assert!(matches!(page.state, Registration::Done { by_sms: true, by_mail: true, .. }));
    assert!(page.typed.is_empty() && page.errors().is_empty());

    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [person.phone().as_str(), person.email.as_str()]);
    for letter in &letters {
        assert!(letter.text.contains("Recibimos un registro"), "{}", letter.text);
        assert!(!letter.text.contains(&person.key) && !letter.text.contains(&person.answer));
    }

    t.change_key(&person, "Quillay7x", "Peumo#41").await;
    assert!(t.key_is(&person, "Peumo#41").await);
}

async fn n_reg_without_a_mobile_only_a_mail_is_sent(t: TestBackend) {
    let person = Person::number(1);
    let form = RegistrationInput {
        contact: ContactInput { mobile: "", no_mobile: true, ..person.contact() },
        ..person.form()
    };
    let page = t.registering().await.create_right(form).await;
    assert!(matches!(page.state, Registration::Done { by_sms: false, by_mail: true, .. }));
    assert_eq!(recipients(&t.messages().await), [person.email.as_str()]);
    let page = t.proven_by_key(&person, &person.key).await.set("Peumo#41").await;
    assert_eq!(page.state, Change::Done { by_sms: false, question_deleted: false });
}

async fn n_reg_a_refused_form_keeps_typed_fields_but_no_secrets(t: TestBackend) {
    let person = Person::number(1);
    let good = person.form();
    let (home, contact) = (good.address, good.contact);
    let missing = |field| vec![(field, Reason::Missing)];
    let cases: Vec<(RegistrationInput<'_>, Vec<(Field, Reason)>)> = vec![
        (RegistrationInput { identifier: "12345678-9", ..good }, vec![(Field::Rut, Reason::CheckDigit)]),
        (RegistrationInput { question: "", ..good }, missing(Field::Question)),
        (RegistrationInput { answer: " ", ..good }, missing(Field::Answer)),
        (RegistrationInput { answer: "x", ..good }, vec![(Field::Answer, Reason::TooShort)]),
        (RegistrationInput { address: AddressInput { street: "", ..home }, ..good }, missing(Field::Street)),
        (
            RegistrationInput { address: AddressInput { number: "", ..home }, ..good },
            missing(Field::StreetNumber),
        ),
        (
            RegistrationInput { address: AddressInput { region: "05", ..home }, ..good },
            vec![(Field::Comuna, Reason::OtherRegion)],
        ),
        (RegistrationInput { address: AddressInput { comuna: "", ..home }, ..good }, missing(Field::Comuna)),
        (
            RegistrationInput { contact: ContactInput { email: "zutana", ..contact }, ..good },
            vec![(Field::Email, Reason::Format)],
        ),
        (
            RegistrationInput { contact: ContactInput { mobile: "", ..contact }, ..good },
            missing(Field::Mobile),
        ),
        (
            RegistrationInput { contact: ContactInput { home_phone: ("2", "12"), ..contact }, ..good },
            vec![(Field::HomePhone, Reason::Format)],
        ),
        (
            RegistrationInput { contact: ContactInput { work_phone: ("", "2123456"), ..contact }, ..good },
            vec![(Field::WorkPhone, Reason::Area)],
        ),
        (RegistrationInput { key_again: "Quillay7y", ..good }, vec![(Field::NewKeyAgain, Reason::Mismatch)]),
        (
            RegistrationInput { key: "corta", key_again: "corta", ..good },
            vec![(Field::NewKey, Reason::TooShort)],
        ),
        (
            RegistrationInput { key: "x31000001", key_again: "x31000001", ..good },
            vec![(Field::NewKey, Reason::ContainsRut)],
        ),
        (
            RegistrationInput { key: "password", key_again: "password", ..good },
            vec![(Field::NewKey, Reason::Common)],
        ),
    ];
    let mut browser = t.registering().await;
    for (form, errors) in cases {
        let page = browser.create_right(form).await;
        assert_eq!(page.state, Registration::Form);
        assert_eq!(page.errors(), errors);
        for (name, typed) in [
            ("rut", form.identifier),
            ("pregunta", form.question),
            ("direccion", form.address.street),
            ("numero", form.address.number),
            ("region", form.address.region),
            ("comuna", form.address.comuna),
            ("email", form.contact.email),
            ("area_particular", form.contact.home_phone.0),
            ("telefono_particular", form.contact.home_phone.1),
            ("area_trabajo", form.contact.work_phone.0),
            ("telefono_trabajo", form.contact.work_phone.1),
            ("celular", form.contact.mobile),
        ] {
            assert_eq!(page.typed.get(name), typed, "{name} after {errors:?}");
        }
        assert_eq!(page.typed.get("captcha"), browser.letters_shown().await, "an unused captcha stays too");
        for name in ["clave", "clave_otra_vez", "respuesta"] {
            assert_eq!(page.typed.get(name), "");
        }
        let flows = t.dump("flow").await;
        for secret in [form.key, form.key_again, form.answer] {
            assert!(secret.trim().len() < 2 || !flows.contains(secret), "{secret} after {errors:?}");
        }
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
    // Every form was refused before anything was counted or hashed, and the right form is still accepted.
    assert_eq!((t.tries("").await, t.hasher.runs()), (0, 0));
    assert!(matches!(browser.create_right(good).await.state, Registration::Done { .. }));
}

async fn n_reg_a_captcha_is_accepted_once_before_expiry_in_its_flow(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let refused = |reason| vec![(Field::Captcha, reason)];

    let page = browser.create(person.form(), " ").await;
    assert_eq!(page.errors(), refused(Reason::Missing));

    let (first, letters) = (browser.captcha.clone(), browser.letters_shown().await);
    let page = browser.create(person.form(), "nada").await;
    assert_eq!(page.errors(), refused(Reason::Wrong));
    assert_ne!(browser.captcha, first, "a new captcha is shown");
    assert_eq!(page.typed.get("captcha"), "");
    assert_eq!(page.typed.get("email"), person.email);

    browser.captcha.clone_from(&first);
    let page = browser.create(person.form(), &letters).await;
    assert_eq!(page.errors(), refused(Reason::Stale), "one attempt per captcha, and it was used");

    t.clock.advance(6 * MINUTE);
    let page = browser.create_right(person.form()).await;
    assert_eq!(page.errors(), refused(Reason::Stale), "a captcha expires after five minutes");

    let other = t.registering().await;
    let letters = other.letters_shown().await;
    let own = std::mem::replace(&mut browser.captcha, other.captcha.clone());
    let page = browser.create(person.form(), &letters).await;
    assert_eq!(page.errors(), refused(Reason::Stale), "the captcha of another flow");
    assert_ne!(browser.captcha, own);

    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
    let spaced = browser.letters_shown().await.to_lowercase();
    let page = browser.create(person.form(), &format!(" {spaced} ")).await;
    assert!(matches!(page.state, Registration::Done { .. }), "case and spaces are ignored");
}

async fn n_reg_a_new_captcha_keeps_what_was_typed(t: TestBackend) {
    let person = Person::number(1);
    let mut browser = t.registering().await;
    let first = browser.captcha.clone();
    let moved = browser.service().new_captcha(browser.posted(), person.form()).await.unwrap();
    let page = browser.arrive(moved).await;
    assert_ne!(browser.captcha, first);
    assert_eq!(page.typed.get("email"), person.email);
    assert_eq!(page.typed.get("respuesta"), "");
    assert!(matches!(browser.create_right(person.form()).await.state, Registration::Done { .. }));
}

async fn security_registering_a_known_rut_looks_like_success_and_changes_nothing(t: TestBackend) {
    let owner = Person::number(1);
    t.register(&owner).await;
    t.messages().await;
    let before = t.dump("account").await;
    let stranger = Person { key: "Robada#91".to_owned(), rut_text: owner.rut.plain(), ..Person::number(2) };

    for day in 0..2 {
        for time in 0..4 {
            let hashes = t.hasher.runs();
            let mut browser = t.registering().await;
            let page = browser.create_right(stranger.form()).await;
            assert!(
                matches!(page.state, Registration::Done { by_sms: true, by_mail: true, .. }),
                "as for a new RUT"
            );
            assert!(page.typed.is_empty() && page.errors().is_empty() && page.notice().is_none());
            assert_eq!(t.hasher.runs() - hashes, 2, "as for a new RUT: key and answer");

            let letters = t.messages().await;
            let (to_sender, to_owner): (Vec<_>, Vec<_>) =
                letters.into_iter().partition(|l| l.to == stranger.email || l.to == stranger.phone());
            assert_eq!(recipients(&to_sender), [stranger.phone().as_str(), stranger.email.as_str()]);
            assert!(to_sender.iter().all(|letter| letter.text.contains("Recibimos un registro")));
            if time < 3 {
                assert_eq!(recipients(&to_owner), [owner.phone().as_str(), owner.email.as_str()]);
                assert!(
                    to_owner.iter().all(|letter| letter.text.contains("ya tiene")),
                    "the owner is notified"
                );
            } else {
                assert!(to_owner.is_empty(), "at most three notices on day {day}");
            }
        }
        t.clock.advance(DAY + MINUTE);
    }
    let doubted = before.replace("contact_proof=0;", "contact_proof=1;");
    assert_eq!(t.dump("account").await, doubted, "nothing changes but who proved the contact data");
    assert!(t.key_is(&owner, &owner.key).await);
}

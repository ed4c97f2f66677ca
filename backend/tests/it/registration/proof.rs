//! N-REG with `register_proof = "serial"`: Registro Civil is asked before an account is created.

use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::registration::{RegisterProof, Registration, RegistrationInput};

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    n_reg_with_proof_the_right_serial_creates_the_account_with_names,
    n_reg_with_proof_a_wrong_or_blocked_serial_creates_no_account,
    n_reg_with_proof_an_outage_loses_no_data_and_counts_no_attempt,
];

fn with_proof(mut t: TestBackend) -> TestBackend {
    t.backend.settings.register_proof = RegisterProof::Serial;
    t
}

async fn n_reg_with_proof_the_right_serial_creates_the_account_with_names(t: TestBackend) {
    let (t, person) = (with_proof(t), Person::number(1));
    t.civil_knows(&[&person]);
    t.register(&person).await;
    assert_eq!(t.texts("SELECT names FROM account").await, [person.names.as_str()]);
    let letters = t.messages().await;
    assert!(letters.iter().any(|letter| letter.text.contains(&format!("Estimado(a) {}:", person.names))));
}

async fn n_reg_with_proof_a_wrong_or_blocked_serial_creates_no_account(t: TestBackend) {
    let t = with_proof(t);
    let [known, other, blocked, former] = [1, 2, 3, 4].map(Person::number);
    t.civil_says(&[
        (&known, "vigente"),
        (&other, "vigente"),
        (&blocked, "bloqueado"),
        (&former, "no_vigente"),
    ]);
    let wrong = vec![(Field::Serial, Reason::Wrong)];
    let cases = [
        (RegistrationInput { serial: "A999999999", ..known.form() }, wrong.clone()),
        (RegistrationInput { serial: &other.serial, ..known.form() }, wrong.clone()),
        (former.form(), wrong),
        (blocked.form(), vec![(Field::Serial, Reason::Blocked)]),
        (RegistrationInput { serial: "", ..known.form() }, vec![(Field::Serial, Reason::Missing)]),
    ];
    for (form, errors) in cases {
        let page = t.registering().await.create_right(form).await;
        assert_eq!((page.state.clone(), page.errors()), (Registration::Form, errors));
        assert_eq!(page.typed.get("serie"), form.serial, "the serial stays, to compare it with the card");
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
    assert!(t.messages().await.is_empty());
}

async fn n_reg_with_proof_an_outage_loses_no_data_and_counts_no_attempt(t: TestBackend) {
    let (t, person) = (with_proof(t), Person::number(1));
    t.civil_is_down();
    let mut browser = t.registering().await;
    for _ in 0..10 {
        let page = browser.create_right(person.form()).await;
        assert_eq!((page.state.clone(), page.notice()), (Registration::Form, Some(Notice::RegistryDown)));
        assert_eq!(page.errors(), []);
        assert_eq!(page.typed.get("email"), person.email);
    }
    assert_eq!((t.tries("document").await, t.tries("register").await), (0, 0));
    t.civil_knows(&[&person]);
    assert!(matches!(browser.create_right(person.form()).await.state, Registration::Done { .. }));
}

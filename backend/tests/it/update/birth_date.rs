//! V-UPD: “Actualizar datos” by date of birth and registered mail, as in the older guides.

use domain::field::{Field, Reason};
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::update::Update;

use crate::support::accounts::AccountData;
use crate::support::people::recipients;
use crate::support::{Page, Person, TestBackend, on_both_engines};

on_both_engines![
    v_upd_registration_requires_the_date_of_birth,
    v_upd_date_mail_and_answer_open_the_form,
    v_upd_wrong_date_and_wrong_mail_get_the_same_error,
    v_upd_common_date_formats_are_accepted,
];

/// The page reports that date and mail do not match the RUT, without saying which is wrong.
pub(crate) fn refused(page: &Page<Update>) {
    assert_eq!(page.state, Update::Identify);
    assert_eq!(page.errors(), [(Field::BirthDate, Reason::NotTheSame)]);
}

async fn v_upd_registration_requires_the_date_of_birth(t: TestBackend) {
    let (t, person) = (t.by_birth_date(), Person::number(1));
    let mut browser = t.registering().await;
    for (birth_date, reason) in [
        ("", Reason::Missing),
        ("ayer", Reason::Format),
        ("31-02-1992", Reason::Format),
        ("01-01-2190", Reason::Future),
        ("01-01-1890", Reason::TooOld),
    ] {
        let page = browser.create_right(RegistrationInput { birth_date, ..person.form() }).await;
        assert_eq!(
            (page.state.clone(), page.errors()),
            (Registration::Form, vec![(Field::BirthDate, reason)])
        );
        assert_eq!(page.typed.get("fecha_nacimiento"), birth_date);
    }
    let form = RegistrationInput { birth_date: "1/12/1941", ..person.form() };
    assert!(matches!(browser.create_right(form).await.state, Registration::Done { .. }));
    let page = t.updating().by_birth_date(&person.rut_text, "01-12-1941", &person.email).await;
    assert!(matches!(page.state, Update::Question(_)), "{:?}", page.feedback);
}

async fn v_upd_date_mail_and_answer_open_the_form(t: TestBackend) {
    let (t, person, new) = (t.by_birth_date(), Person::number(1), Person::number(2));
    t.account(&person).await;
    let mut browser = t.updating();
    let mail = person.email.to_uppercase();
    let page = browser.by_birth_date(&person.rut.plain(), &person.birth_date, &format!(" {mail} ")).await;
    assert!(matches!(page.state, Update::Question(_)), "case is ignored: {:?}", page.feedback);
    assert!(page.typed.is_empty() && !t.dump("flow").await.contains("Inventados"));
    assert_eq!(t.hasher.runs(), 0, "a date is not secret, so it is not hashed");
    let page = browser.answer("no es esta").await;
    assert_eq!(page.errors(), [(Field::Answer, Reason::Wrong)]);
    let page = browser.answer(&person.answer).await;
    assert!(matches!(page.state, Update::Form(_)));
    assert_eq!(page.typed.get("direccion"), "Pasaje Los Inventados");
    let page = browser.save_right(new.update()).await;
    assert!(matches!(page.state, Update::Done(done) if done.changed && done.by_sms));
    let letters = t.messages().await;
    let to = [person.phone(), new.phone(), person.email.clone(), new.email.clone()];
    assert_eq!(recipients(&letters), to);
    refused(&t.updating().by_birth_date(&person.rut_text, &person.birth_date, &person.email).await);
    let page = t.updating().by_birth_date(&person.rut_text, &person.birth_date, &new.email).await;
    assert!(matches!(page.state, Update::Question(_)), "the new mail is accepted from now on");
}

async fn v_upd_wrong_date_and_wrong_mail_get_the_same_error(t: TestBackend) {
    let [known, dateless, bare, unknown] = [1, 2, 3, 4].map(Person::number);
    t.account(&dateless).await;
    let t = t.by_birth_date();
    t.account(&known).await;
    t.account_with(&bare, AccountData::Nothing).await;
    let (date, mail) = (known.birth_date.as_str(), known.email.as_str());
    for (who, date, mail) in [
        (&known, "02-12-1941", mail),
        (&known, date, "otra@correo.ejemplo.cl"),
        (&known, "02-12-1941", "otra@correo.ejemplo.cl"),
        (&dateless, dateless.birth_date.as_str(), "otra@correo.ejemplo.cl"),
        (&bare, bare.birth_date.as_str(), bare.email.as_str()),
        (&unknown, unknown.birth_date.as_str(), unknown.email.as_str()),
    ] {
        let audit = t.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try").await;
        let page = t.updating().by_birth_date(&who.rut_text, date, mail).await;
        refused(&page);
        assert_eq!(page.notice(), None);
        for (name, typed) in [("rut", who.rut_text.as_str()), ("fecha_nacimiento", date), ("email", mail)] {
            assert_eq!(page.typed.get(name), typed, "typed values stay, to be corrected");
        }
        assert_eq!(t.number("SELECT CAST(SUM(times) AS BIGINT) FROM audit_try").await, audit + 1);
    }
    assert_eq!(t.hasher.runs(), 0, "the cost is the same for all");
}

async fn v_upd_common_date_formats_are_accepted(t: TestBackend) {
    let (t, person) =
        (t.by_birth_date(), Person { birth_date: "01-12-1992".to_owned(), ..Person::number(1) });
    t.account(&person).await;
    let identify = async |date: &str| t.updating().by_birth_date(&person.rut_text, date, &person.email).await;
    for date in ["01-12-1992", "1-12-1992", "01/12/1992", " 01.12.1992", "1992-12-01"] {
        assert!(matches!(identify(date).await.state, Update::Question(_)), "{date}");
    }
    refused(&identify("12-01-1992").await);
    let tries = t.tries("birth-date/rut").await;
    for (date, reason) in [
        ("", Reason::Missing),
        (" - - ", Reason::Missing),
        ("01-12-92", Reason::Format),
        ("30-02-1992", Reason::Format),
        ("1 de diciembre de 1992", Reason::Format),
        ("19921201", Reason::Format),
        ("01-12-1992-01", Reason::Format),
        ("0x1-12-1992", Reason::Format),
        ("01-12-2192", Reason::Future),
        ("9999-12-31", Reason::Future),
        ("01-12-1892", Reason::TooOld),
        ("01-12-0000", Reason::TooOld),
    ] {
        let page = identify(date).await;
        assert_eq!(
            (page.state.clone(), page.errors()),
            (Update::Identify, vec![(Field::BirthDate, reason)]),
            "{date}"
        );
    }
    assert_eq!(t.tries("birth-date/rut").await, tries, "a malformed date is not counted");
    let page = t.updating().by_birth_date("12345678-9", "", "zutana").await;
    assert_eq!(
        page.errors(),
        [
            (Field::Rut, Reason::CheckDigit),
            (Field::BirthDate, Reason::Missing),
            (Field::Email, Reason::Format)
        ]
    );
}

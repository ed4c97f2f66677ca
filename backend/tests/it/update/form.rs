//! N-UPD: the errors of the form, its captcha, and header injection into messages.

use backend::clock::MINUTE;
use backend::courier::{Mailer, SmsGateway, Transports};
use domain::address::AddressInput;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::contact::ContactInput;
use domain::flow::update::{Update, UpdateInput};

use crate::support::people::HOME;
use crate::support::servers::TestServer;
use crate::support::{Page, Person, TestBackend, on_both_engines};

on_both_engines![
    n_upd_each_wrong_field_is_reported_and_typed_values_stay,
    n_upd_a_captcha_is_accepted_once_before_expiry_in_its_flow,
    n_upd_a_new_captcha_keeps_what_was_typed,
    security_typed_text_cannot_inject_headers_or_recipients,
];

/// The page shows everything that was typed.
fn kept(page: &Page<Update>, form: &UpdateInput<'_>) {
    let (address, contact) = (&form.address, &form.contact);
    for (name, typed) in [
        ("direccion", address.street),
        ("numero", address.number),
        ("block", address.block),
        ("departamento", address.flat),
        ("region", address.region),
        ("comuna", address.comuna),
        ("email", contact.email),
        ("area_particular", contact.home_phone.0),
        ("telefono_particular", contact.home_phone.1),
        ("area_trabajo", contact.work_phone.0),
        ("telefono_trabajo", contact.work_phone.1),
        ("celular", contact.mobile),
        ("sin_celular", if contact.no_mobile { "si" } else { "" }),
    ] {
        assert_eq!(page.typed.get(name), typed, "{name}");
    }
}

/// A form in which every field has a value.
fn full(person: &Person) -> UpdateInput<'_> {
    UpdateInput {
        address: AddressInput { street: "Camino Ficticio", block: "B", flat: "12 C", ..HOME },
        contact: ContactInput {
            home_phone: ("32", "2123456"),
            work_phone: ("2", "23456789"),
            ..person.contact()
        },
    }
}

async fn n_upd_each_wrong_field_is_reported_and_typed_values_stay(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let before = t.dump("account").await;
    let good = full(&new);
    let (home, contact) = (good.address, good.contact);
    let address = |address| UpdateInput { address, ..good };
    let reached = |contact| UpdateInput { contact, ..good };
    let long = "x".repeat(101);
    let cases = [
        (address(AddressInput { street: " ", ..home }), Field::Street, Reason::Missing),
        (address(AddressInput { street: &long, ..home }), Field::Street, Reason::TooLong),
        (address(AddressInput { number: "", ..home }), Field::StreetNumber, Reason::Missing),
        (address(AddressInput { block: "a\u{7}b", ..home }), Field::Block, Reason::Characters),
        (address(AddressInput { region: "", ..home }), Field::Region, Reason::Missing),
        (address(AddressInput { region: "05", ..home }), Field::Comuna, Reason::OtherRegion),
        (reached(ContactInput { email: "", ..contact }), Field::Email, Reason::Missing),
        (reached(ContactInput { email: "zutana", ..contact }), Field::Email, Reason::Format),
        (reached(ContactInput { mobile: "", ..contact }), Field::Mobile, Reason::Missing),
        (reached(ContactInput { mobile: "7000", ..contact }), Field::Mobile, Reason::Format),
        (reached(ContactInput { home_phone: ("99", "2123456"), ..contact }), Field::HomePhone, Reason::Area),
        (reached(ContactInput { work_phone: ("2", "12"), ..contact }), Field::WorkPhone, Reason::Format),
    ];
    let mut browser = t.opened(&person).await;
    for (form, field, reason) in cases {
        let page = browser.save_right(form).await;
        assert!(matches!(page.state, Update::Form(_)));
        assert_eq!(page.errors(), [(field, reason)]);
        kept(&page, &form);
        assert_eq!(
            page.typed.get("captcha"),
            browser.letters_shown().await,
            "the captcha was not checked, so it stays"
        );
    }
    assert_eq!(t.dump("account").await, before);
    assert!(matches!(browser.save_right(good).await.state, Update::Done(done) if done.changed));
}

async fn n_upd_a_captcha_is_accepted_once_before_expiry_in_its_flow(t: TestBackend) {
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    let before = t.dump("account").await;
    let form = full(&new);
    let mut browser = t.opened(&person).await;
    let (first, letters) = (browser.captcha.clone(), browser.letters_shown().await);
    let refused = |page: &Page<Update>, reason| {
        assert!(matches!(page.state, Update::Form(_)));
        assert_eq!(page.errors(), [(Field::Captcha, reason)]);
        kept(page, &form);
        assert_eq!(page.typed.get("captcha").trim(), "");
    };
    refused(&browser.save(form, " ").await, Reason::Missing);
    refused(&browser.save(form, "nada").await, Reason::Wrong);
    assert_ne!(browser.captcha, first, "a new captcha is shown");
    browser.captcha = first;
    refused(&browser.save(form, &letters).await, Reason::Stale);
    t.clock.advance(6 * MINUTE);
    refused(&browser.save_right(form).await, Reason::Stale);
    // The captcha of another flow is refused.
    let other = t.opened(&person).await;
    let letters = other.letters_shown().await;
    browser.captcha.clone_from(&other.captcha);
    refused(&browser.save(form, &letters).await, Reason::Stale);
    assert_eq!(t.dump("account").await, before);
    assert!(t.messages().await.is_empty());
    assert!(matches!(browser.save_right(form).await.state, Update::Done(done) if done.changed));
}

async fn n_upd_a_new_captcha_keeps_what_was_typed(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.opened(&person).await;
    let (first, letters) = (browser.captcha.clone(), browser.letters_shown().await);
    // “Refrescar” validates nothing, so invalid values stay too.
    let form = full(&person);
    let half = UpdateInput { contact: ContactInput { email: "zutana@", ..form.contact }, ..form };
    let page = browser.new_captcha(half).await;
    assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::NewCaptcha)));
    kept(&page, &half);
    assert_ne!(browser.captcha, first);
    let page = browser.save(form, &letters).await;
    assert_eq!(page.errors(), [(Field::Captcha, Reason::Wrong)], "the letters of the previous captcha");
    assert!(matches!(browser.save_right(form).await.state, Update::Done(_)));
    let page = browser.new_captcha(half).await;
    assert!(matches!(page.state, Update::Done(_)), "the last page stays");
}

async fn security_typed_text_cannot_inject_headers_or_recipients(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let good = full(&person);
    let (home, contact) = (good.address, good.contact);
    let (smtp, sms) = (TestServer::smtp().await, TestServer::http().await);
    let ways = Transports {
        mail: Some(
            Mailer::new(&smtp.smtp_url(), "Clave SENCE <a@clave.ejemplo.cl>", &t.settings.public_url)
                .unwrap(),
        ),
        sms: Some(SmsGateway::new(&sms.http_url(), None)),
        inbox: None,
    };
    let mut saved = 0;
    for end in ["\r\n", "\n", "\r", "\r\n\r\n", "%0d%0a", "\0", "\u{2028}", ",", ";"] {
        let typed = |text: &str| format!("{text}{end}Bcc: ladron@malo.ejemplo.cl");
        let [street, number, email, mobile] = ["Calle", "1", contact.email, contact.mobile].map(typed);
        let recipients = format!("{}{end}ladron@malo.ejemplo.cl", contact.email);
        let phone = format!("2123456{end}+56966666666");
        let forms = [
            UpdateInput { address: AddressInput { street: &street, ..home }, ..good },
            UpdateInput { address: AddressInput { number: &number, ..home }, ..good },
            UpdateInput { address: AddressInput { block: &number, ..home }, ..good },
            UpdateInput { address: AddressInput { flat: &number, ..home }, ..good },
            UpdateInput { address: AddressInput { region: &number, ..home }, ..good },
            UpdateInput { address: AddressInput { comuna: &number, ..home }, ..good },
            UpdateInput { contact: ContactInput { email: &email, ..contact }, ..good },
            UpdateInput { contact: ContactInput { email: &recipients, ..contact }, ..good },
            UpdateInput { contact: ContactInput { mobile: &mobile, ..contact }, ..good },
            UpdateInput { contact: ContactInput { home_phone: ("32", &phone), ..contact }, ..good },
            UpdateInput { contact: ContactInput { work_phone: (&number, "23456789"), ..contact }, ..good },
        ];
        for form in forms {
            let page = t.opened(&person).await.save_right(form).await;
            saved += usize::from(matches!(page.state, Update::Done(_)));
            while t.courier(ways.clone()).round().await.unwrap() > 0 {}
        }
    }
    assert!(saved > 0, "a street may be called Bcc");
    let (mails, texts) = (smtp.taken(), sms.taken());
    assert!(!mails.is_empty() && mails.len() == texts.len() && smtp.offered() == mails.len());
    for mail in mails {
        let mail = mail.to_ascii_lowercase();
        // With its colon: random ids and boundaries may hold the three letters.
        assert!(!mail.contains("bcc:") && !mail.contains("ladron"), "{mail}");
        assert_eq!(mail.matches("\nto: ").count(), 1, "{mail}");
        assert!(mail.contains(&format!("\nto: {}\n", person.email)), "{mail}");
    }
    for text in texts {
        assert!(!text.contains("66666666") && !text.to_ascii_lowercase().contains("bcc:"), "{text}");
    }
}

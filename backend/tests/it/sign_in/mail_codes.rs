//! L-PAGE: the code of a mail, for systems that want one besides the key (`acr` `clave-codigo`).

use backend::clock::{DAY, MINUTE};
use backend::service::sign_in::{Shown, SignInStep};
use backend::store::sign_in_codes;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::sign_in::{Mailed, SignIn};
use domain::openid::Acr;
use domain::openid::client::Client;
use domain::openid::params::Params;

use super::support::{Browser, System, code_of, described, param, stored, url_of};
use crate::support::people::code_in;
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    l_page_a_code_of_a_mail_reaches_the_level_that_a_system_asks_for,
    security_l_page_a_code_may_be_tried_five_times_then_another_takes_its_place,
    security_l_page_a_code_counts_for_ten_minutes_and_for_the_address_on_file,
    security_l_page_a_code_counts_in_the_browser_and_the_sign_in_that_asked_for_it,
    security_l_page_of_sixteen_at_once_one_uses_up_a_code,
    security_l_page_codes_are_guessed_thirty_times_a_day_at_most,
    security_l_page_few_codes_are_sent_to_a_mailbox,
    security_l_page_codes_are_stored_hashed,
    l_page_a_session_is_stepped_up_without_the_key_and_then_enough,
    security_l_page_prompt_none_and_a_look_at_the_page_send_no_mail,
    l_page_without_an_address_the_person_is_told_what_to_do_and_the_system_that_it_cannot_be,
    security_l_page_a_level_is_never_lowered,
    security_l_page_a_level_is_lent_to_no_other_session,
];

const WRONG: (Field, Reason) = (Field::MailCode, Reason::Wrong);
const OVER: (Field, Reason) = (Field::MailCode, Reason::Expired);

async fn system(t: &TestBackend) -> System {
    System::register(t, described("cursos")).await
}

fn with_code(system: &System) -> Params {
    system.request(&[("acr_values", "clave-codigo")])
}

impl Browser {
    async fn errors(&self) -> Vec<(Field, Reason)> {
        self.asked().await.flow.feedback.errors.iter().map(|e| (e.field, e.reason)).collect()
    }

    /// Up to the code, with the key.
    async fn up_to_code(&mut self, system: &System, person: &Person) {
        assert_eq!(self.arrive(&with_code(system)).await, None);
        let step = self.key(&person.rut_text, &person.key).await;
        assert!(step.go_to.is_none() && step.session.is_some());
        assert!(matches!(step.next.state, SignIn::Code(_)), "{:?}", step.next.state);
    }
}

impl TestBackend {
    /// The codes of the mails that came since the last call, each with its address.
    async fn codes(&self) -> Vec<(String, String)> {
        let letters = self.messages().await;
        letters.iter().filter_map(|letter| Some((letter.to.clone(), code_in(letter)?))).collect()
    }

    async fn code_for(&self, person: &Person) -> String {
        let [(to, code)] = self.codes().await.try_into().expect("one mail");
        assert_eq!(to, person.email);
        code
    }
}

/// Another code than this, of the same letters.
fn other(code: &str) -> String {
    let first = if code.starts_with('A') { "C" } else { "A" };
    format!("{first}{}", &code[1..])
}

async fn l_page_a_code_of_a_mail_reaches_the_level_that_a_system_asks_for(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    t.messages().await;
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let SignIn::Code(asked) = browser.asked().await.flow.state else { panic!() };
    let Mailed::To { address, .. } = asked.mailed() else { panic!("no mail") };
    assert!(address.contains('•') && !person.email.contains(address.as_str()), "{address}");
    let letters = t.messages().await;
    assert!(letters[0].text.contains("Cursos de Prueba"), "{}", letters[0].text);
    let code = code_in(&letters[0]).unwrap();
    let former = browser.session.clone().unwrap();
    let step = browser.typed_code(&code.to_lowercase()).await;
    // Who has proven more goes on under another cookie, in the same session.
    let renewed = step.session.as_ref().unwrap();
    assert_ne!(renewed.expose(), former.expose());
    let service = t.backend.sign_in(&browser.caller);
    assert!(service.session(Some(&former)).await.unwrap().is_none());
    assert_eq!(service.session(Some(renewed)).await.unwrap().unwrap().who.acr(), Acr::ClaveCodigo);
    let tokens = system.redeem(&code_of(&url_of(&step))).await.unwrap();
    let claims = system.verified(&tokens.id_token).await;
    assert_eq!(claims["acr"], "clave-codigo");
    assert_eq!(claims["amr"], serde_json::json!(["pwd", "otp"]));
    assert!(system.userinfo(&tokens.access_token).await.is_ok());
    let about = Params::new([("token", tokens.access_token.as_str())]);
    let about = t.openid(&browser.caller).introspect(Ok(system.credentials()), &about).await.unwrap();
    let about = about.unwrap().unwrap();
    assert_eq!((about.acr, about.amr), ("clave-codigo", ["pwd", "otp"].as_slice()));
    // Who typed it has read a message there.
    assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE mail_confirmed_at IS NOT NULL").await, 1);
    assert!(t.record_of_accounts().await.contains(&"sign-in-code right".to_owned()));
}

async fn security_l_page_a_code_may_be_tried_five_times_then_another_takes_its_place(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    t.messages().await;
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let first = t.code_for(&person).await;
    assert!(browser.typed_code("A7").await.go_to.is_none());
    assert_eq!(browser.errors().await, [(Field::MailCode, Reason::Format)], "no try");
    for _ in 0..4 {
        let step = browser.typed_code(&other(&first)).await;
        assert!(step.go_to.is_none() && step.session.is_none());
        assert_eq!(browser.errors().await, [WRONG]);
    }
    browser.typed_code(&other(&first)).await;
    assert_eq!(browser.errors().await, [OVER], "the fifth");
    browser.typed_code(&first).await;
    assert_eq!(browser.errors().await, [OVER], "the right one, too late");
    browser.another_code().await;
    assert_eq!(browser.asked().await.flow.feedback.notice, Some(Notice::NewCode));
    let second = t.code_for(&person).await;
    browser.typed_code(&first).await;
    assert_eq!(browser.errors().await, [WRONG]);
    let step = browser.typed_code(&second).await;
    assert!(system.redeem(&code_of(&url_of(&step))).await.is_ok());
    assert_eq!(t.number("SELECT COUNT(*) FROM system_grant").await, 1);
}

async fn security_l_page_a_code_counts_for_ten_minutes_and_for_the_address_on_file(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    let account = t.account(&person).await;
    t.messages().await;
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let code = t.code_for(&person).await;
    t.clock.advance(10 * MINUTE);
    browser.typed_code(&code).await;
    assert_eq!(browser.errors().await, [OVER]);
    browser.another_code().await;
    let code = t.code_for(&person).await;
    t.clock.advance(10 * MINUTE - 1_000);
    t.write("UPDATE account SET email = $2 WHERE id = $1", account, "otra@correo.ejemplo.cl").await;
    browser.typed_code(&code).await;
    assert_eq!(browser.errors().await, [OVER], "of the address before");
    t.write("UPDATE account SET email = $2 WHERE id = $1", account, &person.email).await;
    assert!(browser.typed_code(&code).await.go_to.is_some());
    t.clock.advance(MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM sign_in_code").await, 0);
}

async fn security_l_page_a_code_counts_in_the_browser_and_the_sign_in_that_asked_for_it(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    t.messages().await;
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let code = t.code_for(&person).await;
    // Another browser, with the key.
    let mut thief = Browser::new(&t);
    thief.up_to_code(&system, &person).await;
    t.messages().await;
    assert!(thief.typed_code(&code).await.go_to.is_none());
    assert_eq!(thief.errors().await, [WRONG]);
    // The cookie of the sign-in without that of the session.
    let mut stolen = browser.clone();
    stolen.session = None;
    let step = stolen.typed_code(&code).await;
    assert!(matches!(step.next.state, SignIn::Ask(_)) && step.go_to.is_none());
    // Another tab of the same browser has a code of its own.
    let mut tab = Browser::new(&t);
    tab.up_to_code(&system, &person).await;
    let first_code = t.code_for(&person).await;
    let mut second = tab.clone();
    assert_eq!(second.arrive(&with_code(&system)).await, None);
    assert!(second.asked().await.needs_code);
    assert!(matches!(second.go_on().await.next.state, SignIn::Code(_)));
    let second_code = t.code_for(&person).await;
    assert!(tab.typed_code(&second_code).await.go_to.is_none());
    assert_eq!(tab.errors().await, [WRONG]);
    assert!(tab.typed_code(&first_code).await.go_to.is_some());
}

async fn security_l_page_of_sixteen_at_once_one_uses_up_a_code(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    t.messages().await;
    let instances = [t.backend.clone(), t.another_instance().await];
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let code = t.code_for(&person).await;
    let tasks = (0..16_usize).map(|number| {
        let (mut browser, code) = (browser.clone(), code.clone());
        browser.backend = instances[number % 2].clone();
        // Every other one is the same form again (a double click).
        let code = if number % 4 < 2 { code } else { format!(" {code}{}", " ".repeat(number)) };
        async move { browser.typed_code(&code).await }
    });
    let went: Vec<SignInStep> = at_once(tasks).await;
    let urls: Vec<_> = went.iter().filter(|step| step.go_to.is_some()).map(url_of).collect();
    assert!(!urls.is_empty() && urls.iter().all(|url| *url == urls[0]), "{urls:?}");
    assert_eq!(t.number("SELECT COUNT(*) FROM system_grant").await, 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM session").await, 1);
    assert!(system.redeem(&code_of(&urls[0])).await.is_ok());
    // The statement alone, without the flow around it.
    let now = t.now();
    sign_in_codes::insert(&mut t.store.connection().await.unwrap(), "n1", ("c", "m"), now).await.unwrap();
    let tasks =
        (0..16).map(|_| {
            let store = t.store.clone();
            async move {
                sign_in_codes::spend(&mut store.connection().await.unwrap(), "n1", "m", now).await.unwrap()
            }
        });
    assert_eq!(at_once(tasks).await.into_iter().filter(|spent| *spent).count(), 1);
    // Nor does one count once the account has another address.
    let connection = &mut *t.store.connection().await.unwrap();
    sign_in_codes::insert(connection, "n2", ("c", "m"), now).await.unwrap();
    assert!(!sign_in_codes::spend(connection, "n2", "other", now).await.unwrap());
}

async fn security_l_page_codes_are_guessed_thirty_times_a_day_at_most(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    t.messages().await;
    for _ in 0..6 {
        let mut browser = Browser::new(&t);
        browser.up_to_code(&system, &person).await;
        let code = t.code_for(&person).await;
        for _ in 0..5 {
            browser.typed_code(&other(&code)).await;
        }
    }
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let code = t.code_for(&person).await;
    browser.typed_code(&code).await;
    let notice = browser.asked().await.flow.feedback.notice;
    assert!(matches!(notice, Some(Notice::Wait { minutes: 1..=1440 })), "{notice:?}");
    // Another account does not wait, and neither does this one on the next day.
    let second = Person::number(2);
    t.account(&second).await;
    t.messages().await;
    let mut other_browser = Browser::new(&t);
    other_browser.up_to_code(&system, &second).await;
    assert!(other_browser.typed_code(&t.code_for(&second).await).await.go_to.is_some());
    t.clock.advance(DAY);
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    assert!(browser.typed_code(&t.code_for(&person).await).await.go_to.is_some());
}

async fn security_l_page_few_codes_are_sent_to_a_mailbox(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    t.messages().await;
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let mut last = t.code_for(&person).await;
    for _ in 1..15 {
        browser.another_code().await;
        last = t.code_for(&person).await;
        assert_eq!(browser.asked().await.flow.feedback.notice, Some(Notice::NewCode));
    }
    browser.another_code().await;
    assert_eq!(browser.asked().await.flow.feedback.notice, Some(Notice::CodesToday));
    assert!(t.messages().await.is_empty());
    // A new sign-in gets none either, and says so.
    let mut second = Browser::new(&t);
    second.up_to_code(&system, &person).await;
    let SignIn::Code(asked) = second.asked().await.flow.state else { panic!() };
    assert_eq!(*asked.mailed(), Mailed::Capped);
    assert!(t.messages().await.is_empty());
    // The last one that was sent still counts.
    assert!(browser.typed_code(&last).await.go_to.is_some());
}

async fn security_l_page_codes_are_stored_hashed(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    t.messages().await;
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let before = stored(&t).await;
    let code = t.code_for(&person).await;
    browser.typed_code(&other(&code)).await;
    for all in [before, stored(&t).await] {
        assert!(!all.contains(&code) && !all.contains(&code.to_lowercase()));
    }
}

async fn l_page_a_session_is_stepped_up_without_the_key_and_then_enough(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    let first = system.redeem(&browser.code(&system, &person).await).await.unwrap();
    let first = system.verified(&first.id_token).await;
    assert_eq!((&first["acr"], &first["amr"]), (&"clave".into(), &serde_json::json!(["pwd"])));
    t.clock.advance(5 * MINUTE);
    t.messages().await;
    assert_eq!(browser.arrive(&with_code(&system)).await, None);
    let page = browser.asked().await;
    assert!(page.session.is_some() && page.needs_code);
    assert!(matches!(browser.go_on().await.next.state, SignIn::Code(_)));
    let step = browser.typed_code(&t.code_for(&person).await).await;
    let second = system.redeem(&code_of(&url_of(&step))).await.unwrap();
    let second = system.verified(&second.id_token).await;
    assert_eq!(second["acr"], "clave-codigo");
    for same in ["sid", "auth_time", "sub"] {
        assert_eq!(second[same], first[same], "{same}");
    }
    // From now on nobody is asked, nor for less.
    for asks in ["clave-codigo", "clave"] {
        let url = browser.arrive(&system.request(&[("acr_values", asks), ("prompt", "none")])).await.unwrap();
        let tokens = system.redeem(&code_of(&url)).await.unwrap();
        assert_eq!(system.verified(&tokens.id_token).await["acr"], "clave-codigo");
    }
    assert!(t.messages().await.is_empty());
    // `prompt=login` and `max_age` renew both.
    for renew in [("prompt", "login"), ("max_age", "60")] {
        assert_eq!(browser.arrive(&system.request(&[("acr_values", "clave-codigo"), renew])).await, None);
        assert!(browser.asked().await.session.is_none());
        let step = browser.key(&person.rut_text, &person.key).await;
        assert!(matches!(step.next.state, SignIn::Code(_)));
        assert!(browser.typed_code(&t.code_for(&person).await).await.go_to.is_some());
        t.clock.advance(2 * MINUTE);
    }
}

async fn security_l_page_prompt_none_and_a_look_at_the_page_send_no_mail(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    t.messages().await;
    let silent = [("acr_values", "clave-codigo"), ("prompt", "none")];
    let url = browser.arrive(&system.request(&silent)).await.unwrap();
    assert_eq!(param(&url, "error").as_deref(), Some("login_required"));
    assert_eq!(browser.arrive_by_form(&system.request(&silent)).await, None);
    let Some(Shown::Go(to)) = browser.page().await else { panic!("a page") };
    assert!(format!("{to:?}").contains("login_required"));
    assert_eq!(browser.arrive(&with_code(&system)).await, None);
    browser.asked().await;
    browser.asked().await;
    assert!(t.messages().await.is_empty());
    assert_eq!(t.number("SELECT COUNT(*) FROM sign_in_code").await, 0);
}

async fn l_page_without_an_address_the_person_is_told_what_to_do_and_the_system_that_it_cannot_be(
    t: TestBackend,
) {
    let (person, system) = (Person::number(1), system(&t).await);
    let account = t.account(&person).await;
    t.messages().await;
    let cases = [
        ("UPDATE account SET email = NULLIF($2, $2) WHERE id = $1", Mailed::NoAddress),
        ("UPDATE account SET email = $2, contact_proof = 1 WHERE id = $1", Mailed::Doubted),
    ];
    for (sql, mailed) in cases {
        t.write(sql, account, &person.email).await;
        let mut browser = Browser::new(&t);
        browser.up_to_code(&system, &person).await;
        let SignIn::Code(asked) = browser.asked().await.flow.state else { panic!() };
        assert_eq!(*asked.mailed(), mailed);
        assert!(browser.typed_code("A7K3MR").await.go_to.is_none());
        let url = url_of(&browser.deny().await);
        assert_eq!(param(&url, "error").as_deref(), Some("unmet_authentication_requirements"));
        assert_eq!(param(&url, "state").as_deref(), Some("e1"));
        assert!(t.messages().await.is_empty());
    }
    // Once there is an address, the sign-in goes on.
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    t.write("UPDATE account SET email = $2, contact_proof = 0 WHERE id = $1", account, &person.email).await;
    browser.another_code().await;
    assert!(browser.typed_code(&t.code_for(&person).await).await.go_to.is_some());
    // With a code under way the person just went back.
    let mut browser = Browser::new(&t);
    browser.up_to_code(&system, &person).await;
    let url = url_of(&browser.deny().await);
    assert_eq!(param(&url, "error").as_deref(), Some("access_denied"));
}

async fn security_l_page_a_level_is_never_lowered(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let strict = Client { acr: Acr::ClaveCodigo, ..described("pagos") };
    let strict = System::register(&t, strict).await;
    let usual = system(&t).await;
    // Whatever a system that is registered with a level asks for.
    for wish in ["clave", "otra", ""] {
        let mut browser = Browser::new(&t);
        browser.code(&usual, &person).await;
        t.messages().await;
        assert_eq!(browser.arrive(&strict.request(&[("acr_values", wish)])).await, None);
        assert!(browser.asked().await.needs_code);
        browser.go_on().await;
        let step = browser.typed_code(&t.code_for(&person).await).await;
        let tokens = strict.redeem(&code_of(&url_of(&step))).await.unwrap();
        assert_eq!(strict.verified(&tokens.id_token).await["acr"], "clave-codigo");
    }
    // What nobody here knows is no level.
    assert_eq!(Browser::new(&t).arrive(&usual.request(&[("acr_values", "otra clave")])).await, None);
}

async fn security_l_page_a_level_is_lent_to_no_other_session(t: TestBackend) {
    let (person, others) = (Person::number(1), Client { first_party: false, ..described("ajeno") });
    let (system, others) = (system(&t).await, System::register(&t, others).await);
    t.account(&person).await;
    t.messages().await;
    let mut first = Browser::new(&t);
    first.up_to_code(&others, &person).await;
    let step = first.typed_code(&t.code_for(&person).await).await;
    assert!(matches!(step.next.state, SignIn::Consent(_)), "{:?}", step.next.state);
    // In another tab the key is typed again, and no code.
    let mut second = first.clone();
    second.arrive(&system.request(&[("prompt", "login")])).await;
    second.key(&person.rut_text, &person.key).await;
    first.session.clone_from(&second.session);
    let step = first.agree().await;
    assert!(step.go_to.is_none() && matches!(step.next.state, SignIn::Ask(_)), "{:?}", step.next.state);
    assert_eq!(t.number("SELECT COUNT(*) FROM system_grant").await, 1, "that of the other tab");
}

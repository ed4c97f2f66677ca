//! L-PAGE: sign-ins and sessions.

use backend::clock::{HOUR, MINUTE};
use backend::flows::Token;
use backend::service::Caller;
use backend::service::sign_in::{GoTo, Shown};
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::sign_in::SignIn;
use domain::kind::Kind;
use domain::openid::client::Client;

use super::support::{Browser, System, code_of, described, param, url_of};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    l_page_a_session_is_confirmed_at_the_first_visit_and_silent_afterwards,
    l_page_prompt_and_max_age_ask_again,
    l_page_prompt_none_asks_nobody,
    l_page_a_form_of_another_site_finds_the_session_on_our_own_page,
    l_page_a_sign_in_lives_an_hour,
    l_page_a_session_ends_after_half_an_hour_without_use_and_after_eight,
    l_page_a_provisional_key_leads_to_a_new_key_and_the_sign_in_goes_on,
    l_page_two_sign_ins_of_one_browser_do_not_mix,
    l_page_the_systems_of_an_account_are_listed_and_disconnected,
    security_l_page_a_double_click_gets_the_same_answer_twice,
    security_l_page_a_sign_in_goes_on_only_in_the_browser_that_began_it,
    security_l_page_a_session_is_renewed_with_each_sign_in_and_dead_after_its_end,
    security_l_page_a_session_opens_no_system_that_does_not_accept_its_kind,
    l_page_a_session_that_nobody_used_for_a_while_can_still_be_closed,
    l_page_a_level_that_cannot_be_reached_is_refused_before_anybody_is_asked,
    security_l_page_nobody_agrees_for_a_former_representative,
    security_l_page_a_page_of_another_session_is_known,
    security_l_page_wrong_keys_count_with_those_of_the_flows,
    security_l_page_known_and_unknown_cost_the_same,
];

async fn system(t: &TestBackend) -> System {
    System::register(t, described("cursos")).await
}

async fn l_page_a_session_is_confirmed_at_the_first_visit_and_silent_afterwards(t: TestBackend) {
    let (person, one) = (Person::number(1), system(&t).await);
    let other = System::register(&t, described("otra")).await;
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&one, &person).await;
    assert!(browser.arrive(&one.request(&[])).await.is_some_and(|url| url.contains("code=")));
    assert_eq!(browser.arrive(&other.request(&[])).await, None);
    let shown = browser.asked().await.session.clone().unwrap();
    assert_eq!((shown.kind, shown.name.as_str()), (Kind::Natural, person.names.as_str()));
    let code = code_of(&url_of(&browser.go_on().await));
    assert!(other.redeem(&code).await.is_ok());
    assert!(browser.arrive(&other.request(&[])).await.is_some());
}

async fn l_page_prompt_and_max_age_ask_again(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    t.clock.advance(2 * MINUTE);
    for (name, value, asks_key) in
        [("prompt", "login", true), ("prompt", "select_account", false), ("max_age", "60", true)]
    {
        assert_eq!(browser.arrive(&system.request(&[(name, value)])).await, None, "{name}={value}");
        assert_eq!(browser.asked().await.session.is_none(), asks_key, "{name}={value}");
    }
    assert!(browser.arrive(&system.request(&[("max_age", "600")])).await.is_some());
    let step = {
        browser.arrive(&system.request(&[("max_age", "60")])).await;
        browser.key(&person.rut_text, &person.key).await
    };
    let tokens = system.redeem(&code_of(&url_of(&step))).await.unwrap();
    let claims = system.verified(&tokens.id_token).await;
    let now = t.now() / 1000;
    assert!((now - 60..=now).contains(&claims["auth_time"].as_i64().unwrap()));
}

async fn l_page_prompt_none_asks_nobody(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    let strict = System::register(&t, Client { first_party: false, ..described("tercero") }).await;
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    let none = [("prompt", "none")];
    let error = |url: Option<String>| param(&url.unwrap(), "error");
    assert_eq!(error(browser.arrive(&system.request(&none)).await).as_deref(), Some("login_required"));
    browser.code(&system, &person).await;
    assert_eq!(error(browser.arrive(&strict.request(&none)).await).as_deref(), Some("interaction_required"));
    assert!(browser.arrive(&system.request(&none)).await.is_some_and(|url| url.contains("code=")));
    // By a form of the system's page, the cookies are seen on a page of our own.
    assert_eq!(browser.arrive_by_form(&system.request(&none)).await, None);
    assert!(matches!(browser.page().await, Some(Shown::Go(GoTo::System(url))) if url.contains("code=")));
    browser.session = None;
    browser.arrive_by_form(&system.request(&none)).await;
    assert!(
        matches!(browser.page().await, Some(Shown::Go(GoTo::System(url))) if url.contains("error=login_required"))
    );
}

async fn l_page_a_form_of_another_site_finds_the_session_on_our_own_page(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    assert_eq!(browser.arrive_by_form(&system.request(&[])).await, None);
    let Some(Shown::Go(GoTo::System(url))) = browser.page().await else { panic!("asked") };
    assert!(system.redeem(&code_of(&url)).await.is_ok());
    // Back to that page: it is over.
    assert!(matches!(browser.asked().await.flow.state, SignIn::Done(_)));
}

async fn l_page_a_sign_in_lives_an_hour(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.arrive(&system.request(&[])).await;
    t.clock.advance(HOUR - MINUTE);
    assert!(browser.key(&person.rut_text, "Equivocada1").await.go_to.is_none());
    assert!(browser.key(&person.rut_text, &person.key).await.go_to.is_some());
    browser.arrive(&system.request(&[("prompt", "login")])).await;
    t.clock.advance(HOUR);
    assert!(browser.page().await.is_none());
    let step = browser.key(&person.rut_text, &person.key).await;
    assert!(step.go_to.is_none() && step.session.is_none() && step.next.state == SignIn::Gone);
}

async fn l_page_a_session_ends_after_half_an_hour_without_use_and_after_eight(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    for _ in 0..16 {
        t.clock.advance(29 * MINUTE);
        assert!(browser.arrive(&system.request(&[])).await.is_some(), "it is in use");
    }
    t.clock.advance(20 * MINUTE);
    assert_eq!(browser.arrive(&system.request(&[])).await, None, "after eight hours");
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    t.clock.advance(30 * MINUTE);
    assert_eq!(browser.arrive(&system.request(&[])).await, None, "after half an hour");
}

async fn l_page_a_provisional_key_leads_to_a_new_key_and_the_sign_in_goes_on(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let provisional = t.recover_by_answer(&person).await;
    let mut browser = Browser::new(&t);
    browser.arrive(&system.request(&[])).await;
    let step = browser.key(&person.rut_text, &provisional).await;
    assert!(step.go_to.is_none() && step.session.is_none());
    assert!(matches!(step.change.map(|change| change.state), Some(Change::NewKey(_))));
    // The same person sets the key; then the sign-in is still there, and takes it.
    t.change_key(&person, &provisional, "Peumo#41").await;
    let (tag, token) = browser.sign_in.clone().unwrap();
    let with = |tag: &str, token: &Token| Caller {
        sign_ins: vec![(tag.to_owned(), token.expose().to_owned())],
        ..super::support::caller()
    };
    let unfinished = t.backend.sign_in(&with(&tag, &token)).unfinished().await.unwrap();
    assert_eq!(unfinished.len(), 1);
    assert_eq!((&unfinished[0].0, unfinished[0].1.name.as_str()), (&tag, "Cursos de Prueba"));
    let url = url_of(&browser.key(&person.rut_text, "Peumo#41").await);
    assert!(system.redeem(&code_of(&url)).await.is_ok());
    let (tag, token) = browser.sign_in.clone().unwrap();
    assert!(t.backend.sign_in(&with(&tag, &token)).unfinished().await.unwrap().is_empty(), "it is over");
}

async fn l_page_two_sign_ins_of_one_browser_do_not_mix(t: TestBackend) {
    let (person, one) = (Person::number(1), system(&t).await);
    let other = System::register(&t, described("otra")).await;
    t.account(&person).await;
    let (mut first, mut second) = (Browser::new(&t), Browser::new(&t));
    first.arrive(&one.request(&[("state", "uno")])).await;
    second.arrive(&other.request(&[("state", "dos")])).await;
    // The page of one with the cookie of the other is none.
    let mixed = Browser {
        sign_in: Some((first.sign_in.clone().unwrap().0, second.sign_in.clone().unwrap().1)),
        ..first.clone()
    };
    assert!(mixed.page().await.is_none());
    let urls = [
        url_of(&first.key(&person.rut_text, &person.key).await),
        url_of(&second.key(&person.rut_text, &person.key).await),
    ];
    assert_eq!(urls.each_ref().map(|url| param(url, "state").unwrap()), ["uno", "dos"]);
    assert!(other.redeem(&code_of(&urls[0])).await.is_err());
    assert!(one.redeem(&code_of(&urls[0])).await.is_ok());
    assert!(other.redeem(&code_of(&urls[1])).await.is_ok());
}

async fn l_page_the_systems_of_an_account_are_listed_and_disconnected(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    let tokens = system.redeem(&browser.code(&system, &person).await).await.unwrap();
    let caller = super::support::caller();
    let service = t.backend.sign_in(&caller);
    let account = service.account(browser.session.as_ref()).await.unwrap().unwrap();
    assert_eq!(account.holder.name, person.names);
    assert_eq!(account.systems.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Cursos de Prueba"]);
    assert!(service.disconnect(browser.session.as_ref(), &system.client.id).await.unwrap());
    assert!(system.userinfo(&tokens.access_token).await.is_err());
    assert!(service.account(browser.session.as_ref()).await.unwrap().unwrap().systems.is_empty());
    assert_eq!(browser.arrive(&system.request(&[])).await, None, "a first visit again");
    // Everywhere: other sessions and what systems were granted end.
    let mut elsewhere = Browser::new(&t);
    let tokens = system.redeem(&elsewhere.code(&system, &person).await).await.unwrap();
    assert!(service.sign_out_everywhere(browser.session.as_ref()).await.unwrap());
    assert!(service.account(elsewhere.session.as_ref()).await.unwrap().is_none());
    assert!(system.userinfo(&tokens.access_token).await.is_err());
    assert!(!service.sign_out_everywhere(browser.session.as_ref()).await.unwrap());
    assert!(!service.disconnect(None, &system.client.id).await.unwrap());
}

async fn security_l_page_a_double_click_gets_the_same_answer_twice(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.arrive(&system.request(&[])).await;
    let first = browser.key_unread(&person.rut_text, &person.key).await;
    let second = browser.key_unread(&person.rut_text, &person.key).await;
    assert_eq!(url_of(&first), url_of(&second));
    let session =
        |step: &backend::service::sign_in::SignInStep| step.session.as_ref().map(|t| t.expose().to_owned());
    assert_eq!(session(&first), session(&second));
    assert!(session(&first).is_some());
    assert!(system.redeem(&code_of(&url_of(&second))).await.is_ok());
    assert_eq!(t.number("SELECT COUNT(*) FROM session").await, 1);
}

async fn security_l_page_a_sign_in_goes_on_only_in_the_browser_that_began_it(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.arrive(&system.request(&[])).await;
    let (tag, _) = browser.sign_in.clone().unwrap();
    let caller = super::support::caller();
    assert!(t.backend.sign_in(&caller).page(None, &tag, (None, false)).await.unwrap().is_none());
    let mut other = Browser::new(&t);
    other.arrive(&system.request(&[])).await;
    other.sign_in = Some((tag, other.sign_in.clone().unwrap().1));
    let step = other.key(&person.rut_text, &person.key).await;
    assert!(step.go_to.is_none() && step.session.is_none());
}

async fn security_l_page_a_session_is_renewed_with_each_sign_in_and_dead_after_its_end(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    let first = browser.session.clone().unwrap();
    browser.arrive(&system.request(&[("prompt", "login")])).await;
    browser.key(&person.rut_text, &person.key).await;
    let second = browser.session.clone().unwrap();
    assert_ne!(first.expose(), second.expose());
    let caller = super::support::caller();
    let service = t.backend.sign_in(&caller);
    assert!(service.session(Some(&first)).await.unwrap().is_none(), "the one before has ended");
    assert!(service.session(Some(&second)).await.unwrap().is_some());
    service.sign_out(Some(&second)).await.unwrap();
    assert!(service.session(Some(&second)).await.unwrap().is_none());
    assert_eq!(browser.arrive(&system.request(&[])).await, None);
    // The form that opened it, sent again, opens it no second time.
    assert!(browser.asked().await.session.is_none());
}

async fn security_l_page_a_session_opens_no_system_that_does_not_accept_its_kind(t: TestBackend) {
    let (person, one) = (Person::number(1), system(&t).await);
    let companies =
        System::register(&t, Client { kinds: vec![Kind::Juridica], ..described("empresas") }).await;
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&one, &person).await;
    assert_eq!(browser.arrive(&companies.request(&[])).await, None);
    assert!(browser.asked().await.session.is_none());
    let step = browser.go_on().await;
    assert!(step.go_to.is_none());
    let step = browser.key(&person.rut_text, &person.key).await;
    assert!(step.go_to.is_none() && step.session.is_none());
    let errors = browser.asked().await.flow.feedback.errors.clone();
    assert_eq!(
        errors.iter().map(|e| (e.field, e.reason)).collect::<Vec<_>>(),
        [(Field::CurrentKey, Reason::Wrong)]
    );
}

async fn l_page_a_session_that_nobody_used_for_a_while_can_still_be_closed(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    t.clock.advance(HOUR);
    let service = t.backend.sign_in(&browser.caller);
    assert!(service.session(browser.session.as_ref()).await.unwrap().is_none());
    t.store.sweep(t.now()).await.unwrap();
    service.sign_out(browser.session.as_ref()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM session").await, 0);
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'signed-out'").await, 1);
}

async fn l_page_a_level_that_cannot_be_reached_is_refused_before_anybody_is_asked(t: TestBackend) {
    let system = system(&t).await;
    let sent = Browser::new(&t).arrive(&system.request(&[("acr_values", "clave-codigo")])).await;
    assert!(sent.unwrap().contains("error=unmet_authentication_requirements"));
    assert_eq!(Browser::new(&t).arrive(&system.request(&[("acr_values", "otra clave")])).await, None);
}

async fn security_l_page_nobody_agrees_for_a_former_representative(t: TestBackend) {
    let company = t.one_company().await;
    let of_companies = |id| Client { kinds: vec![Kind::Juridica], ..described(id) };
    let asks = System::register(&t, Client { first_party: false, ..of_companies("tercero") }).await;
    let other = System::register(&t, of_companies("empresas")).await;
    let (former, next) = (&company.representative, Person::number(9));
    let mut first = Browser::new(&t);
    first.arrive(&other.request(&[])).await;
    let step = first.company_key(&company.rut_text, &former.rut_text, &company.key).await;
    assert!(step.session.is_some());
    // With that session, up to what is shared.
    assert_eq!(first.arrive(&asks.request(&[])).await, None);
    assert!(matches!(first.go_on().await.next.state, SignIn::Consent(_)));
    // The next one signs in in another tab of the same browser.
    t.tax_says(&[(&company, &next)]);
    let mut second = first.clone();
    second.arrive(&other.request(&[("prompt", "login")])).await;
    let step = second.company_key(&company.rut_text, &next.rut_text, &company.key).await;
    assert!(step.session.is_some());
    first.session = second.session.clone();
    let step = first.agree().await;
    assert!(step.go_to.is_none() && !matches!(step.next.state, SignIn::Done(_)));
}

async fn security_l_page_a_page_of_another_session_is_known(t: TestBackend) {
    let (one, other, system) = (Person::number(1), Person::number(2), system(&t).await);
    t.account(&one).await;
    t.account(&other).await;
    let (mut first, mut second) = (Browser::new(&t), Browser::new(&t));
    first.code(&system, &one).await;
    second.code(&system, &other).await;
    let caller = first.caller.clone();
    let service = t.backend.sign_in(&caller);
    let page = service.account(first.session.as_ref()).await.unwrap().unwrap();
    assert!(service.is_of_session(first.session.as_ref(), &page.holder.mark).await.unwrap());
    assert!(!service.is_of_session(second.session.as_ref(), &page.holder.mark).await.unwrap());
    assert!(!service.is_of_session(None, "").await.unwrap());
}

async fn security_l_page_wrong_keys_count_with_those_of_the_flows(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t).at_address("198.51.100.9");
    browser.arrive(&system.request(&[])).await;
    for _ in 0..6 {
        browser.key(&person.rut_text, "Equivocada1").await;
    }
    let hashes = t.hasher.runs();
    let step = browser.key(&person.rut_text, &person.key).await;
    assert!(step.go_to.is_none(), "even the right key has to wait");
    assert_eq!(t.hasher.runs(), hashes);
    assert!(browser.asked().await.flow.feedback.notice.is_some());
}

async fn security_l_page_known_and_unknown_cost_the_same(t: TestBackend) {
    let (known, unknown, system) = (Person::number(1), Person::number(2), system(&t).await);
    t.account(&known).await;
    let mut seen = Vec::new();
    for person in [&known, &unknown] {
        let mut browser = Browser::new(&t);
        browser.arrive(&system.request(&[])).await;
        let before = t.hasher.runs();
        let step = browser.key(&person.rut_text, "Equivocada1").await;
        let page = browser.asked().await;
        seen.push((
            t.hasher.runs() - before,
            step.go_to.is_none(),
            page.flow.feedback.errors.clone(),
            page.flow.feedback.notice,
        ));
    }
    assert_eq!(seen[0], seen[1]);
}

//! What other sign-in services got wrong, by the numbers of docs/security.md#what-others-got-wrong. Those that need HTTP are in
//! `server/src/http_properties/sign_in`.

use domain::flow::sign_in::SignIn;
use domain::kind::Kind;
use domain::openid::OAuthError;
use domain::openid::client::{Client, ClientAuth};

use backend::flows::Token;

use super::support::{Browser, System, VERIFIER, code_of, described, param, url_of};
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    security_l_oidc_fault_04_a_verifier_cannot_be_left_out,
    security_l_oidc_fault_05_a_verifier_needs_a_challenge,
    security_l_oidc_fault_06_a_code_is_of_its_client_alone,
    security_l_oidc_fault_07_nothing_stands_in_for_anything_else,
    security_l_oidc_fault_08_of_twenty_redemptions_at_once_one_gets_tokens,
    security_l_page_fault_11_a_session_is_new_with_the_key_and_dead_after_its_end,
    security_l_page_fault_12_begun_in_one_browser_finished_in_no_other,
    security_l_oidc_fault_15_a_code_or_token_that_is_cut_or_longer_is_none,
    security_l_page_fault_17_a_new_key_ends_what_was_half_way,
    security_l_page_fault_19_a_session_gets_around_no_restriction_of_a_system,
];

async fn system(t: &TestBackend) -> System {
    System::register(t, described("cursos")).await
}

async fn security_l_oidc_fault_04_a_verifier_cannot_be_left_out(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    // Even where the client need not send a challenge: it has sent one.
    for client in [described("cursos"), Client { pkce_optional: true, ..described("exenta") }] {
        let system = System::register(&t, client).await;
        let code = Browser::new(&t).code(&system, &person).await;
        for wrong in ["", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", &VERIFIER[..42]] {
            let answer = system.redeem_with(&code, &[("code_verifier", wrong)]).await;
            assert_eq!(answer.err(), Some(OAuthError::InvalidGrant), "{wrong}");
        }
        assert!(system.redeem(&code).await.is_ok(), "with the verifier it counts");
    }
}

async fn security_l_oidc_fault_05_a_verifier_needs_a_challenge(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let system = System::register(&t, Client { pkce_optional: true, ..described("exenta") }).await;
    let mut browser = Browser::new(&t);
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    browser.arrive(&system.request(&bare)).await;
    let code = code_of(&url_of(&browser.key(&person.rut_text, &person.key).await));
    assert_eq!(system.redeem(&code).await.err(), Some(OAuthError::InvalidGrant));
    assert!(system.redeem_with(&code, &[("code_verifier", "")]).await.is_ok());
}

async fn security_l_oidc_fault_06_a_code_is_of_its_client_alone(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let system = system(&t).await;
    // Another system of the same host, and a public one: neither has anything that this one has not, but the code and its verifier.
    let others = [described("otra"), Client { auth: ClientAuth::None, ..described("publica") }];
    let code = Browser::new(&t).code(&system, &person).await;
    for client in others {
        let other = System::register(&t, client).await;
        assert_eq!(other.redeem(&code).await.err(), Some(OAuthError::InvalidGrant), "{}", other.client.id);
        let as_system = System { client: system.client.clone(), ..other.clone() };
        assert_eq!(as_system.redeem(&code).await.err(), Some(OAuthError::InvalidClient));
    }
    assert!(system.redeem(&code).await.is_ok(), "none of them used it up");
}

/// Every text of a sign-in, tried as every other.
async fn security_l_oidc_fault_07_nothing_stands_in_for_anything_else(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.arrive(&system.request(&[])).await;
    let half_way = browser.clone();
    let (tag, begun) = browser.sign_in.clone().unwrap();
    let url = url_of(&browser.key(&person.rut_text, &person.key).await);
    let code = code_of(&url);
    let tokens = system.redeem(&code).await.unwrap();
    let unused = Browser::new(&t).code(&system, &person).await;
    let earned = browser.sign_in.clone().unwrap().1;
    let session = browser.session.clone().unwrap();
    let backend::service::openid::Credentials::Secret { secret, .. } = system.credentials() else { panic!() };
    let texts = [
        ("code", code.clone()),
        ("unused code", unused.clone()),
        ("access token", tokens.access_token.clone()),
        ("ID token", tokens.id_token.clone()),
        ("session", session.expose().to_owned()),
        ("sign-in", begun.expose().to_owned()),
        ("sign-in at its end", earned.expose().to_owned()),
        ("tag", tag.clone()),
        ("state", param(&url, "state").unwrap()),
        ("nonce", "n1".to_owned()),
        ("secret", secret.to_string()),
        ("verifier", VERIFIER.to_owned()),
    ];
    for (what, text) in &texts {
        if !what.ends_with("code") {
            assert!(system.redeem(text).await.is_err(), "{what} as a code");
        }
        if *what != "access token" {
            let answer = system.userinfo(text).await;
            assert_eq!(answer.err(), Some(OAuthError::InvalidToken), "{what} as an access token");
        }
        let Some(cookie) = Token::from_cookie(text) else { continue };
        let caller = super::support::caller();
        let service = t.backend.sign_in(&caller);
        if *what != "session" {
            assert!(service.session(Some(&cookie)).await.unwrap().is_none(), "{what} as a session");
        }
        if !what.starts_with("sign-in") {
            let page = service.page(Some(&cookie), &tag, (None, false)).await.unwrap();
            assert!(page.is_none(), "{what} as the cookie of a sign-in");
        }
    }
    // A sign-in that is over shows nobody the code once more, and one that is half-way is no session.
    assert!(matches!(half_way.page().await, None | Some(backend::service::sign_in::Shown::Page(_))));
    assert!(system.redeem(&unused).await.is_ok(), "none of this used it up");
}

async fn security_l_oidc_fault_08_of_twenty_redemptions_at_once_one_gets_tokens(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let code = Browser::new(&t).code(&system, &person).await;
    let tasks = (0..20).map(|_| {
        let (system, code) = (system.clone(), code.clone());
        async move { system.redeem(&code).await }
    });
    let answers = at_once(tasks).await;
    let won: Vec<_> = answers.into_iter().filter_map(Result::ok).collect();
    assert_eq!(won.len(), 1);
    // Somebody else had the code, too: what it gave is worth nothing.
    assert_eq!(system.userinfo(&won[0].access_token).await.err(), Some(OAuthError::InvalidToken));
    assert_eq!(t.number("SELECT COUNT(*) FROM system_token WHERE kind = 'access'").await, 1);
}

async fn security_l_page_fault_11_a_session_is_new_with_the_key_and_dead_after_its_end(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    // Somebody has put a session of their own choice, or the session of another account, into the browser.
    let other = Person::number(2);
    t.account(&other).await;
    let mut thief = Browser::new(&t);
    thief.code(&system, &other).await;
    let planted = [Token::from_cookie("AAAAAAAAAAAAAAAAAAAAAA").unwrap(), thief.session.clone().unwrap()];
    let caller = super::support::caller();
    let service = t.backend.sign_in(&caller);
    for planted in planted {
        let mut browser = Browser::new(&t);
        browser.session = Some(planted.clone());
        browser.arrive(&system.request(&[("prompt", "login")])).await;
        let before_key = browser.clone();
        browser.key(&person.rut_text, &person.key).await;
        let session = browser.session.clone().unwrap();
        assert_ne!(session.expose(), planted.expose());
        assert!(service.session(Some(&planted)).await.unwrap().is_none(), "it is nobody's any more");
        // The same form again gives the same session while it lives, and none afterwards.
        let again = before_key.key_unread(&person.rut_text, &person.key).await;
        assert_eq!(again.session.as_ref().map(Token::expose), Some(session.expose()));
        service.sign_out(Some(&session)).await.unwrap();
        let again = before_key.key_unread(&person.rut_text, &person.key).await;
        let given = again.session.or(Some(session));
        assert!(
            service.session(given.as_ref()).await.unwrap().is_none(),
            "a form sent again signed in again"
        );
    }
}

async fn security_l_page_fault_12_begun_in_one_browser_finished_in_no_other(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut first = Browser::new(&t);
    first.arrive(&system.request(&[("state", "uno")])).await;
    let (tag, _) = first.sign_in.clone().unwrap();
    // The other has the URL of the page, and a session of the very person; with no cookie, or that of another sign-in.
    let mut second = Browser::new(&t);
    second.code(&system, &person).await;
    let own = second.sign_in.clone().unwrap().1;
    let caller = super::support::caller();
    let service = t.backend.sign_in(&caller);
    for cookie in [None, Some(&own), second.session.as_ref()] {
        let page = service.page(cookie, &tag, (second.session.as_ref(), false)).await.unwrap();
        assert!(page.is_none());
    }
    second.sign_in = Some((tag, own));
    for step in [
        second.clone().key(&person.rut_text, &person.key).await,
        second.clone().go_on().await,
        second.clone().agree().await,
        second.clone().deny().await,
    ] {
        assert!(step.go_to.is_none() && step.session.is_none() && step.next.state == SignIn::Gone);
    }
    // Where it was begun it still waits.
    let url = url_of(&first.key(&person.rut_text, &person.key).await);
    assert_eq!(param(&url, "state").as_deref(), Some("uno"));
}

async fn security_l_oidc_fault_15_a_code_or_token_that_is_cut_or_longer_is_none(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let used = Browser::new(&t).code(&system, &person).await;
    let token = system.redeem(&used).await.unwrap().access_token;
    let code = Browser::new(&t).code(&system, &person).await;
    let changed = |text: &str| {
        let last = if text.ends_with('A') { 'B' } else { 'A' };
        [
            String::new(),
            text[..1].to_owned(),
            text[..text.len() - 1].to_owned(),
            text[1..].to_owned(),
            format!("{text}A"),
            format!("{text}="),
            format!(" {text}"),
            format!("{text} "),
            format!("A{text}"),
            format!("{text}.{text}"),
            format!("{}{last}", &text[..text.len() - 1]),
            text.to_ascii_uppercase(),
        ]
    };
    for text in changed(&code) {
        assert!(system.redeem(&text).await.is_err(), "{text}");
    }
    for text in changed(&token) {
        assert_eq!(system.userinfo(&text).await.err(), Some(OAuthError::InvalidToken), "{text}");
    }
    assert!(system.userinfo(&token).await.is_ok() && system.redeem(&code).await.is_ok());
}

async fn security_l_page_fault_17_a_new_key_ends_what_was_half_way(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let asks = Client { first_party: false, ..described("tercero") };
    let (system, asks) = (system(&t).await, System::register(&t, asks).await);
    // One has typed the key and is asked whether they agree; one has a session and is asked whether to go on with it; one has a code.
    let (mut consenting, mut confirming) = (Browser::new(&t), Browser::new(&t));
    consenting.arrive(&asks.request(&[])).await;
    assert!(consenting.key(&person.rut_text, &person.key).await.go_to.is_none());
    let code = confirming.code(&system, &person).await;
    confirming.arrive(&asks.request(&[])).await;
    assert!(confirming.asked().await.session.is_some());
    t.change_key(&person, &person.key, "Peumo#41").await;
    for (what, step) in [("agree", consenting.agree().await), ("go on", confirming.go_on().await)] {
        assert!(step.go_to.is_none() && step.session.is_none(), "{what}");
    }
    assert!(confirming.asked().await.session.is_none(), "the key is asked for");
    assert_eq!(system.redeem(&code).await.err(), Some(OAuthError::InvalidGrant));
    assert_eq!(t.number("SELECT COUNT(*) FROM system_token WHERE kind = 'access'").await, 0);
    // The sign-in itself names no account, so it goes on with the new key.
    assert!(confirming.key(&person.rut_text, "Peumo#41").await.session.is_some());
    assert!(
        system
            .redeem(&Browser::new(&t).code(&system, &Person { key: "Peumo#41".into(), ..person }).await)
            .await
            .is_ok()
    );
}

async fn security_l_page_fault_19_a_session_gets_around_no_restriction_of_a_system(t: TestBackend) {
    let (person, system) = (Person::number(1), system(&t).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    assert!(browser.arrive(&system.request(&[])).await.is_some(), "it enters silently");
    // From now on this system is for companies alone.
    let fewer = Client { kinds: vec![Kind::Juridica], ..system.client.clone() };
    t.openid(&super::support::caller()).put_example(&fewer).await.unwrap();
    assert_eq!(browser.arrive(&system.request(&[])).await, None);
    assert!(browser.asked().await.session.is_none());
    assert!(browser.go_on().await.go_to.is_none());
    let none = browser.arrive(&system.request(&[("prompt", "none")])).await.unwrap();
    assert_eq!(param(&none, "error").as_deref(), Some("login_required"));
    browser.arrive_by_form(&system.request(&[])).await;
    assert!(browser.asked().await.session.is_none());
    assert!(browser.key(&person.rut_text, &person.key).await.go_to.is_none());
}

//! L-OIDC: the keys that sign.

use backend::clock::{DAY, HOUR, MINUTE};
use backend::service::signing::{KeyState, Rotated};
use domain::openid::client::SigningAlg;

use super::support::{Browser, System, described};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    l_oidc_a_key_is_published_a_day_before_it_signs_and_until_its_tokens_are_dead,
    l_oidc_another_process_takes_the_change_without_a_restart,
    security_l_oidc_a_key_that_must_not_be_trusted_is_gone_at_once,
    security_l_oidc_keys_are_stored_sealed,
    l_oidc_keys_of_another_secret_key_are_replaced_by_command,
    l_oidc_two_commands_at_once_make_one_next_key,
    security_l_oidc_what_operators_change_is_recorded,
];

const ALG: SigningAlg = SigningAlg::ES256;

async fn l_oidc_a_key_is_published_a_day_before_it_signs_and_until_its_tokens_are_dead(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let first = t.signing_key(ALG).await.unwrap();
    let published = |set: &backend::jwt::JwkSet, id: &str| set.keys.iter().any(|key| key.id() == Some(id));
    let Rotated::From(due) = t.rotate_keys(ALG, false).await.unwrap() else { panic!("there was one") };
    assert!((t.now() + DAY - MINUTE..=t.now() + DAY).contains(&due));
    assert_eq!(t.rotate_keys(ALG, false).await.unwrap(), Rotated::Before(due));
    let keys = t.list_keys().await.unwrap();
    let next = keys.iter().find(|key| key.state == KeyState::Next(due)).unwrap().id.clone();
    assert!(published(&t.jwks().await.unwrap(), &next));
    t.clock.advance(DAY - MINUTE);
    assert_eq!(t.signing_key(ALG).await.unwrap().id(), first.id());
    let tokens = system.redeem(&Browser::new(&t).code(&system, &person).await).await.unwrap();
    t.clock.advance(MINUTE);
    assert_eq!(t.signing_key(ALG).await.unwrap().id(), next);
    // In the middle of the change: the token of the former key counts.
    system.verified(&tokens.id_token).await;
    t.clock.advance(HOUR);
    assert!(published(&t.jwks().await.unwrap(), first.id()));
    t.clock.advance(6 * MINUTE);
    assert!(!published(&t.jwks().await.unwrap(), first.id()));
}

async fn l_oidc_another_process_takes_the_change_without_a_restart(t: TestBackend) {
    let mut other = t.backend.clone();
    other.signing = backend::service::signing::SigningKeys::default();
    let ids = [
        t.signing_key(ALG).await.unwrap().id().to_owned(),
        other.signing_key(ALG).await.unwrap().id().to_owned(),
    ];
    assert_eq!(ids[0], ids[1], "the second process uses the key of the first");
    t.rotate_keys(ALG, false).await.unwrap();
    t.clock.advance(MINUTE);
    assert_eq!(other.jwks().await.unwrap().keys.len(), 3, "one of RS256, two of ES256");
    t.clock.advance(DAY);
    assert_eq!(t.signing_key(ALG).await.unwrap().id(), other.signing_key(ALG).await.unwrap().id());
    assert_ne!(t.signing_key(ALG).await.unwrap().id(), ids[0]);
}

async fn security_l_oidc_a_key_that_must_not_be_trusted_is_gone_at_once(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let tokens = system.redeem(&Browser::new(&t).code(&system, &person).await).await.unwrap();
    let Rotated::From(due) = t.rotate_keys(ALG, true).await.unwrap() else { panic!("there was one") };
    assert!(due <= t.now());
    assert!(t.jwks().await.unwrap().verify(&tokens.id_token).is_err());
    let again = system.redeem(&Browser::new(&t).code(&system, &person).await).await.unwrap();
    assert!(t.jwks().await.unwrap().verify(&again.id_token).is_ok());
}

async fn security_l_oidc_keys_are_stored_sealed(t: TestBackend) {
    t.jwks().await.unwrap();
    let stored = super::support::stored(&t).await;
    // The private parameters of a JWK, and the beginning of a PKCS#8 of each algorithm in base64.
    for text in ["\"d\":", "MIIEv", "MIGHAgEAMBMGByqGSM49"] {
        assert!(!stored.contains(text), "{text}");
    }
}

async fn l_oidc_keys_of_another_secret_key_are_replaced_by_command(t: TestBackend) {
    let old = t.signing_key(ALG).await.unwrap().id().to_owned();
    let mut other = t.another_instance().await;
    other.secrets = backend::secrets::Secrets::derive(&[9; 32]).unwrap();
    // It says so, and changes nothing by itself: the wrong one may be this process.
    for _ in 0..2 {
        let error = other.signing_key(ALG).await.unwrap_err();
        assert!(error.to_string().contains("keys rotate"), "{error}");
        assert!(other.jwks().await.is_err());
    }
    let listed = other.list_keys().await.unwrap();
    let states: Vec<_> = listed.iter().filter(|key| key.alg == ALG).map(|key| key.state).collect();
    assert_eq!(states, [KeyState::Unreadable]);
    assert_eq!(t.signing_key(ALG).await.unwrap().id(), old);
    for alg in SigningAlg::ALL {
        let rotated = other.rotate_keys(alg, false).await.unwrap();
        assert_eq!(matches!(rotated, Rotated::Replaced(_)), alg == ALG, "{rotated:?}");
    }
    let new = other.signing_key(ALG).await.unwrap().id().to_owned();
    assert_ne!(new, old);
    assert!(other.list_keys().await.unwrap().iter().all(|key| key.state != KeyState::Unreadable));
    assert!(other.jwks().await.is_ok());
    // Here it is the process with the secret of before that cannot read it.
    t.clock.advance(MINUTE);
    assert!(t.signing_key(ALG).await.is_err());
}

async fn l_oidc_two_commands_at_once_make_one_next_key(t: TestBackend) {
    t.signing_key(ALG).await.unwrap();
    let other = t.another_instance().await;
    let (one, two) = tokio::join!(t.rotate_keys(ALG, false), other.rotate_keys(ALG, false));
    let both = [one.unwrap(), two.unwrap()];
    assert!(both.iter().any(|rotated| matches!(rotated, Rotated::From(_))), "{both:?}");
    assert!(both.iter().any(|rotated| matches!(rotated, Rotated::Before(_))), "{both:?}");
    assert_eq!(t.number("SELECT COUNT(*) FROM signing_key WHERE alg = 'ES256'").await, 2);
    assert_eq!(t.number("SELECT COUNT(*) FROM audit WHERE event = 'keys-changed'").await, 1);
}

async fn security_l_oidc_what_operators_change_is_recorded(t: TestBackend) {
    let system = System::register(&t, described("cursos")).await;
    let caller = super::support::caller();
    let service = t.openid(&caller);
    assert!(service.add_client(&system.client).await.unwrap().is_none(), "taken");
    service.add_secret(&system.client.id).await.unwrap().unwrap();
    assert_eq!(service.disable_client(&system.client.id).await.unwrap(), Some(true));
    assert_eq!(service.disable_client(&system.client.id).await.unwrap(), Some(false));
    t.rotate_keys(ALG, false).await.unwrap();
    t.rotate_keys(ALG, false).await.unwrap();
    for (sql, of) in [
        ("SELECT COUNT(*) FROM audit WHERE event = 'client-changed' AND request_number = 'cursos'", 3),
        ("SELECT COUNT(*) FROM audit WHERE event = 'client-changed' AND outcome = 'added'", 1),
        ("SELECT COUNT(*) FROM audit WHERE event = 'client-changed' AND outcome = 'new-secret'", 1),
        ("SELECT COUNT(*) FROM audit WHERE event = 'client-changed' AND outcome = 'disabled'", 1),
        ("SELECT COUNT(*) FROM audit WHERE event = 'keys-changed' AND request_number IS NOT NULL", 1),
    ] {
        assert_eq!(t.number(sql).await, of, "{sql}");
    }
}

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

//! L-OIDC: a code redeemed many times at once, again and again.

use backend::store::grants::MOST_OF_SESSION;
use domain::openid::OAuthError;

use super::support::{Browser, System, code_of, described};
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![security_l_oidc_each_of_many_codes_redeemed_sixteen_times_at_once_has_one_winner];

/// How many codes; the environment variable `REDEMPTIONS` says another number.
const CODES: usize = 50;

async fn security_l_oidc_each_of_many_codes_redeemed_sixteen_times_at_once_has_one_winner(t: TestBackend) {
    let (person, system) = (Person::number(1), System::register(&t, described("cursos")).await);
    t.account(&person).await;
    let mut browser = Browser::new(&t);
    browser.code(&system, &person).await;
    let codes = std::env::var("REDEMPTIONS").map_or(CODES, |codes| codes.parse().unwrap());
    for number in 1..=codes {
        // With the session: no key is typed.
        let url = browser.arrive(&system.request(&[])).await.unwrap();
        let code = code_of(&url);
        let tasks = (0..16).map(|_| {
            let (system, code) = (system.clone(), code.clone());
            async move { system.redeem(&code).await }
        });
        let (mut won, mut refused) = (Vec::new(), 0);
        for answer in at_once(tasks).await {
            match answer {
                Ok(tokens) => won.push(tokens),
                // The last ones may find what the code gave revoked already, and are counted as wrong.
                Err(OAuthError::InvalidGrant | OAuthError::TemporarilyUnavailable) => refused += 1,
                Err(error) => panic!("code {number}: {error}"),
            }
        }
        assert_eq!((won.len(), refused), (1, 15), "code {number}");
        assert!(system.userinfo(&won[0].access_token).await.is_err(), "code {number}");
    }
    // One of each code; of the grants of one session the newest are kept.
    let given = t.number("SELECT COUNT(*) FROM system_token WHERE kind = 'access'").await;
    assert_eq!(given, i64::try_from(codes).unwrap().min(MOST_OF_SESSION));
}

//! L-OIDC: two instances of the service on one database, with nothing in common but that and the secret.

use backend::store::Engine;

use super::support::{Browser, System, code_of, described, url_of};
use crate::support::{Person, TestBackend};

/// How many sign-ins; the environment variable `SIGN_INS` says another number.
const SIGN_INS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn l_oidc_a_sign_in_goes_on_at_another_instance_with_every_step() {
    let t = TestBackend::open(Engine::Postgres).await;
    let second = t.another_instance().await;
    let person = Person::number(1);
    t.account(&person).await;
    let system = System::register(&t, described("cursos")).await;
    let at = |here: &backend::Backend| System { backend: here.clone(), ..system.clone() };
    let sign_ins = std::env::var("SIGN_INS").map_or(SIGN_INS, |number| number.parse().unwrap());
    let mut whole = 0;
    for number in 0..sign_ins {
        // Begun at one, ended at the other; every other time the other way round.
        let (here, there) = if number % 2 == 0 { (&t.backend, &second) } else { (&second, &t.backend) };
        let mut browser = Browser::new(&t);
        browser.backend = here.clone();
        assert_eq!(browser.arrive(&system.request(&[])).await, None);
        browser.backend = there.clone();
        assert!(browser.asked().await.session.is_none());
        let url = url_of(&browser.key(&person.rut_text, &person.key).await);
        let tokens = at(here).redeem(&code_of(&url)).await.unwrap();
        assert!(at(there).userinfo(&tokens.access_token).await.is_ok());
        // Keys that either publishes: each uses what was made first.
        at(there).verified(&tokens.id_token).await;
        // The session counts at both.
        browser.backend = here.clone();
        let url = browser.arrive(&system.request(&[])).await.unwrap();
        assert!(at(there).redeem(&code_of(&url)).await.is_ok());
        whole += 1;
    }
    assert_eq!(whole, sign_ins);
}

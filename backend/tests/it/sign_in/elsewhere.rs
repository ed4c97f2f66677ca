//! L-PAGE: a key that is recovered in the middle of a sign-in, and set in another browser.

use backend::clock::{HOUR, MINUTE};
use domain::flow::change::Change;
use domain::kind::Kind;
use domain::openid::client::Client;
use domain::openid::redirect::ClientUrl;

use super::support::{Browser, System, caller, described};
use crate::support::people::{Holder as _, key_in};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![l_page_a_key_recovered_in_the_middle_leads_to_its_system_from_another_browser];

async fn l_page_a_key_recovered_in_the_middle_leads_to_its_system_from_another_browser(t: TestBackend) {
    let person = Person::number(1);
    let initiate = ClientUrl::parse("https://cursos.ejemplo.cl/entrar").ok();
    let system = System::register(&t, Client { initiate, ..described("cursos") }).await;
    let silent = System::register(&t, described("callado")).await;
    t.account(&person).await;
    for (new, begun, leads) in
        [("PrimeraX1", Some(&system), true), ("SegundaX2", Some(&silent), false), ("TerceraX3", None, false)]
    {
        let mut visit = t.proven_by_answer(&person).await;
        if let Some(system) = begun {
            let mut browser = Browser::new(&t);
            browser.arrive(&system.request(&[])).await;
            let (tag, token) = browser.sign_in.clone().unwrap();
            visit.caller.sign_ins = vec![(tag, token.expose().to_owned())];
        }
        visit.send_right().await;
        let key = t.messages().await.iter().find_map(key_in).expect("a letter with a key");
        let mut elsewhere = t.changing_as(Kind::Natural);
        elsewhere.identify(person.who(), &key).await;
        elsewhere.set(new).await;
        let caller = caller();
        let service = t.backend.change(Kind::Natural, &caller);
        let flow = service.page(elsewhere.token.as_ref()).await.unwrap().unwrap();
        assert!(matches!(flow.state, Change::Done { .. }));
        let found = service.system(&flow).await.unwrap();
        assert_eq!(found.map(|client| client.id), begun.filter(|_| leads).map(|s| s.client.id.clone()));
        t.clock.advance(25 * HOUR + MINUTE);
    }
}

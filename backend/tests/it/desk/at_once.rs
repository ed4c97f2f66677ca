//! F-REVIEW: concurrent decisions of several officers. One wins; the others see who decided.

use backend::service::review::{AccountMatch, DecisionError};
use backend::store::requests::RequestState;

use crate::support::decisions::{motive, officer, shown};
use crate::support::mesa::{Facilitator, desk_caller};
use crate::support::{Company, TestBackend, at_once, on_both_engines};

on_both_engines![
    security_of_sixteen_concurrent_decisions_one_is_stored,
    security_sixteen_grants_of_one_request_create_one_key,
    security_concurrent_grants_for_one_person_create_one_account,
];

async fn security_of_sixteen_concurrent_decisions_one_is_stored(t: TestBackend) {
    let t = t.hashing_at_once();
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let number = t.filed_request(t.account(&company).await, &who).await;
    let all = (0..16).map(|place| {
        let (backend, number) = (t.backend.clone(), number.clone());
        async move {
            let (officer, caller) = (officer(&format!("oficial{place}")), desk_caller());
            let desk = backend.review(&officer, &caller);
            let decided = match place % 2 {
                0 => desk.grant(&number, AccountMatch::New).await.unwrap().map(|_| RequestState::Granted),
                _ => desk.refuse(&number, &motive()).await.unwrap().map(|_| RequestState::Refused),
            };
            (officer.name, decided)
        }
    });
    let ended = at_once(all).await;
    let won: Vec<_> = ended.iter().filter(|(_, decided)| decided.is_ok()).collect();
    assert_eq!(won.len(), 1);
    let (winner, state) = (won[0].0.as_str(), won[0].1.as_ref().unwrap());
    for (name, decided) in &ended {
        if let Err(unable) = decided {
            let DecisionError::AlreadyDecided(found, decision) = unable else { panic!("{name}: {unable:?}") };
            assert_eq!((found, decision.officer.as_str()), (state, winner), "{name} sees who decided");
        }
    }
    let granted = i64::from(*state == RequestState::Granted);
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, granted);
    assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, granted);
    assert_eq!(t.messages().await.len(), if granted == 1 { 2 } else { 1 });
    let record = t.record().await;
    assert_eq!(record.iter().filter(|line| line.contains("decided-before")).count(), 15);
}

async fn security_sixteen_grants_of_one_request_create_one_key(t: TestBackend) {
    let t = t.hashing_at_once();
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    let all = (0..16).map(|_| {
        let (backend, number) = (t.backend.clone(), number.clone());
        async move {
            backend
                .review(&officer("ana"), &desk_caller())
                .grant(&number, AccountMatch::New)
                .await
                .unwrap()
                .is_ok()
        }
    });
    assert_eq!(at_once(all).await.into_iter().filter(|won| *won).count(), 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 1);
    assert_eq!(t.messages().await.len(), 2);
}

async fn security_concurrent_grants_for_one_person_create_one_account(t: TestBackend) {
    let t = t.hashing_at_once();
    let mut numbers = Vec::new();
    for company in 1..=8 {
        let company = t.account(&Company::number(company)).await;
        numbers.push(t.filed_request(company, &Facilitator::number(1)).await);
    }
    let all = numbers.into_iter().map(|number| {
        let backend = t.backend.clone();
        async move {
            let (ana, caller) = (officer("ana"), desk_caller());
            let desk = backend.review(&ana, &caller);
            match desk.grant(&number, AccountMatch::New).await.unwrap() {
                // The later ones load the request again.
                Err(DecisionError::AccountChanged) => {
                    desk.grant(&number, shown(&desk, &number).await).await.unwrap()
                }
                granted => granted,
            }
        }
    });
    let ended = at_once(all).await;
    assert_eq!(
        ended.iter().filter(|granted| granted.as_ref().is_ok_and(|granted| !granted.known)).count(),
        1
    );
    assert!(ended.iter().all(Result::is_ok));
    assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, 1);
}

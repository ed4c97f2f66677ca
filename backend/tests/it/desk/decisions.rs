//! F-REVIEW: granting and refusing. A request has one decision; account, key, mails and audit are stored with it in one
//! transaction.

use backend::clock::DAY;
use backend::service::officers::Officer;
use backend::service::review::{AccountMatch, DecisionError, Granted, Refused};
use backend::store::requests::RequestState;
use domain::email::Email;
use domain::flow::request::RequestNumber;
use domain::question::SecretQuestion;

use crate::support::accounts::AccountData;
use crate::support::decisions::{account_of, grant, motive, officer};
use crate::support::mesa::{Facilitator, desk_caller};
use crate::support::people::{key_in, recipients};
use crate::support::{Company, TestBackend, on_both_engines};

on_both_engines![
    f_review_a_grant_creates_an_account_and_sends_a_key,
    security_a_decision_that_fails_at_its_last_row_is_rolled_back,
    f_review_a_refusal_sends_the_reason_to_the_company,
    f_review_a_read_only_officer_cannot_decide,
    f_review_a_decision_is_final,
    security_a_decision_deletes_the_answer_of_the_request,
    f_review_the_daily_cap_leaves_the_request_open,
    f_review_a_request_of_a_company_without_mail_can_be_decided,
    f_review_decisions_of_the_console_have_their_own_name,
];

async fn f_review_a_grant_creates_an_account_and_sends_a_key(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let asking = t.account(&company).await;
    let number = t.filed_request(asking, &who).await;
    assert_eq!(grant(&t, &number).await, Ok(Granted { company_notified: true, known: false }));
    let account = account_of(&t, &who).await.unwrap();
    assert_eq!(account.names.as_deref(), Some(who.names.as_str()));
    assert_eq!(account.email.as_ref().map(Email::as_str), Some(who.email.as_str()));
    assert!(account.key_hash.is_none() && account.asked() == Some(SecretQuestion::by_index(1)));
    let request = t.request_on_file(&number).await;
    assert_eq!(request.state, RequestState::Granted);
    assert_eq!(request.decision.unwrap().officer, "ana");
    assert_eq!(t.number("SELECT account_id FROM facilitator_request").await, account.id.0);
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [company.email.as_str(), who.email.as_str()]);
    for letter in &letters {
        assert_eq!(key_in(letter).is_some(), letter.to == who.email);
        if letter.to == who.email {
            for part in [who.names.as_str(), "24 horas", "https://clave.ejemplo.cl/cambiar/facilitador"] {
                assert!(letter.text.contains(part), "{part}");
            }
            assert!(!letter.text.contains("/recuperar/"));
        } else {
            assert!(letter.text.contains(number.as_str()));
            assert!(!letter.text.contains(&who.names) && !letter.text.contains(&who.email));
        }
    }
    assert_eq!(
        t.record().await,
        [
            "key-sent to-registered-contact ana",
            "request-granted granted ana",
            "request-granted new-account ana"
        ]
    );
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key WHERE new_email IS NULL").await, 1);
}

async fn security_a_decision_that_fails_at_its_last_row_is_rolled_back(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    // The audit is written last.
    for (sql, fails) in
        [("ALTER TABLE audit RENAME TO gone", true), ("ALTER TABLE gone RENAME TO audit", false)]
    {
        sqlx::query(sql).execute(&mut *t.store.connection().await.unwrap()).await.unwrap();
        let (ana, caller) = (officer("ana"), desk_caller());
        let desk = t.review(&ana, &caller);
        if fails {
            assert!(desk.refuse(&number, &motive()).await.is_err());
        }
        assert_eq!(desk.grant(&number, AccountMatch::New).await.is_err(), fails);
        let left = i64::from(!fails);
        assert_eq!(t.number("SELECT COUNT(*) FROM facilitator_request WHERE state <> 'open'").await, left);
        assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, left);
        assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, left);
        assert_eq!(t.number("SELECT COUNT(*) FROM outbox").await, 2 * left);
    }
}

async fn f_review_a_refusal_sends_the_reason_to_the_company(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let number = t.filed_request(t.account(&company).await, &who).await;
    let refused = t.review(&officer("ana"), &desk_caller()).refuse(&number, &motive()).await.unwrap();
    assert_eq!(refused, Ok(Refused { company_notified: true }));
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), [company.email.as_str()]);
    for part in [number.as_str(), motive().as_str(), "https://clave.ejemplo.cl/facilitador"] {
        assert!(letters[0].text.contains(part), "{part}");
    }
    let decision = t.request_on_file(&number).await.decision.unwrap();
    assert_eq!(decision.motive.as_deref(), Some(motive().as_str()));
    assert!(account_of(&t, &who).await.is_none());
    assert_eq!(t.record().await, ["request-refused refused ana"]);
    // The company may ask again at once.
    let company = t.on_file(&company).await.id;
    assert_ne!(t.filed_request(company, &who).await, number);
}

async fn f_review_a_read_only_officer_cannot_decide(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    let (looks, caller) = (Officer { name: "luis".to_owned(), may_decide: false }, desk_caller());
    let desk = t.review(&looks, &caller);
    assert!(desk.show(&number).await.unwrap().is_some());
    assert_eq!(desk.grant(&number, AccountMatch::New).await.unwrap(), Err(DecisionError::ReadOnly));
    assert_eq!(desk.refuse(&number, &motive()).await.unwrap(), Err(DecisionError::ReadOnly));
    assert_eq!(t.request_on_file(&number).await.state, RequestState::Open);
    assert!(t.messages().await.is_empty());
    let record = t.record().await;
    for line in ["request-granted read-only luis", "request-refused read-only luis", "request-seen seen luis"]
    {
        assert!(record.iter().any(|found| found == line), "{line}");
    }
}

async fn security_a_decision_deletes_the_answer_of_the_request(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let (one, two) = (Facilitator::number(1), Facilitator::number(2));
    let (first, second) = (t.filed_request(company, &one).await, t.filed_request(company, &two).await);
    let answer = t.request_on_file(&first).await.answer_hash;
    grant(&t, &first).await.unwrap();
    t.review(&officer("ana"), &desk_caller()).refuse(&second, &motive()).await.unwrap().unwrap();
    for number in [&first, &second] {
        assert_eq!(t.request_on_file(number).await.answer_hash, "");
    }
    assert_eq!(account_of(&t, &one).await.unwrap().answer_hash, Some(answer));
}

async fn f_review_a_decision_is_final(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    grant(&t, &number).await.unwrap();
    t.messages().await;
    let (luis, caller) = (officer("luis"), desk_caller());
    let desk = t.review(&luis, &caller);
    for unable in [
        desk.grant(&number, AccountMatch::New).await.unwrap().err(),
        desk.refuse(&number, &motive()).await.unwrap().err(),
    ] {
        let Some(DecisionError::AlreadyDecided(state, decision)) = unable else { panic!("{unable:?}") };
        assert_eq!((state, decision.officer.as_str()), (RequestState::Granted, "ana"));
    }
    assert!(t.messages().await.is_empty());
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 1);
    assert_eq!(
        desk.grant(&RequestNumber::from_random(1), AccountMatch::New).await.unwrap(),
        Err(DecisionError::Unknown)
    );
}

async fn f_review_the_daily_cap_leaves_the_request_open(t: TestBackend) {
    let mut t = t;
    t.backend.settings.keys_per_day = 1;
    let who = Facilitator::number(1);
    let (one, two) = (t.account(&Company::number(1)).await, t.account(&Company::number(2)).await);
    let (first, second) = (t.filed_request(one, &who).await, t.filed_request(two, &who).await);
    grant(&t, &first).await.unwrap();
    t.messages().await;
    assert_eq!(grant(&t, &second).await, Err(DecisionError::DailyCap));
    assert_eq!(t.request_on_file(&second).await.state, RequestState::Open);
    assert!(t.messages().await.is_empty());
    assert!(t.record().await.contains(&"request-granted daily-cap ana".to_owned()));
    t.later(DAY + 1);
    grant(&t, &second).await.unwrap();
}

async fn f_review_a_request_of_a_company_without_mail_can_be_decided(t: TestBackend) {
    let company = t.account_with(&Company::number(1), AccountData::NoContact).await;
    let who = Facilitator::number(1);
    let number = t.filed_request(company, &who).await;
    assert_eq!(grant(&t, &number).await, Ok(Granted { company_notified: false, known: false }));
    assert_eq!(recipients(&t.messages().await), [who.email.as_str()]);
    let number = t.filed_request(company, &Facilitator::number(2)).await;
    let refused = t.review(&officer("ana"), &desk_caller()).refuse(&number, &motive()).await.unwrap();
    assert_eq!(refused, Ok(Refused { company_notified: false }));
}

async fn f_review_decisions_of_the_console_have_their_own_name(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    let (console, caller) = (Officer::console(), backend::service::Caller::default());
    t.review(&console, &caller).grant(&number, AccountMatch::New).await.unwrap().unwrap();
    assert_eq!(t.request_on_file(&number).await.decision.unwrap().officer, "consola");
    assert!(t.record().await.contains(&"request-granted granted consola".to_owned()));
}

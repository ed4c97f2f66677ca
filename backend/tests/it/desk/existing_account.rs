//! F-REVIEW: grants for facilitators who already have an account.

use backend::service::review::{AccountMatch, DecisionError, Granted};
use backend::store::requests::RequestState;
use domain::email::Email;
use domain::kind::Kind;
use domain::question::SecretQuestion;

use crate::support::decisions::{account_of, grant, known, officer, shown};
use crate::support::mesa::{Facilitator, desk_caller};
use crate::support::people::{key_in, recipients};
use crate::support::{Company, TestBackend, on_both_engines};

on_both_engines![
    f_review_an_existing_account_is_unchanged_until_the_key_is_used,
    f_review_the_registered_address_gets_no_warning,
    f_review_requests_of_two_companies_for_one_person_are_both_granted,
    security_a_grant_requires_the_account_that_was_shown,
];

async fn f_review_an_existing_account_is_unchanged_until_the_key_is_used(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let id = known(&t, &who, "antes@correo.ejemplo.pe", Some("71234567")).await;
    let before = t.dump("account").await;
    let number = t.filed_request(t.account(&company).await, &who).await;
    assert_eq!(grant(&t, &number).await, Ok(Granted { company_notified: true, known: true }));
    let account = account_of(&t, &who).await.unwrap();
    assert_eq!(account.id, id);
    assert!(t.dump("account").await.lines().any(|row| row == before), "the account is unchanged");
    assert_eq!(account.email.as_ref().map(Email::as_str), Some("antes@correo.ejemplo.pe"));
    assert_eq!(account.names.as_deref(), Some("Como Estaba Antes"));
    assert_eq!(account.question, Some(SecretQuestion::by_index(3)));
    let letters = t.messages().await;
    let to = ["+56971234567", "antes@correo.ejemplo.pe", company.email.as_str(), who.email.as_str()];
    assert_eq!(recipients(&letters), to, "the old address and mobile are notified");
    assert!(letters.iter().filter(|letter| key_in(letter).is_some()).all(|letter| letter.to == who.email));
    let warning = letters.iter().find(|letter| letter.to == "antes@correo.ejemplo.pe").unwrap();
    assert!(
        warning.text.contains("800 80 10 30") && !warning.text.contains("/recuperar/"),
        "{}",
        warning.text
    );
    assert!(!warning.text.contains(&who.email));
    // Using the key stores the new address and keeps the mobile.
    let key = letters.iter().find_map(key_in).unwrap();
    let typed = who.document.plain();
    let mut browser = t.changing_as(Kind::Facilitador);
    browser.identify(&typed, &key).await;
    let page = browser.set("Peumo=12x").await;
    assert!(matches!(page.state, domain::flow::change::Change::Done { .. }), "{:?}", page.feedback);
    let account = account_of(&t, &who).await.unwrap();
    assert_eq!(account.email.as_ref().map(Email::as_str), Some(who.email.as_str()));
    assert!(account.mobile.is_some());
    assert!(t.record().await.contains(&"key-sent to-new-contact ana".to_owned()));
}

async fn f_review_the_registered_address_gets_no_warning(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let registered = who.email.replace("perengana", "Perengana");
    known(&t, &who, &registered, None).await;
    let number = t.filed_request(t.account(&company).await, &who).await;
    grant(&t, &number).await.unwrap();
    // The mail goes to the stored spelling, not to the one the company typed.
    let letters = t.messages().await;
    let mut to = [company.email.as_str(), registered.as_str()];
    to.sort_unstable();
    assert_eq!(recipients(&letters), to);
    assert!(letters.iter().all(|letter| key_in(letter).is_some() == (letter.to == registered)));
    assert!(t.record().await.contains(&"key-sent to-registered-contact ana".to_owned()));
}

async fn f_review_requests_of_two_companies_for_one_person_are_both_granted(t: TestBackend) {
    let (one, two) = (t.account(&Company::number(1)).await, t.account(&Company::number(2)).await);
    let who = Facilitator::number(1);
    let (first, second) = (t.filed_request(one, &who).await, t.filed_request(two, &who).await);
    assert!(!grant(&t, &first).await.unwrap().known);
    assert!(grant(&t, &second).await.unwrap().known);
    assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 2);
    let counts = "SELECT COUNT(*) FROM provisional_key WHERE used_at IS NULL AND replaced_at IS NULL";
    assert_eq!(t.number(counts).await, 1, "only the newer key is valid");
}

async fn security_a_grant_requires_the_account_that_was_shown(t: TestBackend) {
    let (one, two) = (t.account(&Company::number(1)).await, t.account(&Company::number(2)).await);
    let who = Facilitator::number(1);
    let first = t.filed_request(one, &who).await;
    let second = t.filed_request(two, &Facilitator::number(1).at("otra@correo.ejemplo.pe")).await;
    let (luis, caller) = (officer("luis"), desk_caller());
    let desk = t.review(&luis, &caller);
    // Luis opens the second request before an account with this document exists; then Ana grants the first.
    let seen = shown(&desk, &second).await;
    assert_eq!(seen, AccountMatch::New);
    grant(&t, &first).await.unwrap();
    t.messages().await;
    let before = (t.dump("account").await, t.dump("provisional_key").await);
    for seen in [seen, AccountMatch::SameMail] {
        assert_eq!(desk.grant(&second, seen).await.unwrap(), Err(DecisionError::AccountChanged));
    }
    assert_eq!((t.dump("account").await, t.dump("provisional_key").await), before);
    assert_eq!(t.request_on_file(&second).await.state, RequestState::Open);
    assert!(t.messages().await.is_empty());
    let tried = "request-granted account-changed luis";
    assert_eq!(t.record().await.iter().filter(|line| *line == tried).count(), 2);
    // After loading the page with the account, the grant works.
    let known = desk.show(&second).await.unwrap().unwrap().known.unwrap();
    assert_eq!(known.names.as_deref(), Some(who.names.as_str()));
    assert_eq!(known.masked_mail.as_deref(), Some("p•••••@c•••••.pe"));
    assert_eq!(AccountMatch::of(Some(&known)), AccountMatch::OtherMail);
    let granted = desk.grant(&second, AccountMatch::OtherMail).await.unwrap();
    assert_eq!(granted, Ok(Granted { company_notified: true, known: true }));
    // No account is created if the page showed one.
    let third = t.filed_request(one, &Facilitator::number(3)).await;
    assert_eq!(
        desk.grant(&third, AccountMatch::OtherMail).await.unwrap(),
        Err(DecisionError::AccountChanged)
    );
    assert!(account_of(&t, &Facilitator::number(3)).await.is_none());
    for holder in AccountMatch::ALL {
        assert_eq!(AccountMatch::parse(holder.word()), Some(holder));
    }
    assert_eq!(AccountMatch::parse(""), None);
}

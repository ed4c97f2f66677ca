//! What the tests of decisions (F-REVIEW) have in common.

use backend::service::officers::Officer;
use backend::service::review::{AccountMatch, DecisionError, Granted, ReviewService};
use backend::store::accounts::{self, Account, NewAccount};
use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::contact::{Contact, ContactProof};
use domain::flow::request::RequestNumber;
use domain::kind::Kind;
use domain::motive::Motive;
use domain::phone::Mobile;
use domain::question::SecretQuestion;

use super::TestBackend;
use super::accounts::hash;
use super::mesa::{Facilitator, desk_caller};

pub(crate) fn officer(name: &str) -> Officer {
    Officer { name: name.to_owned(), may_decide: true }
}

pub(crate) fn motive() -> Motive {
    Motive::parse("La firma de la declaración no se lee.\nSúbala de nuevo.").unwrap()
}

/// What the page that asks once more shows.
pub(crate) async fn shown(desk: &ReviewService<'_>, number: &RequestNumber) -> AccountMatch {
    let request = desk.find(number).await.unwrap().unwrap();
    AccountMatch::of(desk.known(&request).await.unwrap().as_ref())
}

pub(crate) async fn grant(t: &TestBackend, number: &RequestNumber) -> Result<Granted, DecisionError> {
    let (ana, caller) = (officer("ana"), desk_caller());
    let desk = t.review(&ana, &caller);
    let seen = shown(&desk, number).await;
    desk.grant(number, seen).await.unwrap()
}

pub(crate) async fn account_of(t: &TestBackend, who: &Facilitator) -> Option<Account> {
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::find(connection, Kind::Facilitador, &who.document.plain()).await.unwrap()
}

/// The account of a facilitator who has had a key for long.
pub(crate) async fn known(
    t: &TestBackend,
    who: &Facilitator,
    email: &str,
    mobile: Option<&str>,
) -> AccountId {
    let (key, answer) = (hash("Quillay7x"), hash("boldo"));
    let contact = Contact {
        email: Email::parse(email).unwrap(),
        home_phone: None,
        work_phone: None,
        mobile: mobile.map(|mobile| Mobile::parse(mobile).unwrap()),
    };
    let new = NewAccount {
        kind: Kind::Facilitador,
        identifier: &who.document.plain(),
        names: Some("Como Estaba Antes"),
        key_hash: Some(&key),
        question: Some((SecretQuestion::by_index(3), &answer)),
        birth_date: None,
        document: None,
        company: None,
        address: None,
        contact: Some(&contact),
        contact_proof: ContactProof::Proven,
    };
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::insert(connection, &new, t.now()).await.unwrap().unwrap()
}

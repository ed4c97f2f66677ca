//! “Cambiar CS” of a facilitador extranjero, who is identified by the type and number of a foreign document. The
//! provisional key comes from SENCE; only the company can ask for another one.

use backend::clock::{DAY, MINUTE};
use backend::store::accounts::{self, Account, NewAccount};
use backend::store::provisional::{self, KeyProof};
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::contact::{Contact, ContactProof};
use domain::flow::{AccountId, Notice};
use domain::kind::Kind;
use domain::question::SecretQuestion;

use crate::support::accounts::hash;
use crate::support::people::recipients;
use crate::support::{Migrant, Page, TestBackend, on_both_engines};

on_both_engines![
    f_req_a_facilitator_sets_the_first_key_with_the_provisional_one,
    f_req_all_spellings_of_a_document_share_one_account_and_one_counter,
    f_req_a_spent_or_expired_provisional_key_refers_to_the_company,
    f_req_the_key_of_a_facilitator_may_not_contain_document_or_name,
    f_req_document_type_and_number_are_required_and_shown_again,
    security_known_and_unknown_documents_get_the_same_errors,
    security_a_facilitator_and_a_migrante_with_the_same_number_are_two_accounts,
];

const DOCUMENT: &str = "pasaporte:AB123456";
const PROVISIONAL: &str = "J53722W1";

/// An account as an officer's approval creates it: with a question and a mail address, without a key.
async fn granted(t: &TestBackend, document: &str) -> AccountId {
    let contact = Contact {
        email: domain::email::Email::parse("mengana@correo.ejemplo.pe").unwrap(),
        home_phone: None,
        work_phone: None,
        mobile: None,
    };
    let answer = hash("ungatogris");
    let new = NewAccount {
        kind: Kind::Facilitador,
        identifier: document,
        names: Some("Mengana Forastera"),
        key_hash: None,
        question: Some((SecretQuestion::by_index(1), &answer)),
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

/// Issues a provisional key for the account, valid for a day.
async fn sent(t: &TestBackend, account: AccountId, key: &str) {
    let (now, connection) = (t.now(), &mut *t.store.connection().await.unwrap());
    provisional::issue(connection, account, &hash(key), (KeyProof::Identity, None, None), now, now + DAY)
        .await
        .unwrap();
}

async fn account(t: &TestBackend, document: &str) -> Account {
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::find(connection, Kind::Facilitador, document).await.unwrap().unwrap()
}

async fn identify(t: &TestBackend, document: &str, key: &str) -> Page<Change> {
    t.changing_as(Kind::Facilitador).identify(document, key).await
}

fn refused(page: &Page<Change>, reason: Reason) {
    assert_eq!((page.state.clone(), page.errors()), (Change::Identify, vec![(Field::CurrentKey, reason)]));
}

async fn f_req_a_facilitator_sets_the_first_key_with_the_provisional_one(t: TestBackend) {
    let id = granted(&t, DOCUMENT).await;
    sent(&t, id, PROVISIONAL).await;
    let mut browser = t.changing_as(Kind::Facilitador);
    let page = browser.identify("pasaporte:ab 123456", &format!(" {} ", PROVISIONAL.to_lowercase())).await;
    let Change::NewKey(proven) = &page.state else { panic!("{:?}", page.feedback) };
    assert_eq!(proven.account(), id);
    assert_eq!(browser.set("Peumo#41").await.state, Change::Done { by_sms: false, question_deleted: false });
    let letters = t.messages().await;
    assert_eq!(recipients(&letters), ["mengana@correo.ejemplo.pe"]);
    assert!(!letters[0].text.contains("123456") && !letters[0].text.contains("Peumo#41"));

    refused(&identify(&t, DOCUMENT, PROVISIONAL).await, Reason::SpentAskCompany);
    let mut browser = t.changing_as(Kind::Facilitador);
    browser.identify(DOCUMENT, "Peumo#41").await;
    assert!(
        matches!(browser.set("Boldo#123").await.state, Change::Done { .. }),
        "a change with the current key works too"
    );
    refused(&identify(&t, DOCUMENT, "Peumo#41").await, Reason::WrongForDocument);
}

async fn f_req_all_spellings_of_a_document_share_one_account_and_one_counter(t: TestBackend) {
    let id = granted(&t, DOCUMENT).await;
    sent(&t, id, PROVISIONAL).await;
    let spellings = [
        "pasaporte:AB123456",
        "pasaporte:ab123456",
        " pasaporte : ab 123 456 ",
        "pasaporte:AB-123.456",
        "pasaporte:Ab\u{2013}123456",
    ];
    for spelling in spellings {
        let page = identify(&t, spelling, PROVISIONAL).await;
        assert!(matches!(page.state, Change::NewKey(proven) if proven.account() == id), "{spelling}");
    }
    for (tries, spelling) in (1..).zip(spellings) {
        refused(&identify(&t, spelling, "NoEsEsta1").await, Reason::WrongForDocument);
        assert_eq!(t.tries("key/rut").await, tries, "{spelling}");
    }
    for spelling in spellings {
        assert_eq!(identify(&t, spelling, "NoEsEsta1").await.notice(), Some(Notice::Wait { minutes: 1 }));
    }
    // A document of another type is another document.
    let page = identify(&t, "cedula:AB123456", "NoEsEsta1").await;
    assert_eq!((page.errors(), page.notice()), (vec![(Field::CurrentKey, Reason::WrongForDocument)], None));
    assert_eq!(t.tries("key/rut").await, 6);
    refused(&identify(&t, "otro:AB123456", PROVISIONAL).await, Reason::WrongForDocument);
}

async fn f_req_a_spent_or_expired_provisional_key_refers_to_the_company(t: TestBackend) {
    let id = granted(&t, DOCUMENT).await;
    sent(&t, id, PROVISIONAL).await;
    t.clock.advance(DAY - MINUTE);
    assert!(matches!(identify(&t, DOCUMENT, PROVISIONAL).await.state, Change::NewKey(_)));
    t.clock.advance(MINUTE);
    refused(&identify(&t, DOCUMENT, PROVISIONAL).await, Reason::ExpiredAskCompany);
    // The company asked again: the older key is spent, the newer one works.
    sent(&t, id, "K10000K1").await;
    t.clock.advance(1000);
    sent(&t, id, "L20000L2").await;
    refused(&identify(&t, DOCUMENT, "K10000K1").await, Reason::SpentAskCompany);
    let mut browser = t.changing_as(Kind::Facilitador);
    browser.identify(DOCUMENT, "L20000L2").await;
    assert!(matches!(browser.set("Peumo#41").await.state, Change::Done { .. }));
    refused(&identify(&t, DOCUMENT, "L20000L2").await, Reason::SpentAskCompany);
}

async fn f_req_the_key_of_a_facilitator_may_not_contain_document_or_name(t: TestBackend) {
    let id = granted(&t, DOCUMENT).await;
    sent(&t, id, PROVISIONAL).await;
    let mut browser = t.changing_as(Kind::Facilitador);
    browser.identify(DOCUMENT, PROVISIONAL).await;
    for (key, reason) in [
        ("xAB123456", Reason::ContainsDocument),
        ("ab123456#", Reason::ContainsDocument),
        ("AB-123.456", Reason::ContainsDocument),
        ("Mengana#7", Reason::ContainsName),
        ("12345678", Reason::Common),
    ] {
        let page = browser.set(key).await;
        assert!(matches!(page.state, Change::NewKey(_)));
        assert_eq!(page.errors(), [(Field::NewKey, reason)], "{key}");
    }
    assert!(account(&t, DOCUMENT).await.key_hash.is_none());
    assert!(matches!(browser.set("Peumo#41").await.state, Change::Done { .. }));
    assert!(account(&t, DOCUMENT).await.key_hash.is_some());
}

async fn f_req_document_type_and_number_are_required_and_shown_again(t: TestBackend) {
    let (number, kind, key) = (Field::DocumentNumber, Field::DocumentKind, Field::CurrentKey);
    for (document, errors) in [
        (":", vec![(number, Reason::Missing), (kind, Reason::Missing), (key, Reason::Missing)]),
        ("pasaporte:", vec![(number, Reason::Missing), (key, Reason::Missing)]),
        (":AB123456", vec![(kind, Reason::Missing), (key, Reason::Missing)]),
        ("carnet:AB123456", vec![(kind, Reason::Missing), (key, Reason::Missing)]),
        ("pasaporte:A:B", vec![(number, Reason::Format), (key, Reason::Missing)]),
    ] {
        let page = identify(&t, document, "").await;
        assert_eq!(page.errors(), errors, "{document}");
        let (sort, number) = document.split_once(':').unwrap();
        assert_eq!((page.typed.get("documento_tipo"), page.typed.get("documento")), (sort, number));
    }
    assert_eq!((t.tries("").await, t.hasher.runs()), (0, 0));
}

async fn security_known_and_unknown_documents_get_the_same_errors(t: TestBackend) {
    let id = granted(&t, DOCUMENT).await;
    sent(&t, id, PROVISIONAL).await;
    let mut seen = Vec::new();
    for document in [DOCUMENT, "pasaporte:ZZ999999"] {
        for key in ["NoEsEsta1", "A00000A0"] {
            let before = t.hasher.runs();
            let page = identify(&t, document, key).await;
            seen.push((page.feedback, t.hasher.runs() - before));
        }
    }
    assert_eq!(seen[..2], seen[2..]);
    assert_eq!(seen[0].0.errors[0].reason, Reason::WrongForDocument);
}

async fn security_a_facilitator_and_a_migrante_with_the_same_number_are_two_accounts(t: TestBackend) {
    // The passport proves who a persona migrante is; it identifies the account of a facilitator.
    let migrant = Migrant::number(1);
    t.account(&migrant).await;
    let document = format!("pasaporte:{}", migrant.document.replace('-', ""));
    refused(&identify(&t, &document, &migrant.key).await, Reason::WrongForDocument);
    let id = granted(&t, &document).await;
    sent(&t, id, PROVISIONAL).await;
    let mut browser = t.changing_as(Kind::Facilitador);
    browser.identify(&document, PROVISIONAL).await;
    browser.set("Peumo#41").await;
    assert!(t.key_is(&migrant, &migrant.key).await);
    let page = t.changing_as(Kind::Migrante).identify(&migrant.nie, "Peumo#41").await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::WrongForNie)]);
}

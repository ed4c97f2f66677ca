//! M-REG, M-CHG, M-UPD, and the messages of a persona migrante.

use std::collections::BTreeSet;

use domain::document::DocumentInput;
use domain::field::{Field, Reason};
use domain::flow::change::Change;
use domain::flow::registration::{Registration, RegistrationInput};
use domain::flow::update::Update;
use domain::kind::Kind;

use crate::support::accounts::AccountData;
use crate::support::people::recipients;
use crate::support::{Migrant, TestBackend, on_both_engines};

on_both_engines![
    m_reg_a_migrant_gets_an_account_by_nie_and_document,
    m_reg_each_wrong_field_is_reported,
    m_chg_the_key_and_a_provisional_key_set_a_new_one,
    m_upd_a_migrant_updates_contact_data,
    a_min_a_change_of_a_migrant_stops_and_resumes,
    m_messages_mention_nie_and_document_only,
];

async fn m_reg_a_migrant_gets_an_account_by_nie_and_document(t: TestBackend) {
    let migrant = Migrant::number(1);
    let hashes = t.hasher.runs();
    let page = t.registering_as(Kind::Migrante).await.create_right(migrant.form()).await;
    assert!(matches!(page.state, Registration::Done { by_sms: true, by_mail: true, .. }));
    assert_eq!(t.hasher.runs() - hashes, 3, "key, answer and document number are hashed");
    assert_eq!(recipients(&t.messages().await), [migrant.phone(), migrant.email.clone()]);
    let kept = t.dump("account").await + &t.dump("flow").await;
    assert!(kept.contains("document_kind=pasaporte;") && kept.contains("document_country=VE;"));
    assert!(kept.contains("kind=migrante;") && kept.contains("identifier=EX700001;"));
    for secret in ["4000001", migrant.key.as_str(), "Loyola", "loyola"] {
        assert!(!kept.contains(secret), "{secret}");
    }
    t.change_key(&migrant, &migrant.key, "Peumo#41").await;

    // A second registration shows the same page at the same cost and notifies the owner.
    let before = t.dump("account").await;
    let (hashes, stranger) =
        (t.hasher.runs(), Migrant { nie: "ex 700.001".to_owned(), ..Migrant::number(2) });
    t.messages().await;
    let page = t.registering_as(Kind::Migrante).await.create_right(stranger.form()).await;
    assert!(matches!(page.state, Registration::Done { by_sms: true, by_mail: true, .. }));
    assert_eq!(t.hasher.runs() - hashes, 3);
    let mut letters = t.messages().await;
    letters.retain(|letter| letter.to != stranger.email && letter.to != stranger.phone());
    assert_eq!(recipients(&letters), [migrant.phone(), migrant.email.clone()]);
    assert!(letters.iter().all(|letter| letter.text.contains("ya tiene")));
    let doubted = before.replace("contact_proof=0;", "contact_proof=1;");
    assert_eq!(t.dump("account").await, doubted, "nothing changes but who proved the contact data");
}

async fn m_reg_each_wrong_field_is_reported(t: TestBackend) {
    let migrant = Migrant::number(1);
    let good = migrant.form();
    let document = |document| RegistrationInput { document, ..good };
    let nie = |identifier| RegistrationInput { identifier, ..good };
    let given = good.document;
    let mut browser = t.registering_as(Kind::Migrante).await;
    for (form, field, reason) in [
        (nie(""), Field::Nie, Reason::Missing),
        (nie("1234"), Field::Nie, Reason::Format),
        (nie("EX_700001"), Field::Nie, Reason::Characters),
        (nie("123456789012345678901"), Field::Nie, Reason::Format),
        (document(DocumentInput { kind: "", ..given }), Field::DocumentKind, Reason::Missing),
        (document(DocumentInput { kind: "carnet", ..given }), Field::DocumentKind, Reason::Missing),
        (document(DocumentInput { country: "", ..given }), Field::DocumentCountry, Reason::Missing),
        (document(DocumentInput { country: "CL", ..given }), Field::DocumentCountry, Reason::Missing),
        (document(DocumentInput { number: "", ..given }), Field::DocumentNumber, Reason::Missing),
        (document(DocumentInput { number: "12/34", ..given }), Field::DocumentNumber, Reason::Format),
    ] {
        let page = browser.create_right(form).await;
        assert_eq!((page.state.clone(), page.errors()), (Registration::Form, vec![(field, reason)]));
        for (name, typed) in [
            ("nie", form.identifier),
            ("documento_tipo", form.document.kind),
            ("documento_pais", form.document.country),
            ("documento", form.document.number),
            ("email", form.contact.email),
        ] {
            assert_eq!(page.typed.get(name), typed, "{name}");
        }
    }
    assert!(matches!(browser.create_right(good).await.state, Registration::Done { .. }));
}

async fn m_chg_the_key_and_a_provisional_key_set_a_new_one(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.account(&migrant).await;
    let mut browser = t.changing_as(Kind::Migrante);
    let page = browser.identify(&migrant.nie, "NoEsEsta1").await;
    assert_eq!(
        (page.state.clone(), page.errors()),
        (Change::Identify, vec![(Field::CurrentKey, Reason::WrongForNie)])
    );
    assert_eq!((page.typed.get("nie"), page.typed.get("rut")), (migrant.nie.as_str(), ""));
    let page = browser.identify(&migrant.nie, &"Secreta#1".repeat(20)).await;
    assert_eq!(
        page.errors(),
        [(Field::CurrentKey, Reason::WrongForNie)],
        "the same error for a text that cannot be a key"
    );
    let page = browser.identify("1234", "").await;
    assert_eq!(page.errors(), [(Field::Nie, Reason::Format), (Field::CurrentKey, Reason::Missing)]);
    t.change_key(&migrant, &migrant.key, "Peumo#41").await;
    let key = t.recover_by_answer(&migrant).await;
    t.change_key(&migrant, &key, "Boldo#123").await;
    let page = t.changing_as(Kind::Migrante).identify(&migrant.nie, &key).await;
    assert_eq!(page.errors(), [(Field::CurrentKey, Reason::Spent)]);
}

async fn m_upd_a_migrant_updates_contact_data(t: TestBackend) {
    let (migrant, new) = (Migrant::number(1), Migrant::number(2));
    t.account(&migrant).await;
    let mut browser = t.updating_as(Kind::Migrante);
    let page = browser.by_key(&migrant.nie, "NoEsEsta1").await;
    assert_eq!(
        (page.errors(), page.typed.get("nie")),
        (vec![(Field::CurrentKey, Reason::NotTheKeyOfNie)], migrant.nie.as_str())
    );
    let mut browser = t.opened(&migrant).await;
    assert_eq!(browser.load().await.typed.get("email"), migrant.email);
    assert!(matches!(browser.save_right(new.update()).await.state, Update::Done(done) if done.changed));
    let to = [migrant.phone(), new.phone(), migrant.email.clone(), new.email.clone()];
    assert_eq!(recipients(&t.messages().await), to);
    // The document is still on file.
    t.proven_by_serial(&migrant).await;
}

async fn a_min_a_change_of_a_migrant_stops_and_resumes(t: TestBackend) {
    let migrant = Migrant::number(1);
    t.account_with(&migrant, AccountData::Nothing).await;
    let mut change = t.changing_as(Kind::Migrante);
    assert!(matches!(change.identify(&migrant.nie, &migrant.key).await.state, Change::MissingData(_)));
    let mut update = t.updating_as(Kind::Migrante);
    let page = update.by_stopped_change(&change).await.unwrap();
    assert!(matches!(page.state, Update::Choose(_)));
    update.choose(migrant.form().question, &migrant.answer).await;
    assert!(matches!(update.save_right(migrant.update()).await.state, Update::Done(_)));
    assert!(matches!(change.resume().await.state, Change::NewKey(_)));
    assert!(matches!(change.set("Peumo#41").await.state, Change::Done { .. }));
}

async fn m_messages_mention_nie_and_document_only(t: TestBackend) {
    let (migrant, new) = (Migrant::number(1), Migrant::number(2));
    t.register(&migrant).await;
    t.register(&migrant).await;
    let mut browser = t.proven_by_serial(&migrant).await;
    browser.contact(&new.email, &new.mobile).await;
    browser.send_right().await;
    t.opened(&migrant).await.save_right(new.update()).await;
    t.change_key(&migrant, &migrant.key, "Peumo#41").await;
    let sent: BTreeSet<_> =
        t.texts("SELECT template || ' ' || channel FROM outbox").await.into_iter().collect();
    assert_eq!(sent.len(), 6 * 2, "each template by mail and by SMS: {sent:?}");
    let letters = t.messages().await;
    for letter in &letters {
        let said = format!("{} {}", letter.subject, letter.text).to_lowercase();
        for foreign in ["rut", "cédula", "cedula", "serie", "/natural"] {
            let found = said.split(|c: char| !c.is_alphanumeric() && c != '/').any(|word| word == foreign);
            assert!(!found && !said.contains("/natural"), "{foreign} in {said}");
        }
    }
    let of = |word: &str| letters.iter().filter(|letter| letter.text.contains(word)).count();
    assert!(of("NIE") > 0 && of("documento de identidad") > 0);
    assert!(of("/cambiar/migrante") > 0 && of("/recuperar/migrante") > 0);
}

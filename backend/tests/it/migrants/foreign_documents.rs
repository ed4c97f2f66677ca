//! A NIE belongs to the person whose document the registry of foreign documents knows
//! (docs/decisions/0016-foreign-documents.md).

use domain::document::DocumentInput;
use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::recovery::Recovery;
use domain::flow::registration::{RegisterProof, Registration, RegistrationInput};
use domain::kind::Kind;

use crate::support::people::key_in;
use crate::support::{Migrant, Person, TestBackend, on_both_engines};

on_both_engines![
    security_a_squatted_nie_is_recovered_by_the_real_document,
    security_with_proof_a_nie_is_registered_with_its_own_document_only,
    m_reg_an_outage_of_the_registry_loses_no_data_and_counts_no_attempt,
    security_known_and_unknown_nies_cost_the_same_with_a_registry,
];

/// Registers the NIE of `owner` with everything else of another person.
fn squatter_of(owner: &Migrant) -> Migrant {
    let stranger = Migrant::number(90);
    let person = Person { answer: "respuesta ajena".to_owned(), ..stranger.person.clone() };
    Migrant { nie: owner.nie.clone(), person, ..stranger }
}

async fn security_a_squatted_nie_is_recovered_by_the_real_document(t: TestBackend) {
    let (mut t, owner) = (t, Migrant::number(1));
    let squatter = squatter_of(&owner);
    t.register(&squatter).await;
    let documents = [(&owner, "vigente")];
    t.foreign_documents_say(&documents);
    // The number on file is the squatter's, and proves nothing here.
    let mut browser = t.recovering_as(Kind::Migrante);
    browser.nie(&owner.nie).await;
    browser.forgotten().await;
    let page = browser.document(&squatter.document).await;
    assert_eq!(page.errors(), [(Field::DocumentNumber, Reason::Wrong)]);
    assert!(matches!(browser.document(&owner.document).await.state, Recovery::Mail(_)));
    browser.mail("no").await;
    browser.contact(&owner.email, &owner.mobile).await;
    assert!(matches!(browser.send_right().await.state, Recovery::Sent(_)));
    let key = t.messages().await.iter().find_map(key_in).unwrap();
    t.change_key(&owner, &key, "Peumo#41").await;

    let on_file = t.on_file(&owner).await;
    assert!(on_file.asked().is_none(), "the squatter's question is dropped");
    assert_eq!(on_file.email.unwrap().as_str(), owner.email);
    // Also without a registry, the squatter's document is no way back.
    t.backend.foreign_documents = None;
    for (document, right) in [(&squatter.document, false), (&owner.document, true)] {
        let mut browser = t.recovering_as(Kind::Migrante);
        browser.nie(&owner.nie).await;
        let page = browser.document(document).await;
        assert_eq!(matches!(page.state, Recovery::Mail(_)), right, "{document}");
    }
}

async fn security_with_proof_a_nie_is_registered_with_its_own_document_only(t: TestBackend) {
    let mut t = t;
    t.backend.settings.register_proof = RegisterProof::Serial;
    let [owner, other, former] = [1, 2, 3].map(Migrant::number);
    t.foreign_documents_say(&[(&owner, "vigente"), (&other, "vigente"), (&former, "no_vigente")]);
    let colombia = DocumentInput { country: "CO", ..owner.form().document };
    let wrong = [
        RegistrationInput { document: other.form().document, ..owner.form() },
        RegistrationInput { document: colombia, ..owner.form() },
        former.form(),
    ];
    for form in wrong {
        let page = t.registering_as(Kind::Migrante).await.create_right(form).await;
        assert_eq!(
            (page.state.clone(), page.errors()),
            (Registration::Form, vec![(Field::DocumentNumber, Reason::Wrong)])
        );
        assert_eq!(page.typed.get("documento"), form.document.number, "the number stays, to be corrected");
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
    t.register(&owner).await;
    assert_eq!(t.on_file(&owner).await.names.as_deref(), Some(owner.names.as_str()));
}

async fn m_reg_an_outage_of_the_registry_loses_no_data_and_counts_no_attempt(t: TestBackend) {
    let mut t = t;
    t.backend.settings.register_proof = RegisterProof::Serial;
    let migrant = Migrant::number(1);
    t.foreign_documents_say(&[]);
    t.foreign_documents_are_down();
    let mut browser = t.registering_as(Kind::Migrante).await;
    for _ in 0..8 {
        let page = browser.create_right(migrant.form()).await;
        assert_eq!(
            (page.state.clone(), page.notice()),
            (Registration::Form, Some(Notice::ForeignRegistryDown))
        );
        assert_eq!(page.typed.get("documento"), migrant.document);
    }
    assert_eq!((t.tries("document").await, t.tries("register").await), (0, 0));
    t.foreign_documents_say(&[(&migrant, "vigente")]);
    assert!(matches!(browser.create_right(migrant.form()).await.state, Registration::Done { .. }));
}

async fn security_known_and_unknown_nies_cost_the_same_with_a_registry(t: TestBackend) {
    let (mut t, known, unknown) = (t, Migrant::number(1), Migrant::number(2));
    t.account(&known).await;
    t.foreign_documents_say(&[]);
    let mut seen = Vec::new();
    for migrant in [&known, &unknown] {
        let mut browser = t.recovering_as(Kind::Migrante);
        browser.nie(&migrant.nie).await;
        browser.forgotten().await;
        let hashes = t.hasher.runs();
        let page = browser.document(&migrant.document).await;
        assert!(matches!(page.state, Recovery::Document(_)));
        seen.push((page.feedback.clone(), t.hasher.runs() - hashes));
    }
    assert_eq!(seen[0], seen[1]);
}

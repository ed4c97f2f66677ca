//! Requests of companies that wait, and officers who look through them.

use std::sync::Arc;

use backend::clock::{Clock as _, Millis, MovableClock, SECOND};
use backend::flows::Token;
use backend::secrets::random_below;
use backend::service::officers::{Officer, Proofs, SignIn};
use backend::service::{Caller, NextStep};
use backend::store::requests::{self, FacilitatorRequest, NewRequest};
use backend::store::uploads;
use domain::document::ForeignDocument;
use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::request::{RequestNumber, UploadId, UploadPurpose};
use domain::officer::OfficerName;
use domain::question::SecretQuestion;
use domain::rut::Rut;

use super::TestBackend;
use super::accounts::hash;
use super::samples::sha256;

/// A foreign facilitator, invented.
pub(crate) struct Facilitator {
    pub(crate) document: ForeignDocument,
    pub(crate) names: String,
    pub(crate) email: String,
    pub(crate) phone: String,
}

impl Facilitator {
    pub(crate) fn number(number: u32) -> Self {
        Self {
            document: ForeignDocument::parse("pasaporte", &format!("ZX{number:06}")).unwrap(),
            names: format!("Perengana Lejana Número {number}"),
            email: format!("perengana{number}@correo.ejemplo.pe"),
            phone: format!("+51987{number:06}"),
        }
    }

    /// The same person, as another company writes the address.
    pub(crate) fn at(self, email: &str) -> Self {
        Self { email: email.to_owned(), ..self }
    }
}

/// An officer with what they sign in with.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) name: String,
    pub(crate) proofs: Arc<Proofs>,
    clock: Arc<MovableClock>,
}

impl Signer {
    pub(crate) fn key(&self) -> &str {
        &self.proofs.key
    }

    /// The code at this moment; the clock moves on to a step that was not used.
    pub(crate) fn code(&self) -> String {
        self.clock.advance(30 * SECOND);
        self.proofs.totp.code(self.clock.now())
    }
}

/// From where officers sign in.
pub(crate) fn desk_caller() -> Caller {
    Caller { address: "203.0.113.9".parse().ok(), request_id: "pedido-mesa".to_owned(), ..Caller::default() }
}

impl TestBackend {
    /// An officer, as the command adds one.
    pub(crate) async fn officer(&self, name: &str, may_decide: bool) -> Signer {
        let parsed = OfficerName::parse(name).unwrap();
        let added = self.officers(&Caller::default()).add(&parsed, may_decide).await.unwrap();
        let proofs = Arc::new(added.expect("a name that is free"));
        Signer { name: name.to_owned(), proofs, clock: Arc::clone(&self.clock) }
    }

    /// Signs in with these words.
    pub(crate) async fn sign_in(&self, name: &str, key: &str, code: &str) -> NextStep<SignIn> {
        self.officers(&desk_caller()).sign_in(None, name, key, code).await.unwrap()
    }

    /// Signs in as it should be.
    pub(crate) async fn signed_in(&self, signer: &Signer) -> Token {
        let moved = self.sign_in(&signer.name, signer.key(), &signer.code()).await;
        assert_eq!(moved.state, SignIn::SignedIn);
        moved.token.unwrap()
    }

    /// Whose session a cookie holds.
    pub(crate) async fn who_is(&self, token: &Token) -> Option<Officer> {
        let session = self.officers(&desk_caller()).session(Some(token)).await.unwrap();
        session.map(|session| session.officer)
    }

    /// A request as F-REQ files it, with both of its files.
    pub(crate) async fn filed_request(&self, company: AccountId, who: &Facilitator) -> RequestNumber {
        let number = RequestNumber::from_random(random_below(RequestNumber::COUNT).unwrap());
        let email = Email::parse(&who.email).unwrap();
        let (now, answer_hash) = (self.now(), hash("el gato"));
        let new = NewRequest {
            number: &number,
            company,
            representative: Rut::from_number(31_000_001).unwrap(),
            document: &who.document,
            names: &who.names,
            email: &email,
            phone: &who.phone,
            question: SecretQuestion::by_index(1),
            answer_hash: &answer_hash,
        };
        let mut tx = self.store.begin().await.unwrap();
        let id = requests::insert(&mut tx, &new, now).await.unwrap().expect("no other open request");
        for purpose in UploadPurpose::ALL {
            let name = backend::files::FileName::random().unwrap();
            let upload = UploadId(name.as_str().to_owned());
            uploads::announce(&mut tx, &upload, company, purpose, now, now + 1000).await.unwrap();
            let folder = self.folder.path().join("archivos");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name.as_str()), purpose.id()).unwrap();
            let format = if purpose == UploadPurpose::Declaration { "pdf" } else { "jpeg" };
            let size = i64::try_from(purpose.id().len()).unwrap();
            uploads::complete(
                &mut tx,
                &upload,
                format,
                size,
                &sha256(purpose.id().as_bytes()),
                now,
                now + 1000,
            )
            .await
            .unwrap();
            assert!(uploads::take(&mut tx, &upload, company, id, now).await.unwrap());
        }
        tx.commit().await.unwrap();
        number
    }

    /// A request, as the store has it.
    pub(crate) async fn request_on_file(&self, number: &RequestNumber) -> FacilitatorRequest {
        let connection = &mut *self.store.connection().await.unwrap();
        requests::find(connection, number).await.unwrap().unwrap()
    }

    /// Event, outcome and officer of every row of the audit, sorted.
    pub(crate) async fn record(&self) -> Vec<String> {
        self.texts(
            "SELECT event || ' ' || outcome || ' ' || officer FROM (
                 SELECT event, outcome, COALESCE(officer, '-') AS officer FROM audit
                 UNION ALL
                 SELECT event, outcome, CASE WHEN officer = '' THEN '-' ELSE officer END FROM audit_try
             ) AS record ORDER BY event, outcome",
        )
        .await
    }

    /// Now.
    pub(crate) fn later(&self, by: Millis) {
        self.clock.advance(by);
    }
}

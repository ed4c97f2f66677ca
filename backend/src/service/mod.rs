//! The services: each step of each flow, from what was typed to what is stored and sent. `domain` decides; a service gives it the
//! form and what the outside says, and writes its decision in one transaction.
//!
//! A step is one function. It runs inside [`Backend::run`], so that every check in it ends in `?` (`exit`), and it ends by
//! saving its flow (`step`) or by the transaction of an outcome (`outcome`).

mod browser;
mod captcha;
pub mod change;
pub mod decoys;
mod erase;
mod exit;
mod kept;
pub mod logout;
pub mod mail;
pub mod officers;
pub mod openid;
mod outcome;
mod proofs;
pub mod rce;
pub mod recovery;
pub mod registration;
mod representative;
pub mod request;
pub mod review;
pub mod sign_in;
pub mod signing;
mod state;
mod step;
pub mod update;

use std::sync::Arc;

use domain::flow::{AccountId, Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;
use tokio::sync::Notify;

pub use crate::caller::Caller;
use crate::captcha::Drawings;
use crate::clock::{Clock, Millis};
use crate::declaration::DeclarationError;
use crate::files::{Files, FilesError};
use crate::flow_locks::FlowLocks;
use crate::flows::Token;
use crate::hashing::{Busy, Hasher};
use crate::limits::{Limits, Wait};
use crate::message::Recipient;
use crate::registry::{CivilRegistry, ForeignDocuments, TaxRegistry};
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::store::accounts::Account;
use crate::store::{Store, StoreError, accounts, audit};

use exit::Refusal;
pub use state::NextStep;
use step::Found;
pub use step::Posted;

/// Why a step failed; never the fault of the user.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many keys wait to be hashed: 503, try again in a moment.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The same, after the flow was written, whose page says so: with the token under which it is now.
    #[error("{0}")]
    BusyFlow(Busy, Token),
    /// The store of uploaded files failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A token could not be signed.
    #[error(transparent)]
    Jwt(#[from] crate::jwt::JwtError),
    /// The “Declaración Jurada” could not be made.
    #[error(transparent)]
    Declaration(#[from] DeclarationError),
}

/// Result of a service.
pub type Result<T> = std::result::Result<T, ServiceError>;

/// Everything that the screens need of the services.
#[derive(Clone)]
pub struct Backend {
    /// The database.
    pub store: Store,
    /// Keys derived from the configuration's secret.
    pub secrets: Secrets,
    /// argon2id.
    pub hasher: Hasher,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Registro Civil.
    pub civil: CivilRegistry,
    /// SII.
    pub tax: TaxRegistry,
    /// The registry of foreign documents, where there is one: then only it proves the document of a persona migrante.
    pub foreign_documents: Option<ForeignDocuments>,
    /// Attendance, if it is taken.
    pub rce: rce::Rce,
    /// Uploads of companies.
    pub files: Files,
    /// What the operator set.
    pub settings: Settings,
    /// Counters of attempts.
    pub limits: Limits,
    /// What identifiers without an account are shown.
    pub decoys: decoys::Decoys,
    /// Notified when a message was written to the outbox.
    pub wake: Arc<Notify>,
    /// Pictures and sounds of captchas that were asked for lately.
    pub drawings: Drawings,
    /// The flows on which a form is processed now.
    pub flow_locks: FlowLocks,
    /// The keys of ID tokens, as they were read last.
    pub signing: signing::SigningKeys,
}

impl Backend {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Whether a registry says whose the documents of this kind are: of a persona migrante only where one is configured.
    fn checks_documents(&self, kind: Kind) -> bool {
        kind != Kind::Migrante || self.foreign_documents.is_some()
    }

    /// The account of a RUT or NIE.
    async fn account(&self, kind: Kind, who: &Identifier) -> Result<Option<Account>> {
        Ok(accounts::find(&mut *self.store.connection().await?, kind, &who.plain()).await?)
    }
}

/// The mail address and the mobile of an account, as recipients.
fn contacts(account: &Account) -> [Option<Recipient>; 2] {
    [account.email.clone().map(Recipient::Mail), account.mobile.clone().map(Recipient::Sms)]
}

/// The account id of an audit row. An event about a RUT without an account is recorded too, at the same cost.
fn id_of(account: Option<&Account>) -> AccountId {
    account.map_or(audit::NOBODY, |account| account.id)
}

/// A wait, or the letters of a captcha in its place.
fn wait_or_letters(wait: Wait, kind: Kind, now: Millis) -> Refusal {
    if !wait.takes_letters() {
        return wait_notice(wait, now).into();
    }
    let of = wait.is_of_identity().then_some(kind);
    Refusal::Letters(Notice::WaitOrLetters { minutes: wait.minutes(now), of }.into())
}

/// The feedback for a wait.
fn wait_notice(wait: Wait, now: Millis) -> Feedback {
    if wait.is_for_the_day() {
        return Notice::UseDocument.into();
    }
    Notice::Wait { minutes: wait.minutes(now) }.into()
}

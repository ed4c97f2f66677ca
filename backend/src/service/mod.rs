//! The services: each step of each flow, from what was typed to what is kept and sent. `domain` decides; here it is
//! asked, told what the outside says, and its decision is written down in one transaction.

mod captcha;
pub mod change;
pub mod decoys;
pub mod officers;
mod proofs;
pub mod recovery;
pub mod registration;
mod representative;
pub mod request;
pub mod review;
mod step;
pub mod update;

use std::sync::Arc;

use domain::flow::{AccountId, Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;
use sqlx::AnyConnection;
use tokio::sync::Notify;

pub use crate::caller::Caller;
use crate::clock::{Clock, Millis};
use crate::courier::{Facts, compose};
use crate::declaration::DeclarationError;
use crate::files::{Files, FilesError};
use crate::flow_locks::FlowLocks;
use crate::hashing::{Busy, Hasher};
use crate::limits::{Limits, Wait};
use crate::message::{Recipient, Template};
use crate::registry::{CivilRegistry, TaxRegistry};
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::store::accounts::Account;
use crate::store::{Store, StoreError, accounts, audit, outbox};

use step::Found;
pub use step::{Moved, Posted};

/// Why a step could not be carried out; never the fault of the person at the screen.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many keys wait to be hashed: 503, try again in a moment.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The store of uploaded files failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The “Declaración Jurada” could not be made.
    #[error(transparent)]
    Declaration(#[from] DeclarationError),
}

/// Result of a service.
pub type Result<T> = std::result::Result<T, ServiceError>;

/// Everything that the screens may ask of the back.
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
    /// What companies have sent.
    pub files: Files,
    /// What the operator set.
    pub settings: Settings,
    /// Counters of tries.
    pub limits: Limits,
    /// What those are shown who have no account.
    pub decoys: decoys::Decoys,
    /// Rung when a message was written to the outbox.
    pub wake: Arc<Notify>,
    /// Which flows are being worked on.
    pub flow_locks: FlowLocks,
}

impl Backend {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The account of a RUT or NIE.
    async fn account(&self, kind: Kind, who: &Identifier) -> Result<Option<Account>> {
        Ok(accounts::find(&mut *self.store.connection().await?, kind, &who.plain()).await?)
    }

    /// Writes a message to the outbox for each recipient that is there.
    async fn enqueue_messages(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        template: Template,
        recipients: impl IntoIterator<Item = Option<Recipient>>,
        facts: Facts<'_>,
    ) -> Result<()> {
        for to in recipients.into_iter().flatten() {
            let message = compose(template, to, facts);
            outbox::insert(connection, &self.secrets, account, &message, self.now()).await?;
        }
        Ok(())
    }
}

/// The mail address and the mobile of an account, as recipients.
fn contacts(account: &Account) -> [Option<Recipient>; 2] {
    [account.email.clone().map(Recipient::Mail), account.mobile.clone().map(Recipient::Sms)]
}

/// Under which number an event is recorded: what touches a RUT without an account costs the same, and names nobody.
fn id_of(account: Option<&Account>) -> AccountId {
    account.map_or(audit::NOBODY, |account| account.id)
}

/// What a wait says.
fn wait_notice(wait: Wait, now: Millis) -> Feedback {
    Notice::Wait { minutes: wait.minutes(now) }.into()
}

//! The outcome of a step: everything it changes, its messages and its audit row, in one transaction.

mod caps;

use std::ops::{Deref, DerefMut};

use domain::flow::{AccountId, Feedback};
use sqlx::AnyConnection;

use super::exit::{Exit, Step};
use super::state::{NextStep, State};
use super::{Backend, Caller, Result};
use crate::clock::Millis;
use crate::courier::{Facts, compose};
use crate::flows::{Flow, Kept, Typed};
use crate::message::{MessageClass, Recipient, Template};
use crate::store::audit::{self, Record};
use crate::store::{StoreError, Tx, outbox, savepoint};
pub(super) use caps::Admitted;

/// A transaction that writes an outcome. The only ways to commit it take an audit row and wake the courier, so neither can be
/// forgotten; dropped, it changes nothing. It derefs to the connection on which the store's functions run.
pub(super) struct OutcomeTx<'a> {
    backend: &'a Backend,
    caller: &'a Caller,
    tx: Tx,
    now: Millis,
    /// Whether there is something for the courier to send.
    has_messages: bool,
    /// Whether what is written now will be undone: then nothing leaves the transaction, such as metrics and alarms.
    is_rehearsal: bool,
}

/// A point in an outcome to which it can go back.
#[must_use]
pub(super) struct Savepoint(());

/// A flow whose last state was written.
pub(super) struct Ended<S>(pub(super) Flow<S>);

impl Backend {
    /// Begins the transaction of an outcome.
    pub(super) async fn begin_outcome<'a>(&'a self, caller: &'a Caller) -> Result<OutcomeTx<'a>> {
        let tx = self.store.begin().await?;
        Ok(OutcomeTx { backend: self, caller, tx, now: self.now(), has_messages: false, is_rehearsal: false })
    }
}

impl OutcomeTx<'_> {
    /// When it began.
    pub(super) fn now(&self) -> Millis {
        self.now
    }

    /// Moves a flow to its last state, with nothing typed and nothing to correct. When another request was faster, that is the
    /// end of the step.
    pub(super) async fn end_flow<S: State>(&mut self, mut flow: Flow<S>, state: S) -> Step<S, Ended<S>> {
        flow.state = state;
        flow.feedback = Feedback::default();
        flow.typed = Typed::default();
        flow.kept = Kept::default();
        flow.captcha = None;
        if flow.save_outcome(&mut self.tx, self.backend.times::<S>()).await? {
            return Ok(Ended(flow));
        }
        Err(Exit::Conflict(Box::new(flow)))
    }

    /// Writes a message to the outbox for each recipient that there is and whom no cap stops. Returns how many were written.
    pub(super) async fn enqueue_messages(
        &mut self,
        account: AccountId,
        class: impl Into<MessageClass>,
        recipients: impl IntoIterator<Item = Option<Recipient>>,
        facts: Facts<'_>,
    ) -> Result<usize> {
        let class = class.into();
        let admitted = self.admit(account, class, recipients).await?;
        let written = admitted.len();
        self.write_messages(account, class.template, admitted, facts).await?;
        Ok(written)
    }

    /// Writes messages to recipients whom [`OutcomeTx::admit`] let through: nothing else makes an [`Admitted`].
    pub(super) async fn write_messages(
        &mut self,
        account: AccountId,
        template: Template,
        to: Admitted,
        facts: Facts<'_>,
    ) -> Result<()> {
        let sender = self.sender(template);
        for to in to.into_recipients() {
            let message = compose(self.backend.settings.language, template, to, facts);
            let about = (account, sender.as_deref().unwrap_or_default());
            outbox::insert(&mut self.tx, &self.backend.secrets, about, &message, self.now).await?;
            self.has_messages = true;
        }
        Ok(())
    }

    /// Begins what may be undone.
    pub(super) async fn savepoint(&mut self) -> Result<Savepoint> {
        savepoint::begin(&mut self.tx).await?;
        Ok(Savepoint(()))
    }

    /// Begins what will be undone: it is written for the sake of its work, so that the caller cannot measure that it was not due.
    pub(super) async fn rehearse(&mut self) -> Result<Savepoint> {
        self.is_rehearsal = true;
        self.savepoint().await
    }

    /// Keeps what was written since.
    pub(super) async fn keep(&mut self, Savepoint(()): Savepoint) -> Result<()> {
        Ok(savepoint::release(&mut self.tx).await?)
    }

    /// Undoes what was written since.
    pub(super) async fn undo(&mut self, Savepoint(()): Savepoint) -> Result<()> {
        self.is_rehearsal = false;
        Ok(savepoint::undo(&mut self.tx).await?)
    }

    /// Writes an audit row beside the one of the commit.
    pub(super) async fn record(&mut self, record: Record<'_>) -> Result<()> {
        Ok(audit::write(&mut self.tx, record, self.caller, self.now).await?)
    }

    /// Writes the audit row, commits, and wakes the courier if it has something to send.
    pub(super) async fn commit(mut self, record: Record<'_>) -> Result<()> {
        self.record(record).await?;
        self.tx.commit().await.map_err(StoreError::from)?;
        if self.has_messages {
            self.backend.wake.notify_one();
        }
        Ok(())
    }

    /// Commits, and moves the user to the end of the flow.
    pub(super) async fn finish<S: State>(self, ended: Ended<S>, record: Record<'_>) -> Result<NextStep<S>> {
        self.commit(record).await?;
        Ok(NextStep::saved(ended.0))
    }
}

impl Deref for OutcomeTx<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.tx
    }
}

impl DerefMut for OutcomeTx<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }
}

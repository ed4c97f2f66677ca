//! The outcome of a step: everything it changes, its messages and its audit row, in one transaction.

use std::ops::{Deref, DerefMut};

use domain::flow::{AccountId, Feedback};
use sqlx::AnyConnection;

use super::exit::{Exit, Step};
use super::state::{NextStep, State};
use super::{Backend, Caller, Result};
use crate::clock::Millis;
use crate::courier::{Facts, compose};
use crate::flows::{Flow, Typed};
use crate::message::{Recipient, Template};
use crate::store::audit::{self, Record};
use crate::store::{StoreError, Tx, outbox};

/// A transaction that writes an outcome. The only ways to commit it take an audit row and wake the courier, so neither can be
/// forgotten; dropped, it changes nothing. It derefs to the connection on which the store's functions run.
pub(super) struct OutcomeTx<'a> {
    backend: &'a Backend,
    caller: &'a Caller,
    tx: Tx,
    now: Millis,
    /// Whether there is something for the courier to send.
    has_messages: bool,
}

/// A flow whose last state was written.
pub(super) struct Ended<S>(pub(super) Flow<S>);

impl Backend {
    /// Begins the transaction of an outcome.
    pub(super) async fn begin_outcome<'a>(&'a self, caller: &'a Caller) -> Result<OutcomeTx<'a>> {
        let tx = self.store.begin().await?;
        Ok(OutcomeTx { backend: self, caller, tx, now: self.now(), has_messages: false })
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
        flow.captcha = None;
        if flow.save_outcome(&mut self.tx, self.backend.times()).await? {
            return Ok(Ended(flow));
        }
        Err(Exit::Conflict(Box::new(flow)))
    }

    /// Writes a message to the outbox for each recipient that there is.
    pub(super) async fn enqueue_messages(
        &mut self,
        account: AccountId,
        template: Template,
        recipients: impl IntoIterator<Item = Option<Recipient>>,
        facts: Facts<'_>,
    ) -> Result<()> {
        for to in recipients.into_iter().flatten() {
            let message = compose(self.backend.settings.language, template, to, facts);
            outbox::insert(&mut self.tx, &self.backend.secrets, account, &message, self.now).await?;
            self.has_messages = true;
        }
        Ok(())
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

//! One step of a flow, whichever it is: its form comes in and finds the flow, and the flow is kept, stays, or rises in trust.

use std::sync::Arc;

use domain::flow::{Feedback, Notice};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Backend, Result};
use crate::clock::Millis;
use crate::flows::{Flow, ProcessedForm, Token, Typed};
use crate::form::{FormFingerprint, FormMac};
use crate::hashing::Busy;
use crate::store::StoreError;

/// What comes with every form of a flow.
#[derive(Debug, Clone, Copy)]
pub struct Posted<'a> {
    /// The token of the cookie.
    pub token: Option<&'a Token>,
    /// The tag of the flow whose page this was.
    pub tag: &'a str,
    /// The captcha that the page showed.
    pub captcha: &'a str,
    /// Everything that was sent, these three included: what the same form again is recognized by.
    pub form: FormFingerprint,
}

/// Where the person goes next.
#[derive(Debug)]
pub struct Moved<S> {
    /// The state, which names the page.
    pub state: S,
    /// The token for the cookie, when it is a new one.
    pub token: Option<Token>,
}

/// The state of a flow, as the store keeps it.
pub(super) trait State: Serialize + DeserializeOwned + Clone + PartialEq {}

impl<S: Serialize + DeserializeOwned + Clone + PartialEq> State for S {}

/// The flow of a form that came in.
pub(super) enum Found<S> {
    /// It is there, and the form is one of its pages.
    Here(Flow<S>),
    /// The form was carried out a moment ago; this is the same form again.
    Again(Flow<S>, Token),
    /// The page belongs to another flow than the cookie.
    OtherTab(Flow<S>),
    /// It has expired, or never was.
    Gone,
}

impl Backend {
    /// When a flow that is touched now expires.
    pub(super) fn expiry(&self) -> Millis {
        self.now() + self.settings.flow_ttl
    }

    /// The flow of a cookie, for showing its page.
    pub(super) async fn flow<S: State>(&self, name: &str, token: Option<&Token>) -> Result<Option<Flow<S>>> {
        let Some(token) = token else { return Ok(None) };
        let connection = &mut *self.store.connection().await?;
        Ok(Flow::find(connection, name, token, self.now()).await?)
    }

    /// Loads the flow of a form and holds its lock until it is dropped. `step` is the step that the form was sent to.
    pub(super) async fn found<S: State>(
        &self,
        name: &str,
        step: &str,
        posted: &Posted<'_>,
    ) -> Result<Found<S>> {
        let Some(token) = posted.token else { return Ok(Found::Gone) };
        let mac = FormMac::new(&self.secrets, step, token.expose(), posted.form);
        let lock = self.flow_locks.acquire(token.id()).await;
        let connection = &mut *self.store.connection().await?;
        let now = self.now();
        if let Some(mut flow) = Flow::find(connection, name, token, now).await? {
            flow.form = Some(Arc::new(ProcessedForm { token: token.clone(), mac, _lock: lock }));
            let same = flow.tag() == posted.tag;
            return Ok(if same { Found::Here(flow) } else { Found::OtherTab(flow) });
        }
        Ok(match Flow::find_renewed(connection, token, &mac, now).await? {
            Some(flow) => Found::Again(flow, token.next(&self.secrets, &mac)),
            None => Found::Gone,
        })
    }

    /// The flow of a form; or, when there is none to carry it out on, where the person goes instead: on in the flow that is
    /// there, or to the `first` step of a new one.
    pub(super) async fn found_or_first<S: State>(
        &self,
        name: &str,
        step: &str,
        posted: &Posted<'_>,
        first: S,
    ) -> Result<std::result::Result<Flow<S>, Moved<S>>> {
        Ok(match self.found(name, step, posted).await? {
            Found::Here(flow) => Ok(flow),
            Found::Again(flow, token) => Err(Moved { state: flow.state, token: Some(token) }),
            Found::OtherTab(flow) => Err(self.save_and_show(flow, Notice::OtherTab).await?),
            Found::Gone => Err(self.start(name, first, Typed::default(), Notice::Expired).await?),
        })
    }

    /// Ends the flow of a cookie, where another begins.
    pub(super) async fn end_old<S: State>(&self, name: &str, token: Option<&Token>) -> Result<()> {
        if let Some(old) = self.flow::<S>(name, token).await? {
            old.delete(&mut *self.store.connection().await?).await?;
        }
        Ok(())
    }

    /// Opens a flow that has only something to say, such as an error at its first step.
    pub(super) async fn open<S: State>(
        &self,
        name: &str,
        state: S,
        typed: Typed,
        feedback: Feedback,
    ) -> Result<(Flow<S>, Token)> {
        let connection = &mut *self.store.connection().await?;
        Ok(Flow::open(connection, name, state, typed, feedback, (self.now(), self.expiry())).await?)
    }

    /// Opens a flow with something to say, and moves there.
    pub(super) async fn start<S: State>(
        &self,
        name: &str,
        state: S,
        typed: Typed,
        feedback: impl Into<Feedback>,
    ) -> Result<Moved<S>> {
        let (flow, token) = self.open(name, state, typed, feedback.into()).await?;
        Ok(Moved { state: flow.state, token: Some(token) })
    }

    /// Writes a flow and moves to its page; when another request was faster, to wherever that one led.
    pub(super) async fn save<S: State>(&self, mut flow: Flow<S>) -> Result<Moved<S>> {
        let connection = &mut *self.store.connection().await?;
        if flow.save(connection, self.expiry()).await? {
            return Ok(Moved { state: flow.state, token: None });
        }
        let state = flow.current_state(connection).await?.unwrap_or(flow.state);
        Ok(Moved { state, token: None })
    }

    /// Another request was faster: to wherever that one led, or, when it has ended this flow, to the `first` step.
    pub(super) async fn overtaken<S: State>(&self, flow: Flow<S>, first: S) -> Result<Moved<S>> {
        let stands = flow.current_state(&mut *self.store.connection().await?).await?;
        match stands {
            Some(state) => Ok(Moved { state, token: None }),
            None => self.start(flow.name(), first, Typed::default(), Notice::Expired).await,
        }
    }

    /// Keeps the flow where it is, with something to say.
    pub(super) async fn save_and_show<S: State>(
        &self,
        mut flow: Flow<S>,
        feedback: impl Into<Feedback>,
    ) -> Result<Moved<S>> {
        flow.feedback = feedback.into();
        self.save(flow).await
    }

    /// Too many keys wait to be hashed: keeps the flow, whose captcha is a new one by now, and says so.
    pub(super) async fn refuse_busy<S: State>(&self, flow: Flow<S>, busy: Busy) -> Result<Moved<S>> {
        self.save_and_show(flow, Notice::Busy).await?;
        Err(busy.into())
    }

    /// Writes a flow that rose in trust, under a new token. When the very same form was carried out by another request
    /// at the same moment (a double click), that one's flow is handed over.
    pub(super) async fn save_and_renew_token<S: State>(
        &self,
        mut flow: Flow<S>,
        first: S,
    ) -> Result<Moved<S>> {
        let Some(form) = flow.form.clone() else { return self.overtaken(flow, first).await };
        let token = form.token.next(&self.secrets, &form.mac);
        let mut tx = self.store.begin().await?;
        let now = self.now();
        if flow.save_outcome(&mut tx, self.expiry()).await? {
            flow.renew(&mut tx, &token, &form.mac, now).await?;
            tx.commit().await.map_err(StoreError::from)?;
            return Ok(Moved { state: flow.state, token: Some(token) });
        }
        drop(tx);
        let connection = &mut *self.store.connection().await?;
        match Flow::<S>::find_renewed(connection, &form.token, &form.mac, now).await? {
            Some(flow) => Ok(Moved { state: flow.state, token: Some(token) }),
            None => self.overtaken(flow, first).await,
        }
    }
}

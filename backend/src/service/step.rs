//! One step of a flow, whichever it is: its form finds the flow, and the flow is written with its next state.

use domain::flow::{Feedback, Notice};

use super::exit::{Exit, FirstPage, Step};
use super::state::{NextStep, State};
use super::{Backend, Caller, Result};
use crate::captcha::{Captcha, FlowOfCaptcha};
use crate::clock::Millis;
use crate::flows::{Flow, ProcessedForm, Token, Typed};
use crate::form::{FormFingerprint, FormMac};
use crate::secrets::random_token;
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
    /// The proof of work for it, if the browser made one.
    pub work: &'a str,
    /// The letters that were typed in place of a wait, where the page asked for them.
    pub letters: &'a str,
    /// “Refrescar” beside those letters: the page comes back with others, and nothing is tried.
    pub other_letters: bool,
    /// Who sent it.
    pub caller: &'a Caller,
    /// Everything that was sent: what the same form again is recognized by.
    pub form: FormFingerprint,
}

/// The flow of a form that came in.
pub(super) enum Found<S> {
    /// It is there, and the form is from one of its pages.
    Here(Flow<S>),
    /// The form was processed a moment ago, and is sent again; the token is the one that it earned then.
    Again(Flow<S>, Token),
    /// The form is from a page of another flow than that of the cookie.
    OtherTab(Flow<S>),
    /// The flow has expired, or there never was one.
    NoFlow,
}

impl Backend {
    /// Now, and when a flow that is written now expires.
    pub(super) fn times<S: State>(&self) -> (Millis, Millis) {
        let now = self.now();
        (now, now + S::LIVES.unwrap_or(self.settings.flow_ttl))
    }

    /// The flow of a cookie, to show its page.
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
        let Some(token) = posted.token else { return Ok(Found::NoFlow) };
        let mac = FormMac::new(&self.secrets, step, posted.tag, posted.form);
        let next = token.next(&self.secrets, &mac);
        let lock = self.flow_locks.acquire(token.id()).await;
        let connection = &mut *self.store.connection().await?;
        let now = self.now();
        if let Some(flow) = Flow::find(connection, name, token, now).await? {
            let (token, caller) = (token.clone(), posted.caller.clone());
            let form = ProcessedForm { token, next, mac, caller, _lock: lock };
            let flow = flow.with_form(form, &self.secrets)?;
            let same = flow.tag() == posted.tag;
            return Ok(if same { Found::Here(flow) } else { Found::OtherTab(flow) });
        }
        Ok(match Flow::find_renewed(connection, name, token, &mac, now).await? {
            Some(flow) => Found::Again(flow, next),
            None => Found::NoFlow,
        })
    }

    /// The flow of a form. When the form cannot be processed on it, the user goes to where the flow is, or to the first step of
    /// a new one.
    pub(super) async fn found_or_first<S: State>(
        &self,
        name: &str,
        step: &str,
        posted: &Posted<'_>,
    ) -> Step<S, Flow<S>> {
        match self.found(name, step, posted).await? {
            Found::Here(flow) => Ok(flow),
            Found::Again(flow, token) => Err(Exit::go_to(NextStep { state: flow.state, token: Some(token) })),
            Found::OtherTab(flow) => Err(Exit::show(flow, Notice::OtherTab)),
            Found::NoFlow => {
                let (name, caller) = (name.to_owned(), posted.caller.clone());
                let first = FirstPage { name, caller, state: S::FIRST, typed: Typed::default() };
                Err(Exit::Begin(Box::new(first), Notice::Expired.into()))
            }
        }
    }

    /// The flow of a first page, which shows a captcha and which nobody has filled in yet: nothing is stored of it. What its form
    /// needs is in the page.
    pub(super) async fn unstored<S: State>(
        &self,
        name: &str,
        feedback: Feedback,
        caller: &Caller,
    ) -> Result<Flow<S>> {
        let tag = random_token().map_err(StoreError::from)?;
        let mut flow = Flow::unstored(name, tag, S::FIRST, self.times::<S>());
        self.new_captcha(&mut flow, caller).await?;
        flow.feedback = feedback;
        Ok(flow)
    }

    /// The flow of the form of a first page with a captcha: that of the cookie, or the one that this form begins. When the form is too
    /// old for either: what to say.
    pub(super) async fn found_or_begun<S: State>(
        &self,
        name: &str,
        step: &str,
        posted: &Posted<'_>,
    ) -> Step<S, std::result::Result<Flow<S>, Notice>> {
        let (begun, notice) = match self.found::<S>(name, step, posted).await? {
            Found::OtherTab(old) => {
                let old = Some(old.without_form());
                (self.begun(name, step, posted, old).await?, Notice::OtherTab)
            }
            Found::NoFlow => (self.begun(name, step, posted, None).await?, Notice::ExpiredForm),
            found => (Some(found), Notice::ExpiredForm),
        };
        match begun {
            Some(Found::Here(flow)) => Ok(Ok(flow)),
            Some(Found::Again(flow, token)) => {
                Err(Exit::go_to(NextStep { state: flow.state, token: Some(token) }))
            }
            Some(Found::OtherTab(_) | Found::NoFlow) | None => Ok(Err(notice)),
        }
    }

    /// The flow that a form of such a page begins: stored with the outcome of the form, and never before. None when the form is of no
    /// page that was opened in the time that a flow may wait. `old` is the flow of the cookie, in the place of which it comes.
    async fn begun<S: State>(
        &self,
        name: &str,
        step: &str,
        posted: &Posted<'_>,
        old: Option<Flow<S>>,
    ) -> Result<Option<Found<S>>> {
        let (now, expires_at) = self.times::<S>();
        let page = FlowOfCaptcha { name, tag: posted.tag };
        let waits = self.settings.flow_ttl - self.settings.captcha_ttl;
        let captcha = Captcha::open(&self.secrets, posted.captcha);
        let ours =
            |captcha: &Captcha| captcha.is_of(&self.secrets, page) && captcha.expires_at() + waits > now;
        let Some(captcha) = captcha.filter(ours) else { return Ok(None) };
        let mac = FormMac::new(&self.secrets, step, posted.tag, posted.form);
        let token = Token::first(&self.secrets, page, (posted.form, &mac));
        let next = token.next(&self.secrets, &mac);
        let lock = self.flow_locks.acquire(token.id()).await;
        let again = {
            let connection = &mut *self.store.connection().await?;
            Flow::find_renewed(connection, name, &token, &mac, now).await?
        };
        if let Some(flow) = again {
            return Ok(Some(Found::Again(flow, next)));
        }
        let network = self.limits.count_flow(posted.caller, now).await?;
        // One that has proven something, or is at its end, stays until it expires.
        if let Some(old) = old.filter(|old| old.state == S::FIRST) {
            old.delete(&mut *self.store.connection().await?).await?;
        }
        let mut flow =
            Flow::unstored(name, posted.tag.to_owned(), S::FIRST, (now, expires_at)).in_network(network);
        (flow.captcha, flow.work) = (Some(posted.captcha.to_owned()), captcha.work());
        let caller = posted.caller.clone();
        let form = ProcessedForm { token, next, mac, caller, _lock: lock };
        Ok(Some(Found::Here(flow.with_form(form, &self.secrets)?)))
    }

    /// Deletes the flow of a cookie, where another begins.
    pub(super) async fn end_old<S: State>(&self, name: &str, token: Option<&Token>) -> Result<()> {
        if let Some(old) = self.flow::<S>(name, token).await? {
            old.delete(&mut *self.store.connection().await?).await?;
        }
        Ok(())
    }

    /// Opens a flow at this page, with feedback.
    pub(super) async fn open<S: State>(
        &self,
        first: FirstPage<S>,
        feedback: impl Into<Feedback>,
    ) -> Result<(Flow<S>, Token)> {
        let network = self.limits.count_flow(&first.caller, self.now()).await?;
        let (connection, times) = (&mut *self.store.connection().await?, self.times::<S>());
        let flow = Flow::unstored(&first.name, random_token().map_err(StoreError::from)?, first.state, times);
        Ok(flow.in_network(network).open(connection, first.typed, feedback.into()).await?)
    }

    /// Opens a flow at this page with feedback, and moves the user there.
    pub(super) async fn start<S: State>(
        &self,
        first: FirstPage<S>,
        feedback: impl Into<Feedback>,
    ) -> Result<NextStep<S>> {
        let (flow, token) = self.open(first, feedback).await?;
        Ok(NextStep { state: flow.state, token: Some(token) })
    }

    /// Writes a flow with this feedback and moves the user to its page; when another request was faster, to where that one led.
    pub(super) async fn save_and_show<S: State>(
        &self,
        mut flow: Flow<S>,
        feedback: impl Into<Feedback>,
    ) -> Result<NextStep<S>> {
        flow.feedback = feedback.into();
        flow.kept.forget_refused(&flow.feedback);
        if flow.save(&mut *self.store.connection().await?, self.times::<S>()).await? {
            return Ok(NextStep::saved(flow));
        }
        let led = self.where_another_led(&flow).await?;
        Ok(led.unwrap_or(NextStep { state: flow.state, token: None }))
    }

    /// Another request was faster: to where that one led, or, when it has ended this flow, to the first step.
    pub(super) async fn conflict<S: State>(&self, flow: Flow<S>) -> Result<NextStep<S>> {
        if let Some(led) = self.where_another_led(&flow).await? {
            return Ok(led);
        }
        let caller = flow.form.as_ref().map(|form| form.caller.clone()).unwrap_or_default();
        let name = flow.name().to_owned();
        let first = FirstPage { name, caller, state: S::FIRST, typed: Typed::default() };
        self.start(first, Notice::Expired).await
    }

    /// Where a flow is that another request has changed; under its new token, when that request brought the very same form (a
    /// double click). None when the flow is gone.
    pub(super) async fn where_another_led<S: State>(&self, flow: &Flow<S>) -> Result<Option<NextStep<S>>> {
        let connection = &mut *self.store.connection().await?;
        if let Some(same) = flow.renewed_elsewhere(&mut *connection, self.now()).await? {
            return Ok(Some(NextStep::saved(same)));
        }
        let state = flow.current_state(connection).await?;
        Ok(state.map(|state| NextStep { state, token: None }))
    }

    /// Writes a flow that has proven more. Of two requests with the very same form (a double click) the second gets the flow of
    /// the first.
    pub(super) async fn save_proven<S: State>(&self, mut flow: Flow<S>) -> Step<S> {
        if flow.save_outcome(&mut *self.store.connection().await?, self.times::<S>()).await? {
            return Ok(NextStep::saved(flow));
        }
        Err(Exit::Conflict(Box::new(flow)))
    }
}

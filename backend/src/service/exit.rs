//! How a step ends early: every check in it ends in `?`, and [`Backend::run`] answers what stopped it.

use domain::field::FieldError;
use domain::flow::{Feedback, Notice};

use super::state::{NextStep, State};
use super::{Backend, Caller, Result, ServiceError};
use crate::flows::{Flow, Typed};
use crate::hashing::Busy;
use crate::store::StoreError;

/// The result of a step, or of a part of it, in a flow with the state `S`.
pub(super) type Step<S, T = NextStep<S>> = std::result::Result<T, Exit<S>>;

/// What stopped a step, and so what the user gets in place of its last line.
pub(super) enum Exit<S> {
    /// The flow is written as it is here, and its page shows the feedback.
    Show(Box<Flow<S>>, Feedback),
    /// The same, and its page asks for letters in place of a wait.
    ShowLetters(Box<Flow<S>>, Feedback),
    /// There is no flow to go on with: one begins at this page, which shows the feedback.
    Begin(Box<FirstPage<S>>, Feedback),
    /// The same, and that page asks for letters in place of a wait.
    BeginLetters(Box<FirstPage<S>>, Feedback),
    /// The user goes there; nothing is written.
    NextStep(Box<NextStep<S>>),
    /// Another request was faster: the user goes where that one led, or to the first step when the flow is gone.
    Conflict(Box<Flow<S>>),
    /// Too many keys wait to be hashed. The flow is written, its page says so, and the answer is [`ServiceError::BusyFlow`].
    Busy(Box<Flow<S>>, Busy),
    /// It failed for a reason that is ours; nothing is written.
    Failed(ServiceError),
}

impl<S> Exit<S> {
    /// The page of the flow again, with this feedback.
    pub(super) fn show(flow: Flow<S>, feedback: impl Into<Feedback>) -> Self {
        Self::Show(Box::new(flow), feedback.into())
    }

    /// To where a state leads, under a new token or the same one.
    pub(super) fn go_to(moved: NextStep<S>) -> Self {
        Self::NextStep(Box::new(moved))
    }
}

impl<S> From<ServiceError> for Exit<S> {
    fn from(error: ServiceError) -> Self {
        Self::Failed(error)
    }
}

impl<S> From<StoreError> for Exit<S> {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl<S> From<Busy> for Exit<S> {
    fn from(busy: Busy) -> Self {
        Self::Failed(busy.into())
    }
}

/// The page at which a flow begins.
#[derive(Clone)]
pub(super) struct FirstPage<S> {
    /// Which flow of which kind.
    pub(super) name: String,
    /// Who gets it: the rows that one address may begin in an hour are counted.
    pub(super) caller: Caller,
    /// Its state.
    pub(super) state: S,
    /// What it is filled in with.
    pub(super) typed: Typed,
}

/// Why a check was not passed, before it is decided which page says so: [`OrShow`].
pub(super) enum Refusal {
    /// What the user did wrong, or has to wait for.
    Feedback(Feedback),
    /// The user has to wait, or types the letters of a captcha: others have caused this.
    Letters(Feedback),
    /// Too many keys wait to be hashed.
    Busy(Busy),
    /// It failed for a reason that is ours. The flow stays as it was read, and the same form may come again.
    Failed(ServiceError),
}

/// The result of a check.
pub(super) type Check<T> = std::result::Result<T, Refusal>;

impl Refusal {
    /// The same with other words for its errors.
    pub(super) fn with_errors(self, said: impl Fn(FieldError) -> FieldError) -> Self {
        let on_page = |feedback: Feedback| {
            let errors = feedback.errors.into_iter().map(said).collect();
            Feedback { errors, notice: feedback.notice }
        };
        match self {
            Self::Feedback(feedback) => Self::Feedback(on_page(feedback)),
            Self::Letters(feedback) => Self::Letters(on_page(feedback)),
            other => other,
        }
    }

    /// Says on the page of the flow, too, that too many keys wait. For a step that has spent its captcha: what was read is no
    /// longer what the page must show.
    pub(super) fn show_busy(self) -> Self {
        match self {
            Self::Failed(ServiceError::Busy(busy)) => Self::Busy(busy),
            other => other,
        }
    }
}

impl From<Feedback> for Refusal {
    fn from(feedback: Feedback) -> Self {
        Self::Feedback(feedback)
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::Feedback(error.into())
    }
}

impl From<Vec<FieldError>> for Refusal {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Feedback(errors.into())
    }
}

impl From<Notice> for Refusal {
    fn from(notice: Notice) -> Self {
        Self::Feedback(notice.into())
    }
}

impl From<Busy> for Refusal {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Turns a check that was not passed into the exit of a step.
pub(super) trait OrShow<T> {
    /// The value, or the page of the flow as it is now, which says why not.
    fn or_show<S: Clone>(self, flow: &Flow<S>) -> Step<S, T>;

    /// The value, or a flow that begins at this page, which says why not.
    fn or_begin<S: Clone>(self, first: &FirstPage<S>) -> Step<S, T>;
}

impl<T, E: Into<Refusal>> OrShow<T> for std::result::Result<T, E> {
    fn or_show<S: Clone>(self, flow: &Flow<S>) -> Step<S, T> {
        self.map_err(|error| match error.into() {
            Refusal::Feedback(feedback) => Exit::show(flow.clone(), feedback),
            Refusal::Letters(feedback) => Exit::ShowLetters(Box::new(flow.clone()), feedback),
            Refusal::Busy(busy) => Exit::Busy(Box::new(flow.clone()), busy),
            Refusal::Failed(error) => Exit::Failed(error),
        })
    }

    fn or_begin<S: Clone>(self, first: &FirstPage<S>) -> Step<S, T> {
        self.map_err(|error| match error.into() {
            Refusal::Feedback(feedback) => Exit::Begin(Box::new(first.clone()), feedback),
            Refusal::Letters(feedback) => Exit::BeginLetters(Box::new(first.clone()), feedback),
            Refusal::Busy(busy) => Exit::Failed(busy.into()),
            Refusal::Failed(error) => Exit::Failed(error),
        })
    }
}

impl Backend {
    /// Runs a step to its end, early or not, and says where the user goes. By the time an early end is written, the step has
    /// dropped what it held: its transaction is rolled back, and its connection is free.
    pub(super) async fn run<S: State>(&self, step: impl Future<Output = Step<S>>) -> Result<NextStep<S>> {
        let exit = match step.await {
            Ok(moved) => return Ok(moved),
            Err(exit) => exit,
        };
        match exit {
            Exit::Show(flow, feedback) => self.save_and_show(*flow, feedback).await,
            Exit::ShowLetters(mut flow, feedback) => {
                let caller = flow.form.as_ref().map(|form| form.caller.clone()).unwrap_or_default();
                self.new_captcha(&mut flow, &caller).await?;
                self.save_and_show(*flow, feedback).await
            }
            Exit::Begin(first, feedback) => self.start(*first, feedback).await,
            Exit::BeginLetters(first, feedback) => {
                let caller = first.caller.clone();
                let (mut flow, token) = self.open(*first, feedback).await?;
                self.new_captcha(&mut flow, &caller).await?;
                flow.save(&mut *self.store.connection().await?, self.times::<S>()).await?;
                Ok(NextStep { state: flow.state, token: Some(token) })
            }
            Exit::NextStep(moved) => Ok(*moved),
            Exit::Conflict(flow) => self.conflict(*flow).await,
            Exit::Busy(flow, busy) => {
                let moved = self.save_and_show(*flow, Notice::Busy).await?;
                Err(moved.token.map_or(busy.into(), |token| ServiceError::BusyFlow(busy, token)))
            }
            Exit::Failed(error) => Err(error),
        }
    }
}

//! A browser on one flow: it keeps the cookie, and posts with each form the tag and the captcha of the page it shows.

use std::marker::PhantomData;
use std::sync::Arc;

use backend::Backend;
use backend::captcha::Captcha;
use backend::flow_locks::FlowLocks;
use backend::flows::{Flow, Kept, Token, Typed};
use backend::form::FormFingerprint;
use backend::service::{Caller, NextStep, Posted};
use domain::field::{Field, Reason};
use domain::flow::{Feedback, Notice};
use domain::kind::Kind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Barrier;

/// A browser on one flow. A clone is another request of the same browser, from the same page.
pub(crate) struct Visit<S> {
    pub(crate) backend: Backend,
    pub(crate) caller: Caller,
    pub(crate) token: Option<Token>,
    pub(crate) tag: String,
    pub(crate) captcha: String,
    /// The proof of work that the next form brings.
    pub(crate) work: String,
    /// The letters that the next form brings in place of a wait.
    pub(crate) letters: String,
    /// Whether the next form is sent by “Refrescar” beside those letters.
    pub(crate) other_letters: bool,
    /// How many hashes the page asks for in place of letters.
    pub(crate) hashes: u32,
    pub(crate) kind: Kind,
    name: String,
    /// The page that was opened without a flow.
    opened: Option<Arc<Flow<S>>>,
    state: PhantomData<fn() -> S>,
}

impl<S> Clone for Visit<S> {
    fn clone(&self) -> Self {
        Self {
            backend: self.backend.clone(),
            caller: self.caller.clone(),
            token: self.token.clone(),
            tag: self.tag.clone(),
            captcha: self.captcha.clone(),
            work: self.work.clone(),
            letters: self.letters.clone(),
            other_letters: self.other_letters,
            hashes: self.hashes,
            kind: self.kind,
            name: self.name.clone(),
            opened: self.opened.clone(),
            state: PhantomData,
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct Page<S> {
    pub(crate) state: S,
    pub(crate) feedback: Feedback,
    pub(crate) typed: Typed,
    pub(crate) kept: Kept,
}

impl<S> Page<S> {
    /// The errors beside the fields.
    pub(crate) fn errors(&self) -> Vec<(Field, Reason)> {
        self.feedback.errors.iter().map(|error| (error.field, error.reason)).collect()
    }

    /// Whether a new key, and a new answer, need not be typed again.
    pub(crate) fn kept(&self) -> [bool; 2] {
        [self.kept.has_key(), self.kept.has_answer()]
    }

    pub(crate) fn notice(&self) -> Option<Notice> {
        self.feedback.notice
    }
}

impl<S: Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug> Visit<S> {
    pub(super) fn new(backend: &Backend, flow: &str, kind: Kind) -> Self {
        Self::named(backend, format!("{flow}-{}", kind.slug()), kind)
    }

    /// A browser on the flows of this name.
    pub(super) fn named(backend: &Backend, name: String, kind: Kind) -> Self {
        Self {
            backend: backend.clone(),
            caller: Caller {
                address: "203.0.113.7".parse().ok(),
                request_id: "pedido-1".to_owned(),
                ..Caller::default()
            },
            token: None,
            tag: String::new(),
            captcha: String::new(),
            work: String::new(),
            letters: String::new(),
            other_letters: false,
            hashes: 0,
            kind,
            name,
            opened: None,
            state: PhantomData,
        }
    }

    /// The same request at another server of the service: it waits for no other request of this flow. A double click may
    /// reach two servers, and then only what the store holds keeps them apart.
    pub(crate) fn elsewhere(&self) -> Self {
        let mut there = self.clone();
        there.backend.flow_locks = FlowLocks::default();
        there
    }

    /// The same browser at another address.
    pub(crate) fn at_address(mut self, address: &str) -> Self {
        self.caller.address = Some(address.parse().unwrap());
        self
    }

    /// What a form of the page that is shown carries, when nothing is typed in it.
    pub(crate) fn posted(&self) -> Posted<'_> {
        self.posted_with(&[])
    }

    /// The same with these fields.
    pub(crate) fn posted_with(&self, fields: &[(&str, &str)]) -> Posted<'_> {
        let hidden = [
            ("tipo", self.kind.slug()),
            ("pagina", &self.tag),
            ("imagen", &self.captcha),
            ("trabajo", &self.work),
            ("captcha", &self.letters),
        ];
        let form = FormFingerprint::of(hidden.into_iter().chain(fields.iter().copied()));
        let (token, caller) = (self.token.as_ref(), &self.caller);
        let letters = &self.letters;
        let (tag, captcha, work, other_letters) = (&self.tag, &self.captcha, &self.work, self.other_letters);
        Posted { token, tag, captcha, work, letters, other_letters, caller, form }
    }

    /// The flow of the cookie; without one, that of the page that was opened.
    pub(crate) async fn flow(&self) -> Option<Flow<S>> {
        let Some(token) = self.token.as_ref() else { return self.opened.as_deref().cloned() };
        let connection = &mut *self.backend.store.connection().await.unwrap();
        Flow::find(connection, &self.name, token, self.backend.now()).await.unwrap()
    }

    /// Loads the page of the cookie, as a browser does after every form.
    pub(crate) async fn load(&mut self) -> Page<S> {
        let flow = self.flow().await.expect("a flow to show");
        flow.tag().clone_into(&mut self.tag);
        self.captcha = flow.captcha.clone().unwrap_or_default();
        (self.work, self.hashes) = (String::new(), flow.work);
        self.letters.clear();
        self.other_letters = false;
        Page { state: flow.state, feedback: flow.feedback, typed: flow.typed, kept: flow.kept }
    }

    /// Opens a first page of which nothing is stored.
    pub(super) fn open(&mut self, flow: Flow<S>) -> Page<S> {
        flow.tag().clone_into(&mut self.tag);
        self.captcha = flow.captcha.clone().unwrap_or_default();
        (self.work, self.hashes) = (String::new(), flow.work);
        self.letters.clear();
        self.other_letters = false;
        let page = Page {
            state: flow.state.clone(),
            feedback: flow.feedback.clone(),
            typed: flow.typed.clone(),
            kept: flow.kept.clone(),
        };
        self.opened = Some(Arc::new(flow));
        page
    }

    /// Takes the cookie and goes where the form led.
    pub(crate) async fn arrive(&mut self, moved: NextStep<S>) -> Page<S> {
        if let Some(token) = moved.token {
            self.token = Some(token);
        }
        let page = self.load().await;
        assert_eq!(page.state, moved.state, "the page is the one that the form led to");
        page
    }

    /// Takes the cookie of one of several answers to the same form, and gives where each of them led.
    pub(crate) fn arrive_with_any(&mut self, moved: Vec<NextStep<S>>) -> Vec<S> {
        let mut states = Vec::with_capacity(moved.len());
        for NextStep { state, token } in moved {
            self.token = token.or(self.token.take());
            states.push(state);
        }
        states
    }

    /// Does the work that the page asks for, as its script would.
    pub(crate) fn solve(&mut self) {
        self.work = work::Worker::default().solve(&self.captcha, self.hashes);
    }

    /// Types the letters of the captcha on the page, which asks for them in place of a wait.
    pub(crate) async fn type_letters(&mut self) {
        self.letters = self.letters_shown().await;
    }

    /// The letters of the captcha on the page.
    pub(crate) async fn letters_shown(&self) -> String {
        Captcha::open(&self.backend.secrets, &self.captcha).expect("a captcha").letters().to_owned()
    }
}

/// Starts every task at the same moment and gives what each came to.
pub(crate) async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = tasks.into_iter().collect();
    let gate = Arc::new(Barrier::new(tasks.len()));
    let mut running = Vec::with_capacity(tasks.len());
    for task in tasks {
        let gate = Arc::clone(&gate);
        running.push(tokio::spawn(async move {
            gate.wait().await;
            task.await
        }));
    }
    let mut done = Vec::with_capacity(running.len());
    for task in running {
        done.push(task.await.unwrap());
    }
    done
}

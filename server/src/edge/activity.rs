//! Whether a connection waits for its client or for us.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

/// What happens on a connection.
#[derive(Debug)]
pub(super) struct Activity(Mutex<State>);

#[derive(Debug)]
struct State {
    /// A request is being answered: from its head to the last byte of the answer.
    answering: bool,
    /// The client has sent the whole of that request.
    received: bool,
    /// The client does not read the answer.
    unread: bool,
    /// When the last answer ended, or the connection began.
    since: Instant,
}

impl Default for Activity {
    fn default() -> Self {
        let state = State { answering: false, received: true, unread: false, since: Instant::now() };
        Self(Mutex::new(state))
    }
}

impl Activity {
    /// When the connection began to wait for its client; none while the service works on an answer. A request that comes in
    /// slowly does not change it, so sending a byte now and then does not help to keep a connection.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        let state = self.state();
        let working = state.answering && state.received && !state.unread;
        (!working).then_some(state.since)
    }

    /// A request is being answered until the result is dropped.
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.state().answering = true;
        Answering(Arc::clone(self))
    }

    /// Whether the client has sent all of its requests, up to the last byte.
    pub(super) fn set_received(&self, received: bool) {
        self.state().received = received;
    }

    /// Whether the client leaves an answer unread.
    pub(super) fn set_unread(&self, unread: bool) {
        self.state().unread = unread;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer under way.
#[derive(Debug)]
pub(super) struct Answering(Arc<Activity>);

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.answering = false;
        state.since = Instant::now();
    }
}

/// The body of an answer, which is under way until this is dropped.
pub(super) struct AnswerBody {
    body: Body,
    _answering: Answering,
}

impl AnswerBody {
    pub(super) fn new(body: Body, answering: Answering) -> Self {
        Self { body, _answering: answering }
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

//! The states of the flows, as a step reads and leaves them.

use domain::flow::change::Change;
use domain::flow::mail_check::MailCheck;
use domain::flow::recovery::Recovery;
use domain::flow::registration::Registration;
use domain::flow::request::RequestFlow;
use domain::flow::sign_in::SignIn;
use domain::flow::update::Update;
use domain::rce::attendance::Attendance;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::{HOUR, Millis};
use crate::flows::{Flow, Token};

/// Where the user goes next.
#[derive(Debug)]
pub struct NextStep<S> {
    /// The state, which names the page.
    pub state: S,
    /// The token for the cookie, when it is a new one.
    pub token: Option<Token>,
}

impl<S: Serialize + DeserializeOwned + Clone + PartialEq> NextStep<S> {
    /// To the page of a flow that was written, under its new token.
    pub(super) fn saved(flow: Flow<S>) -> Self {
        Self { token: flow.new_token(), state: flow.state }
    }
}

impl<S> NextStep<S> {
    /// To the page where the flow is, under the same token. Nothing is written: the form was of a step that the flow has left,
    /// or everything is written already.
    pub(super) fn unchanged(flow: Flow<S>) -> Self {
        Self { state: flow.state, token: None }
    }
}

/// The state of a flow, as the store keeps it.
pub(super) trait State: Serialize + DeserializeOwned + Clone + PartialEq {
    /// The first step, to which a user goes whose flow is gone.
    const FIRST: Self;
    /// How long the flow lives without use, in milliseconds, where that is not the setting for all.
    const LIVES: Option<Millis> = None;
}

impl State for SignIn {
    /// Which system it was for is not known any more.
    const FIRST: Self = Self::Gone;
    const LIVES: Option<Millis> = Some(HOUR);
}

impl State for Attendance {
    /// What it was asked for is not known any more.
    const FIRST: Self = Self::Gone;
    /// The key is asked for three minutes; longer the end is there, for a page that is asked for again.
    const LIVES: Option<Millis> = Some(HOUR);
}

impl State for Registration {
    const FIRST: Self = Self::Form;
}

impl State for MailCheck {
    const FIRST: Self = Self::Ask;
}

impl State for Recovery {
    const FIRST: Self = Self::Identify;
}

impl State for Change {
    const FIRST: Self = Self::Identify;
}

impl State for Update {
    const FIRST: Self = Self::Identify;
}

impl State for RequestFlow {
    const FIRST: Self = Self::Identify;
}

//! The courier: takes messages from the outbox and sends them, with retries, until they are delivered or given up
//! (R-MAIL, R-SMS). A message is delivered at least once, even if the process dies; its id is the same at every try, so
//! that a receiver can recognise a repetition.

mod backchannel;
mod compose;
#[cfg(test)]
mod compose_tests;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod inbox;
mod mail;
mod sms;
mod smtp;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::{Clock, DAY, HOUR, MINUTE, Millis, SECOND};
use crate::message::{Channel, Message};
use crate::secrets::Secrets;
use crate::store::outbox::{self, DeliveryResult, LeasedMessage};
use crate::store::{Result, Store};

pub use backchannel::Backchannel;
pub use compose::{Facts, compose};
pub use inbox::{DemoMessage, Inbox};
pub use mail::{Mailer, MailerError};
pub use sms::SmsGateway;

/// Most messages being sent at once.
const AT_ONCE: i64 = 16;
/// How long a worker leases a message: longer than any single try may take.
const LEASE: Millis = 90 * SECOND;
/// A try is given up after this long.
const TRY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a message without a provisional key is tried: long enough for a daily quota to begin again.
const NOTICE_TTL: Millis = 2 * DAY;
/// The longest pause that a gateway can ask for.
const LONGEST_ASKED: Millis = HOUR;

/// Why a try did not deliver.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Everything that is not the fault of this message: no connection, a quota, wrong credentials, a blocked address.
    #[error("not now: {0}")]
    Later(Cause),
    /// The recipient cannot receive this message, or nobody could.
    #[error("refused: {0}")]
    Never(Cause),
}

/// What went wrong. The text is for logs and holds neither recipient nor message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cause {
    what: &'static str,
    /// The codes of the answer, such as `550 5.4.5`; empty without an answer.
    codes: String,
    /// How long the receiver asks to wait.
    pause: Option<Millis>,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.what)?;
        if self.codes.is_empty() { Ok(()) } else { write!(f, " ({})", self.codes) }
    }
}

impl From<&'static str> for Cause {
    fn from(what: &'static str) -> Self {
        Self { what, ..Self::default() }
    }
}

impl SendError {
    fn later(what: &'static str) -> Self {
        Self::Later(what.into())
    }

    fn never(what: &'static str) -> Self {
        Self::Never(what.into())
    }
}

/// The transports for messages. Each one that is set sends every message of its channel.
#[derive(Clone, Default)]
pub struct Transports {
    /// SMTP.
    pub mail: Option<Mailer>,
    /// The HTTP gateway for SMS.
    pub sms: Option<SmsGateway>,
    /// The demo's local inbox, for both channels.
    pub inbox: Option<Inbox>,
}

impl Transports {
    /// The local inbox in this folder.
    #[must_use]
    pub fn local(folder: PathBuf) -> Self {
        Self { inbox: Some(Inbox::new(folder)), ..Self::default() }
    }

    async fn send(&self, id: i64, message: &Message) -> std::result::Result<(), SendError> {
        let mut sent = false;
        match message.channel() {
            Channel::Mail => {
                if let Some(mailer) = &self.mail {
                    mailer.send(id, message).await?;
                    sent = true;
                }
            }
            Channel::Sms => {
                if let Some(gateway) = &self.sms {
                    gateway.send(id, message).await?;
                    sent = true;
                }
            }
        }
        if let Some(inbox) = &self.inbox {
            inbox.keep(id, message).await?;
            sent = true;
        }
        if sent { Ok(()) } else { Err(SendError::later("no way is configured for this channel")) }
    }
}

/// The worker.
#[derive(Clone)]
pub struct Courier {
    store: Store,
    secrets: Secrets,
    clock: Arc<dyn Clock>,
    ways: Transports,
    wake: Arc<Notify>,
}

impl Courier {
    /// A courier for the outbox of `store`; `wake` is notified when a message was written.
    #[must_use]
    pub fn new(
        store: Store,
        secrets: Secrets,
        clock: Arc<dyn Clock>,
        ways: Transports,
        wake: Arc<Notify>,
    ) -> Self {
        Self { store, secrets, clock, ways, wake }
    }

    /// Runs until `stop` is true; messages being sent then are finished first. Errors of the store are logged, and the
    /// courier continues after a pause.
    pub async fn run_until(self, stop: tokio::sync::watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.round().await {
                Ok(0) => {
                    let pause = Duration::from_secs(1);
                    let _ = tokio::time::timeout(pause, self.wake.notified()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "the courier cannot read its outbox");
                    tokio::time::sleep(Duration::from_secs(3)).await;
                }
            }
        }
    }

    /// Tries once to send the messages that are due; returns how many were tried.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn round(&self) -> Result<usize> {
        let taken = {
            let connection = &mut *self.store.connection().await?;
            outbox::take(connection, &self.secrets, AT_ONCE, self.clock.now(), LEASE).await?
        };
        let tried = taken.len();
        let tasks: Vec<_> = taken
            .into_iter()
            .map(|taken| {
                let courier = self.clone();
                tokio::spawn(async move { courier.try_one(taken).await })
            })
            .collect();
        for task in tasks {
            if let Ok(Err(error)) = task.await {
                tracing::error!(%error, "the outcome of a message could not be written; it will be sent again");
            }
        }
        Ok(tried)
    }

    async fn try_one(&self, taken: LeasedMessage) -> Result<()> {
        let template = taken.message.template.word();
        let end = end(&taken);
        if self.clock.now() >= end {
            tracing::error!(
                outbox = taken.id,
                template,
                tries = taken.tries,
                "message given up: it came too late"
            );
            return self.finish(taken.id, DeliveryResult::Failed).await;
        }
        let sending = tokio::time::timeout(TRY_TIMEOUT, self.ways.send(taken.id, &taken.message)).await;
        let result = sending.unwrap_or(Err(SendError::later("timed out")));
        let ending = match result {
            Ok(()) => {
                tracing::info!(outbox = taken.id, template, tries = taken.tries, "message delivered");
                DeliveryResult::Delivered
            }
            Err(error) => match next_try(&error, taken.tries, self.clock.now(), end) {
                Some(at) => {
                    tracing::warn!(outbox = taken.id, template, tries = taken.tries, %error, "message not delivered yet");
                    DeliveryResult::Later(at)
                }
                None => {
                    tracing::error!(outbox = taken.id, template, tries = taken.tries, %error, "message given up");
                    DeliveryResult::Failed
                }
            },
        };
        self.finish(taken.id, ending).await
    }

    async fn finish(&self, id: i64, ending: DeliveryResult) -> Result<()> {
        outbox::finish(&mut *self.store.connection().await?, id, ending, self.clock.now()).await
    }
}

/// From when on a message is worth nothing: the end of its key's validity, or [`NOTICE_TTL`] after it was written.
fn end(taken: &LeasedMessage) -> Millis {
    taken.message.until.unwrap_or(taken.created_at + NOTICE_TTL)
}

/// When to try again after the nth try failed; none when there is no use, or no time left.
pub(crate) fn next_try(error: &SendError, tries: i64, now: Millis, end: Millis) -> Option<Millis> {
    let SendError::Later(cause) = error else { return None };
    let asked = cause.pause.unwrap_or_default().min(LONGEST_ASKED);
    Some(now + asked.max(backoff(tries))).filter(|at| *at < end)
}

/// The pause after the nth try: 2 s, 4 s, 8 s … at most 10 minutes.
fn backoff(tries: i64) -> Millis {
    (SECOND << tries.clamp(1, 10)).min(10 * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_ten_minutes() {
        let pauses: Vec<_> = [1, 2, 3, 9, 10, 40].map(|tries| backoff(tries) / SECOND).into();
        assert_eq!(pauses, [2, 4, 8, 512, 600, 600]);
    }

    #[test]
    fn a_message_is_tried_until_its_end_and_a_gateway_may_ask_for_an_hour_at_most() {
        let asks = |pause| SendError::Later(Cause { pause, ..Cause::default() });
        for (error, tries, next) in [
            (asks(None), 1, Some(2 * SECOND)),
            (asks(None), 1_000, Some(10 * MINUTE)),
            (asks(Some(90 * SECOND)), 1, Some(90 * SECOND)),
            (asks(Some(SECOND)), 10, Some(10 * MINUTE)),
            (asks(Some(Millis::MAX)), 1, Some(HOUR)),
            (SendError::never("unknown"), 1, None),
        ] {
            assert_eq!(next_try(&error, tries, 1_000, DAY), next.map(|pause| 1_000 + pause), "{error}");
        }
        assert_eq!(next_try(&asks(None), 10, 0, 10 * MINUTE), None, "its end is not after the pause");
    }
}

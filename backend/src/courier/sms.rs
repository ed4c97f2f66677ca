//! SMS by an HTTP gateway: `POST {"to","text"}` with a bearer token (docs/interfaces.md#sms-gateway).

use std::sync::Arc;
use std::time::Duration;

use super::{Cause, SendError};
use crate::clock::{Clock as _, Millis, SECOND, SystemClock};
use crate::message::{Message, Recipient};

/// Sends SMS through one gateway.
#[derive(Clone)]
pub struct SmsGateway {
    agent: ureq::Agent,
    url: Arc<str>,
    token: Option<Arc<str>>,
}

impl SmsGateway {
    /// A gateway at `url`; `token` is sent as `Authorization: Bearer …`.
    #[must_use]
    pub fn new(url: &str, token: Option<&str>) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(20)))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        Self { agent, url: url.into(), token: token.map(Into::into) }
    }

    pub(super) async fn send(&self, id: i64, message: &Message) -> Result<(), SendError> {
        let Recipient::Sms(to) = &message.to else { return Err(SendError::never("not an SMS")) };
        let body = serde_json::json!({ "to": to.as_str(), "text": message.text });
        let mut request = self.agent.post(&*self.url).header("Idempotency-Key", format!("{id:x}"));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let sending = tokio::task::spawn_blocking(move || request.send_json(body));
        let response = match sending.await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) | Err(_) => return Err(SendError::later("the SMS gateway could not be reached")),
        };
        let asked = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        outcome(response.status().as_u16(), asked, SystemClock.now())
    }
}

/// What an answer means. Only 400 and 422 say that this message is wrong; everything else is a problem of the gateway, of our account
/// there or of our configuration. `asked` is its `Retry-After`.
fn outcome(status: u16, asked: Option<&str>, now: Millis) -> Result<(), SendError> {
    let what = match status {
        200..=299 => return Ok(()),
        400 | 422 => "the SMS gateway refused the message",
        401 | 403 => "the SMS gateway does not accept our credentials",
        402 => "the account at the SMS gateway has no credit",
        408 | 425 | 429 => "the SMS gateway does not take messages now",
        300..=499 => "the SMS gateway does not know such a request",
        _ => "the SMS gateway failed",
    };
    let cause = Cause { what, codes: status.to_string(), pause: asked.and_then(|text| pause(text, now)) };
    Err(if matches!(status, 400 | 422) { SendError::Never(cause) } else { SendError::Later(cause) })
}

/// The pause of a `Retry-After`: seconds, or a date (RFC 9110).
fn pause(text: &str, now: Millis) -> Option<Millis> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Millis::from(seconds) * SECOND);
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
    Some((at - now).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_400_and_422_are_the_fault_of_the_message() {
        for status in 100..=599 {
            let outcome = outcome(status, None, 0);
            match status {
                200..=299 => assert_eq!(outcome, Ok(())),
                400 | 422 => assert!(matches!(outcome, Err(SendError::Never(_))), "{status}"),
                _ => assert!(matches!(outcome, Err(SendError::Later(_))), "{status}"),
            }
        }
        assert_eq!(
            outcome(402, None, 0).unwrap_err().to_string(),
            "not now: the account at the SMS gateway has no credit (402)"
        );
    }

    #[test]
    fn a_gateway_says_how_long_to_wait() {
        let now = 1_763_000_000_000;
        for (text, wanted) in [
            ("120", Some(120 * SECOND)),
            (" 0 ", Some(0)),
            ("Thu, 13 Nov 2025 02:15:00 GMT", Some(1_763_000_100_000 - now)),
            ("Thu, 13 Nov 2025 02:10:00 GMT", Some(0)),
            ("99999999999", None),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(pause(text, now), wanted, "{text}");
        }
        let Err(SendError::Later(cause)) = outcome(429, Some("120"), now) else { panic!("later") };
        assert_eq!(cause.pause, Some(120 * SECOND));
    }
}

//! SMS by an HTTP gateway: `POST {"to","text"}` with a bearer token (docs/interfaces.md#sms-gateway).

use std::sync::Arc;
use std::time::Duration;

use super::SendError;
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
        let Recipient::Sms(to) = &message.to else { return Err(SendError::Never("not an SMS")) };
        let body = serde_json::json!({ "to": to.as_str(), "text": message.text });
        let mut request = self.agent.post(&*self.url).header("Idempotency-Key", format!("{id:x}"));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let sending = tokio::task::spawn_blocking(move || request.send_json(body));
        let status = match sending.await {
            Ok(Ok(response)) => response.status().as_u16(),
            Ok(Err(_)) | Err(_) => return Err(SendError::Later("the SMS gateway could not be reached")),
        };
        match status {
            200..=299 => Ok(()),
            // Wrong credentials and too many requests are problems of our configuration, not of this message.
            401 | 403 | 408 | 425 | 429 => {
                Err(SendError::Later("the SMS gateway does not take messages now"))
            }
            400..=499 => Err(SendError::Never("the SMS gateway refused the message")),
            _ => Err(SendError::Later("the SMS gateway failed")),
        }
    }
}

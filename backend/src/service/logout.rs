//! The end of a session (L-OIDC): asked for by a system (OpenID Connect RP-Initiated Logout 1.0), and the notices of it to the systems that were
//! entered in it (Back-Channel Logout 1.0).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::openid::client::{Client, ClientId};
use domain::openid::logout::{Hint, LogoutAsked, LogoutRequest};
use domain::openid::params::Params;
use serde_json::{Value, json};

use super::sign_in::{SessionShown, SignInService};
use super::{Backend, Result};
use crate::clock::{HOUR, MINUTE, Millis, SECOND};
use crate::courier::{Backchannel, next_try};
use crate::flows::Token;
use crate::secrets::random_token;
use crate::store::session_systems::{self, LogoutNotice};
use crate::store::{StoreError, sessions};

/// How long a page that asks the person counts, in milliseconds.
const ASKED_FOR: Millis = HOUR;
/// How long a logout token counts, in seconds. Each try signs another.
const TOKEN_FOR: Millis = 2 * MINUTE / SECOND;
/// How long a system that does not answer is notified again, in milliseconds.
const TOLD_WITHIN: Millis = 24 * HOUR;
/// Most systems that are notified at once.
const AT_ONCE: i64 = 16;
/// How long a worker leases a notice: longer than any single try may take.
const LEASE: Millis = 90 * SECOND;
/// What a sealed request is bound to.
const CONTEXT: &[u8] = b"logout request";
/// The event of a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a request to end the session comes to.
pub enum LogoutStep {
    /// The person is asked whether to end the session of this holder.
    Ask(SessionShown),
    /// There is no session any more.
    Over,
}

impl SignInService<'_> {
    /// What a system's request to end the session may bring about. A request that is malformed may bring about nothing but the question.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn logout_request(&self, params: &Params) -> Result<LogoutRequest> {
        let Ok(asked) = LogoutAsked::parse(params) else { return Ok(LogoutRequest::default()) };
        let hint = match asked.hint {
            Some(token) => self.backend.own_token(token).await?.as_ref().and_then(|claims| self.hint(claims)),
            None => None,
        };
        let client = match asked.client(hint.as_ref()) {
            Some(id) => self.backend.client(&id).await?,
            None => None,
        };
        Ok(asked.resolve(hint, client.as_ref()))
    }

    /// What an ID token of ours says; none for a token of another kind.
    fn hint(&self, claims: &Value) -> Option<Hint> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if text("iss") != Some(&self.backend.issuer()) || claims.get("events").is_some() {
            return None;
        }
        Some(Hint { client: ClientId::parse(text("aud")?).ok()?, sid: text("sid")?.to_owned() })
    }

    /// A request as it stands in a URL and in a form of ours: sealed, so that nobody else makes one.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub fn seal_logout(&self, request: &LogoutRequest) -> Result<String> {
        let plain = serde_json::to_vec(&(request, self.backend.now() + ASKED_FOR))
            .map_err(|_| StoreError::Corrupt("logout request"))?;
        Ok(BASE64.encode(self.backend.secrets.seal(CONTEXT, &plain).map_err(StoreError::from)?))
    }

    /// The request of such a text. One that is old, or no text of ours, leads nowhere.
    #[must_use]
    pub fn open_logout(&self, text: &str) -> LogoutRequest {
        let sealed = BASE64.decode(text).unwrap_or_default();
        let plain = self.backend.secrets.open(CONTEXT, &sealed).ok();
        let read = plain.and_then(|plain| serde_json::from_slice::<(LogoutRequest, Millis)>(&plain).ok());
        read.filter(|(_, until)| self.backend.now() < *until).map(|(request, _)| request).unwrap_or_default()
    }

    /// Ends the session of this browser if the person need not be asked.
    pub async fn log_out(&self, request: &LogoutRequest, session: Option<&Token>) -> Result<LogoutStep> {
        let Some(row) = self.session(session).await? else {
            // Nobody can go on with it, but its systems may still be open. Only one of them may ask without a word of the person.
            let id = session.map(Token::id).unwrap_or_default();
            let found = sessions::find_old(&mut *self.backend.store.connection().await?, &id).await?;
            if found.is_some_and(|(_, sid)| request.is_of_session(&sid)) {
                self.sign_out(session).await?;
            }
            return Ok(LogoutStep::Over);
        };
        if !request.is_of_session(&row.sid) {
            return Ok(LogoutStep::Ask(self.shown(&row).await?));
        }
        self.sign_out(session).await?;
        Ok(LogoutStep::Over)
    }

    /// The system of a request.
    pub async fn logout_client(&self, request: &LogoutRequest) -> Result<Option<Client>> {
        match request.client() {
            Some(id) => self.backend.client(id).await,
            None => Ok(None),
        }
    }
}

/// Tells systems that sessions have ended.
#[derive(Clone)]
pub struct LogoutCourier {
    backend: Backend,
    way: Backchannel,
}

impl LogoutCourier {
    /// A worker that tells them this way.
    #[must_use]
    pub fn new(backend: Backend, way: Backchannel) -> Self {
        Self { backend, way }
    }

    /// Runs until `stop` is true. Errors of the store are logged, and it continues after a pause.
    pub async fn run_until(self, mut stop: tokio::sync::watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.round().await {
                Ok(0) => 1,
                Ok(_) => continue,
                Err(error) => {
                    tracing::error!(%error, "it cannot be read which systems are to be notified of a logout");
                    3
                }
            };
            let _ = tokio::time::timeout(std::time::Duration::from_secs(pause), stop.changed()).await;
        }
    }

    /// Tries once to tell the systems that are due; returns how many were tried.
    ///
    /// # Errors
    /// The store did not answer.
    pub async fn round(&self) -> Result<usize> {
        let taken = {
            let connection = &mut *self.backend.store.connection().await?;
            session_systems::take(connection, AT_ONCE, self.backend.now(), LEASE).await?
        };
        let tried = taken.len();
        let tell = |notice| {
            let courier = self.clone();
            tokio::spawn(async move { courier.try_one(notice).await })
        };
        let tasks: Vec<_> = taken.into_iter().map(tell).collect();
        for task in tasks {
            if let Ok(Err(error)) = task.await {
                tracing::error!(%error, "a system could not be notified of a logout; it is tried again");
            }
        }
        Ok(tried)
    }

    async fn try_one(&self, notice: LogoutNotice) -> Result<()> {
        let (backend, client, tries) = (&self.backend, notice.client.as_str(), notice.tries);
        let found = backend.client(&notice.client).await?;
        let sent = match found.as_ref().and_then(|client| Some((client, client.backchannel.as_ref()?))) {
            Some((client, url)) => self.way.post(url, &backend.logout_token(client, &notice).await?).await,
            // It was disabled meanwhile.
            None => Ok(()),
        };
        let connection = &mut *backend.store.connection().await?;
        let (now, end) = (backend.now(), notice.ended_at + TOLD_WITHIN);
        let again = match &sent {
            Ok(()) => {
                tracing::info!(client, tries, "a system was notified of a logout");
                None
            }
            Err(error) => {
                let at = next_try(error, tries, now, end);
                match at {
                    Some(_) => {
                        tracing::warn!(client, tries, %error, "a system was not notified of a logout yet")
                    }
                    None => {
                        tracing::error!(client, tries, %error, "a system cannot be notified of a logout: given up")
                    }
                }
                at
            }
        };
        match again {
            Some(at) => session_systems::later(connection, &notice, at).await?,
            None => session_systems::done(connection, &notice).await?,
        }
        Ok(())
    }
}

impl Backend {
    /// The claims of a token that a key of ours has signed, of whatever age.
    async fn own_token(&self, token: &str) -> Result<Option<Value>> {
        Ok(self.every_key().await?.verify(token).ok())
    }

    /// The logout token of a system (Back-Channel Logout 1.0 §2.4). It has no nonce, and another type than an ID token.
    async fn logout_token(&self, client: &Client, notice: &LogoutNotice) -> Result<String> {
        let now = self.now().div_euclid(SECOND);
        let claims = json!({
            "iss": self.issuer(),
            "aud": client.id.as_str(),
            "iat": now,
            "exp": now + TOKEN_FOR,
            "jti": random_token().map_err(StoreError::from)?,
            "sub": self.subject_of(client, notice.account),
            "sid": notice.sid,
            "events": { EVENT: {} },
        });
        Ok(self.signing_key(client.alg).await?.sign("logout+jwt", &claims)?)
    }
}

//! The request with which a system sends somebody to us (OpenID Connect Core §3.1.2.1): what of it is valid, and where its errors go.

use serde::{Deserialize, Serialize};

use super::client::{Client, ClientId};
use super::params::Params;
use super::pkce::Challenge;
use super::redirect::{MAX_URL, with_params};
use super::scope::{Scope, Scopes};
use super::{Acr, OAuthError};
use crate::rut::Rut;

/// Longest `state`, in bytes. It comes back in a URL.
const MAX_STATE: usize = 2048;
/// Longest `nonce`, in bytes. It stands in the ID token.
const MAX_NONCE: usize = 512;
/// Longest of the other parameters, in bytes.
const MAX_OTHER: usize = 512;

/// A valid request of a client.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    client: ClientId,
    redirect: String,
    scopes: Scopes,
    state: Option<String>,
    nonce: Option<String>,
    challenge: Option<Challenge>,
    prompt: Prompt,
    max_age: Option<u32>,
    acr: Acr,
}

/// What the client wants the person to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Prompt {
    /// Nothing: without a session the answer is an error.
    pub none: bool,
    /// The key, though there is a session.
    pub login: bool,
    /// Whether they agree, though they have agreed before.
    pub consent: bool,
    /// Which account.
    pub select_account: bool,
}

/// Why a request is not answered as it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizeRefused {
    /// Nobody is sent anywhere: a page of ours says so. Whoever made the request may be anybody.
    Page(PageReason),
    /// The client gets this error, at the URL that it named and that is registered.
    Redirect(ErrorRedirect),
}

/// Why a request ends on a page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageReason {
    /// No such client, or a disabled one.
    Client,
    /// A URL that is not registered.
    RedirectUri,
}

/// An error for a client.
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorRedirect {
    /// The error.
    pub error: OAuthError,
    redirect: String,
    state: Option<String>,
}

impl ErrorRedirect {
    /// The URL that the browser is sent to; with the issuer (RFC 9207).
    #[must_use]
    pub fn url(&self, issuer: &str) -> String {
        let error = self.error.code();
        answer_url(&self.redirect, &[("error", &error)], self.state.as_deref(), issuer)
    }
}

impl std::fmt::Debug for ErrorRedirect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ErrorRedirect").field("error", &self.error).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorizationRequest").field("client", &self.client).finish_non_exhaustive()
    }
}

/// The client that a request names, before it is looked up.
///
/// # Errors
/// [`PageReason::Client`] when it names none, or two.
pub fn client_id(params: &Params) -> Result<ClientId, PageReason> {
    let id = params.required("client_id", ClientId::MAX).map_err(|_| PageReason::Client)?;
    ClientId::parse(id).map_err(|_| PageReason::Client)
}

/// Whom a system expects to sign in: a RUT, of a request that stood in no URL. Anything else is no hint.
#[must_use]
pub fn login_hint(params: &Params) -> Option<Rut> {
    params.one("login_hint", MAX_STATE).ok().flatten().and_then(|hint| Rut::parse(hint).ok())
}

impl AuthorizationRequest {
    /// Reads the request that a browser brings. First where it is answered, so that errors go there and nowhere else.
    ///
    /// # Errors
    /// [`AuthorizeRefused`].
    pub fn parse(client: &Client, params: &Params) -> Result<Self, AuthorizeRefused> {
        Self::parse_any(client, params, false)
    }

    /// Reads the request that a client has handed in itself (RFC 9126).
    ///
    /// # Errors
    /// [`AuthorizeRefused`].
    pub(super) fn parse_pushed(client: &Client, params: &Params) -> Result<Self, AuthorizeRefused> {
        Self::parse_any(client, params, true)
    }

    fn parse_any(client: &Client, params: &Params, is_pushed: bool) -> Result<Self, AuthorizeRefused> {
        let page = || AuthorizeRefused::Page(PageReason::RedirectUri);
        let redirect = params.required("redirect_uri", MAX_URL).map_err(|_| page())?;
        client.redirect(redirect).ok_or_else(page)?;
        let state = params.one("state", MAX_STATE);
        let refused = |error| {
            let state = state.ok().flatten().map(str::to_owned);
            AuthorizeRefused::Redirect(ErrorRedirect { error, redirect: redirect.to_owned(), state })
        };
        let request = Self::read(client, redirect, params).map_err(refused)?;
        if client.par_required && !is_pushed {
            return Err(refused(OAuthError::InvalidRequest));
        }
        Ok(Self { state: state.map_err(refused)?.map(str::to_owned), ..request })
    }

    fn read(client: &Client, redirect: &str, params: &Params) -> Result<Self, OAuthError> {
        if params.has("request") || params.has("request_uri") {
            return Err(OAuthError::RequestNotSupported);
        }
        if params.required("response_type", MAX_OTHER)? != "code" {
            return Err(OAuthError::UnsupportedResponseType);
        }
        if params.one("response_mode", MAX_OTHER)?.is_some_and(|mode| mode != "query") {
            return Err(OAuthError::InvalidRequest);
        }
        let scopes = Scopes::parse(params.required("scope", MAX_OTHER)?).and(&client.scopes);
        if !scopes.has(Scope::Openid) {
            return Err(OAuthError::InvalidScope);
        }
        let challenge = Self::read_challenge(client, params)?;
        let nonce = params.one("nonce", MAX_NONCE)?.map(str::to_owned);
        let prompt = Prompt::parse(params.one("prompt", MAX_OTHER)?.unwrap_or_default())?;
        let max_age = match params.one("max_age", 10)? {
            Some(text) => Some(whole_number(text).ok_or(OAuthError::InvalidRequest)?),
            None => None,
        };
        // The first level that we know must be reached, and never less than what the client is registered with. OpenID Connect Core
        // §5.5.1.1 would let us give less; then a system that looks at no `acr` would be lowered unawares (RFC 9470 §5).
        let wished = params.one("acr_values", MAX_OTHER)?.unwrap_or_default();
        let wished = wished.split(' ').find_map(Acr::from_word).unwrap_or_default();
        for bounded in ["login_hint", "ui_locales", "display", "id_token_hint", "claims_locales"] {
            params.one(bounded, MAX_STATE)?;
        }
        Ok(Self {
            client: client.id.clone(),
            redirect: redirect.to_owned(),
            scopes,
            state: None,
            nonce,
            challenge,
            prompt,
            max_age,
            acr: wished.max(client.acr),
        })
    }

    fn read_challenge(client: &Client, params: &Params) -> Result<Option<Challenge>, OAuthError> {
        let method = params.one("code_challenge_method", MAX_OTHER)?;
        match (params.one("code_challenge", MAX_OTHER)?, method) {
            (Some(text), Some("S256")) => Challenge::parse(text).ok_or(OAuthError::InvalidRequest).map(Some),
            (None, None) if client.pkce_optional => Ok(None),
            // Without a method it would be “plain”.
            _ => Err(OAuthError::InvalidRequest),
        }
    }

    /// Who asks.
    #[must_use]
    pub fn client(&self) -> &ClientId {
        &self.client
    }

    /// Where the answer goes, byte by byte as it was asked for.
    #[must_use]
    pub fn redirect(&self) -> &str {
        &self.redirect
    }

    /// What it wants to learn, and may.
    #[must_use]
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// What stands in the ID token.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// What the code is bound to.
    #[must_use]
    pub fn challenge(&self) -> Option<&Challenge> {
        self.challenge.as_ref()
    }

    /// What the person is to be asked.
    #[must_use]
    pub fn prompt(&self) -> Prompt {
        self.prompt
    }

    /// How many seconds ago the key may have been typed.
    #[must_use]
    pub fn max_age(&self) -> Option<u32> {
        self.max_age
    }

    /// The weakest sign-in that will do.
    #[must_use]
    pub fn acr(&self) -> Acr {
        self.acr
    }

    /// The same request, after the person has been asked for the key as it wants.
    #[must_use]
    pub fn asked(self) -> Self {
        Self { prompt: Prompt { login: false, select_account: false, ..self.prompt }, ..self }
    }

    /// The answer with a code.
    #[must_use]
    pub fn code_url(&self, code: &str, issuer: &str) -> String {
        answer_url(&self.redirect, &[("code", code)], self.state.as_deref(), issuer)
    }

    /// The answer with an error.
    #[must_use]
    pub fn error_url(&self, error: OAuthError, issuer: &str) -> String {
        answer_url(&self.redirect, &[("error", &error.code())], self.state.as_deref(), issuer)
    }
}

impl Prompt {
    fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut prompt = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            match word {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                _ => return Err(OAuthError::InvalidRequest),
            }
        }
        if prompt.none && (prompt.login || prompt.consent || prompt.select_account) {
            return Err(OAuthError::InvalidRequest);
        }
        Ok(prompt)
    }
}

fn answer_url(redirect: &str, answer: &[(&str, &str)], state: Option<&str>, issuer: &str) -> String {
    let state = state.map(|state| ("state", state));
    let params: Vec<_> = answer.iter().copied().chain(state).chain([("iss", issuer)]).collect();
    with_params(redirect, &params)
}

fn whole_number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
#[path = "authorize_tests.rs"]
mod tests;

//! Sign-in for other systems by OpenID Connect (L-OIDC): what a client is, what it may ask for, and what it gets.
//!
//! Only the authorization code flow (RFC 6749 §4.1, with the rules of RFC 9700). There is no way to hand a key to another
//! system: it is typed on our own page only.

pub mod assertion;
pub mod authorize;
pub mod claims;
pub mod client;
pub mod logout;
pub mod params;
pub mod pkce;
pub mod pushed;
pub mod redirect;
pub mod scope;
pub mod token_request;

use serde::{Deserialize, Serialize};

/// The errors that a client gets, by their names in RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, and RFC 6750 §3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// A parameter is missing, doubled, too long or of a wrong form.
    #[error("invalid_request")]
    InvalidRequest,
    /// Another grant than the code.
    #[error("unsupported_response_type")]
    UnsupportedResponseType,
    /// A scope that is none, or without `openid`.
    #[error("invalid_scope")]
    InvalidScope,
    /// The person refused.
    #[error("access_denied")]
    AccessDenied,
    /// `prompt=none`, and nobody is signed in.
    #[error("login_required")]
    LoginRequired,
    /// `prompt=none`, and the person has to agree first.
    #[error("consent_required")]
    ConsentRequired,
    /// `prompt=none`, and the person has to choose or to confirm the account first.
    #[error("interaction_required")]
    InteractionRequired,
    /// The level of sign-in that is required cannot be reached.
    #[error("unmet_authentication_requirements")]
    UnmetAuthenticationRequirements,
    /// A request object.
    #[error("request_not_supported")]
    RequestNotSupported,
    /// We cannot answer now.
    #[error("temporarily_unavailable")]
    TemporarilyUnavailable,
    /// The client is not who it says, or is disabled.
    #[error("invalid_client")]
    InvalidClient,
    /// A code or token that is unknown, used, expired, or another client's.
    #[error("invalid_grant")]
    InvalidGrant,
    /// A grant that this client may not use.
    #[error("unauthorized_client")]
    UnauthorizedClient,
    /// A grant that does not exist here.
    #[error("unsupported_grant_type")]
    UnsupportedGrantType,
    /// An access token that is unknown, expired or revoked.
    #[error("invalid_token")]
    InvalidToken,
    /// An access token without `openid`.
    #[error("insufficient_scope")]
    InsufficientScope,
}

impl OAuthError {
    /// Its name in the protocol.
    #[must_use]
    pub fn code(self) -> String {
        self.to_string()
    }
}

/// How strongly somebody signed in: the values of `acr`, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acr {
    /// The Clave SENCE.
    #[default]
    Clave,
    /// The Clave SENCE, and a code sent to the mail address on file.
    ClaveCodigo,
}

impl Acr {
    /// The strongest that can be reached here.
    pub const HIGHEST: Self = Self::Clave;
    /// Every level.
    pub const ALL: [Self; 2] = [Self::Clave, Self::ClaveCodigo];

    /// Its word in requests and tokens.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clave => "clave",
            Self::ClaveCodigo => "clave-codigo",
        }
    }

    /// The level of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.word() == word)
    }

    /// The methods of RFC 8176 that it stands for: `amr`.
    #[must_use]
    pub fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Clave => &["pwd"],
            Self::ClaveCodigo => &["pwd", "otp", "mfa"],
        }
    }
}

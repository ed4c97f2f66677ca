//! A client: a system that people enter with their Clave SENCE, as an operator has registered it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Acr;
use super::redirect::{ClientUrl, with_params};
use super::scope::{Scope, Scopes};
use crate::kind::Kind;

/// The public name of a client in the protocol: 3 to 64 of a–z, A–Z, 0–9, dot, dash and underscore.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

/// Why a text is not the id of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id of a client has 3 to 64 letters (a to z), digits, dots, dashes and underscores")]
pub struct ClientIdError;

impl ClientId {
    /// Longest id, in bytes.
    pub const MAX: usize = 64;

    /// Reads an id.
    ///
    /// # Errors
    /// [`ClientIdError`].
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        // A part of a path, in our own pages: neither dot nor dots.
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        let fits = (3..=Self::MAX).contains(&text.len()) && text.bytes().all(plain) && begins;
        if fits { Ok(Self(text.to_owned())) } else { Err(ClientIdError) }
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientId {
    type Error = ClientIdError;

    fn try_from(text: String) -> Result<Self, ClientIdError> {
        Self::parse(&text)
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a client shows at our endpoints that it is who it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuth {
    /// Its secret, in the header `Authorization`.
    Basic,
    /// Its secret, in the form.
    Post,
    /// A JWT signed with a key of which we have the public half (RFC 7523).
    PrivateKeyJwt,
    /// Nothing: it runs where nothing can be kept secret, and has PKCE only.
    None,
}

impl ClientAuth {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Basic, Self::Post, Self::PrivateKeyJwt, Self::None];

    /// Its word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Post => "post",
            Self::PrivateKeyJwt => "private-key-jwt",
            Self::None => "none",
        }
    }

    /// The way of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }

    /// Whether it has a secret of ours.
    #[must_use]
    pub fn has_secret(self) -> bool {
        matches!(self, Self::Basic | Self::Post)
    }

    /// Whether it can show who it is.
    #[must_use]
    pub fn is_confidential(self) -> bool {
        self != Self::None
    }
}

/// With what the ID tokens of a client are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum SigningAlg {
    /// RSA with SHA-256: what every client understands.
    #[default]
    RS256,
    /// ECDSA on P-256 with SHA-256: shorter.
    ES256,
}

impl SigningAlg {
    /// Both.
    pub const ALL: [Self; 2] = [Self::RS256, Self::ES256];

    /// Its name in a JWT.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
        }
    }

    /// The algorithm of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.name() == name)
    }
}

/// What a client gets as the name of a person, `sub`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectType {
    /// Another for each sector (the host of its URLs), so that systems cannot compare what they know (OpenID Connect Core §8.1).
    #[default]
    Pairwise,
    /// The same for each system that has this.
    Public,
}

impl SubjectType {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pairwise => "pairwise",
            Self::Public => "public",
        }
    }
}

/// What is registered of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its public name in the protocol.
    pub id: ClientId,
    /// The name that people read.
    pub name: String,
    /// Where people may be sent back to; at least one.
    pub redirects: Vec<ClientUrl>,
    /// Where people may be sent after signing out.
    #[serde(default)]
    pub post_logout: Vec<ClientUrl>,
    /// Where it is notified that a session has ended.
    #[serde(default)]
    pub backchannel: Option<ClientUrl>,
    /// Where a sign-in begins anew.
    #[serde(default)]
    pub initiate: Option<ClientUrl>,
    /// Whose keys open it.
    pub kinds: Vec<Kind>,
    /// What it may learn.
    pub scopes: Scopes,
    /// How it shows who it is.
    pub auth: ClientAuth,
    /// Its public keys, a JWK set, for [`ClientAuth::PrivateKeyJwt`].
    #[serde(default)]
    pub jwks: Option<String>,
    /// With what its ID tokens are signed.
    #[serde(default)]
    pub alg: SigningAlg,
    /// Whether it may do without PKCE.
    #[serde(default)]
    pub pkce_optional: bool,
    /// Whether it has to push its requests (RFC 9126).
    #[serde(default)]
    pub par_required: bool,
    /// What it gets as `sub`.
    #[serde(default)]
    pub subject: SubjectType,
    /// Whether it is SENCE's own: people are told what is shared, and not asked.
    #[serde(default)]
    pub first_party: bool,
    /// Whether names have the form that ClaveÚnica gives them.
    #[serde(default)]
    pub claveunica_compatible: bool,
    /// The weakest sign-in that opens it.
    #[serde(default)]
    pub acr: Acr,
    /// Origins of its pages that may read our answers by script (CORS).
    #[serde(default)]
    pub origins: Vec<String>,
}

/// Why a client cannot be registered as it is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Nothing that people could read.
    #[error("a client has a name of 1 to 80 characters, in one line")]
    Name,
    /// Nowhere to answer.
    #[error("a client has at least one --redirect")]
    NoRedirect,
    /// Nobody could enter.
    #[error("a client has at least one of --kinds")]
    NoKinds,
    /// OpenID Connect asks for it.
    #[error("the scope of a client has openid in it")]
    NoOpenid,
    /// Without a secret the challenge is all that protects a code.
    #[error("a client with --auth none cannot do without PKCE")]
    PublicWithoutPkce,
    /// `private-key-jwt` without keys, or keys without it.
    #[error("--jwks goes with --auth private-key-jwt, and that with it")]
    Jwks,
    /// One `sub` for hosts that are not one sector.
    #[error("a client with URLs on several hosts needs --subject public")]
    Sectors,
    /// Cross-origin reading with a secret would have the secret in the page.
    #[error("--origin is for clients with --auth none")]
    OriginOfConfidential,
    /// It would be notified of logouts without TLS.
    #[error("--backchannel begins with https:// where this service does")]
    Backchannel,
    /// Not an origin.
    #[error("--origin is a scheme, a host and a port, with nothing behind")]
    Origin,
}

impl Client {
    /// Longest name, in characters.
    pub const MAX_NAME: usize = 80;

    /// Accepts a client for the store.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn checked(self) -> Result<Self, ClientError> {
        let name = self.name.trim();
        let is_name =
            !name.is_empty() && name.chars().count() <= Self::MAX_NAME && !name.contains(char::is_control);
        let origin_fits =
            |origin: &String| ClientUrl::parse(origin).is_ok_and(|url| url.origin() == origin.as_str());
        let hosts = || self.redirects.iter().map(ClientUrl::host);
        let one_sector = hosts().all(|host| hosts().next() == Some(host));
        let wrong = [
            (!is_name, ClientError::Name),
            (self.redirects.is_empty(), ClientError::NoRedirect),
            (self.kinds.is_empty(), ClientError::NoKinds),
            (!self.scopes.has(Scope::Openid), ClientError::NoOpenid),
            (self.pkce_optional && !self.auth.is_confidential(), ClientError::PublicWithoutPkce),
            (self.jwks.is_some() != (self.auth == ClientAuth::PrivateKeyJwt), ClientError::Jwks),
            (self.subject == SubjectType::Pairwise && !one_sector, ClientError::Sectors),
            (!self.origins.is_empty() && self.auth.is_confidential(), ClientError::OriginOfConfidential),
            (!self.origins.iter().all(origin_fits), ClientError::Origin),
        ];
        match wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
            Some((_, error)) => Err(error),
            None => Ok(Self { name: name.to_owned(), ..self }),
        }
    }

    /// Whether it may be registered at the service with this URL. What is not encrypted is for the demo, on one machine.
    ///
    /// # Errors
    /// [`ClientError::Backchannel`].
    pub fn fits(&self, public_url: &str) -> Result<(), ClientError> {
        let is_plain = |url: &ClientUrl| !url.as_str().starts_with("https://");
        let wrong = public_url.starts_with("https://") && self.backchannel.as_ref().is_some_and(is_plain);
        if wrong { Err(ClientError::Backchannel) } else { Ok(()) }
    }

    /// The registered URL that a request names.
    #[must_use]
    pub fn redirect(&self, asked: &str) -> Option<&ClientUrl> {
        self.redirects.iter().find(|url| url.allows(asked))
    }

    /// The host that people are shown.
    #[must_use]
    pub fn host(&self) -> &str {
        self.redirects.first().map_or("", ClientUrl::host)
    }

    /// What its subjects are computed for: its sector, or everybody.
    #[must_use]
    pub fn sector(&self) -> Option<&str> {
        (self.subject == SubjectType::Pairwise).then(|| self.host())
    }

    /// Where a sign-in begins anew, with the name of who asks for it (OpenID Connect Core §4); else the front page of its host.
    #[must_use]
    pub fn begin_again(&self, issuer: &str) -> String {
        match (&self.initiate, self.redirects.first()) {
            (Some(url), _) => with_params(url.as_str(), &[("iss", issuer)]),
            (None, Some(url)) => url.origin().to_owned(),
            (None, None) => "/".to_owned(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A client as most are.
    pub(crate) fn client() -> Client {
        Client {
            id: ClientId::parse("cursos").unwrap(),
            name: "Cursos de Prueba".to_owned(),
            redirects: vec![ClientUrl::parse("https://cursos.ejemplo.cl/volver").unwrap()],
            post_logout: Vec::new(),
            backchannel: None,
            initiate: None,
            kinds: Kind::ALL.to_vec(),
            scopes: Scopes::parse("openid run name email"),
            auth: ClientAuth::Basic,
            jwks: None,
            alg: SigningAlg::RS256,
            pkce_optional: false,
            par_required: false,
            subject: SubjectType::Pairwise,
            first_party: false,
            claveunica_compatible: false,
            acr: Acr::Clave,
            origins: Vec::new(),
        }
    }

    #[test]
    fn l_oidc_what_may_be_the_id_of_a_client() {
        for good in ["cursos", "sence.cl-2_b", "0ab"] {
            assert_eq!(ClientId::parse(good).map(|id| id.0), Ok(good.to_owned()));
        }
        for bad in ["", "ab", "..a", "-ab", "a/b", "a b", "ñandú", &"a".repeat(65), "abc\u{0}"] {
            assert_eq!(ClientId::parse(bad), Err(ClientIdError), "{bad}");
        }
    }

    #[test]
    fn l_oidc_which_clients_are_accepted() {
        assert!(client().checked().is_ok());
        let other_host = ClientUrl::parse("https://otra.ejemplo.cl/volver").unwrap();
        for (bad, why) in [
            (Client { name: " ".to_owned(), ..client() }, ClientError::Name),
            (Client { name: "a\nb".to_owned(), ..client() }, ClientError::Name),
            (Client { redirects: Vec::new(), ..client() }, ClientError::NoRedirect),
            (Client { kinds: Vec::new(), ..client() }, ClientError::NoKinds),
            (Client { scopes: Scopes::parse("run"), ..client() }, ClientError::NoOpenid),
            (
                Client { auth: ClientAuth::None, pkce_optional: true, ..client() },
                ClientError::PublicWithoutPkce,
            ),
            (Client { auth: ClientAuth::PrivateKeyJwt, ..client() }, ClientError::Jwks),
            (Client { jwks: Some("{}".to_owned()), ..client() }, ClientError::Jwks),
            (
                Client { redirects: [client().redirects, vec![other_host]].concat(), ..client() },
                ClientError::Sectors,
            ),
            (
                Client { origins: vec!["https://a.cl".to_owned()], ..client() },
                ClientError::OriginOfConfidential,
            ),
            (
                Client { auth: ClientAuth::None, origins: vec!["https://a.cl/x".to_owned()], ..client() },
                ClientError::Origin,
            ),
        ] {
            assert_eq!(bad.checked().err(), Some(why));
        }
        let public = Client { auth: ClientAuth::None, origins: vec!["https://a.cl".to_owned()], ..client() };
        assert!(public.checked().is_ok());
    }

    #[test]
    fn security_l_oidc_a_logout_is_notified_by_https_where_the_service_has_it() {
        let notified = |url| Client { backchannel: ClientUrl::parse(url).ok(), ..client() };
        let (service, demo) = ("https://clave.ejemplo.cl", "http://127.0.0.1:3000");
        assert_eq!(notified("http://127.0.0.1:9/a").fits(service), Err(ClientError::Backchannel));
        for (url, at) in [("http://127.0.0.1:9/a", demo), ("https://a.cl/a", service), ("", service)] {
            assert_eq!(notified(url).fits(at), Ok(()), "{url}");
        }
    }

    #[test]
    fn l_oidc_a_client_is_read_back_as_it_was_stored() {
        let stored = serde_json::to_string(&client()).unwrap();
        assert_eq!(serde_json::from_str::<Client>(&stored).unwrap(), client());
        let tampered = stored.replace("https://cursos", "javascript:cursos");
        assert!(serde_json::from_str::<Client>(&tampered).is_err());
    }

    #[test]
    fn l_page_where_a_sign_in_begins_again() {
        let issuer = "https://clave.ejemplo.cl/openid";
        assert_eq!(client().begin_again(issuer), "https://cursos.ejemplo.cl");
        let initiate = ClientUrl::parse("https://cursos.ejemplo.cl/entrar").ok();
        assert_eq!(
            Client { initiate, ..client() }.begin_again(issuer),
            "https://cursos.ejemplo.cl/entrar?iss=https%3A%2F%2Fclave.ejemplo.cl%2Fopenid"
        );
    }
}

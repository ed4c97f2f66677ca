//! The OTEC that sends a student: its tokens and the origins that it has registered.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::fields::{CallbackUrl, guid, parse_guid};
use super::glosa::{Glosa, Glosas};
use crate::openid::redirect::{ClientUrl, ClientUrlError};
use crate::rut::Rut;

/// The token of an OTEC, a GUID. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct OtecToken(String);

impl OtecToken {
    /// Its length, in characters.
    pub const LENGTH: usize = 36;

    /// The token of 128 random bits.
    #[must_use]
    pub fn from_bits(bits: u128) -> Self {
        Self(guid(bits))
    }

    /// Reads one. Upper case and lower case are alike.
    ///
    /// # Errors
    /// 303.
    pub fn parse(text: &str) -> Result<Self, Glosa> {
        parse_guid(text).map(Self).ok_or(Glosa::TokenUnknown)
    }

    /// The token, to be hashed or shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OtecToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtecToken(…)")
    }
}

/// An origin that an OTEC has registered: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// Why a text is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not even a URL.
    #[error(transparent)]
    Url(#[from] ClientUrlError),
    /// More than scheme, host and port.
    #[error("an origin is https:// and a host, perhaps with a port, and nothing behind it")]
    Path,
}

impl Origin {
    /// Reads one: `https://aula.ejemplo.cl`, perhaps with a port.
    ///
    /// # Errors
    /// [`OriginError`].
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = ClientUrl::parse(text)?;
        if url.origin() == text { Ok(Self::named(text)) } else { Err(OriginError::Path) }
    }

    /// The origin of a URL.
    #[must_use]
    pub fn of(url: &CallbackUrl) -> Self {
        Self::named(url.origin())
    }

    /// Without the port that the scheme has anyway, as browsers write it.
    fn named(origin: &str) -> Self {
        let port = if origin.starts_with("https://") { ":443" } else { ":80" };
        Self(origin.strip_suffix(port).unwrap_or(origin).to_owned())
    }

    /// The origin.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        Self::parse(&text)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// What the store knows of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenOnFile {
    /// Whose it is.
    pub otec: Rut,
    /// Whether it was revoked. A token does not expire.
    pub is_revoked: bool,
}

/// What the store knows of the OTEC and of the token that a request names.
#[derive(Debug, Clone, Default)]
pub struct Organism {
    /// Whether the OTEC has or ever had a token.
    pub is_known: bool,
    /// The origins that it has registered; without any, every origin will do.
    pub origins: Vec<Origin>,
    /// The token, whosever it is.
    pub token: Option<TokenOnFile>,
}

/// How a browser is sent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The form is sent by itself.
    Submit,
    /// A page of ours names the host, and only its button sends the form: anybody may have made the request.
    Button,
}

impl Organism {
    /// Checks who sends a student. `urls` are where the answers go, `sender` is the header `Origin` of the request.
    ///
    /// # Errors
    /// 302 for an OTEC that is not known or an origin that it has not registered, 303 for an unknown token, 211 for another OTEC's, 212
    /// for a revoked one.
    pub fn check<'u>(
        &self,
        otec: Rut,
        urls: impl IntoIterator<Item = &'u CallbackUrl>,
        sender: Option<&str>,
    ) -> Result<(), Glosas> {
        let token = match self.token {
            None => Some(Glosa::TokenUnknown),
            Some(token) if token.otec != otec => Some(Glosa::TokenOfOther),
            Some(token) if token.is_revoked => Some(Glosa::TokenRevoked),
            Some(_) => None,
        };
        let fits =
            self.is_known && self.is_sender(sender) && urls.into_iter().all(|url| self.has(&Origin::of(url)));
        Glosas::check(token.into_iter().chain((!fits).then_some(Glosa::Organism)))
    }

    fn has(&self, origin: &Origin) -> bool {
        self.origins.is_empty() || self.origins.contains(origin)
    }

    /// A browser that hides where it comes from sends `null`, or nothing. Then the URLs alone decide.
    fn is_sender(&self, sender: Option<&str>) -> bool {
        match sender {
            None | Some("null") => true,
            Some(_) if self.origins.is_empty() => true,
            Some(text) => Origin::parse(text).is_ok_and(|origin| self.has(&origin)),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::fields::Loopback;
    use super::*;

    pub(in crate::rce) fn otec() -> Rut {
        Rut::parse("76192083-9").unwrap()
    }

    pub(in crate::rce) fn organism() -> Organism {
        Organism {
            is_known: true,
            origins: Vec::new(),
            token: Some(TokenOnFile { otec: otec(), is_revoked: false }),
        }
    }

    fn url() -> CallbackUrl {
        CallbackUrl::parse("https://aula.ejemplo.cl/volver", Loopback::Refused).unwrap()
    }

    fn codes(organism: &Organism, sender: Option<&str>) -> String {
        organism.check(otec(), [&url()], sender).err().map_or_else(String::new, |glosas| glosas.to_string())
    }

    #[test]
    fn l_rce_a_token_is_a_guid_in_either_case() {
        let token = OtecToken::from_bits(0x5EEB_F607_25A9_4DB2_A4DD_5D31_BDAE_3220);
        assert_eq!(token.expose(), "5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220");
        assert_eq!(token.expose().len(), OtecToken::LENGTH);
        assert_eq!(OtecToken::parse("5eebf607-25a9-4db2-a4dd-5d31bdae3220"), Ok(token.clone()));
        for bad in
            ["", "5EEBF607", "5EEBF60725A94DB2A4DD5D31BDAE3220", "5EEBF607-25A9-4DB2-A4DD-5D31BDAE322X"]
        {
            assert_eq!(OtecToken::parse(bad), Err(Glosa::TokenUnknown), "{bad}");
        }
        assert_eq!(format!("{token:?}"), "OtecToken(…)");
    }

    #[test]
    fn l_rce_only_a_current_token_of_the_otec_will_do() {
        let with = |token| codes(&Organism { token, ..organism() }, None);
        assert_eq!(codes(&organism(), None), "");
        assert_eq!(with(None), "303");
        assert_eq!(with(Some(TokenOnFile { otec: otec(), is_revoked: true })), "212");
        let other = Rut::parse("12345678-5").unwrap();
        assert_eq!(with(Some(TokenOnFile { otec: other, is_revoked: false })), "211");
        assert_eq!(
            with(Some(TokenOnFile { otec: other, is_revoked: true })),
            "211",
            "no word on another's token"
        );
        assert_eq!(codes(&Organism::default(), None), "302;303");
    }

    #[test]
    fn security_l_rce_registered_origins_are_enforced() {
        let with = |origins: &[&str], sender| {
            let origins = origins.iter().map(|origin| Origin::parse(origin).unwrap()).collect();
            codes(&Organism { origins, ..organism() }, sender)
        };
        let (own, other) = ("https://aula.ejemplo.cl", "https://otra.ejemplo.cl");
        assert_eq!(with(&[], Some("https://cualquiera.ejemplo.cl")), "");
        for sender in [None, Some("null"), Some(own)] {
            assert_eq!(with(&[other, own], sender), "");
            assert_eq!(with(&["https://aula.ejemplo.cl:443"], sender), "", "the port of the scheme");
            assert_eq!(with(&[other], sender), "302", "the URL is not registered");
            assert_eq!(with(&["https://aula.ejemplo.cl:8443"], sender), "302");
        }
        for sender in [other, "http://aula.ejemplo.cl", "https://aula.ejemplo.cl.malo.cl", "", "*"] {
            assert_eq!(with(&[own], Some(sender)), "302", "{sender}");
        }
        assert_eq!(with(&[own, other], Some(other)), "", "sent by one, answered at the other");
    }

    #[test]
    fn l_rce_an_origin_is_scheme_host_and_port() {
        for good in ["https://aula.ejemplo.cl", "https://aula.ejemplo.cl:8443", "http://127.0.0.1:3000"] {
            assert_eq!(Origin::parse(good).map(String::from), Ok(good.to_owned()));
        }
        for bad in ["https://aula.ejemplo.cl/", "https://aula.ejemplo.cl/x", "https://aula.ejemplo.cl?x"] {
            assert_eq!(Origin::parse(bad), Err(OriginError::Path), "{bad}");
        }
        for bad in ["aula.ejemplo.cl", "http://aula.ejemplo.cl", "null", "https://*.ejemplo.cl"] {
            assert!(matches!(Origin::parse(bad), Err(OriginError::Url(_))), "{bad}");
        }
        assert_eq!(Origin::parse("https://a.cl:443").unwrap().as_str(), "https://a.cl");
    }
}

//! The cookie that holds the token of a flow: one per errand, gone with the browser's session; and that of a known browser
//! (docs/security.md#the-web).

use axum::http::{HeaderMap, HeaderValue, header};
use backend::flows::Token;

use crate::errand::Errand;

/// Whose flow a cookie holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowCookie {
    /// Recovery.
    Recover,
    /// Registration.
    Register,
    /// Change.
    Change,
    /// Update.
    Update,
    /// Request for a foreign facilitator, once the company has shown its key.
    Facilitator,
    /// The first form of such a request. It has a cookie of its own, so that opening it ends no request in another tab.
    FacilitatorFirst,
    /// Confirmation of a mail address.
    ConfirmMail,
    /// The browser itself, where an owner was seen (O-KNOWN): an opaque id, for 180 days.
    Browser,
    /// The desk of SENCE's officers (F-REVIEW): their session, or what their sign-in has to say.
    Desk,
}

impl FlowCookie {
    /// Those of flows.
    pub const FLOWS: [Self; 7] = [
        Self::Recover,
        Self::Register,
        Self::Change,
        Self::Update,
        Self::Facilitator,
        Self::FacilitatorFirst,
        Self::ConfirmMail,
    ];

    /// Whose flow it holds; none of those that hold no flow of an errand.
    #[must_use]
    pub fn errand(self) -> Option<Errand> {
        match self {
            Self::Recover => Some(Errand::Recover),
            Self::Register => Some(Errand::Register),
            Self::Change => Some(Errand::Change),
            Self::Update => Some(Errand::Update),
            Self::Facilitator | Self::FacilitatorFirst => Some(Errand::Facilitator),
            Self::ConfirmMail => Some(Errand::ConfirmMail),
            Self::Browser | Self::Desk => None,
        }
    }

    /// The cookie of an errand.
    #[must_use]
    pub fn of(errand: Errand) -> Self {
        match errand {
            Errand::Register => Self::Register,
            Errand::Recover => Self::Recover,
            Errand::Change => Self::Change,
            Errand::Update => Self::Update,
            Errand::Facilitator => Self::Facilitator,
            Errand::ConfirmMail => Self::ConfirmMail,
        }
    }

    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Recover, true) => "__Host-cs_recuperar",
            (Self::Register, true) => "__Host-cs_registrar",
            (Self::Change, true) => "__Host-cs_cambiar",
            (Self::Update, true) => "__Host-cs_actualizar",
            (Self::Facilitator, true) => "__Host-cs_facilitador",
            (Self::FacilitatorFirst, true) => "__Host-cs_facilitador_nuevo",
            (Self::ConfirmMail, true) => "__Host-cs_correo",
            (Self::Browser, true) => "__Host-cs_navegador",
            (Self::Desk, true) => "__Host-cs_mesa",
            (Self::Recover, false) => "cs_recuperar",
            (Self::Register, false) => "cs_registrar",
            (Self::Change, false) => "cs_cambiar",
            (Self::Update, false) => "cs_actualizar",
            (Self::Facilitator, false) => "cs_facilitador",
            (Self::FacilitatorFirst, false) => "cs_facilitador_nuevo",
            (Self::ConfirmMail, false) => "cs_correo",
            (Self::Browser, false) => "cs_navegador",
            (Self::Desk, false) => "cs_mesa",
        }
    }

    /// The token in the cookies of a request.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, secure: bool) -> Option<Token> {
        let name = self.name(secure);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .and_then(|(_, value)| Token::from_cookie(value))
    }

    /// The header that gives the browser a new token. A browser keeps a `Secure` cookie only over https, so the demo on
    /// plain http goes without; production refuses such a public URL.
    #[must_use]
    pub fn write(self, token: &Token, secure: bool) -> Option<HeaderValue> {
        let age = if self == Self::Browser { "; Max-Age=15552000" } else { "" };
        self.header(token.expose(), age, secure)
    }

    /// The header that takes the cookie from the browser.
    #[must_use]
    pub fn clear(self, secure: bool) -> Option<HeaderValue> {
        self.header("", "; Max-Age=0", secure)
    }

    fn header(self, value: &str, more: &str, secure: bool) -> Option<HeaderValue> {
        let name = self.name(secure);
        let guard = if secure { "; Secure" } else { "" };
        // Nobody comes to the desk from the pages of others.
        let site = if self == Self::Desk { "Strict" } else { "Lax" };
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite={site}{guard}{more}");
        HeaderValue::from_str(&cookie).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_among_others_and_only_whole() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; cs_cambiar=short"));
        headers.append(header::COOKIE, HeaderValue::from_static("x=; cs_recuperar=AAAAAAAAAAAAAAAAAAAAAA"));
        let token = FlowCookie::Recover.read(&headers, false).unwrap();
        assert_eq!(token.expose(), "AAAAAAAAAAAAAAAAAAAAAA");
        assert!(FlowCookie::Recover.read(&headers, true).is_none());
        assert!(FlowCookie::Change.read(&headers, false).is_none());
        let header = FlowCookie::Recover.write(&token, true).unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-cs_recuperar=AAAAAAAAAAAAAAAAAAAAAA; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        let header = FlowCookie::Browser.write(&token, true).unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-cs_navegador=AAAAAAAAAAAAAAAAAAAAAA; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=15552000"
        );
        let header = FlowCookie::Desk.write(&token, true).unwrap();
        assert!(header.to_str().unwrap().ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"));
        let header = FlowCookie::Desk.clear(true).unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-cs_mesa=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0"
        );
    }
}

//! The cookie that holds the token of a flow: one per errand, gone with the browser's session (SECURITY, “The web”).

use axum::http::{HeaderMap, HeaderValue, header};
use backend::flows::Token;

use crate::wording::labels::Errand;

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
    /// Request for a foreign facilitator.
    Facilitator,
}

impl FlowCookie {
    /// The cookie of an errand.
    #[must_use]
    pub fn of(errand: Errand) -> Self {
        match errand {
            Errand::Register => Self::Register,
            Errand::Recover => Self::Recover,
            Errand::Change => Self::Change,
            Errand::Update => Self::Update,
            Errand::Facilitator => Self::Facilitator,
        }
    }

    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Recover, true) => "__Host-cs_recuperar",
            (Self::Register, true) => "__Host-cs_registrar",
            (Self::Change, true) => "__Host-cs_cambiar",
            (Self::Update, true) => "__Host-cs_actualizar",
            (Self::Facilitator, true) => "__Host-cs_facilitador",
            (Self::Recover, false) => "cs_recuperar",
            (Self::Register, false) => "cs_registrar",
            (Self::Change, false) => "cs_cambiar",
            (Self::Update, false) => "cs_actualizar",
            (Self::Facilitator, false) => "cs_facilitador",
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
        let name = self.name(secure);
        let guard = if secure { "; Secure" } else { "" };
        let cookie = format!("{name}={}; Path=/; HttpOnly; SameSite=Lax{guard}", token.expose());
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
    }
}

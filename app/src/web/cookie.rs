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
    /// Who is signed in here (L-PAGE).
    Session,
    /// The demo's example of a system: what it remembers of a sign-in under way.
    Example,
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
            Self::Browser | Self::Session | Self::Example | Self::Desk => None,
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
            (Self::Session, true) => "__Host-cs_sesion",
            (Self::Example, true) => "__Host-cs_ejemplo",
            (Self::Desk, true) => "__Host-cs_mesa",
            (Self::Recover, false) => "cs_recuperar",
            (Self::Register, false) => "cs_registrar",
            (Self::Change, false) => "cs_cambiar",
            (Self::Update, false) => "cs_actualizar",
            (Self::Facilitator, false) => "cs_facilitador",
            (Self::FacilitatorFirst, false) => "cs_facilitador_nuevo",
            (Self::ConfirmMail, false) => "cs_correo",
            (Self::Browser, false) => "cs_navegador",
            (Self::Session, false) => "cs_sesion",
            (Self::Example, false) => "cs_ejemplo",
            (Self::Desk, false) => "cs_mesa",
        }
    }

    /// The token in the cookies of a request.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, secure: bool) -> Option<Token> {
        let name = self.name(secure);
        cookies(headers).find(|(key, _)| *key == name).and_then(|(_, value)| Token::from_cookie(value))
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

/// Names and values of the cookies of a request.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// The cookie of one sign-in, or of one request of attendance: each has its own, so that those of two tabs never mix, and a request from
/// elsewhere takes the place of none. Its name ends with the tag of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaggedCookie {
    /// Of a sign-in.
    SignIn,
    /// Of a request of attendance.
    Attendance,
}

impl TaggedCookie {
    /// Both.
    pub const ALL: [Self; 2] = [Self::SignIn, Self::Attendance];

    /// Most flows of one sort of a browser at a time; of more, the oldest lose their cookies.
    const MOST: usize = 8;

    fn prefix(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::SignIn, true) => "__Host-cs_ingreso_",
            (Self::SignIn, false) => "cs_ingreso_",
            (Self::Attendance, true) => "__Host-cs_asistencia_",
            (Self::Attendance, false) => "cs_asistencia_",
        }
    }

    /// The token of the flow with this tag.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, tag: &str, secure: bool) -> Option<Token> {
        self.all(headers, secure).into_iter().find(|(found, _)| found == tag).map(|(_, token)| token)
    }

    /// Tag and token of every flow of the browser.
    #[must_use]
    pub fn all(self, headers: &HeaderMap, secure: bool) -> Vec<(String, Token)> {
        let own = cookies(headers)
            .filter_map(|(name, value)| Some((name.strip_prefix(self.prefix(secure))?, value)));
        own.filter(|(tag, _)| is_tag(tag))
            .filter_map(|(tag, value)| Some((tag.to_owned(), Token::from_cookie(value)?)))
            .collect()
    }

    /// The headers that give the browser the token of a flow, and take those of the oldest that are too many.
    #[must_use]
    pub fn write(self, headers: &HeaderMap, tag: &str, token: &Token, secure: bool) -> Vec<HeaderValue> {
        let gone = self.prune(headers, tag, secure);
        self.header(tag, token.expose(), "", secure).into_iter().chain(gone).collect()
    }

    /// The headers that take the cookies of the oldest flows that are too many beside this one.
    #[must_use]
    pub fn prune(self, headers: &HeaderMap, tag: &str, secure: bool) -> Vec<HeaderValue> {
        let all = self.all(headers, secure);
        let others: Vec<_> = all.iter().filter(|(found, _)| found != tag).collect();
        // Browsers send the oldest first (RFC 6265 §5.4).
        let too_many = (others.len() + 1).saturating_sub(Self::MOST);
        let gone = others.into_iter().take(too_many);
        gone.filter_map(|(tag, _)| self.header(tag, "", "; Max-Age=0", secure)).collect()
    }

    /// The header with the next token of a flow.
    #[must_use]
    pub fn renew(self, tag: &str, token: &Token, secure: bool) -> Option<HeaderValue> {
        self.header(tag, token.expose(), "", secure).filter(|_| is_tag(tag))
    }

    /// The headers that take the cookies of all flows.
    #[must_use]
    pub fn clear(self, headers: &HeaderMap, secure: bool) -> Vec<HeaderValue> {
        let all = self.all(headers, secure);
        all.iter().filter_map(|(tag, _)| self.header(tag, "", "; Max-Age=0", secure)).collect()
    }

    fn header(self, tag: &str, value: &str, more: &str, secure: bool) -> Option<HeaderValue> {
        let guard = if secure { "; Secure" } else { "" };
        let name = self.prefix(secure);
        HeaderValue::from_str(&format!("{name}{tag}={value}; Path=/; HttpOnly; SameSite=Lax{guard}{more}"))
            .ok()
    }
}

/// Whether a text may be the tag of a flow.
pub(crate) fn is_tag(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_page_each_sign_in_has_a_cookie_of_its_own() {
        let token = Token::from_cookie("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let tags: Vec<String> = (0..10).map(|n| format!("{n:022}")).collect();
        let line: Vec<_> = tags.iter().map(|tag| format!("cs_ingreso_{tag}={}", token.expose())).collect();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&line.join("; ")).unwrap());
        assert!(TaggedCookie::SignIn.read(&headers, &tags[3], false).is_some());
        assert!(TaggedCookie::SignIn.read(&headers, &tags[3], true).is_none());
        assert!(TaggedCookie::SignIn.read(&headers, "otra", false).is_none());
        let written = TaggedCookie::SignIn.write(&headers, "bbbbbbbbbbbbbbbbbbbbbb", &token, false);
        let written: Vec<_> = written.iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(
            written[0],
            "cs_ingreso_bbbbbbbbbbbbbbbbbbbbbb=AAAAAAAAAAAAAAAAAAAAAA; Path=/; HttpOnly; SameSite=Lax"
        );
        assert_eq!(written.len(), 4, "of ten, the three oldest go");
        assert!(
            written[1].starts_with(&format!("cs_ingreso_{}=;", tags[0])) && written[1].ends_with("Max-Age=0")
        );
        assert_eq!(TaggedCookie::SignIn.clear(&headers, false).len(), 10);
        assert!(TaggedCookie::Attendance.read(&headers, &tags[3], false).is_none(), "of another sort");
        assert!(TaggedCookie::Attendance.clear(&headers, false).is_empty());
    }

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

//! Where a client is answered: URLs that an operator has registered, compared byte by byte (RFC 9700 §2.1, §4.1).

use serde::{Deserialize, Serialize};

/// Longest URL, in bytes.
pub const MAX_URL: usize = 2000;

/// A registered URL of a client: `https`, or `http` on a loopback address for a program of the person's own machine (RFC 8252 §7.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientUrl(String);

/// Why a URL cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientUrlError {
    /// Not `https`, nor `http` on a loopback address.
    #[error("a URL begins with https://, or with http:// on 127.0.0.1, [::1] or localhost")]
    Scheme,
    /// No host, an address with a user, or a port that is none.
    #[error("a URL names one host, without a user, and a port from 1 to 65535")]
    Host,
    /// `#`, spaces, a backslash, a wildcard, or characters that are not ASCII.
    #[error("a URL has no #, space, backslash or *, and only ASCII")]
    Characters,
    /// `.` or `..` as a part of the path, also encoded.
    #[error("the path of a URL has no . or .. as a part")]
    Dots,
    /// Over [`MAX_URL`].
    #[error("a URL has at most 2000 characters")]
    Length,
}

impl ClientUrl {
    /// Reads a URL that is to be registered.
    ///
    /// # Errors
    /// [`ClientUrlError`].
    pub fn parse(text: &str) -> Result<Self, ClientUrlError> {
        if text.len() > MAX_URL {
            return Err(ClientUrlError::Length);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) || text.contains(['#', '\\', '*', '"', '<', '>', '`'])
        {
            return Err(ClientUrlError::Characters);
        }
        let (is_http, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(ClientUrlError::Scheme),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).ok_or(ClientUrlError::Host)?;
        let (host, port) = split_port(authority).ok_or(ClientUrlError::Host)?;
        let is_name =
            host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
        let is_literal = host == "[::1]";
        if host.is_empty()
            || !(is_name || is_literal)
            || host.starts_with('.')
            || host.ends_with('.')
            || host.contains("..")
            || port.is_some_and(|port| {
                port.parse::<u16>().is_ok_and(|port| port == 0) || port.parse::<u16>().is_err()
            })
        {
            return Err(ClientUrlError::Host);
        }
        if is_http && !is_loopback(host) {
            return Err(ClientUrlError::Scheme);
        }
        let path = path.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
        let has_dots = |part: &str| matches!(part.split(';').next(), Some("." | ".."));
        if path.split(['/']).any(has_dots) || path.contains("%2f") || path.contains("%5c") {
            return Err(ClientUrlError::Dots);
        }
        Ok(Self(text.to_owned()))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request that names `asked` may be answered there: it is the same, byte by byte; or this is on a loopback address, and
    /// the other has another port and nothing else (RFC 8252 §7.3).
    #[must_use]
    pub fn allows(&self, asked: &str) -> bool {
        if asked == self.0 {
            return true;
        }
        let (Some(here), Some(asked)) = (loopback(&self.0), loopback(asked)) else { return false };
        here == asked
    }

    /// Scheme, host and port, as a Content-Security-Policy or `Origin` names them.
    #[must_use]
    pub fn origin(&self) -> &str {
        origin_of(&self.0)
    }

    /// The host, as it is shown to a person.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.origin().split("://").nth(1).unwrap_or_default();
        split_port(authority).map_or(authority, |(host, _)| host)
    }
}

/// Scheme, host and port of a URL.
#[must_use]
pub fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(start..).unwrap_or_default();
    let end = rest.find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}

/// Adds parameters behind those that a URL has. Names and values are percent-encoded.
#[must_use]
pub fn with_params(url: &str, params: &[(&str, &str)]) -> String {
    let mut out = url.to_owned();
    for (index, (name, value)) in params.iter().enumerate() {
        let first = index == 0 && !url.contains('?');
        out.push(if first { '?' } else { '&' });
        encode(&mut out, name);
        out.push('=');
        encode(&mut out, value);
    }
    out
}

fn encode(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| char::from(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0'));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Host and port. None for an authority with a user, or with a colon too many.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if authority.contains('@') {
        return None;
    }
    if let Some(rest) = authority.strip_prefix('[') {
        let end = rest.find(']')? + 2;
        let (host, port) = authority.split_at_checked(end)?;
        return match port.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => port.is_empty().then_some((host, None)),
        };
    }
    match authority.split_once(':') {
        Some((_, port)) if port.contains(':') => None,
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

/// Host, and path with query, of a URL by `http` on a loopback address; the port is left out.
fn loopback(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let (host, port) = split_port(authority)?;
    let port_fits =
        port.is_none_or(|port| !port.starts_with('+') && port.parse::<u16>().is_ok_and(|port| port > 0));
    (is_loopback(host) && port_fits).then_some((host, path))
}

impl TryFrom<String> for ClientUrl {
    type Error = ClientUrlError;

    fn try_from(text: String) -> Result<Self, ClientUrlError> {
        Self::parse(&text)
    }
}

impl From<ClientUrl> for String {
    fn from(url: ClientUrl) -> Self {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn l_oidc_what_may_be_registered() {
        for good in [
            "https://cursos.ejemplo.cl/volver",
            "https://cursos.ejemplo.cl:8443/volver?a=b",
            "https://cursos.ejemplo.cl",
            "http://127.0.0.1/volver",
            "http://localhost:3000/demo/sistema/volver",
            "http://[::1]:1/x",
        ] {
            assert_eq!(ClientUrl::parse(good).map(|url| url.0), Ok(good.to_owned()));
        }
        for (bad, why) in [
            ("javascript:alert(1)", ClientUrlError::Scheme),
            ("data:text/html,x", ClientUrlError::Scheme),
            ("cl.ejemplo.app:/volver", ClientUrlError::Scheme),
            ("HTTPS://cursos.ejemplo.cl", ClientUrlError::Scheme),
            ("http://cursos.ejemplo.cl/volver", ClientUrlError::Scheme),
            ("http://127.0.0.1.ejemplo.cl/", ClientUrlError::Scheme),
            ("https://a@cursos.ejemplo.cl/", ClientUrlError::Host),
            ("https://a@@cursos.ejemplo.cl/", ClientUrlError::Host),
            ("https:///volver", ClientUrlError::Host),
            ("https://cursos.ejemplo.cl:0/", ClientUrlError::Host),
            ("https://cursos.ejemplo.cl:x/", ClientUrlError::Host),
            ("https://cursos.ejemplo.cl:1:2/", ClientUrlError::Host),
            ("https://Cursos.ejemplo.cl/", ClientUrlError::Host),
            ("https://cursos.ejemplo.cl./", ClientUrlError::Host),
            ("https://*.ejemplo.cl/", ClientUrlError::Characters),
            ("https://cursos.ejemplo.cl/#x", ClientUrlError::Characters),
            ("https://cursos.ejemplo.cl/a b", ClientUrlError::Characters),
            ("https://cursos.ejemplo.cl/\\x", ClientUrlError::Characters),
            ("https://cürsos.ejemplo.cl/", ClientUrlError::Characters),
            ("https://cursos.ejemplo.cl/a/../b", ClientUrlError::Dots),
            ("https://cursos.ejemplo.cl/a/..;/b", ClientUrlError::Dots),
            ("https://cursos.ejemplo.cl/a/%2e%2E/b", ClientUrlError::Dots),
            ("https://cursos.ejemplo.cl/a%2f..%2fb", ClientUrlError::Dots),
        ] {
            assert_eq!(ClientUrl::parse(bad), Err(why), "{bad}");
        }
        let long = format!("https://cursos.ejemplo.cl/{}", "a".repeat(MAX_URL));
        assert_eq!(ClientUrl::parse(&long), Err(ClientUrlError::Length));
    }

    #[test]
    fn security_l_oidc_a_redirect_is_compared_byte_by_byte() {
        let url = ClientUrl::parse("https://cursos.ejemplo.cl/volver").unwrap();
        assert!(url.allows("https://cursos.ejemplo.cl/volver"));
        for other in [
            "https://cursos.ejemplo.cl/volver/",
            "https://cursos.ejemplo.cl/Volver",
            "https://cursos.ejemplo.cl:443/volver",
            "https://cursos.ejemplo.cl/volver?x",
            "https://cursos.ejemplo.cl/volver#x",
            "https://cursosxejemplo.cl/volver",
            "https://cursos.ejemplo.cl@malo.cl/volver",
            "https://cursos.ejemplo.cl/volver/../malo",
            "https://cursos.ejemplo.cl/%76olver",
            "http://cursos.ejemplo.cl/volver",
            "",
        ] {
            assert!(!url.allows(other), "{other}");
        }
    }

    #[test]
    fn l_oidc_a_program_of_the_persons_own_may_use_any_port_and_nothing_else() {
        let url = ClientUrl::parse("http://127.0.0.1/volver").unwrap();
        assert!(url.allows("http://127.0.0.1:49152/volver"));
        for other in [
            "http://127.0.0.1:0/volver",
            "http://127.0.0.1:+1/volver",
            "http://127.0.0.1:99999/volver",
            "http://localhost:49152/volver",
            "http://127.0.0.1:49152/otra",
            "http://127.0.0.1:49152/volver?x",
            "http://a@127.0.0.1:49152/volver",
            "http://127.0.0.1:49152@malo.cl/volver",
            "https://127.0.0.1:49152/volver",
        ] {
            assert!(!url.allows(other), "{other}");
        }
        let https = ClientUrl::parse("https://localhost/volver").unwrap();
        assert!(!https.allows("https://localhost:1/volver"), "any port is for plain http only");
    }

    #[test]
    fn l_oidc_parameters_come_behind_those_of_the_url() {
        let to = |url| with_params(url, &[("code", "a b"), ("state", "é&=")]);
        assert_eq!(to("https://a.cl/x"), "https://a.cl/x?code=a%20b&state=%C3%A9%26%3D");
        assert_eq!(to("https://a.cl/x?y=1"), "https://a.cl/x?y=1&code=a%20b&state=%C3%A9%26%3D");
        assert_eq!(with_params("https://a.cl/x", &[]), "https://a.cl/x");
    }

    #[test]
    fn l_oidc_origin_and_host_of_a_url() {
        for (url, origin, host) in [
            ("https://a.cl/x?y", "https://a.cl", "a.cl"),
            ("https://a.cl:8443?y", "https://a.cl:8443", "a.cl"),
            ("http://[::1]:9/x", "http://[::1]:9", "[::1]"),
        ] {
            let url = ClientUrl::parse(url).unwrap();
            assert_eq!((url.origin(), url.host()), (origin, host));
        }
    }

    proptest! {
        #[test]
        fn security_l_oidc_no_text_but_the_registered_one_is_allowed(text in "\\PC{0,60}") {
            let url = ClientUrl::parse("https://cursos.ejemplo.cl/volver").unwrap();
            prop_assert_eq!(url.allows(&text), text == url.as_str());
        }

        #[test]
        fn l_oidc_what_is_registered_is_read_back(text in "https?://(localhost|[a-z.]{1,12})(:[0-9]{1,5})?[/a-z.;%?=]{0,20}") {
            if let Ok(url) = ClientUrl::parse(&text) {
                prop_assert!(url.allows(&text));
                prop_assert_eq!(ClientUrl::parse(url.as_str()), Ok(url.clone()));
                prop_assert!(text.starts_with(url.origin()));
            }
        }
    }
}

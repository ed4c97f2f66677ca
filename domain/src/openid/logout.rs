//! The request with which a system ends a session here (OpenID Connect RP-Initiated Logout 1.0 §2): where the browser goes afterwards,
//! and whether the person is asked.

use serde::{Deserialize, Serialize};

use super::OAuthError;
use super::client::{Client, ClientId};
use super::params::Params;
use super::redirect::{MAX_URL, with_params};

/// Longest `id_token_hint`, in bytes.
const MAX_HINT: usize = 8192;
/// Longest `state`, in bytes. It goes back in a URL.
const MAX_STATE: usize = 2048;

/// What a system asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogoutAsked<'a> {
    /// `id_token_hint`: an ID token of ours, whose signature nobody has checked yet.
    pub hint: Option<&'a str>,
    client: Option<&'a str>,
    redirect: Option<&'a str>,
    state: Option<&'a str>,
}

/// What an ID token of ours says, of whatever age, once its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// For whom it was made, `aud`.
    pub client: ClientId,
    /// The session in which it was made.
    pub sid: String,
}

/// What came of such a request: what may be done for it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogoutRequest {
    client: Option<ClientId>,
    to: Option<String>,
    sid: Option<String>,
}

impl<'a> LogoutAsked<'a> {
    /// Reads the parameters.
    ///
    /// # Errors
    /// [`OAuthError::InvalidRequest`] for one that is doubled, too long or has a control character.
    pub fn parse(params: &'a Params) -> Result<Self, OAuthError> {
        Ok(Self {
            hint: params.one("id_token_hint", MAX_HINT)?,
            client: params.one("client_id", ClientId::MAX)?,
            redirect: params.one("post_logout_redirect_uri", MAX_URL)?,
            state: params.one("state", MAX_STATE)?,
        })
    }

    /// Which system asks: that of the hint, or `client_id` in its place. None when they differ, or when there is a hint that nobody
    /// here has signed: such a request is worth no more than one without both.
    #[must_use]
    pub fn client(&self, hint: Option<&Hint>) -> Option<ClientId> {
        let named = self.client.map(ClientId::parse).transpose().ok()?;
        match (self.hint, hint) {
            (None, _) => named,
            (Some(_), Some(hint)) => {
                named.is_none_or(|named| named == hint.client).then(|| hint.client.clone())
            }
            (Some(_), None) => None,
        }
    }

    /// What may be done. `client` is the system of [`LogoutAsked::client`], if it is registered and not disabled.
    #[must_use]
    pub fn resolve(&self, hint: Option<Hint>, client: Option<&Client>) -> LogoutRequest {
        let Some(client) = client.filter(|client| self.client(hint.as_ref()).as_ref() == Some(&client.id))
        else {
            return LogoutRequest::default();
        };
        let registered = |asked: &&str| client.post_logout.iter().any(|url| url.allows(asked));
        let to = self.redirect.filter(registered).map(|url| match self.state {
            Some(state) => with_params(url, &[("state", state)]),
            None => url.to_owned(),
        });
        LogoutRequest { client: Some(client.id.clone()), to, sid: hint.map(|hint| hint.sid) }
    }
}

impl LogoutRequest {
    /// Which system asks, if that is known.
    #[must_use]
    pub fn client(&self) -> Option<&ClientId> {
        self.client.as_ref()
    }

    /// Where the browser goes afterwards, with `state`: only to what the system has registered.
    #[must_use]
    pub fn to(&self) -> Option<&str> {
        self.to.as_deref()
    }

    /// Whether a session is ended without asking the person: only the one in which the system got its ID token. Anything else may be
    /// the doing of a page that wants to annoy.
    #[must_use]
    pub fn is_of_session(&self, sid: &str) -> bool {
        self.sid.as_deref() == Some(sid)
    }
}

impl std::fmt::Debug for LogoutRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogoutRequest").field("client", &self.client).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::client::tests::client;
    use super::super::redirect::ClientUrl;
    use super::*;

    const AFTER: &str = "https://cursos.ejemplo.cl/salio?a=1";

    fn own() -> Client {
        let urls = [AFTER, "http://127.0.0.1/salio"];
        Client { post_logout: urls.map(|url| ClientUrl::parse(url).unwrap()).to_vec(), ..client() }
    }

    fn hint(client: &str) -> Hint {
        Hint { client: ClientId::parse(client).unwrap(), sid: "s1".to_owned() }
    }

    fn resolved(pairs: &[(&str, &str)], hint: Option<Hint>) -> LogoutRequest {
        let params = Params::new(pairs.iter().copied());
        LogoutAsked::parse(&params).unwrap().resolve(hint, Some(&own()))
    }

    #[test]
    fn l_oidc_after_a_logout_the_browser_goes_to_a_registered_url_with_the_state() {
        let asked = [("post_logout_redirect_uri", AFTER), ("state", "e 1")];
        let by_id = resolved(&[asked.as_slice(), &[("client_id", "cursos")]].concat(), None);
        assert_eq!(by_id.to(), Some("https://cursos.ejemplo.cl/salio?a=1&state=e%201"));
        assert!(!by_id.is_of_session("s1"), "an id is public: the person is asked");
        let by_hint = resolved(&[asked.as_slice(), &[("id_token_hint", "x")]].concat(), Some(hint("cursos")));
        assert_eq!(by_hint.to(), by_id.to());
        assert!(by_hint.is_of_session("s1") && !by_hint.is_of_session("s2"));
        let port = resolved(
            &[("client_id", "cursos"), ("post_logout_redirect_uri", "http://127.0.0.1:8123/salio")],
            None,
        );
        assert_eq!(port.to(), Some("http://127.0.0.1:8123/salio"));
    }

    #[test]
    fn security_l_oidc_no_logout_leads_to_what_its_system_has_not_registered() {
        let id = ("client_id", "cursos");
        for url in [
            "https://cursos.ejemplo.cl/salio",
            "https://cursos.ejemplo.cl/salio?a=1&b=2",
            "https://CURSOS.ejemplo.cl/salio?a=1",
            "https://cursos.ejemplo.cl:443/salio?a=1",
            "https://cursos.ejemplo.cl@malo.cl/salio?a=1",
            "https://cursos.ejemplo.cl/volver",
            "http://127.0.0.1:80/otra",
            "javascript:alert(1)",
            "//malo.cl",
        ] {
            let request = resolved(&[id, ("post_logout_redirect_uri", url), ("state", "e1")], None);
            assert_eq!(request.to(), None, "{url}");
            assert!(request.client().is_some());
        }
        let to = ("post_logout_redirect_uri", AFTER);
        for (pairs, hint) in [
            // Nobody says whose it is.
            (vec![to], None),
            (vec![("client_id", "../x"), to], None),
            // A hint that nobody here has signed, even beside the id.
            (vec![("id_token_hint", "x"), to], None),
            (vec![("id_token_hint", "x"), id, to], None),
            // A hint of another system.
            (vec![("id_token_hint", "x"), id, to], Some(hint("otra"))),
            (vec![("id_token_hint", "x"), to], Some(hint("otra"))),
        ] {
            assert_eq!(resolved(&pairs, hint), LogoutRequest::default(), "{pairs:?}");
        }
    }

    #[test]
    fn l_oidc_a_parameter_of_a_logout_counts_once_and_within_its_length() {
        for (name, most) in [
            ("id_token_hint", MAX_HINT),
            ("client_id", ClientId::MAX),
            ("post_logout_redirect_uri", MAX_URL),
            ("state", MAX_STATE),
        ] {
            let fits = "a".repeat(most);
            let params = Params::new([(name, fits.as_str())]);
            assert!(LogoutAsked::parse(&params).is_ok(), "{name}");
            let long = format!("{fits}a");
            for bad in [vec![(name, long.as_str())], vec![(name, "a"), (name, "a")]] {
                assert_eq!(LogoutAsked::parse(&Params::new(bad)), Err(OAuthError::InvalidRequest), "{name}");
            }
        }
    }
}

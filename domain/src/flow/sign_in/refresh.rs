//! Refresh tokens: what of a grant they give, as long as the client would let the person in.

use super::Grant;
use crate::openid::OAuthError;
use crate::openid::client::Client;
use crate::openid::scope::{Scope, Scopes};

impl Grant {
    /// What a refresh token of this gives: no more than the client may learn now, and no more than it asks for.
    ///
    /// # Errors
    /// [`OAuthError::InvalidGrant`] for another client, and where this client would not let the person in any more;
    /// [`OAuthError::InvalidScope`] when it asks for more than was granted, or for nothing that is a sign-in.
    pub fn refresh(&self, by: &Client, asked: Option<&Scopes>) -> Result<Scopes, OAuthError> {
        let scopes = self.scopes.and(&by.scopes);
        if by.id != self.client || !self.may_enter(by) || !scopes.has(Scope::OfflineAccess) {
            return Err(OAuthError::InvalidGrant);
        }
        match asked {
            None => Ok(scopes),
            Some(asked) if asked.has(Scope::Openid) && asked.within(&self.scopes) => Ok(scopes.and(asked)),
            Some(_) => Err(OAuthError::InvalidScope),
        }
    }

    /// Whether a refresh token comes with the tokens for its code.
    #[must_use]
    pub fn is_renewed(&self) -> bool {
        self.scopes.has(Scope::OfflineAccess)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Acr, SignedIn};
    use super::*;
    use crate::flow::AccountId;
    use crate::kind::Kind;
    use crate::openid::client::ClientId;
    use crate::openid::client::tests::client;

    fn offline() -> Client {
        Client { scopes: Scopes::parse("openid run name offline_access"), ..client() }
    }

    fn grant() -> Grant {
        let (account, kind, acr) = (AccountId(1), Kind::Natural, Acr::Clave);
        Grant {
            client: client().id,
            redirect: "https://cursos.ejemplo.cl/volver".to_owned(),
            scopes: Scopes::parse("openid run offline_access"),
            nonce: None,
            challenge: None,
            who: SignedIn { account, kind, representative: None, auth_time: 1_800_000_000, acr },
        }
    }

    fn refreshed(by: &Client, asked: Option<&str>) -> Result<String, OAuthError> {
        grant().refresh(by, asked.map(Scopes::parse).as_ref()).map(|scopes| scopes.text())
    }

    #[test]
    fn l_oidc_a_refresh_gives_what_was_granted_or_less() {
        assert!(grant().is_renewed() && !grant().narrowed(&Scopes::parse("openid run")).is_renewed());
        let all = "openid run offline_access".to_owned();
        assert_eq!(refreshed(&offline(), None), Ok(all.clone()));
        assert_eq!(refreshed(&offline(), Some("openid run offline_access")), Ok(all));
        assert_eq!(refreshed(&offline(), Some("openid")), Ok("openid".to_owned()));
        for more in ["openid name", "run", "nada", "openid email"] {
            assert_eq!(refreshed(&offline(), Some(more)), Err(OAuthError::InvalidScope), "{more}");
        }
    }

    #[test]
    fn security_l_oidc_what_was_withdrawn_from_a_client_is_not_refreshed() {
        let fewer = Client { scopes: Scopes::parse("openid offline_access"), ..offline() };
        assert_eq!(refreshed(&fewer, None), Ok("openid offline_access".to_owned()));
        assert_eq!(refreshed(&fewer, Some("openid run")), Ok("openid".to_owned()));
        for bad in [
            client(),
            Client { id: ClientId::parse("otra").unwrap(), ..offline() },
            Client { kinds: vec![Kind::Migrante], ..offline() },
            Client { acr: Acr::ClaveCodigo, ..offline() },
        ] {
            assert_eq!(refreshed(&bad, None), Err(OAuthError::InvalidGrant), "{bad:?}");
        }
    }
}

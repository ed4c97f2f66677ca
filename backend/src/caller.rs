//! Who sent a request.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use ipnet::IpNet;

use crate::secrets::{Secrets, SecretsError, is_token, random_token, token_id};

/// The browser of a caller (a known browser, in the glossary): what its cookie says, and the new value of the cookie, if a
/// service gave it one. A clone shares the new value, so that the answer to the request can carry it.
#[derive(Clone, Default)]
pub struct Browser {
    token: Option<String>,
    issued: Arc<OnceLock<String>>,
}

impl Browser {
    /// The browser with this cookie; what has not the form of a token counts as no cookie.
    #[must_use]
    pub fn with_cookie(text: &str) -> Self {
        Self { token: is_token(text).then(|| text.to_owned()), issued: Arc::default() }
    }

    /// What its cookie says, if it has one.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The new value of the cookie, if there is one.
    #[must_use]
    pub fn issued(&self) -> Option<&str> {
        self.issued.get().map(String::as_str)
    }

    /// The browser at its next request: with the new cookie, if it got one.
    #[must_use]
    pub fn next(&self) -> Self {
        Self {
            token: self.issued().map(str::to_owned).or_else(|| self.token.clone()),
            issued: Arc::default(),
        }
    }

    /// The hash of its token, as the store keeps it.
    pub(crate) fn id(&self) -> Option<String> {
        self.issued().or(self.token.as_deref()).map(token_id)
    }

    /// Sends the cookie once more, so that it lasts as long as what the store keeps of it.
    pub(crate) fn prolong(&self) {
        if let Some(token) = &self.token {
            let _ = self.issued.set(token.clone());
        }
    }

    /// Gives the browser a new token.
    pub(crate) fn issue(&self, token: NewBrowser) {
        let _ = self.issued.set(token.0);
    }
}

/// A token for a browser that is not known yet, or shall be no longer known under the former one.
pub(crate) struct NewBrowser(String);

impl NewBrowser {
    /// A random one.
    pub(crate) fn random() -> Result<Self, SecretsError> {
        Ok(Self(random_token()?))
    }

    /// The token of the browser that set a key, derived from the flow token that this form earned. A resubmission of the form (a double
    /// click) gives the same, so it does not matter which of the two answers the browser reads.
    pub(crate) fn for_flow_token(secrets: &Secrets, flow_token: &str) -> Self {
        Self(secrets.token("browser of a flow token", &[flow_token]))
    }

    /// Its hash, as the store keeps it.
    pub(crate) fn id(&self) -> String {
        token_id(&self.0)
    }
}

/// Who sent a request, identified by address, and by a cookie where the owner of an account was seen before.
#[derive(Clone, Default)]
pub struct Caller {
    /// The address of the client: behind trusted proxies, the one that they report.
    pub address: Option<IpAddr>,
    /// Links the page that a person sees with its entries in the logs and the audit.
    pub request_id: String,
    /// Its browser.
    pub browser: Browser,
    /// The sign-ins of its browser for other systems: tag and token of each cookie.
    pub sign_ins: Vec<(String, String)>,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Caller(…)")
    }
}

impl Caller {
    /// The unit that limits count as one address: an IPv4 address, or the /64 of an IPv6 one.
    #[must_use]
    pub fn network(&self) -> String {
        self.cut(32, 64)
    }

    /// Whether its address is IPv6, and not an IPv4 address written as one.
    #[must_use]
    pub fn is_ipv6(&self) -> bool {
        self.address.is_some_and(|address| address.to_canonical().is_ipv6())
    }

    /// The prefix that the audit keeps: /24 of IPv4, /48 of IPv6.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.cut(24, 48)
    }

    /// The customer of a provider, as far as an address says who that is: an IPv4 address, or the /56 of an IPv6 one.
    #[must_use]
    pub fn customer(&self) -> String {
        self.cut(32, 56)
    }

    fn cut(&self, v4: u8, v6: u8) -> String {
        let Some(address) = self.address.map(|address| address.to_canonical()) else { return "-".to_owned() };
        let bits = if address.is_ipv4() { v4 } else { v6 };
        IpNet::new(address, bits).map_or_else(|_| "-".to_owned(), |network| network.trunc().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_a_whole_ipv4_address_and_the_64_of_an_ipv6_one() {
        let caller = |address: &str| Caller { address: address.parse().ok(), ..Caller::default() };
        assert_eq!(caller("203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("203.0.113.77").prefix(), "203.0.113.0/24");
        assert_eq!(caller("::ffff:203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").network(), "2001:db8:1:2::/64");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").prefix(), "2001:db8:1::/48");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").customer(), "2001:db8:1::/56");
        assert_eq!(caller("nowhere").network(), "-");
    }
}

//! Logout tokens to systems: `POST logout_token=…` to the URL that each has registered (OpenID Connect Back-Channel Logout 1.0 §2.5).
//!
//! An operator registers these URLs, but the owner of a domain decides by DNS where they lead. So nothing is sent to an
//! address of our own network, no redirect is followed, and of an answer nothing but its status is read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use domain::openid::redirect::ClientUrl;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::{Cause, SendError};

/// Time-out of a try.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends logout tokens.
#[derive(Clone)]
pub struct Backchannel {
    agent: ureq::Agent,
    anywhere: bool,
}

impl Backchannel {
    /// Sends by https to public addresses alone.
    #[must_use]
    pub fn public() -> Self {
        Self::new(false)
    }

    /// Sends also by http, and to this machine: for the demo and for tests.
    #[must_use]
    pub fn anywhere() -> Self {
        Self::new(true)
    }

    fn new(anywhere: bool) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .https_only(!anywhere)
            .max_redirects(0)
            .max_idle_connections(0)
            // A proxy would look up the name itself.
            .proxy(None)
            .build();
        let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), Addresses { anywhere });
        Self { agent, anywhere }
    }

    pub(crate) async fn post(&self, url: &ClientUrl, token: &str) -> Result<(), SendError> {
        if !self.anywhere && !url.as_str().starts_with("https://") {
            return Err(SendError::never("the system's URL is not one of https"));
        }
        let request = self
            .agent
            .post(url.as_str())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Cache-Control", "no-store");
        // A JWT is letters, digits, dots, dashes and underscores.
        let body = format!("logout_token={token}");
        match tokio::task::spawn_blocking(move || request.send(body)).await {
            Ok(Ok(response)) => outcome(response.status().as_u16()),
            Ok(Err(_)) | Err(_) => Err(SendError::later("the system could not be reached")),
        }
    }
}

/// What an answer means. 400 says that the system does not accept the token, or could not end its session (§2.8); everything else may be
/// another tomorrow.
fn outcome(status: u16) -> Result<(), SendError> {
    let cause = |what| Cause { what, codes: status.to_string(), pause: None };
    match status {
        200..=299 => Ok(()),
        400 => Err(SendError::Never(cause("the system refused the token"))),
        _ => Err(SendError::Later(cause("the system failed"))),
    }
}

/// Looks up names, and leaves out addresses that are not public.
#[derive(Debug)]
struct Addresses {
    anywhere: bool,
}

impl Resolver for Addresses {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let all = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in all.iter().filter(|address| self.anywhere || is_public(address.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(allowed) }
    }
}

/// Whether an address is one of the public network (RFC 6890, and the registries that it began).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Of 2000::/3 not the tunnels, which lead to an IPv4 address, nor documentation.
    matches!(a, 0x2000..=0x3FFF)
        && !matches!((a, b), (0x2001, 0..=0x01FF | 0x0DB8) | (0x2002, _) | (0x3FFF, 0..=0x0FFF))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_l_oidc_addresses_of_our_own_network_are_not_public() {
        for own in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:a00:1::",
            "3fff::1",
            "100::1",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
        for public in
            ["8.8.8.8", "172.32.0.1", "192.0.1.1", "200.1.123.3", "2606:4700::1111", "::ffff:8.8.8.8"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[tokio::test]
    async fn security_l_oidc_nothing_is_sent_to_our_own_network_or_without_tls() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let way = Backchannel::public();
        for (url, never) in [
            (format!("http://127.0.0.1:{port}/x"), true),
            (format!("https://127.0.0.1:{port}/x"), false),
            (format!("https://localhost:{port}/x"), false),
            (format!("https://[::1]:{port}/x"), false),
        ] {
            let sent = way.post(&ClientUrl::parse(&url).unwrap(), "a.b.c").await;
            assert_eq!(matches!(sent, Err(SendError::Never(_))), never, "{url}: {sent:?}");
            assert!(sent.is_err());
        }
        let waiting = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
        assert!(waiting.is_err(), "nobody has called");
    }

    #[test]
    fn l_oidc_a_system_that_fails_is_notified_again_and_one_that_refuses_is_not() {
        for status in 100..=599 {
            match (status, outcome(status)) {
                (200..=299, sent) => assert_eq!(sent, Ok(())),
                (400, sent) => assert!(matches!(sent, Err(SendError::Never(_)))),
                (_, sent) => assert!(matches!(sent, Err(SendError::Later(_))), "{status}"),
            }
        }
    }
}

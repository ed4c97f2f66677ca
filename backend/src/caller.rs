//! Who sent a request.

use std::net::IpAddr;

use ipnet::IpNet;

/// Who sent a request, identified by address only.
#[derive(Clone, Default)]
pub struct Caller {
    /// The address of the client: behind trusted proxies, the one that they report.
    pub address: Option<IpAddr>,
    /// Links the page that a person sees with its entries in the logs and the audit.
    pub request_id: String,
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

    /// The prefix that the audit keeps: /24 of IPv4, /48 of IPv6.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.cut(24, 48)
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
        let caller = |address: &str| Caller { address: address.parse().ok(), request_id: String::new() };
        assert_eq!(caller("203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("203.0.113.77").prefix(), "203.0.113.0/24");
        assert_eq!(caller("::ffff:203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").network(), "2001:db8:1:2::/64");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").prefix(), "2001:db8:1::/48");
        assert_eq!(caller("nowhere").network(), "-");
    }
}

//! Who sent a request.

use std::net::IpAddr;

/// Who sent a request, identified by address only.
#[derive(Clone, Default)]
pub struct Caller {
    /// The address of the client: behind trusted proxies, the one that they report.
    pub address: Option<IpAddr>,
    /// Links the page that a person sees with its entries in the logs and the audit.
    pub request_id: String,
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

    fn cut(&self, v4: u32, v6: u32) -> String {
        match self.address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => {
                let bits = u32::from(address) & u32::MAX.checked_shl(32 - v4).unwrap_or(0);
                format!("{}/{v4}", std::net::Ipv4Addr::from(bits))
            }
            Some(IpAddr::V6(address)) => {
                let bits = u128::from(address) & u128::MAX.checked_shl(128 - v6).unwrap_or(0);
                format!("{}/{v6}", std::net::Ipv6Addr::from(bits))
            }
            None => "-".to_owned(),
        }
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

//! The caller of a request.

use std::net::IpAddr;

/// The caller of a request: nothing is known of it but its address.
#[derive(Clone, Default)]
pub struct Caller {
    /// The address, behind the trusted proxies.
    pub address: Option<IpAddr>,
    /// The id of the request: shown to the user when it fails, and written to the logs and the audit.
    pub request_id: String,
}

impl Caller {
    /// What the limits count as one address: an IPv4 address, or the /64 of an IPv6 one.
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
    fn an_address_counts_whole_in_v4_and_by_its_64_in_v6() {
        let caller = |address: &str| Caller { address: address.parse().ok(), request_id: String::new() };
        assert_eq!(caller("203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("203.0.113.77").prefix(), "203.0.113.0/24");
        assert_eq!(caller("::ffff:203.0.113.77").network(), "203.0.113.77/32");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").network(), "2001:db8:1:2::/64");
        assert_eq!(caller("2001:db8:1:2:3:4:5:6").prefix(), "2001:db8:1::/48");
        assert_eq!(caller("nowhere").network(), "-");
    }
}

//! What a trusted proxy says about the address of its client: `X-Forwarded-For`, or `Forwarded` (RFC 7239).

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;

/// The header that the proxies set. Only one of the two is read: a proxy that sets one hands on the other as the client
/// wrote it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ForwardedHeader {
    /// `X-Forwarded-For: 203.0.113.8, 10.0.0.2`.
    #[default]
    XForwardedFor,
    /// `Forwarded: for="[2001:db8::1]:443";proto=https`.
    Forwarded,
}

impl ForwardedHeader {
    /// The header of this name in the configuration.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "x-forwarded-for" => Some(Self::XForwardedFor),
            "forwarded" => Some(Self::Forwarded),
            _ => None,
        }
    }

    /// The addresses that the header names, the nearest first; none in the place of one that cannot be read.
    pub(crate) fn hops(self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        };
        let mut hops = Vec::new();
        for line in headers.get_all(name) {
            let Ok(line) = line.to_str() else {
                hops.push(None);
                continue;
            };
            let elements = match self {
                Self::XForwardedFor => line.split(',').collect(),
                Self::Forwarded => elements(line),
            };
            let elements = elements.into_iter().map(str::trim).filter(|element| !element.is_empty());
            hops.extend(elements.map(|element| match self {
                Self::XForwardedFor => address(element),
                Self::Forwarded => forwarded_for(element),
            }));
        }
        hops.reverse();
        hops
    }
}

/// The `for` of an element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pairs = split(element, ';').into_iter().filter_map(|pair| pair.split_once('='));
    let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    let (Some((_, node)), None) = (named.next(), named.next()) else { return None };
    address(node.trim())
}

/// The elements of a line of `Forwarded`. What a proxy appends to a quote that the client left open is no part of that quote:
/// then only what is behind the last comma counts.
fn elements(line: &str) -> Vec<&str> {
    match line.rsplit_once(',') {
        Some((_, appended)) if line.matches('"').count() % 2 == 1 => vec![appended],
        _ => split(line, ','),
    }
}

/// Splits at a separator that is not within quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|letter| {
        quoted ^= letter == '"';
        letter == separator && !quoted
    })
    .collect()
}

/// An address as proxies write it: with a port or without, which may be a word (`_port`, RFC 7239), IPv6 in brackets or not and
/// with a zone or without, in quotes or not.
fn address(text: &str) -> Option<IpAddr> {
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    // In quotes a backslash may stand before any letter.
    let text = quoted.map_or_else(|| text.to_owned(), |quoted| quoted.replace('\\', ""));
    let text = without_zone(without_word_for_port(text.trim()));
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let read = match bare {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::from),
        None => text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip())),
    };
    read.map(|address| address.to_canonical())
}

fn without_word_for_port(text: &str) -> &str {
    match text.rsplit_once(':') {
        Some((node, port)) if port.starts_with('_') && port.len() > 1 => node,
        _ => text,
    }
}

/// `fe80::1%eth0` and `[fe80::1%25eth0]:443` without the name of the proxy's network card.
fn without_zone(text: &str) -> String {
    let Some((address, zone)) = text.split_once('%') else { return text.to_owned() };
    let behind = zone.split_once(']').map(|(_, behind)| behind);
    match behind {
        Some(behind) => format!("{address}]{behind}"),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn hops(header: ForwardedHeader, lines: &[&'static str]) -> Vec<Option<String>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            for name in ["x-forwarded-for", "forwarded"] {
                headers.append(name, HeaderValue::from_static(line));
            }
        }
        header.hops(&headers).into_iter().map(|hop| hop.map(|address| address.to_string())).collect()
    }

    #[test]
    fn security_addresses_are_read_in_every_form_that_proxies_write() {
        for (text, read) in [
            ("203.0.113.8", Some("203.0.113.8")),
            ("203.0.113.8:51234", Some("203.0.113.8")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("\"[2001:db8::1]\"", Some("2001:db8::1")),
            ("\"[2001:db8::1]:443\"", Some("2001:db8::1")),
            ("\"203.0.113.8:51234\"", Some("203.0.113.8")),
            ("::ffff:203.0.113.8", Some("203.0.113.8")),
            ("[::ffff:203.0.113.8]:80", Some("203.0.113.8")),
            ("[::ffff:cb00:7108]", Some("203.0.113.8")),
            ("\t203.0.113.8 ", Some("203.0.113.8")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("[fe80::1%25eth0]:443", Some("fe80::1")),
            ("[fe80::1%3]", Some("fe80::1")),
            ("203.0.113.8:_puerto", Some("203.0.113.8")),
            ("\"[2001:db8::1]:_x\"", Some("2001:db8::1")),
            ("\"\\[2001:db8::1\\]\"", Some("2001:db8::1")),
            ("_hidden:_port", None),
            ("_hidden:443", None),
            ("unknown:443", None),
            ("UNKNOWN", None),
            ("203.000.113.008", None),
            ("203.0.113.8:99999", None),
            ("203.0.113", None),
            ("203.0.113.8 198.51.100.1", None),
            ("http://203.0.113.8", None),
            ("unknown", None),
            ("_hidden", None),
            ("203.0.113.8:", None),
            ("203.0.113.8:port", None),
            ("[203.0.113.8]", None),
            ("[2001:db8::1", None),
            ("\"203.0.113.8", None),
            ("203.0.113.256", None),
        ] {
            let read = read.map(str::to_owned);
            assert_eq!(hops(ForwardedHeader::XForwardedFor, &[text]), [read], "{text}");
        }
    }

    #[test]
    fn the_nearest_hop_comes_first_over_several_lines_and_empty_elements() {
        let some = |text: &str| Some(text.to_owned());
        let read =
            hops(ForwardedHeader::XForwardedFor, &["1.2.3.4, nonsense,,", "198.51.100.1:80 , 10.0.0.2"]);
        assert_eq!(read, [some("10.0.0.2"), some("198.51.100.1"), None, some("1.2.3.4")]);
        assert!(hops(ForwardedHeader::XForwardedFor, &[""]).is_empty());
    }

    /// What a client sends, and what a proxy appends to the same line.
    #[test]
    fn security_a_quote_that_the_client_left_open_hides_nothing_that_the_proxy_appends() {
        let wanted = Some("198.51.100.1".to_owned());
        for sent in ["\"", "1.2.3.4, \"", "\"1.2.3.4", "a\"b\"\""] {
            let line: &'static str = format!("{sent}, 198.51.100.1").leak();
            assert_eq!(hops(ForwardedHeader::XForwardedFor, &[line])[0], wanted, "{line}");
        }
        for sent in ["for=1.2.3.4;x=\"", "for=\"1.2.3.4", "x=\"a, for=1.2.3.4", "for=1.2.3.4;x=\"a\";y=\""] {
            let line: &'static str = format!("{sent}, for=198.51.100.1").leak();
            assert_eq!(hops(ForwardedHeader::Forwarded, &[line]), std::slice::from_ref(&wanted), "{line}");
        }
    }

    #[test]
    fn forwarded_is_read_with_quotes_and_other_parameters() {
        let some = |text: &str| Some(text.to_owned());
        let read = hops(
            ForwardedHeader::Forwarded,
            &["for=192.0.2.60;proto=http;by=203.0.113.43", "For=\"[2001:db8:cafe::17]:4711\", for=_gazonk"],
        );
        assert_eq!(read, [None, some("2001:db8:cafe::17"), some("192.0.2.60")]);
        for (line, wanted) in [
            ("for=192.0.2.60:8080", Some("192.0.2.60")),
            ("FOR = \"192.0.2.60:_p\" ; proto=https", Some("192.0.2.60")),
            ("for=\"[::ffff:192.0.2.60]\"", Some("192.0.2.60")),
            ("for=2001:db8::1", Some("2001:db8::1")),
            ("for=unknown", None),
            ("for=\"_SEVKISEK\"", None),
            ("for=", None),
            ("for", None),
        ] {
            assert_eq!(hops(ForwardedHeader::Forwarded, &[line]), [wanted.map(str::to_owned)], "{line}");
        }
        let several =
            hops(ForwardedHeader::Forwarded, &["for=192.0.2.1", ",, ,for=192.0.2.2,", "", "for=192.0.2.3"]);
        assert_eq!(several, [some("192.0.2.3"), some("192.0.2.2"), some("192.0.2.1")]);
        for line in ["proto=https", "for=1.2.3.4;for=5.6.7.8", "by=\"a,b;for=1.2.3.4\""] {
            assert_eq!(hops(ForwardedHeader::Forwarded, &[line]), [None], "{line}");
        }
    }
}

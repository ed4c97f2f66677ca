//! Fuzz targets of what proxies and clients send before a page is asked (docs/security.md#proof). `fuzz/engine` includes this file
//! and the modules that it is about: this crate is a program, which no other can use.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use fuzz::{QUICK, Target, texts};

use crate::edge;
use crate::forwarded::ForwardedHeader;

/// All of them.
pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "forwarded",
        run: forwarded,
        seeds: || {
            texts(&[
                "203.0.113.8, [2001:db8::1]:443,\"10.0.0.2:80\"",
                "for=192.0.2.60;proto=http;by=203.0.113.43, For=\"[2001:db8:cafe::17]:4711\"",
                "for=\"1.2.3.4, x=\"a,b;for=1.2.3.4\"",
                "1.2.3.4\n::ffff:203.0.113.8, unknown",
            ])
        },
        short: QUICK,
    },
    Target { name: "heads", run: edge::fuzzing::heads, seeds: edge::fuzzing::seeds, short: QUICK },
];

/// Lines of a header that a client sent, to which our proxy appends the client's address.
fn forwarded(input: &[u8]) {
    let client = IpAddr::from([198, 51, 100, 1]);
    for (name, header, appended) in [
        ("x-forwarded-for", ForwardedHeader::XForwardedFor, "198.51.100.1"),
        ("x-forwarded-for", ForwardedHeader::XForwardedFor, "198.51.100.1:443"),
        ("forwarded", ForwardedHeader::Forwarded, "for=198.51.100.1"),
        ("forwarded", ForwardedHeader::Forwarded, "proto=https;for=\"198.51.100.1:443\""),
    ] {
        let mut headers = HeaderMap::new();
        for line in input.split(|byte| *byte == b'\n') {
            if let Ok(value) = HeaderValue::from_bytes(line) {
                headers.append(name, value);
            }
        }
        let sent = header.hops(&headers);
        assert!(sent.len() <= input.len() + 1, "more hops than letters");
        // In a line of its own, or at the end of the last line.
        headers.append(name, HeaderValue::from_static(appended));
        let hops = header.hops(&headers);
        assert_eq!(hops.first(), Some(&Some(client)), "a client hides what the proxy appends");
        assert_eq!(hops.get(1..), Some(&*sent));
        let last = input.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = [last, b", ", appended.as_bytes()].concat();
        // What is not ASCII makes a whole line unreadable; such a client shares a limit of its own.
        if let (Ok(value), true) =
            (HeaderValue::from_bytes(&line), last.iter().all(|b| matches!(b, b'\t' | b' '..=b'~')))
        {
            let headers = HeaderMap::from_iter([(HeaderName::from_static(name), value)]);
            assert_eq!(
                header.hops(&headers).first(),
                Some(&Some(client)),
                "a client hides what the proxy appends"
            );
        }
        for address in sent.into_iter().flatten() {
            assert_eq!(
                address,
                address.to_canonical(),
                "an IPv4 address in the form of IPv6 has limits of its own"
            );
            let shown = SocketAddr::new(address, 443).to_string();
            let headers = HeaderMap::from_iter(
                HeaderValue::from_str(&shown)
                    .ok()
                    .map(|value| (HeaderName::from_static("x-forwarded-for"), value)),
            );
            assert_eq!(ForwardedHeader::XForwardedFor.hops(&headers), [Some(address)], "{shown}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_withstands_a_short_run() {
        fuzz::short_runs(TARGETS);
    }
}

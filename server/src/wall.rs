//! The middleware before the pages (docs/security.md#the-web): finds the address of the caller, refuses forms from other sites,
//! sets the headers of every response, and logs requests without personal data.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use backend::caller::Caller;
use ipnet::IpNet;

/// The settings of the middleware.
pub(crate) struct WallSettings {
    /// Proxies whose X-Forwarded-For is believed.
    pub(crate) trusted: Vec<IpNet>,
    /// Host and port of the public URL.
    pub(crate) authority: String,
    /// The headers of every answer.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// What the page of a refused form needs.
    pub(crate) site: Arc<app::web::Site>,
    /// Counts requests by class of status, for the metrics.
    pub(crate) counts: crate::health::StatusCounts,
}

/// Finds the caller, accepts forms only from our own pages, sets the headers, and logs.
pub(crate) async fn guard(
    State(wall): State<Arc<WallSettings>>,
    mut request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let id = backend::secrets::random_u64().map(|id| format!("{id:016x}")).unwrap_or_default();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = peer.map(|peer| wall.caller(peer, request.headers()));
    request.extensions_mut().insert(Caller { address, request_id: id.clone() });
    let (method, route) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let safe = matches!(method, Method::GET | Method::HEAD);
    let mut response = if safe || wall.ours(request.headers()) {
        next.run(request).await
    } else {
        tracing::warn!(request = id, "a form from elsewhere was refused");
        app::web::error_page(&wall.site, StatusCode::FORBIDDEN, &id)
    };
    set(response.headers_mut(), &wall.headers);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let status = response.status();
    wall.counts.count(status);
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let millis = start.elapsed().as_millis();
    tracing::info!(request = id, %method, route, status = status.as_u16(), millis, "request");
    response
}

/// Sets the headers of an answer. A content policy that a page has set for itself is stricter and stays: of two that stand side
/// by side browsers keep both.
fn set(answer: &mut HeaderMap, headers: &[(HeaderName, HeaderValue)]) {
    for (name, value) in headers {
        if *name == header::CONTENT_SECURITY_POLICY {
            answer.append(name.clone(), value.clone());
        } else {
            answer.insert(name.clone(), value.clone());
        }
    }
}

impl WallSettings {
    /// The address of the caller: the peer, or, when the peer is a proxy that we trust, the last address in
    /// X-Forwarded-For that is not one.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let trusted =
            |address: IpAddr| self.trusted.iter().any(|network| network.contains(&address.to_canonical()));
        if !trusted(peer) {
            return peer;
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        let mut last = peer;
        for hop in lines.iter().flat_map(|line| line.split(',')).rev() {
            let Ok(address) = hop.trim().parse::<IpAddr>() else { return last };
            last = address;
            if !trusted(address) {
                return address;
            }
        }
        last
    }

    /// Whether a form comes from a page of ours. Browsers say so in Sec-Fetch-Site, older ones in Origin, the oldest in
    /// Referer; a request with none of them is refused: no browser sends it.
    fn ours(&self, headers: &HeaderMap) -> bool {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
            return site == "same-origin";
        }
        let from = text(header::ORIGIN).or_else(|| text(header::REFERER));
        let Some(from) = from.and_then(|from| from.parse::<Uri>().ok()) else { return false };
        let Some(authority) = from.authority().map(|authority| authority.as_str()) else { return false };
        authority == self.authority || text(header::HOST) == Some(authority)
    }
}

/// The headers of every answer. `style` is the hash of the style sheet; `ancestors` are the sites that may frame us.
pub(crate) fn headers(style: &str, ancestors: &[String], secure: bool) -> Vec<(HeaderName, HeaderValue)> {
    let ancestors = if ancestors.is_empty() { "'none'".to_owned() } else { ancestors.join(" ") };
    let csp = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src '{style}'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    );
    let mut headers = vec![
        ("content-security-policy", csp),
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", "same-origin".to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("cross-origin-resource-policy", "same-origin".to_owned()),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()".to_owned(),
        ),
    ];
    if secure {
        headers.push(("strict-transport-security", "max-age=63072000; includeSubDomains".to_owned()));
    }
    headers
        .into_iter()
        .filter_map(|(name, value)| {
            Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall() -> WallSettings {
        WallSettings {
            trusted: vec!["10.0.0.0/8".parse().unwrap()],
            authority: "clave.ejemplo.cl".to_owned(),
            headers: headers("sha256-x", &[], true),
            site: Arc::default(),
            counts: crate::health::StatusCounts::default(),
        }
    }

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn a_stricter_policy_of_a_page_is_kept() {
        let mut answer = with(&[("content-security-policy", "sandbox"), ("x-content-type-options", "no")]);
        set(&mut answer, &headers("sha256-x", &["https://sence.ejemplo.cl".to_owned()], true));
        let policies: Vec<_> = answer.get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 2);
        assert_eq!(policies[0], "sandbox");
        assert!(policies[1].to_str().unwrap().contains("frame-ancestors https://sence.ejemplo.cl"));
        assert_eq!(answer.get_all("x-content-type-options").iter().collect::<Vec<_>>(), ["nosniff"]);
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let wall = wall();
        let caller =
            |peer: &str, line| wall.caller(peer.parse().unwrap(), &with(&[("x-forwarded-for", line)]));
        assert_eq!(caller("203.0.113.9", "198.51.100.1").to_string(), "203.0.113.9");
        assert_eq!(caller("10.0.0.1", "198.51.100.1").to_string(), "198.51.100.1");
        assert_eq!(caller("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2").to_string(), "198.51.100.1");
        assert_eq!(caller("::ffff:10.0.0.1", "198.51.100.1").to_string(), "198.51.100.1");
        assert_eq!(caller("10.0.0.1", "198.51.100.1, ::ffff:10.0.0.2").to_string(), "198.51.100.1");
        assert_eq!(caller("10.0.0.1", "nonsense").to_string(), "10.0.0.1");
    }

    #[test]
    fn forms_are_accepted_only_from_our_own_pages() {
        let wall = wall();
        let ours = |pairs: &[(&'static str, &'static str)]| wall.ours(&with(pairs));
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(!ours(&[("sec-fetch-site", "same-site"), ("origin", "https://clave.ejemplo.cl")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("sec-fetch-site", "none")]));
        assert!(ours(&[("origin", "https://clave.ejemplo.cl")]));
        assert!(ours(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
        assert!(!ours(&[("origin", "https://malo.ejemplo.cl"), ("host", "clave.ejemplo.cl")]));
        assert!(!ours(&[("origin", "null")]));
        assert!(ours(&[("referer", "https://clave.ejemplo.cl/recuperar/natural")]));
        assert!(!ours(&[("referer", "https://malo.ejemplo.cl/clave.ejemplo.cl")]));
        assert!(!ours(&[]));
    }
}

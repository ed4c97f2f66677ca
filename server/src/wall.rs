//! The middleware before the pages (docs/security.md#the-web): finds the address of the caller, refuses forms from other sites,
//! sets the headers of every response, and logs requests without personal data.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use app::web::{FormTarget, PerSheet, Sheet};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use backend::caller::Caller;
use backend::keyed_semaphore::KeyedSemaphore;
use ipnet::IpNet;

use crate::edge::is_trusted;
use crate::forwarded::ForwardedHeader;
use crate::once_a_minute::OnceAMinute;

/// The settings of the middleware.
pub(crate) struct WallSettings {
    /// Proxies whose header names the client.
    pub(crate) trusted: Vec<IpNet>,
    /// The header of these proxies.
    pub(crate) forwarded: ForwardedHeader,
    /// The origin of the public URL: scheme, host and port.
    pub(crate) origin: String,
    /// How many requests of one client may be under way.
    pub(crate) requests: KeyedSemaphore<String>,
    /// Logs that a proxy named no client that can be read.
    pub(crate) unreadable: OnceAMinute,
    /// The headers of every answer, by the style sheet of its page.
    pub(crate) headers: PerSheet<Vec<(HeaderName, HeaderValue)>>,
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
    let id = request_id();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = peer.and_then(|peer| wall.caller(peer, request.headers()));
    let caller = Caller { address, request_id: id.clone(), ..Caller::default() };
    let permit = wall.requests.try_acquire(caller.network());
    request.extensions_mut().insert(caller);
    let (method, route) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let safe = matches!(method, Method::GET | Method::HEAD);
    let mut response = if permit.is_none() {
        tracing::warn!(request = id, "too many requests of one client are under way");
        app::web::error_page(&wall.site, StatusCode::SERVICE_UNAVAILABLE, &id)
    } else if !has_one_host(request.version(), request.headers()) {
        app::web::error_page(&wall.site, StatusCode::BAD_REQUEST, &id)
    } else if safe || wall.ours(request.headers()) || is_open(&method, request.uri().path()) {
        next.run(request).await
    } else {
        tracing::warn!(request = id, "a form from elsewhere was refused");
        app::web::error_page(&wall.site, StatusCode::FORBIDDEN, &id)
    };
    drop(permit);
    let sheet = response.extensions().get::<Sheet>().copied().unwrap_or_default();
    let target = response.extensions_mut().remove::<FormTarget>();
    set(response.headers_mut(), wall.headers.of(sheet), target.as_ref());
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

/// The id of a request in logs and headers, and on a page that says that something failed: two groups of four characters that are
/// told apart when they are read out on the telephone. 40 random bits: among a million requests, the chance that two share an id is about one in
/// three; the time tells them apart.
fn request_id() -> String {
    const LETTERS: [u8; 32] = *b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let Ok(mut rest) = backend::secrets::random_u64() else { return String::new() };
    let mut id = String::with_capacity(9);
    for place in 0..8 {
        if place == 4 {
            id.push('-');
        }
        // The remainder is below the number of letters.
        id.push(char::from(LETTERS[(rest % 32) as usize]));
        rest /= 32;
    }
    id
}

/// Whether a form of any origin is accepted there, or only asks what it may send.
fn is_open(method: &Method, path: &str) -> bool {
    app::openid::accepts_any_origin(path)
        || app::asistencia::accepts_any_origin(path)
        || (*method == Method::OPTIONS && path.contains("/openid"))
}

/// Sets the headers of an answer. A form that ends elsewhere has that origin named in `form-action`. A content policy that a page has set for itself is stricter and stays: of two that stand side
/// by side browsers keep both.
fn set(answer: &mut HeaderMap, headers: &[(HeaderName, HeaderValue)], target: Option<&FormTarget>) {
    for (name, value) in headers {
        if *name == header::CONTENT_SECURITY_POLICY {
            let with_target = target.and_then(|FormTarget(origin)| {
                let policy = value.to_str().ok()?;
                let ends_there = format!("form-action 'self' {origin};");
                HeaderValue::from_str(&policy.replacen("form-action 'self';", &ends_there, 1)).ok()
            });
            answer.append(name.clone(), with_target.unwrap_or_else(|| value.clone()));
        } else if *name == header::REFERRER_POLICY {
            // A page may be stricter.
            answer.entry(name.clone()).or_insert_with(|| value.clone());
        } else {
            answer.insert(name.clone(), value.clone());
        }
    }
}

impl WallSettings {
    /// The address of the caller: the peer, or, when the peer is a proxy that we trust, the last address that it names that is
    /// not one. None when that cannot be read: such callers share limits of their own, not those of the proxy.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut last = peer;
        if !is_trusted(&self.trusted, peer) {
            return Some(peer);
        }
        for hop in self.forwarded.hops(headers) {
            let Some(address) = hop else {
                if self.unreadable.due() {
                    tracing::warn!("a trusted proxy sent a client address that cannot be read");
                }
                return None;
            };
            last = address;
            if !is_trusted(&self.trusted, address) {
                break;
            }
        }
        Some(last)
    }

    /// Whether a form comes from a page of ours. Browsers say so in Sec-Fetch-Site, older ones in Origin, the oldest in
    /// Referer; a request with none of them is refused: no browser sends it.
    fn ours(&self, headers: &HeaderMap) -> bool {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
            return site == "same-origin";
        }
        let from = text(header::ORIGIN).or_else(|| text(header::REFERER));
        let Some(from) = from.and_then(origin) else { return false };
        // The demo is opened as localhost, 127.0.0.1 or the machine's address in the local network.
        let here = text(header::HOST).filter(|host| self.site.demo && is_address(host));
        from == self.origin
            || here.is_some_and(|host| from == format!("http://{}", host.to_ascii_lowercase()))
    }
}

/// The origin of a URL: scheme, host and port, without the port that goes with the scheme.
pub(crate) fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    if authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    let port = authority.port_u16().filter(|port| !matches!((scheme, port), ("https", 443) | ("http", 80)));
    Some(port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")))
}

/// Whether a `Host` is an address or localhost. DNS rebinding needs another name, so no other site has such an origin.
fn is_address(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok()
}

/// Whether a request names one host, as HTTP/1.1 asks for (RFC 9112 §3.2): of two, a proxy may read the other one.
fn has_one_host(version: Version, headers: &HeaderMap) -> bool {
    let hosts = headers.get_all(header::HOST).iter().count();
    hosts == 1 || (hosts == 0 && version < Version::HTTP_11)
}

/// The headers of every answer. `style` is the hash of the style sheet; `ancestors` are the sites that may frame us.
pub(crate) fn headers(style: &str, ancestors: &[String], secure: bool) -> Vec<(HeaderName, HeaderValue)> {
    let ancestors = if ancestors.is_empty() { "'none'".to_owned() } else { ancestors.join(" ") };
    let csp = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src '{style}'; img-src 'self'; \
         media-src 'self'; worker-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
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
            forwarded: ForwardedHeader::default(),
            origin: "https://clave.ejemplo.cl".to_owned(),
            requests: KeyedSemaphore::new(100),
            unreadable: OnceAMinute::default(),
            headers: PerSheet::<&str>::default().map(|_| headers("sha256-x", &[], true)),
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
        set(&mut answer, &headers("sha256-x", &["https://sence.ejemplo.cl".to_owned()], true), None);
        let policies: Vec<_> = answer.get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 2);
        assert_eq!(policies[0], "sandbox");
        assert!(policies[1].to_str().unwrap().contains("frame-ancestors https://sence.ejemplo.cl"));
        assert_eq!(answer.get_all("x-content-type-options").iter().collect::<Vec<_>>(), ["nosniff"]);
    }

    #[test]
    fn l_page_a_form_that_ends_at_a_system_names_its_origin_and_no_other_does() {
        let (own, mut answer) = (headers("sha256-x", &[], true), HeaderMap::new());
        set(&mut answer, &own, Some(&FormTarget("https://cursos.ejemplo.cl".to_owned())));
        let policy = answer["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("form-action 'self' https://cursos.ejemplo.cl; base-uri"), "{policy}");
        let mut answer = HeaderMap::new();
        set(&mut answer, &own, None);
        assert!(answer["content-security-policy"].to_str().unwrap().contains("form-action 'self'; base-uri"));
    }

    #[test]
    fn security_forms_of_any_origin_are_accepted_at_the_endpoints_of_systems_alone() {
        for open in ["authorize", "token", "userinfo", "revoke", "introspect", "par", "logout"] {
            for path in [format!("/openid/{open}"), format!("/openid/{open}/")] {
                assert!(is_open(&Method::POST, &path), "{path}");
            }
        }
        for service in ["rce", "rcetest"] {
            for action in ["IniciarSesion", "CerrarSesion"] {
                assert!(
                    is_open(&Method::POST, &format!("/{service}/Registro/{action}")),
                    "{service} {action}"
                );
            }
        }
        for closed in [
            "/asistencia/x",
            "/rce/Registro",
            "/rce/Registro/IniciarSesion/x",
            "/rce/registro/iniciarsesion",
            "/ingresar/cursos/x",
            "/cuenta",
            "/salir",
            "/api/cambiar/clave",
            "/openid/jwks",
            "/openid/token/x",
            "/openid/par/x",
            "/openid/revoke//",
            "/openid",
        ] {
            assert!(!is_open(&Method::POST, closed), "{closed}");
        }
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let wall = wall();
        let caller = |peer: &str, line| {
            let headers = with(&[("x-forwarded-for", line), ("forwarded", "for=192.0.2.1")]);
            wall.caller(peer.parse().unwrap(), &headers).map_or("-".to_owned(), |address| address.to_string())
        };
        assert_eq!(caller("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(caller("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(caller("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(caller("::ffff:10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(caller("10.0.0.1", "198.51.100.1, ::ffff:10.0.0.2"), "198.51.100.1");
        assert_eq!(caller("10.0.0.1", "198.51.100.1:51234, 10.0.0.2:80"), "198.51.100.1");
        assert_eq!(caller("10.0.0.1", ""), "10.0.0.1", "the proxy's own request");
    }

    #[test]
    fn security_clients_that_cannot_be_read_share_no_limit_with_the_proxy() {
        let wall = wall();
        for line in ["nonsense", "198.51.100.1, unknown", "unknown, 10.0.0.2", "198.51.100.1:x"] {
            let caller = wall.caller("10.0.0.1".parse().unwrap(), &with(&[("x-forwarded-for", line)]));
            assert_eq!(caller, None, "{line}");
        }
        assert!(!wall.unreadable.due(), "it was logged");
    }

    #[test]
    fn security_a_request_names_exactly_one_host() {
        let mut headers = with(&[("host", "clave.ejemplo.cl")]);
        assert!(has_one_host(Version::HTTP_11, &headers));
        headers.append("host", HeaderValue::from_static("malo.ejemplo.cl"));
        assert!(!has_one_host(Version::HTTP_11, &headers));
        assert!(!has_one_host(Version::HTTP_10, &headers));
        assert!(!has_one_host(Version::HTTP_11, &with(&[])));
        assert!(has_one_host(Version::HTTP_10, &with(&[])));
    }

    #[test]
    fn security_the_scheme_of_an_origin_counts_and_no_host_stands_in_for_the_public_url() {
        let wall = wall();
        let site = Arc::new(app::web::Site { demo: true, ..Default::default() });
        let demo = WallSettings { site, ..self::wall() };
        for (pairs, in_production, in_demo) in [
            ([("origin", "https://clave.ejemplo.cl:443"), ("host", "x")], true, true),
            ([("origin", "http://clave.ejemplo.cl"), ("host", "clave.ejemplo.cl")], false, false),
            ([("origin", "https://clave.ejemplo.cl:444"), ("host", "clave.ejemplo.cl:444")], false, false),
            ([("origin", "http://malo.ejemplo.cl"), ("host", "malo.ejemplo.cl")], false, false),
            ([("origin", "https://malo.ejemplo.cl"), ("host", "malo.ejemplo.cl")], false, false),
            ([("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")], false, true),
            ([("origin", "http://localhost:3000"), ("host", "localhost:3000")], false, true),
            ([("origin", "http://[::1]:3000"), ("host", "[::1]:3000")], false, true),
            ([("origin", "http://localhost:3001"), ("host", "localhost:3000")], false, false),
            ([("origin", "https://a@clave.ejemplo.cl"), ("host", "clave.ejemplo.cl")], false, false),
        ] {
            assert_eq!(wall.ours(&with(&pairs)), in_production, "{pairs:?}");
            assert_eq!(demo.ours(&with(&pairs)), in_demo, "{pairs:?} in the demo");
        }
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
        assert!(!ours(&[("origin", "https://malo.ejemplo.cl"), ("host", "clave.ejemplo.cl")]));
        assert!(!ours(&[("origin", "null")]));
        assert!(ours(&[("referer", "https://clave.ejemplo.cl/recuperar/natural")]));
        assert!(!ours(&[("referer", "https://malo.ejemplo.cl/clave.ejemplo.cl")]));
        assert!(!ours(&[]));
    }
}

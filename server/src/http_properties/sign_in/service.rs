//! The service with a system that is registered, and a person with an account who enters it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use backend::service::Caller;
use backend::store::Engine;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::kind::Kind;
use domain::openid::Acr;
use domain::openid::client::{Client, ClientAuth, ClientId, SigningAlg, SubjectType};
use domain::openid::redirect::ClientUrl;
use domain::openid::scope::Scopes;
use serde_json::Value;
use tower::ServiceExt as _;

use super::super::browser::{Answer, Jar};
use super::super::party::Party;
use super::super::world::World;

/// Where the service is for browsers and systems.
pub(super) const ORIGIN: &str = "https://clave.ejemplo.cl";
pub(super) const ISSUER: &str = "https://clave.ejemplo.cl/openid";
pub(super) const REDIRECT: &str = "https://cursos.ejemplo.cl/volver";
/// RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The parameters of a form or query.
pub(super) type Pairs = Vec<(&'static str, String)>;

/// The service.
pub(super) struct Service {
    pub(super) world: World,
    pub(super) person: Party,
    pub(super) client: Client,
    pub(super) secret: String,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) answer: Answer,
    pub(super) headers: HeaderMap,
}

impl Sent {
    pub(super) fn status(&self) -> u16 {
        self.answer.status
    }

    pub(super) fn location(&self) -> &str {
        self.answer.location.as_deref().unwrap_or_default()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.answer.body).unwrap_or_default()
    }

    pub(super) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// A system of SENCE, as most are.
pub(super) fn described(id: &str) -> Client {
    Client {
        id: ClientId::parse(id).unwrap(),
        name: "Cursos de Prueba".to_owned(),
        redirects: vec![ClientUrl::parse(REDIRECT).unwrap()],
        post_logout: Vec::new(),
        backchannel: None,
        initiate: None,
        kinds: Kind::ALL.to_vec(),
        scopes: Scopes::parse("openid run name email"),
        auth: ClientAuth::Basic,
        jwks: None,
        alg: SigningAlg::ES256,
        pkce_optional: false,
        par_required: false,
        subject: SubjectType::Pairwise,
        first_party: true,
        claveunica_compatible: false,
        acr: Acr::Clave,
        origins: Vec::new(),
    }
}

/// An address that nobody had before: what is wrong is counted by address.
fn address() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let [high, low] = [number / 250, number % 250].map(|part| u8::try_from(part).unwrap());
    SocketAddr::from(([203, 0, high, low], 40_001))
}

/// A request to a router.
pub(super) async fn send(router: Router, request: Builder, body: String) -> Sent {
    let named = request.headers_ref().is_some_and(|headers| headers.contains_key(header::HOST));
    let request = if named { request } else { request.header(header::HOST, "clave.ejemplo.cl") };
    let request = request.extension(ConnectInfo::<SocketAddr>(address())).body(Body::from(body)).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let headers = response.headers().clone();
    let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
    let cookies = headers.get_all(header::SET_COOKIE).iter().filter_map(|set| {
        let pair = text(set);
        let (name, value) = pair.split(';').next()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let mut answer = Answer {
        status: response.status().as_u16(),
        location: headers.get(header::LOCATION).map(text),
        cookies: cookies.collect(),
        body: String::new(),
    };
    let body = axum::body::to_bytes(response.into_body(), 4 << 20).await.unwrap();
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Sent { answer, headers }
}

/// Parameters as a query or form has them. What is to go out as it is, such as `%FF`, stands behind the sign `\u{1}`.
pub(super) fn encoded(pairs: &[(&str, String)]) -> String {
    let plain = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let value = |text: &str| match text.split_once('\u{1}') {
        Some((before, raw)) => format!("{}{raw}", plain(before)),
        None => plain(text),
    };
    let pairs: Vec<_> = pairs.iter().map(|(name, text)| format!("{}={}", plain(name), value(text))).collect();
    pairs.join("&")
}

/// A parameter of a URL.
pub(super) fn param(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

/// The claims of a token, unchecked.
pub(super) fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// The header of a token.
pub(super) fn token_header(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

impl Service {
    pub(super) async fn open(engine: Engine) -> Self {
        Self::with(engine, described("cursos")).await
    }

    pub(super) async fn with(engine: Engine, client: Client) -> Self {
        let people = [1, 2].map(|number| Party::number(Kind::Natural, number));
        let (world, _) = World::open(engine, &people).await;
        let caller = Caller::default();
        let new = world.back().openid(&caller).add_client(&client).await.unwrap().unwrap();
        let secret = new.secret.map(|secret| secret.to_string()).unwrap_or_default();
        let [person, _] = people;
        Self { world, person, client, secret }
    }

    /// The parameters of its request.
    pub(super) fn request(&self) -> Pairs {
        [
            ("client_id", self.client.id.as_str()),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", "openid run name email"),
            ("state", "e1"),
            ("nonce", "n1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
    }

    pub(super) async fn authorize(&self, jar: &mut Jar, pairs: &[(&str, String)]) -> Sent {
        self.get(jar, &format!("/openid/authorize?{}", encoded(pairs))).await
    }

    /// The same by a form of another site.
    pub(super) async fn authorize_by_form(&self, pairs: &[(&str, String)]) -> Sent {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/openid/authorize")
            .header(header::ORIGIN, "https://cursos.ejemplo.cl")
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        send(self.world.router(), request, encoded(pairs)).await
    }

    pub(super) async fn get(&self, jar: &mut Jar, path: &str) -> Sent {
        let request = Request::builder()
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, jar.header());
        let sent = send(self.world.router(), request, String::new()).await;
        jar.take(&sent.answer);
        sent
    }

    pub(super) async fn post(&self, jar: &mut Jar, path: &str, pairs: &[(&str, String)]) -> Sent {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, jar.header());
        let sent = send(self.world.router(), request, encoded(pairs)).await;
        jar.take(&sent.answer);
        sent
    }

    /// The right key on the page of a sign-in.
    pub(super) async fn key(&self, jar: &mut Jar, page: &str) -> Sent {
        let mut fields: Pairs = vec![("tipo", "natural".to_owned()), ("paso", "clave".to_owned())];
        fields.extend(self.person.who.clone());
        fields.push(("clave_actual", self.person.key.clone()));
        self.post(jar, page, &fields).await
    }

    /// A whole sign-in up to the code.
    pub(super) async fn code(&self, jar: &mut Jar) -> String {
        let begun = self.authorize(jar, &self.request()).await;
        let page = begun.location().to_owned();
        let sent = self.key(jar, &page).await;
        param(sent.location(), "code")
            .unwrap_or_else(|| panic!("no code: {} {}", sent.status(), sent.location()))
    }

    /// The parameters of a request for tokens.
    pub(super) fn redemption(&self, code: &str) -> Pairs {
        [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
    }

    pub(super) fn basic(&self) -> String {
        basic(self.client.id.as_str(), &self.secret)
    }

    /// A request for tokens, with these headers of `Authorization`.
    pub(super) async fn token(&self, authorization: &[&str], pairs: &[(&str, String)]) -> Sent {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri("/openid/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for line in authorization {
            request = request.header(header::AUTHORIZATION, *line);
        }
        send(self.world.router(), request, encoded(pairs)).await
    }

    /// Redeems a code as it should be.
    pub(super) async fn redeem(&self, code: &str) -> Sent {
        self.token(&[&self.basic()], &self.redemption(code)).await
    }

    pub(super) async fn userinfo(&self, token: &str) -> Sent {
        let request = Request::builder()
            .uri("/openid/userinfo")
            .header(header::AUTHORIZATION, format!("{} {token}", "Bearer"));
        send(self.world.router(), request, String::new()).await
    }

    pub(super) async fn jwks(&self) -> Sent {
        send(self.world.router(), Request::builder().uri("/openid/jwks"), String::new()).await
    }
}

/// A header with id and secret.
pub(super) fn basic(id: &str, secret: &str) -> String {
    format!("{} {}", "Basic", STANDARD.encode(format!("{id}:{secret}")))
}

/// A browser.
pub(super) fn browser() -> Jar {
    Jar::at("203.0.113.7:40001")
}

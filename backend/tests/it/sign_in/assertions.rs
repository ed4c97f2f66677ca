//! L-OIDC: systems that show who they are by a signed assertion (`private_key_jwt`).

use backend::clock::{MINUTE, SECOND};
use backend::jwt::{JwkSet, SigningKey, generate};
use backend::service::openid::{Answer, Credentials, Tokens};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::openid::OAuthError;
use domain::openid::assertion::KIND;
use domain::openid::client::{Client, ClientAuth, SigningAlg};
use domain::openid::params::Params;
use serde_json::{Value, json};

use super::support::{Browser, REDIRECT, System, VERIFIER, caller, described};
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    l_oidc_a_system_shows_who_it_is_by_its_key_at_every_endpoint,
    security_l_oidc_an_assertion_is_made_for_us_and_for_nobody_else,
    security_l_oidc_an_assertion_counts_once,
    security_l_oidc_an_assertion_is_signed_by_a_key_of_its_system,
    security_l_oidc_a_key_does_not_stand_in_for_a_secret_nor_a_secret_for_a_key,
];

const ISSUER: &str = "https://clave.ejemplo.cl/openid";
const REFUSED: Option<OAuthError> = Some(OAuthError::InvalidClient);

/// A system with a key.
struct Keyed {
    system: System,
    key: SigningKey,
    alg: SigningAlg,
}

impl Keyed {
    async fn register(t: &TestBackend, id: &str, alg: SigningAlg) -> Self {
        let key = SigningKey::from_pkcs8(alg, &generate(alg).unwrap()).unwrap();
        let jwks = serde_json::to_string(&JwkSet { keys: vec![key.public().clone()] }).unwrap();
        let client = Client { auth: ClientAuth::PrivateKeyJwt, jwks: Some(jwks), ..described(id) };
        Self { system: System::register(t, client).await, key, alg }
    }

    /// What an assertion says; one part may be another.
    fn claims(&self, t: &TestBackend, (name, value): (&str, Value)) -> Value {
        let (id, now) = (self.system.client.id.as_str(), t.now() / SECOND);
        let jti = backend::secrets::random_token().unwrap();
        let mut claims =
            json!({ "iss": id, "sub": id, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": jti });
        claims[name] = value;
        claims
    }

    fn assertion(&self, t: &TestBackend, changed: (&str, Value)) -> String {
        self.key.sign("JWT", &self.claims(t, changed)).unwrap()
    }

    fn usual(&self, t: &TestBackend) -> Params {
        form(&self.assertion(t, ("x", json!(1))), &[])
    }
}

/// A form with an assertion, and this besides.
fn form(assertion: &str, more: &[(&str, &str)]) -> Params {
    let usual = [("client_assertion_type", KIND), ("client_assertion", assertion)];
    Params::new(usual.into_iter().chain(more.iter().copied()))
}

/// Asks what an unknown token is good for: an error is one of the credentials.
async fn try_with(t: &TestBackend, params: &Params) -> Option<OAuthError> {
    let token = params.one("client_assertion", 9_000).unwrap().unwrap_or_default().to_owned();
    let kind = params.one("client_assertion_type", 200).unwrap().unwrap_or_default().to_owned();
    let id = params.one("client_id", 99).unwrap().unwrap_or_default().to_owned();
    let form = [("client_assertion_type", kind), ("client_assertion", token), ("client_id", id)];
    let params = Params::new(form.into_iter().chain([("token", "no-hay".to_owned())]));
    let credentials = Credentials::read(None, &params);
    t.openid(&caller()).introspect(credentials, &params).await.unwrap().err()
}

async fn l_oidc_a_system_shows_who_it_is_by_its_key_at_every_endpoint(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    for alg in SigningAlg::ALL {
        let keyed = Keyed::register(&t, &format!("cursos-{}", alg.name()), alg).await;
        assert!(keyed.system.secret.is_empty() && keyed.alg == alg);
        let code = Browser::new(&t).code(&keyed.system, &person).await;
        let assertion = keyed.assertion(&t, ("x", json!(1)));
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", keyed.system.client.id.as_str()),
        ];
        let params = form(&assertion, &grant);
        let caller = caller();
        let service = t.openid(&caller);
        let answer: Answer<Tokens> = service.token(Credentials::read(None, &params), &params).await.unwrap();
        let tokens = answer.ok().unwrap();
        let about = |token: &str| form(&keyed.assertion(&t, ("x", json!(1))), &[("token", token)]);
        let params = about(&tokens.access_token);
        let known = service.introspect(Credentials::read(None, &params), &params).await.unwrap();
        assert!(known.unwrap().is_some());
        let params = about(&tokens.access_token);
        assert_eq!(service.revoke(Credentials::read(None, &params), &params).await.unwrap(), Ok(()));
        assert_eq!(keyed.system.userinfo(&tokens.access_token).await.err(), Some(OAuthError::InvalidToken));
        let request = keyed.system.request(&[]);
        let names = [
            "client_id",
            "redirect_uri",
            "response_type",
            "scope",
            "code_challenge",
            "code_challenge_method",
        ];
        let usual = names.map(|name| (name, request.one(name, 99).unwrap().unwrap()));
        let params = form(&keyed.assertion(&t, ("x", json!(1))), &usual);
        assert!(service.push(Credentials::read(None, &params), &params).await.unwrap().is_ok());
    }
}

async fn security_l_oidc_an_assertion_is_made_for_us_and_for_nobody_else(t: TestBackend) {
    let keyed = Keyed::register(&t, "cursos", SigningAlg::ES256).await;
    let now = t.now() / SECOND;
    assert_eq!(try_with(&t, &keyed.usual(&t)).await, None);
    for (name, value) in [
        ("aud", json!(format!("{ISSUER}/token"))),
        ("aud", json!([ISSUER])),
        ("aud", json!([ISSUER, "https://otro.ejemplo.cl"])),
        ("aud", json!("https://otro.ejemplo.cl")),
        ("iss", json!("otra")),
        ("sub", json!("otra")),
        ("exp", json!(now - 61)),
        ("exp", json!(now + 3600)),
        ("exp", json!(null)),
        ("jti", json!(null)),
    ] {
        let params = form(&keyed.assertion(&t, (name, value.clone())), &[]);
        assert_eq!(try_with(&t, &params).await, REFUSED, "{name}: {value}");
    }
    let named = |id| form(&keyed.assertion(&t, ("x", json!(1))), &[("client_id", id)]);
    assert_eq!(try_with(&t, &named("cursos")).await, None);
    assert_eq!(try_with(&t, &named("otra")).await, REFUSED);
}

async fn security_l_oidc_an_assertion_counts_once(t: TestBackend) {
    let keyed = Keyed::register(&t, "cursos", SigningAlg::ES256).await;
    let params = keyed.usual(&t);
    let tasks = (0..16).map(|_| {
        let (backend, params) = (t.backend.clone(), params.clone());
        async move {
            let about = form(params.one("client_assertion", 9_000).unwrap().unwrap(), &[("token", "no-hay")]);
            let credentials = Credentials::read(None, &about);
            backend.openid(&caller()).introspect(credentials, &about).await.unwrap().is_ok()
        }
    });
    assert_eq!(at_once(tasks).await.into_iter().filter(|passed| *passed).count(), 1);
    // The same name again, in another assertion.
    let again = |jti: &str| form(&keyed.assertion(&t, ("jti", json!(jti))), &[]);
    assert_eq!(try_with(&t, &again("j1")).await, None);
    assert_eq!(try_with(&t, &again("j1")).await, REFUSED);
    let other = Keyed::register(&t, "otra", SigningAlg::ES256).await;
    let of_other = form(&other.assertion(&t, ("jti", json!("j1"))), &[]);
    assert_eq!(try_with(&t, &of_other).await, None, "another system has its own names");
    let late = again("j2");
    assert_eq!(try_with(&t, &late).await, None);
    let t = t.restart().await;
    t.clock.advance(MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(try_with(&t, &late).await, REFUSED, "after a restart, as long as it would count");
    t.clock.advance(10 * MINUTE);
    t.store.sweep(t.now()).await.unwrap();
    assert_eq!(t.number("SELECT COUNT(*) FROM client_assertion").await, 0);
}

async fn security_l_oidc_an_assertion_is_signed_by_a_key_of_its_system(t: TestBackend) {
    let (keyed, other) = (
        Keyed::register(&t, "cursos", SigningAlg::ES256).await,
        Keyed::register(&t, "otra", SigningAlg::ES256).await,
    );
    let claims = || keyed.claims(&t, ("x", json!(1)));
    let encoded = |value: &Value| BASE64.encode(value.to_string());
    let by_other = other.key.sign("JWT", &claims()).unwrap();
    let good = keyed.key.sign("JWT", &claims()).unwrap();
    let signature = good.rsplit_once('.').unwrap().1;
    let none = format!("{}.{}.", encoded(&json!({ "alg": "none" })), encoded(&claims()));
    let hmac = |header: Value| {
        use hmac::{Hmac, Mac as _};
        let signed = format!("{}.{}", encoded(&header), encoded(&claims()));
        // The public half as the secret.
        let public = serde_json::to_string(keyed.key.public()).unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(public.as_bytes()).unwrap();
        mac.update(signed.as_bytes());
        format!("{signed}.{}", BASE64.encode(mac.finalize().into_bytes()))
    };
    let moved = format!("{}.{}.{signature}", good.split('.').next().unwrap(), encoded(&claims()));
    for bad in [
        by_other,
        none,
        hmac(json!({ "alg": "HS256" })),
        hmac(json!({ "alg": "HS256", "kid": keyed.key.id() })),
        moved,
        good.rsplit_once('.').unwrap().0.to_owned(),
        "x".to_owned(),
        "x.y.z".to_owned(),
    ] {
        assert_eq!(try_with(&t, &form(&bad, &[])).await, REFUSED, "{bad}");
    }
    assert_eq!(try_with(&t, &form(&good, &[])).await, None);
}

async fn security_l_oidc_a_key_does_not_stand_in_for_a_secret_nor_a_secret_for_a_key(t: TestBackend) {
    let keyed = Keyed::register(&t, "cursos", SigningAlg::ES256).await;
    let with_secret = System::register(&t, described("otra")).await;
    let id_only = Credentials::IdOnly { id: "cursos".to_owned() };
    let by_secret = System { secret: with_secret.secret.clone(), ..keyed.system.clone() }.credentials();
    let params = Params::new([("token", "no-hay")]);
    for credentials in [id_only, by_secret] {
        let answer = t.openid(&caller()).introspect(Ok(credentials), &params).await.unwrap();
        assert_eq!(answer.err(), REFUSED);
    }
    // Signed by a key that the system with a secret has not registered.
    let mut claims = keyed.claims(&t, ("iss", json!("otra")));
    claims["sub"] = json!("otra");
    let assertion = keyed.key.sign("JWT", &claims).unwrap();
    assert_eq!(try_with(&t, &form(&assertion, &[])).await, REFUSED);
    // Two ways at once, half of one, or one of another kind.
    let assertion = keyed.assertion(&t, ("x", json!(1)));
    let invalid = Some(OAuthError::InvalidRequest);
    let both = form(&assertion, &[("client_id", "cursos"), ("client_secret", "s")]);
    assert_eq!(Credentials::read(None, &both).err(), invalid);
    let basic = Some(("cursos".to_owned(), "s".to_owned()));
    assert_eq!(Credentials::read(basic, &form(&assertion, &[])).err(), invalid);
    let half = Params::new([("client_assertion", assertion.as_str())]);
    assert_eq!(Credentials::read(None, &half).err(), invalid);
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    let other = Params::new([("client_assertion_type", saml), ("client_assertion", &assertion)]);
    assert_eq!(Credentials::read(None, &other).err(), invalid);
}

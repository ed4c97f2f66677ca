//! The service as the requests of a case meet it: the router that `serve` serves, on a store of its own.

use std::net::SocketAddr;
use std::path::Path;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use backend::captcha::Captcha;
use backend::clock::{MINUTE, Millis};
use backend::courier::DemoMessage;
use backend::hashing::Hasher;
use backend::store::Engine;
use backend::store::accounts::{self, Account};
use domain::answer::SecretAnswer;
use domain::flow::AccountId;
use domain::kind::Kind;
use tower::ServiceExt as _;

use super::browser::{Answer, Form, Jar};
use super::party::Party;
use super::support::TestBackend;
use super::support::decisions;
use super::support::mesa::Facilitator;
use super::support::people::{Company, Migrant, Person};
use super::support::rows::MadeKey;
use crate::config::Config;
use crate::health::StatusCounts;
use crate::serve;

/// A complete configuration for production, with the public URL of the tests' backend. What it names is not used: store,
/// registries and files are those of the case.
const SETTINGS: [(&str, &str); 9] = [
    ("CS_PUBLIC_URL", "https://clave.ejemplo.cl"),
    ("CS_DATABASE_URL", "sqlite:/nowhere/db"),
    ("CS_SECRET_KEY", "q0UYvXl7kT4mZr2sWcN9hJ6bEg8oPdAf"),
    ("CS_SMTP_URL", "smtps://correo.ejemplo.cl"),
    ("CS_MAIL_FROM", "Clave SENCE <no-responder@ejemplo.cl>"),
    ("CS_SMS_URL", "https://sms.ejemplo.cl/enviar"),
    ("CS_CIVIL_REGISTRY", "file:/nowhere/civil.csv"),
    ("CS_TAX_REGISTRY", "file:/nowhere/sii.csv"),
    ("CS_FILES", "folder:/nowhere/files"),
];

/// The service of a case.
pub(super) struct World {
    /// None only within [`World::restart`].
    back: Option<TestBackend>,
    router: Router,
    config: Config,
    /// Companies that have asked for a facilitator.
    companies: u32,
    pub(super) requests: u64,
}

/// An account as the store has it.
pub(super) struct Seen {
    pub(super) account: Account,
    pub(super) made: Vec<MadeKey>,
}

impl World {
    /// A service with an account of each of these people.
    pub(super) async fn open(engine: Engine, people: &[Party; 2]) -> (Self, [AccountId; 2]) {
        let environment = SETTINGS.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let config = Config::load(Path::new("/nowhere"), None, environment).unwrap();
        let back = with_cheap_hashes(TestBackend::open(engine).await).await;
        back.civil_knows(&[&Person::number(1), &Person::number(2)]);
        back.tax_knows(&[&Company::number(1), &Company::number(2)]);
        let mut ids = [AccountId(0); 2];
        for ((party, number), id) in people.iter().zip(1..).zip(&mut ids) {
            *id = match party.kind {
                Kind::Natural => back.account(&Person::number(number)).await,
                Kind::Migrante => back.account(&Migrant::number(number)).await,
                Kind::Juridica => back.account(&Company::number(number)).await,
                Kind::Facilitador => {
                    let (who, contact) = (Facilitator::number(number), &party.contact);
                    let mobile = contact.mobile.as_deref().map(|mobile| mobile.trim_start_matches("+569"));
                    decisions::known(&back, &who, &contact.mail, mobile).await
                }
            };
            let answer = SecretAnswer::parse(&party.answer).unwrap();
            back.set_secrets(*id, &hash(&party.key), &hash(answer.expose())).await;
        }
        let router = router(&config, &back);
        (Self { back: Some(back), router, config, companies: 0, requests: 0 }, ids)
    }

    pub(super) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(super) fn back(&self) -> &TestBackend {
        self.back.as_ref().unwrap()
    }

    /// The process ends and starts again.
    pub(super) async fn restart(&mut self) {
        let back = self.back.take().unwrap().restart().await;
        let back = with_cheap_hashes(back).await;
        self.router = router(&self.config, &back);
        self.back = Some(back);
    }

    pub(super) fn now(&self) -> Millis {
        self.back().now()
    }

    /// Time goes by, and the sweeper comes, or not yet.
    pub(super) async fn pass(&self, minutes: i64, swept: bool) {
        self.back().clock.advance(minutes * MINUTE);
        if swept {
            self.back().store.sweep(self.now()).await.unwrap();
        }
    }

    /// Sends what waits, and gives it.
    pub(super) async fn messages(&self) -> Vec<DemoMessage> {
        self.back().messages().await
    }

    /// An account as the store has it.
    pub(super) async fn seen(&self, id: AccountId) -> Seen {
        let back = self.back();
        let connection = &mut *back.store.connection().await.unwrap();
        let account = accounts::get(connection, id).await.unwrap();
        Seen { account, made: back.made_keys(id).await }
    }

    /// Another company asks for the key of a facilitator with this mail address, and an officer grants it. False when the officer is
    /// told that this account has as many keys today as a day allows.
    pub(super) async fn grant(&mut self, account: usize, mail: &str) -> bool {
        self.companies += 1;
        let number = u32::try_from(account).unwrap() + 1;
        let (who, company) = (Facilitator::number(number).at(mail), Company::number(100 + self.companies));
        let back = self.back();
        let request = back.filed_request(back.account(&company).await, &who).await;
        decisions::grant(back, &request).await.is_ok()
    }

    pub(super) async fn everything(&self) -> String {
        self.back().everything().await
    }

    /// The letters of a sealed captcha.
    pub(super) fn letters(&self, sealed: &str) -> Option<String> {
        let captcha = Captcha::open(&self.back().secrets, sealed)?;
        (captcha.expires_at() > self.now()).then(|| captcha.letters().to_owned())
    }

    pub(super) async fn get(&mut self, jar: &Jar, path: &str) -> Answer {
        self.send(jar, Method::GET, path, String::new()).await
    }

    pub(super) async fn post(&mut self, jar: &Jar, form: &Form) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        self.send(jar, Method::POST, &form.action, body).await
    }

    async fn send(&mut self, jar: &Jar, method: Method, path: &str, body: String) -> Answer {
        self.requests += 1;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "clave.ejemplo.cl")
            .header(header::ORIGIN, "https://clave.ejemplo.cl")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, jar.header())
            .extension(ConnectInfo::<SocketAddr>(jar.address))
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        let headers = response.headers();
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
        answer
    }
}

async fn with_cheap_hashes(mut back: TestBackend) -> TestBackend {
    back.backend.hasher = Hasher::worthless(2, 1000, std::time::Duration::ZERO).unwrap();
    back.refresh_decoys().await.unwrap();
    back
}

impl World {
    /// The headers of an answer to a request of another site; `secure`: whether the public URL is https.
    pub(super) async fn headers(&self, (method, path): (Method, &str), secure: bool) -> HeaderMap {
        let router =
            serve::router(&self.config, self.back().backend.clone(), None, secure, StatusCounts::default());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "clave.ejemplo.cl")
            .header(header::ORIGIN, "https://malo.ejemplo.cl")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .extension(ConnectInfo::<SocketAddr>("203.0.113.7:40001".parse().unwrap()))
            .body(Body::empty())
            .unwrap();
        router.oneshot(request).await.unwrap().headers().clone()
    }
}

fn router(config: &Config, back: &TestBackend) -> Router {
    serve::router(config, back.backend.clone(), None, true, StatusCounts::default())
}

/// The hash of a secret, as cheap as argon2 makes it.
fn hash(secret: &str) -> String {
    let salt = SaltString::from_b64("c29tZXNhbHRzb21l").unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    argon2.hash_password(secret.as_bytes(), &salt).unwrap().to_string()
}

/// Whether this is the hash of a secret.
pub(super) fn is_hash_of(hash: &str, secret: &str) -> bool {
    let hash = PasswordHash::new(hash).unwrap();
    Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok()
}

//! A system, and a browser that signs in to it.

use backend::Backend;
use backend::flows::Token;
use backend::form::FormFingerprint;
use backend::service::openid::{Answer, Credentials, Tokens};
use backend::service::sign_in::{Begun, GoTo, KeyForm, Opened, Shown, SignInPage, SignInStep};
use backend::service::{Caller, Posted};
use domain::identifier::IdentifierInput;
use domain::kind::Kind;
use domain::openid::Acr;
use domain::openid::claims::Claims;
use domain::openid::client::{Client, ClientAuth, ClientId, SigningAlg, SubjectType};
use domain::openid::params::Params;
use domain::openid::redirect::ClientUrl;
use domain::openid::scope::Scopes;
use zeroize::Zeroizing;

use crate::support::peek::TABLES;
use crate::support::{Person, TestBackend};

pub(super) const REDIRECT: &str = "https://cursos.ejemplo.cl/volver";
/// RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A registered system.
#[derive(Clone)]
pub(super) struct System {
    pub(super) backend: Backend,
    pub(super) client: Client,
    pub(super) secret: String,
}

/// A system of SENCE as most are.
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

pub(super) fn caller() -> Caller {
    Caller { address: "203.0.113.7".parse().ok(), request_id: "pedido-1".to_owned(), ..Caller::default() }
}

impl System {
    pub(super) async fn register(t: &TestBackend, client: Client) -> Self {
        let caller = caller();
        let new = t.openid(&caller).add_client(&client).await.unwrap().unwrap();
        let secret = new.secret.map(|secret| secret.to_string()).unwrap_or_default();
        Self { backend: t.backend.clone(), client, secret }
    }

    /// The parameters of its request; one of the usual ones may be another.
    pub(super) fn request(&self, changed: &[(&str, &str)]) -> Params {
        let usual = [
            ("client_id", self.client.id.as_str()),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", "openid run name email"),
            ("state", "e1"),
            ("nonce", "n1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        Params::new(kept.chain(changed.iter().copied()))
    }

    pub(super) fn credentials(&self) -> Credentials {
        if self.secret.is_empty() {
            return Credentials::IdOnly { id: self.client.id.as_str().to_owned() };
        }
        Credentials::Secret {
            id: self.client.id.as_str().to_owned(),
            secret: Zeroizing::new(self.secret.clone()),
        }
    }

    /// Redeems a code.
    pub(super) async fn redeem(&self, code: &str) -> Answer<Tokens> {
        self.redeem_with(code, &[]).await
    }

    /// The same with other parameters.
    pub(super) async fn redeem_with(&self, code: &str, changed: &[(&str, &str)]) -> Answer<Tokens> {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let kept = usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        let params = Params::new(kept.chain(changed.iter().copied().filter(|(_, value)| !value.is_empty())));
        self.backend.openid(&caller()).token(Ok(self.credentials()), &params).await.unwrap()
    }

    pub(super) async fn userinfo(&self, token: &str) -> Answer<Claims> {
        self.backend.openid(&caller()).userinfo(token).await.unwrap()
    }

    /// The claims of an ID token, checked with our published keys.
    pub(super) async fn verified(&self, token: &str) -> serde_json::Value {
        self.backend.jwks().await.unwrap().verify(token).unwrap()
    }
}

/// A browser: its cookies.
#[derive(Clone)]
pub(super) struct Browser {
    pub(super) backend: Backend,
    pub(super) caller: Caller,
    pub(super) session: Option<Token>,
    pub(super) sign_in: Option<(String, Token)>,
}

impl Browser {
    pub(super) fn new(t: &TestBackend) -> Self {
        Self { backend: t.backend.clone(), caller: caller(), session: None, sign_in: None }
    }

    pub(super) fn at_address(mut self, address: &str) -> Self {
        self.caller.address = Some(address.parse().unwrap());
        self
    }

    /// A system sends the browser to us. The URL of its answer, if that comes at once.
    pub(super) async fn arrive(&mut self, params: &Params) -> Option<String> {
        self.arrive_by(params, true).await
    }

    /// The same by a form of the system's own page.
    pub(super) async fn arrive_by_form(&mut self, params: &Params) -> Option<String> {
        self.arrive_by(params, false).await
    }

    async fn arrive_by(&mut self, params: &Params, sees_cookies: bool) -> Option<String> {
        let service = self.backend.sign_in(&self.caller);
        match service
            .authorize(params, self.session.as_ref().filter(|_| sees_cookies), sees_cookies)
            .await
            .unwrap()
        {
            Begun::Go(url) => Some(url),
            Begun::Ask(Opened { tag, token, .. }) => {
                self.sign_in = Some((tag, token));
                None
            }
            Begun::Expired(client) => panic!("the request of {client} has expired"),
            Begun::Refused(reason) => panic!("refused: {reason:?}"),
        }
    }

    /// The page of its sign-in.
    pub(super) async fn page(&self) -> Option<Shown> {
        let (tag, token) = self.sign_in.as_ref().unwrap();
        self.backend
            .sign_in(&self.caller)
            .page(Some(token), tag, (self.session.as_ref(), false))
            .await
            .unwrap()
    }

    /// The same, where it asks something.
    pub(super) async fn asked(&self) -> Box<SignInPage> {
        match self.page().await {
            Some(Shown::Page(page)) => page,
            Some(Shown::Go(to)) => panic!("went on to {to:?}"),
            None => panic!("expired"),
        }
    }

    fn posted(&self, form: &[(&str, &str)]) -> Posted<'_> {
        let (tag, token) = self.sign_in.as_ref().unwrap();
        let form = FormFingerprint::of(form.iter().copied());
        Posted {
            token: Some(token),
            tag,
            captcha: "",
            work: "",
            letters: "",
            other_letters: false,
            caller: &self.caller,
            form,
        }
    }

    fn take(&mut self, step: SignInStep) -> SignInStep {
        if let (Some((_, token)), Some(next)) = (&mut self.sign_in, &step.next.token) {
            *token = next.clone();
        }
        self.session = step.session.clone().or(self.session.take());
        step
    }

    /// “Rut”, “Clave Sence” → “Ingresar”.
    pub(super) async fn key(&mut self, rut: &str, key: &str) -> SignInStep {
        let step = self.key_unread(rut, key).await;
        self.take(step)
    }

    /// The same, and the answer is lost.
    pub(super) async fn key_unread(&self, rut: &str, key: &str) -> SignInStep {
        let form =
            KeyForm { kind: Kind::Natural, who: IdentifierInput::Number(rut), representative: "", key };
        let posted = self.posted(&[("paso", "clave"), ("rut", rut), ("clave_actual", key)]);
        self.backend.sign_in(&self.caller).key(posted, self.session.as_ref(), None, form).await.unwrap()
    }

    /// “Rut Empresa”, “Rut Representante Legal”, “Clave Sence” → “Ingresar”.
    pub(super) async fn company_key(&mut self, rut: &str, representative: &str, key: &str) -> SignInStep {
        let form = KeyForm { kind: Kind::Juridica, who: IdentifierInput::Number(rut), representative, key };
        let posted = self.posted(&[("paso", "clave"), ("rut", rut), ("rut_representante", representative)]);
        let step = self.backend.sign_in(&self.caller).key(posted, self.session.as_ref(), None, form).await;
        self.take(step.unwrap())
    }

    /// “Continuar como …”.
    pub(super) async fn go_on(&mut self) -> SignInStep {
        let service = self.backend.sign_in(&self.caller);
        let step = service.go_on(self.posted(&[("paso", "seguir")]), self.session.as_ref()).await.unwrap();
        self.take(step)
    }

    /// “Continuar y compartir”.
    pub(super) async fn agree(&mut self) -> SignInStep {
        let service = self.backend.sign_in(&self.caller);
        let step = service.agree(self.posted(&[("paso", "aceptar")]), self.session.as_ref()).await.unwrap();
        self.take(step)
    }

    /// “Volver a {sistema}”.
    pub(super) async fn deny(&mut self) -> SignInStep {
        let service = self.backend.sign_in(&self.caller);
        let step = service.deny(self.posted(&[("paso", "volver")])).await.unwrap();
        self.take(step)
    }

    /// Signs in to a system with the key, and gives the code.
    pub(super) async fn code(&mut self, system: &System, person: &Person) -> String {
        assert_eq!(self.arrive(&system.request(&[])).await, None);
        let step = self.key(&person.rut_text, &person.key).await;
        code_of(&url_of(&step))
    }
}

/// Where a form sent the browser on.
pub(super) fn url_of(step: &SignInStep) -> String {
    match &step.go_to {
        Some(GoTo::System(url)) => url.clone(),
        other => panic!("went to {other:?}"),
    }
}

/// A parameter of the URL of an answer.
pub(super) fn param(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

pub(super) fn code_of(url: &str) -> String {
    param(url, "code").unwrap_or_else(|| panic!("no code in {url}"))
}

/// Everything that is stored.
pub(super) async fn stored(t: &TestBackend) -> String {
    let mut all = String::new();
    for table in TABLES {
        all += &t.dump(table).await;
    }
    all
}

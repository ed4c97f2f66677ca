//! What is stored, what people and systems do, and what the service does with it: the sign-in of `domain`, and the rules of store and
//! service.

use domain::flow::AccountId;
use domain::flow::key::KeyVerdict;
use domain::flow::sign_in::{
    Asked, CodeVerdict, ConnectionOnFile, Destination, Grant, Granted, KeyUse, Mailed, Next, SessionUse,
    SignIn, SignedIn,
};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::openid::Acr;
use domain::openid::authorize::AuthorizationRequest;
use domain::openid::client::{Client, ClientAuth, ClientId, SigningAlg, SubjectType};
use domain::openid::params::Params;
use domain::openid::pkce::Challenge;
use domain::openid::redirect::ClientUrl;
use domain::openid::scope::Scopes;
use domain::rut::Rut;

use crate::Person::{self, Owner, Thief};
use crate::{Rule, Service};

const ACCOUNT: AccountId = AccountId(7);
const NOW: i64 = 1_800_000_000;
const REDIRECT: &str = "https://cursos.ejemplo.cl/volver";
/// RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// The system sends this person to us.
    Begin(Person),
    /// A form of this person, on the page of a sign-in that one of the two began.
    Send(Person, Form, Person),
    Commit(Person, usize),
    /// The owner signs out.
    SignOut,
    /// The owner sets a new key elsewhere.
    NewKey,
    Disable,
    Redeem(usize, By),
    CommitRedemption(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    Key,
    WrongKey,
    GoOn,
    /// The code of the mail of this sign-in.
    Code,
    WrongCode,
    Agree,
    Deny,
}

/// Who redeems a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    /// The system, as it should.
    System,
    /// The same with another verifier or none: a code that was put in the place of its own.
    WithoutVerifier,
    /// Another system, with the verifier.
    Other,
}

/// A sign-in as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Stored {
    /// Which one it is.
    number: u8,
    body: String,
    version: u8,
    /// Whether somebody agreed in it.
    agreed: bool,
    /// Whether the code of its mail was typed in it.
    coded: bool,
}

/// A form that a server is carrying out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    pub(crate) form: Form,
    pub(crate) whose: Person,
    read: Stored,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Session {
    body: String,
    /// Of the account, when the key was typed.
    epoch: u8,
    /// Whether a code of a mail was typed in it, after the key.
    coded: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Browser {
    /// How many sign-ins it may still begin.
    pub(crate) begins: u8,
    sign_in: Option<Stored>,
    pub(crate) session: Option<Session>,
    pub(crate) under_way: Vec<Request>,
}

impl Browser {
    pub(crate) fn new(begins: u8) -> Self {
        Self { begins, sign_in: None, session: None, under_way: Vec::new() }
    }
}

/// A code, and what hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Code {
    /// Of which sign-in.
    pub(crate) sign_in: (Person, u8),
    pub(crate) began: Person,
    pub(crate) sent_to: Person,
    pub(crate) epoch: u8,
    /// Whether the key that counted then had been typed in this browser.
    pub(crate) is_proven: bool,
    pub(crate) is_agreed: bool,
    /// Whether a code of a mail was typed in this browser.
    pub(crate) is_coded: bool,
    /// Whether its system learns that one was.
    pub(crate) claims_mail_code: bool,
    /// Whether it, or a token for it that counts, was given after the system was disabled.
    pub(crate) is_after_disabling: bool,
    pub(crate) tokens: u8,
    pub(crate) given_to: Option<By>,
    /// Whether its system has sent it once more.
    pub(crate) came_again: bool,
    grant: String,
    used: bool,
    revoked: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Redemption {
    code: usize,
    by: By,
    /// Whether it was used when it was looked at.
    was_used: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// Goes up with each new key.
    pub(crate) epoch: u8,
    pub(crate) is_disabled: bool,
    pub(crate) browsers: [Browser; 2],
    /// Whether the account has entered the system before.
    pub(crate) is_known: bool,
    /// Whether its owner has agreed before.
    pub(crate) is_agreed: bool,
    pub(crate) codes: Vec<Code>,
    pub(crate) redemptions: Vec<Redemption>,
    /// How many new keys and disablings may come.
    pub(crate) changes: u8,
    /// How many redemptions may come.
    pub(crate) tries: u8,
}

impl World {
    pub(crate) fn browser(&self, person: Person) -> &Browser {
        &self.browsers[person as usize]
    }

    fn browser_mut(&mut self, person: Person) -> &mut Browser {
        &mut self.browsers[person as usize]
    }

    /// What this person can send from the page of the sign-in that `whose` began.
    pub(crate) fn forms(&self, (person, strict): (Person, bool), whose: Person) -> Vec<Form> {
        let Some(stored) = &self.browser(whose).sign_in else { return Vec::new() };
        match (serde_json::from_str(&stored.body).unwrap(), person) {
            (SignIn::Ask(_), Owner) => vec![Form::Key, Form::GoOn, Form::Deny],
            (SignIn::Ask(_), Thief) if strict => vec![Form::Key, Form::GoOn, Form::Agree, Form::Deny],
            (SignIn::Ask(_), Thief) => vec![Form::WrongKey, Form::GoOn, Form::Agree, Form::Deny],
            (SignIn::Code(_), Owner) => vec![Form::Code, Form::Deny],
            (SignIn::Code(_), Thief) => vec![Form::WrongCode, Form::Deny],
            (SignIn::Consent(_), _) => vec![Form::Agree, Form::Deny],
            (SignIn::Done(_) | SignIn::Gone, _) => Vec::new(),
        }
    }

    fn on_file(&self) -> ConnectionOnFile {
        let agreed = if self.is_agreed { Scopes::parse("openid run") } else { Scopes::default() };
        ConnectionOnFile { is_known: self.is_known, agreed }
    }
}

fn client(id: &str, (first_party, strict): (bool, bool)) -> Client {
    Client {
        id: ClientId::parse(id).unwrap(),
        name: "Cursos de Prueba".to_owned(),
        redirects: vec![ClientUrl::parse(REDIRECT).unwrap()],
        post_logout: Vec::new(),
        backchannel: None,
        initiate: None,
        kinds: vec![Kind::Natural],
        scopes: Scopes::parse("openid run"),
        auth: ClientAuth::Basic,
        jwks: None,
        alg: SigningAlg::ES256,
        pkce_optional: false,
        par_required: false,
        subject: SubjectType::Pairwise,
        first_party,
        claveunica_compatible: false,
        acr: if strict { Acr::ClaveCodigo } else { Acr::Clave },
        origins: Vec::new(),
    }
}

/// A code that was sent: which one it is, the store looks at.
fn mailed() -> Mailed {
    Mailed::To { code: "codigo".to_owned(), address: "a•••@gmail.com".to_owned() }
}

fn begun(client: &Client) -> SignIn {
    let params = Params::new([
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid run"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    SignIn::begin(Destination::System(Box::new(AuthorizationRequest::parse(client, &params).unwrap())))
}

fn text<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

impl Service {
    pub(crate) fn has(&self, rule: Rule) -> bool {
        self.missing != Some(rule)
    }

    fn client(&self) -> Client {
        client("cursos", (self.first_party, self.strict))
    }

    /// Whether the system is registered, as far as a step looks.
    fn is_registered(&self, world: &World) -> bool {
        !(world.is_disabled && self.has(Rule::SystemIsAsked))
    }

    /// The session of a browser, if it counts.
    fn session(&self, world: &World, person: Person) -> Option<(SignedIn, u8)> {
        let session = world.browser(person).session.as_ref()?;
        let lives = session.epoch == world.epoch || !self.has(Rule::NewKeyEndsSessions);
        lives.then(|| (serde_json::from_str(&session.body).unwrap(), session.epoch))
    }

    /// Whether what a code gave is worth something.
    fn lives(&self, world: &World, code: &Code) -> bool {
        let in_time = code.epoch == world.epoch || !self.has(Rule::NewKeyEndsGrants);
        !code.revoked && in_time && self.is_registered(world)
    }

    /// Whether userinfo answers a token that this code gave.
    pub(crate) fn answers(&self, world: &World, code: &Code) -> bool {
        code.tokens > 0 && self.lives(world, code)
    }

    pub(crate) fn carry_out(&self, world: &mut World, action: Action) {
        match action {
            Action::Begin(person) => self.begin(world, person),
            Action::Send(person, form, whose) => {
                let read = world.browser(whose).sign_in.clone().unwrap();
                world.browser_mut(person).under_way.push(Request { form, whose, read });
            }
            Action::Commit(person, number) => {
                let request = world.browser_mut(person).under_way.remove(number);
                self.commit(world, person, request);
            }
            Action::SignOut => world.browser_mut(Owner).session = None,
            Action::NewKey => {
                world.changes -= 1;
                world.epoch += 1;
            }
            Action::Disable => {
                world.changes -= 1;
                world.is_disabled = true;
            }
            Action::Redeem(code, by) => {
                world.tries -= 1;
                let found = &world.codes[code];
                if self.lives(world, found) {
                    world.redemptions.push(Redemption { code, by, was_used: found.used });
                }
            }
            Action::CommitRedemption(number) => {
                let redemption = world.redemptions.remove(number);
                self.redeem(world, &redemption);
            }
        }
    }

    fn begin(&self, world: &mut World, person: Person) {
        let number = world.browser(person).begins;
        world.browser_mut(person).begins -= 1;
        if !self.is_registered(world) {
            return;
        }
        let (client, state) = (self.client(), begun(&self.client()));
        let stored = Stored { number, body: text(&state), version: 0, agreed: false, coded: false };
        let SignIn::Ask(asked) = state else { unreachable!() };
        if let Some((who, epoch)) = self.session(world, person)
            && asked.session(Some(&client), &who, &world.on_file(), NOW) == SessionUse::Silent
            && let Ok(Next::Granted(granted)) = asked.go_on(Some(&client), who, &world.on_file())
        {
            issue(world, (person, person), &granted, Some(epoch), (&stored, self.first_party));
            return;
        }
        world.browser_mut(person).sign_in = Some(stored);
    }

    /// The transaction of a form.
    fn commit(&self, world: &mut World, person: Person, request: Request) {
        let Request { form, whose, read } = request;
        if self.has(Rule::OneFormPerVersion) && world.browser(whose).sign_in.as_ref() != Some(&read) {
            return;
        }
        if !self.is_registered(world) {
            return;
        }
        let client = self.client();
        let state: SignIn = serde_json::from_str(&read.body).unwrap();
        let mut stored = Stored { version: read.version + 1, ..read };
        let parties = (person, whose);
        let next = match (state, form) {
            (SignIn::Ask(asked), Form::Key | Form::WrongKey) => {
                let Some(who) = typed(&asked, &client, form) else { return };
                let epoch = world.epoch;
                world.browser_mut(person).session = Some(Session { body: text(&who), epoch, coded: false });
                (asked.go_on(Some(&client), who, &world.on_file()).unwrap(), Some(epoch))
            }
            (SignIn::Ask(asked), Form::GoOn) => {
                let Some((who, epoch)) = self.session(world, person) else { return };
                if asked.session(Some(&client), &who, &world.on_file(), NOW) == SessionUse::AskKey {
                    return;
                }
                (asked.go_on(Some(&client), who, &world.on_file()).unwrap(), Some(epoch))
            }
            (SignIn::Code(asked), Form::Code | Form::WrongCode) => {
                let session = self.session(world, person);
                if session.is_none() && self.has(Rule::SessionTypesCode) {
                    return;
                }
                let is_right = form == Form::Code || !self.has(Rule::CodeIsChecked);
                let verdict = if is_right { CodeVerdict::Right } else { CodeVerdict::Wrong };
                let Ok(right) = asked.checked(verdict) else { return };
                stored.coded = form == Form::Code;
                let epoch = session.map(|(_, epoch)| epoch);
                if let Some(epoch) = epoch {
                    let coded = stored.coded;
                    let session = Session { body: text(right.who()), epoch, coded };
                    world.browser_mut(person).session = Some(session);
                }
                (right.go_on(Some(&client), &world.on_file()).unwrap(), epoch)
            }
            (SignIn::Consent(consent), Form::Agree) => {
                let session = self.session(world, person);
                if session.is_none() && self.has(Rule::SessionAgrees) {
                    return;
                }
                stored.agreed = true;
                (Next::Granted(consent.agree()), session.map(|(_, epoch)| epoch))
            }
            (state, Form::Deny) => {
                let Some(ended) = state.deny() else { return };
                stored.body = text(&SignIn::Done(ended));
                world.browser_mut(whose).sign_in = Some(stored);
                return;
            }
            _ => return,
        };
        match next {
            (Next::Code(needed), _) => stored.body = text(&SignIn::Code(needed.mailed(mailed()))),
            (Next::Consent(consent), _) => stored.body = text(&SignIn::Consent(consent)),
            (Next::Granted(granted), epoch) => {
                issue(world, parties, &granted, epoch, (&stored, self.first_party));
                stored.body = text(&granted.done());
            }
        }
        world.browser_mut(whose).sign_in = Some(stored);
    }

    /// The transaction of the token endpoint.
    fn redeem(&self, world: &mut World, redemption: &Redemption) {
        let by = match redemption.by {
            By::System | By::WithoutVerifier => self.client(),
            By::Other => client("otra", (self.first_party, self.strict)),
        };
        let is_disabled = world.is_disabled;
        let code = &mut world.codes[redemption.code];
        let grant: Grant = serde_json::from_str(&code.grant).unwrap();
        let revoked = self.has(Rule::SecondUseRevokes);
        if redemption.was_used {
            if *grant.client() == by.id {
                code.came_again = true;
                code.revoked |= revoked;
            }
            return;
        }
        let verified = Challenge::parse(CHALLENGE).filter(|_| redemption.by != By::WithoutVerifier);
        if grant.redeem(&by, REDIRECT, verified.as_ref()).is_err() {
            return;
        }
        if code.used {
            code.came_again = true;
            if self.has(Rule::CodeOnce) {
                code.revoked |= revoked;
                return;
            }
        }
        code.used = true;
        code.tokens += 1;
        code.given_to = Some(redemption.by);
        // A request that was under way when the system was disabled gets a token that nobody answers.
        code.is_after_disabling |= is_disabled && !self.has(Rule::SystemIsAsked);
    }
}

/// Who typed the key, when it was the key.
fn typed(asked: &Asked, client: &Client, form: Form) -> Option<SignedIn> {
    let verdict = if form == Form::Key { KeyVerdict::Key(ACCOUNT) } else { KeyVerdict::Wrong };
    let who = Identifier::Rut(Rut::parse("11111111-1").unwrap());
    match asked.key(Some(client), (Kind::Natural, &who), None, &verdict, NOW) {
        Ok(KeyUse::SignedIn(who)) => Some(who),
        _ => None,
    }
}

/// Writes what a sign-in granted; `epoch` is that of the session in which it was, if there is one.
fn issue(
    world: &mut World,
    (sent_to, began): (Person, Person),
    granted: &Granted,
    epoch: Option<u8>,
    (stored, is_own): (&Stored, bool),
) {
    let grant = granted.grant().unwrap();
    let session_is_coded = world.browser(sent_to).session.as_ref().is_some_and(|session| session.coded);
    world.codes.push(Code {
        sign_in: (began, stored.number),
        began,
        sent_to,
        epoch: epoch.unwrap_or(world.epoch),
        is_proven: epoch == Some(world.epoch),
        is_coded: stored.coded || session_is_coded,
        claims_mail_code: grant.who().acr() == Acr::ClaveCodigo,
        is_agreed: is_own || stored.agreed || world.is_agreed,
        is_after_disabling: world.is_disabled,
        tokens: 0,
        given_to: None,
        came_again: false,
        grant: text(&grant),
        used: false,
        revoked: false,
    });
    world.is_known = true;
    world.is_agreed |= stored.agreed;
}

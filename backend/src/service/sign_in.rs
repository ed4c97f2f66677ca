//! Sign-in (L-PAGE): a system's request becomes a flow, a key or a session proves who it is, and the browser goes on with a code.
//!
//! What the browser is sent on with (the code, and the token of its session) follows from the token that its form earned, so that a
//! double click gets the same answer twice, and the store keeps only hashes.
//!
//! | module | what it does |
//! |---|---|
//! | [`begin`] | the request of a system, or “Mi cuenta” |
//! | [`page`] | what is shown, and when the browser goes on without a page |
//! | [`key`] | the key |
//! | [`code`] | the code of a mail, where a system wants it besides the key |
//! | [`answers`] | the other answers of a person |
//! | [`account`] | “Mi cuenta”, and the ends of sessions |

mod account;
mod answers;
mod begin;
mod code;
mod key;
mod page;

pub use begin::typed_by;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::flow::change::Change;
use domain::flow::sign_in::{
    ConnectionOnFile, Consent, Destination, Ended, Grant, Seconds, SignIn, SignedIn,
};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::openid::authorize::PageReason;
use domain::openid::client::{Client, ClientId};
use domain::openid::scope::Scopes;

use super::exit::{Exit, Step};
use super::outcome::OutcomeTx;
use super::step::Found;
use super::{Backend, Caller, NextStep, Posted, Result};
use crate::clock::{MINUTE, Millis, SECOND};
use crate::flows::{Flow, Token};
use crate::secrets::{random_token, token_id};
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::provisional::KeyProof;
use crate::store::sessions::{self, SessionRow};
use crate::store::tokens::{self, TokenKind};
use crate::store::{StoreError, clients, grants, session_systems};

/// What a flow that goes on by a session hangs on: a new key ends both, and so does a representative whom SII no longer names.
pub(super) fn version_of(row: &SessionRow) -> AccountVersion {
    AccountVersion { account: row.who.account(), epoch: row.epoch, proof: KeyProof::Secret }
}

/// The name of every sign-in's flow.
const FLOW: &str = "ingresar";

/// Sign-ins, for one request.
pub struct SignInService<'a> {
    pub(super) backend: &'a Backend,
    pub(super) caller: &'a Caller,
}

/// What a system's request comes to.
pub enum Begun {
    /// A page of ours says why nobody is sent anywhere.
    Refused(PageReason),
    /// The request that the system handed in was used, or is too old.
    Expired(ClientId),
    /// The browser goes back to the system at once.
    Go(String),
    /// The person is asked.
    Ask(Opened),
}

/// A sign-in that was begun.
pub struct Opened {
    /// For which system; none for “Mi cuenta”.
    pub client: Option<ClientId>,
    /// Its name in URLs.
    pub tag: String,
    /// The token of its cookie.
    pub token: Token,
}

/// What the page of a sign-in shows.
pub enum Shown {
    /// The browser goes on at once: the session is enough.
    Go(GoTo),
    /// The page of this flow.
    Page(Box<SignInPage>),
}

/// The page of a sign-in.
pub struct SignInPage {
    /// The flow.
    pub flow: Flow<SignIn>,
    /// The system; none for “Mi cuenta”.
    pub client: Option<Client>,
    /// Who is signed in in this browser, if they may go on: kind, and name or identifier.
    pub session: Option<SessionShown>,
    /// Whether who is signed in gets a code by mail next.
    pub needs_code: bool,
    /// Whether the system was never entered by who is signed in.
    pub is_first_visit: bool,
    /// What is on file of who is signed in, where it is known who that is.
    pub on_file: Option<OnFile>,
}

/// What a system may learn of who is signed in, for the eyes of that person.
#[derive(Debug, Clone)]
pub struct OnFile {
    /// Kind of holder.
    pub kind: Kind,
    /// RUT, NIE or document.
    pub identifier: String,
    /// Who acts for a company.
    pub representative: Option<String>,
    /// Whether a name is known.
    pub has_name: bool,
    /// The name, only where that person has proven the contact data: see [`Account::names_for_notices`].
    pub names: Option<String>,
    /// The mail address.
    pub email: Option<String>,
}

/// Who is signed in, for the eyes of that person.
#[derive(Debug, Clone)]
pub struct SessionShown {
    /// Kind of holder.
    pub kind: Kind,
    /// The name, or else RUT, NIE or document.
    pub name: String,
    /// Which session it is, for [`SignInService::is_of_session`].
    pub mark: String,
}

/// “Mi cuenta”.
#[derive(Debug, Clone)]
pub struct AccountPage {
    /// Who is signed in.
    pub holder: SessionShown,
    /// The systems that the account has entered, the last one first.
    pub systems: Vec<ConnectedSystem>,
}

/// A system that an account has entered.
#[derive(Debug, Clone)]
pub struct ConnectedSystem {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// When first.
    pub first_at: Millis,
    /// When last.
    pub last_at: Millis,
}

/// Where the browser goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoTo {
    /// To “Mi cuenta”.
    Account,
    /// To the front page: the person did not want to see “Mi cuenta”.
    Start,
    /// To a system, with a code or an error.
    System(String),
}

/// What a form of the sign-in comes to.
pub struct SignInStep {
    /// The flow.
    pub next: NextStep<SignIn>,
    /// Where the browser goes on; none while there is more to ask.
    pub go_to: Option<GoTo>,
    /// The token of a session that was opened.
    pub session: Option<Token>,
    /// The flow in which a key has to be set first.
    pub change: Option<NextStep<Change>>,
}

/// What was typed.
#[derive(Clone, Copy)]
pub struct KeyForm<'a> {
    /// Whose key it is.
    pub kind: Kind,
    /// RUT, NIE or document.
    pub who: IdentifierInput<'a>,
    /// “Rut Representante Legal”, of a company.
    pub representative: &'a str,
    /// “Clave Sence”.
    pub key: &'a str,
}

impl Backend {
    /// Sign-ins.
    #[must_use]
    pub fn sign_in<'a>(&'a self, caller: &'a Caller) -> SignInService<'a> {
        SignInService { backend: self, caller }
    }

    /// The issuer of our tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/openid", self.settings.public_url)
    }

    /// A client that is not disabled.
    pub(super) async fn client(&self, id: &ClientId) -> Result<Option<Client>> {
        let found = clients::find(&mut *self.store.connection().await?, id).await?;
        Ok(found.filter(|row| row.disabled_at.is_none()).map(|row| row.client))
    }
}

impl SignInService<'_> {
    fn now(&self) -> (Millis, Seconds) {
        let now = self.backend.now();
        (now, now.div_euclid(SECOND))
    }

    /// The session of a cookie, which this prolongs.
    pub async fn session(&self, token: Option<&Token>) -> Result<Option<SessionRow>> {
        let Some(token) = token else { return Ok(None) };
        let (id, now) = (token.id(), self.backend.now());
        let connection = &mut *self.backend.store.connection().await?;
        let found = sessions::find(&mut *connection, &id, now).await?;
        if found.as_ref().is_some_and(|row| row.seen_at + MINUTE <= now) {
            sessions::touch(connection, &id, now).await?;
        }
        Ok(found)
    }

    async fn before(
        &self,
        session: Option<&SessionRow>,
        client: Option<&Client>,
    ) -> Result<ConnectionOnFile> {
        let Some((row, client)) = session.zip(client) else { return Ok(ConnectionOnFile::default()) };
        self.connection_on_file(&row.who, client).await
    }

    async fn connection_on_file(&self, who: &SignedIn, client: &Client) -> Result<ConnectionOnFile> {
        let connection = &mut *self.backend.store.connection().await?;
        Ok(grants::connection_on_file(connection, who.account(), &client.id, self.backend.now()).await?)
    }

    async fn flow(&self, token: Option<&Token>, tag: &str) -> Result<Option<Flow<SignIn>>> {
        Ok(self.backend.flow(FLOW, token).await?.filter(|flow| flow.tag() == tag))
    }

    pub(super) async fn shown(&self, row: &SessionRow) -> Result<SessionShown> {
        let (account, identifier) = self.holder(&row.who).await?;
        let names = account.names_for_notices(row.who.kind()).map(str::to_owned);
        let name = names.unwrap_or_else(|| identifier.to_string());
        Ok(SessionShown { kind: row.who.kind(), name, mark: self.mark_of(row) })
    }

    async fn on_file(&self, who: &SignedIn) -> Result<OnFile> {
        let (account, identifier) = self.holder(who).await?;
        let kind = who.kind();
        Ok(OnFile {
            kind,
            identifier: identifier.to_string(),
            representative: who.representative().map(|rut| rut.to_string()),
            has_name: account.names.as_deref().is_some_and(|names| !names.trim().is_empty()),
            names: account.names_for_notices(kind).map(str::to_owned),
            email: account.email.map(|email| email.as_str().to_owned()),
        })
    }

    fn mark_of(&self, row: &SessionRow) -> String {
        self.backend.secrets.mac_text("session on a page", &[&row.sid])
    }

    /// Whether a page was about this session. Meanwhile another person may have signed in, in another tab: who presses “Continuar como Ana”
    /// must not enter as Luis.
    pub async fn is_of_session(&self, session: Option<&Token>, mark: &str) -> Result<bool> {
        Ok(self.session(session).await?.is_some_and(|row| self.mark_of(&row) == mark))
    }

    /// The account of who signed in, and its identifier.
    async fn holder(&self, who: &SignedIn) -> Result<(Account, Identifier)> {
        let connection = &mut *self.backend.store.connection().await?;
        let account = accounts::get(&mut *connection, who.account()).await?;
        let plain = accounts::identifier(connection, who.account()).await?;
        Ok((account, Identifier::from_plain(who.kind(), &plain).ok_or(StoreError::Corrupt("account"))?))
    }

    /// The flow of a form. Only a page of that very sign-in counts.
    async fn found(&self, step: &str, posted: &Posted<'_>) -> Step<SignIn, Flow<SignIn>> {
        match self.backend.found::<SignIn>(FLOW, step, posted).await? {
            Found::Here(flow) => Ok(flow),
            Found::Again(flow, token) => Err(Exit::go_to(NextStep { state: flow.state, token: Some(token) })),
            Found::OtherTab(_) | Found::NoFlow => Err(self.gone()),
        }
    }

    fn gone(&self) -> Exit<SignIn> {
        Exit::go_to(NextStep { state: SignIn::Gone, token: None })
    }

    /// The client of a flow: Some(None) for “Mi cuenta”; None when it was disabled.
    async fn client_of(&self, flow: &Flow<SignIn>) -> Result<Option<Option<Client>>> {
        match flow.state.to().and_then(Destination::client) {
            Some(id) => Ok(self.backend.client(id).await?.map(Some)),
            None => Ok(Some(None)),
        }
    }

    fn step(&self, next: NextStep<SignIn>) -> SignInStep {
        let go_to = match (&next.state, &next.token) {
            (SignIn::Done(ended), Some(earned)) => Some(self.end_of(ended, earned)),
            _ => None,
        };
        SignInStep { next, go_to, session: None, change: None }
    }

    fn end_of(&self, ended: &Ended, earned: &Token) -> GoTo {
        match (ended.to().request(), ended.error()) {
            (Some(request), Some(error)) => GoTo::System(request.error_url(error, &self.backend.issuer())),
            (_, None) => self.with_code(Some(ended.to()), &self.code_text(earned)),
            (None, Some(_)) => GoTo::Start,
        }
    }

    fn with_code(&self, to: Option<&Destination>, code: &str) -> GoTo {
        match to.and_then(Destination::request) {
            Some(request) => GoTo::System(request.code_url(code, &self.backend.issuer())),
            None => GoTo::Account,
        }
    }

    /// The code that a form earns: 256 bits, always the same for the same form.
    fn code_text(&self, earned: &Token) -> String {
        BASE64.encode(self.backend.secrets.mac("code of a sign-in", &[earned.expose()]))
    }

    fn session_text(&self, earned: &Token) -> String {
        self.backend.secrets.token("session of a sign-in", &[earned.expose()])
    }

    fn session_token(&self, earned: &Token) -> Result<Option<Token>> {
        Ok(Token::from_cookie(&self.session_text(earned)))
    }
}

/// Writes what a sign-in granted: the grant, its code, and that the account has entered the system. Nothing for “Mi cuenta”.
async fn issue(
    tx: &mut OutcomeTx<'_>,
    grant: Option<Grant>,
    (sid, epoch): (&str, i64),
    (agreed, code): (Option<&Scopes>, &str),
) -> Result<()> {
    let Some(grant) = grant else { return Ok(()) };
    let (id, now) = (random_token().map_err(StoreError::from)?, tx.now());
    grants::insert(&mut *tx, (&id, sid), (&grant, epoch), now).await?;
    grants::keep_newest(&mut *tx, sid, grant.client()).await?;
    let hash = hash_of(TokenKind::Code, code);
    tokens::insert(&mut *tx, (&hash, TokenKind::Code), (&id, now), None, now).await?;
    let who = (grant.who().account(), grant.client());
    grants::connect(&mut *tx, who, agreed, now).await?;
    let registered = clients::find(&mut *tx, grant.client()).await?;
    if registered.is_some_and(|row| row.client.backchannel.is_some()) {
        session_systems::note(&mut *tx, sid, who, now).await?;
    }
    Ok(())
}

/// The name of the session that a right key opens; `former` is that of the cookie `session`, if it is of the same person. The row of the
/// cookie is deleted.
pub(super) async fn next_sid(
    tx: &mut OutcomeTx<'_>,
    former: Option<SessionRow>,
    session: Option<&Token>,
) -> Result<String> {
    let now = tx.now();
    match (former, session) {
        // The same person has typed the key again, also after a pause: the session continues under another cookie, and those of
        // its systems with it.
        (Some(row), Some(token)) if sessions::replace(&mut *tx, &token.id()).await? => Ok(row.sid),
        (_, token) => {
            if let Some(token) = token {
                sessions::end(&mut *tx, &token.id(), now).await?;
            }
            Ok(random_token().map_err(StoreError::from)?)
        }
    }
}

/// The hash under which a code or token is stored: of kind and text, so that none counts as another kind.
pub(super) fn hash_of(kind: TokenKind, text: &str) -> String {
    token_id(&format!("{} {text}", kind.word()))
}

/// The hash under which a pushed request is stored: of kind and reference, as those of codes and tokens.
pub(super) fn hash_of_pushed(reference: &str) -> String {
    token_id(&format!("pushed {reference}"))
}

fn scopes_of(consent: &Consent) -> Option<Scopes> {
    consent.to().request().map(|request| request.scopes().clone())
}

/// The token that this form earns.
fn earned(flow: &Flow<SignIn>) -> Result<Token> {
    let form = flow.form.as_ref().ok_or(StoreError::Corrupt("flow"))?;
    Ok(form.next.clone())
}

//! Sign-in (L-PAGE): a system's request becomes a flow, a key or a session proves who it is, and the browser goes on with a code.
//!
//! What the browser is sent on with (the code, and the token of its session) follows from the token that its form earned, so that a
//! double click gets the same answer twice, and the store keeps only hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::field::Field;
use domain::flow::change::Change;
use domain::flow::sign_in::{
    Asked, ConnectionOnFile, Consent, Destination, Ended, Grant, KeyUse, Next, Seconds, SessionUse, SignIn,
    SignedIn,
};
use domain::flow::{Feedback, Notice};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::openid::authorize::{self, AuthorizationRequest, AuthorizeRefused, PageReason};
use domain::openid::client::{Client, ClientId};
use domain::openid::params::Params;
use domain::openid::pushed;
use domain::openid::scope::Scopes;
use domain::openid::{Acr, OAuthError};

use super::exit::{Exit, FirstPage, OrShow as _, Step};
use super::outcome::OutcomeTx;
use super::step::Found;
use super::{Backend, Caller, NextStep, Posted, Result};
use crate::clock::{MINUTE, Millis, SECOND};
use crate::flows::{Flow, Token, Typed};
use crate::secrets::{random_bytes, random_token, token_id};
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::grants;
use crate::store::provisional::KeyProof;
use crate::store::sessions::{self, SessionRow};
use crate::store::tokens::{self, TokenKind};
use crate::store::{StoreError, clients, pushed as pushed_requests, session_systems};

/// What a flow that goes on by a session hangs on: a new key, or another representative, ends both.
fn version_of(row: &SessionRow) -> AccountVersion {
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
    /// Whether the system was never entered by who is signed in.
    pub is_first_visit: bool,
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

    /// A system's request. `sees_cookies` is false where the browser brings none of ours, because another site has sent a form: then a
    /// page of our own looks for the session.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn authorize(
        &self,
        params: &Params,
        session: Option<&Token>,
        sees_cookies: bool,
    ) -> Result<Begun> {
        let id = match authorize::client_id(params) {
            Ok(id) => id,
            Err(reason) => return Ok(Begun::Refused(reason)),
        };
        let Some(client) = self.backend.client(&id).await? else {
            return Ok(Begun::Refused(PageReason::Client));
        };
        let (request, hint) = if let Some(reference) = pushed::reference(params) {
            let (id, now) = (hash_of_pushed(reference), self.backend.now());
            let connection = &mut *self.backend.store.connection().await?;
            match pushed_requests::take(connection, (&id, &client.id), now).await? {
                Some(pushed) => (pushed.request, pushed.hint),
                None => return Ok(Begun::Expired(client.id)),
            }
        } else {
            match AuthorizationRequest::parse(&client, params) {
                // In a query a hint would be personal data in a URL: it is not looked at.
                Ok(request) => (request, authorize::login_hint(params).filter(|_| !sees_cookies)),
                Err(AuthorizeRefused::Page(reason)) => return Ok(Begun::Refused(reason)),
                Err(AuthorizeRefused::Redirect(refused)) => {
                    return Ok(Begun::Go(refused.url(&self.backend.issuer())));
                }
            }
        };
        if request.acr() > Acr::HIGHEST {
            let error = OAuthError::UnmetAuthenticationRequirements;
            return Ok(Begun::Go(request.error_url(error, &self.backend.issuer())));
        }
        if sees_cookies && let Some(url) = self.without_asking(&client, &request, session).await? {
            return Ok(Begun::Go(url));
        }
        let expected = match hint {
            Some(rut) => Typed::default().with(Field::Rut, &rut.to_string()),
            None => Typed::default(),
        };
        Ok(Begun::Ask(self.open(Destination::System(Box::new(request)), expected).await?))
    }

    /// A sign-in for “Mi cuenta”.
    pub async fn begin_account(&self) -> Result<Opened> {
        self.open(Destination::Account, Typed::default()).await
    }

    async fn open(&self, to: Destination, typed: Typed) -> Result<Opened> {
        let client = to.client().cloned();
        let (name, caller) = (FLOW.to_owned(), self.caller.clone());
        let first = FirstPage { name, caller, state: SignIn::begin(to), typed };
        let (flow, token) = self.backend.open(first, Feedback::default()).await?;
        Ok(Opened { client, tag: flow.tag().to_owned(), token })
    }

    /// The answer to a request for which nobody has to be asked, or may be; none where a page is needed.
    async fn without_asking(
        &self,
        client: &Client,
        request: &AuthorizationRequest,
        session: Option<&Token>,
    ) -> Result<Option<String>> {
        let session = self.session(session).await?;
        let SignIn::Ask(asked) = SignIn::begin(Destination::System(Box::new(request.clone()))) else {
            return Ok(None);
        };
        let before = self.before(session.as_ref(), Some(client)).await?;
        let used =
            session.as_ref().map(|row| (row, asked.session(Some(client), &row.who, &before, self.now().1)));
        if request.prompt().none {
            let used = used.map(|(row, used)| (&row.who, used));
            if let Some(error) = asked.without_asking(client, used, &before) {
                return Ok(Some(request.error_url(error, &self.backend.issuer())));
            }
        }
        let Some((row, SessionUse::Silent)) = used else { return Ok(None) };
        let Ok(Next::Granted(granted)) = asked.go_on(Some(client), row.who.clone(), &before) else {
            return Ok(None);
        };
        let code = BASE64.encode(random_bytes::<32>().map_err(StoreError::from)?);
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        if !sessions::hold(&mut tx, &row.sid).await? {
            return Ok(None);
        }
        issue(&mut tx, granted.grant(), (&row.sid, row.epoch), (None, &code)).await?;
        tx.commit(Record::new(row.who.account(), Event::SignedIn, Outcome::Done)).await?;
        Ok(Some(request.code_url(&code, &self.backend.issuer())))
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

    /// The sign-ins of this browser that are not over, by the tags and tokens of its cookies: where to go on after a recovery.
    pub async fn unfinished(&self) -> Result<Vec<(String, Client)>> {
        let mut found = Vec::new();
        for (tag, token) in &self.caller.sign_ins {
            let Some(flow) = self.flow(Token::from_cookie(token).as_ref(), tag).await? else { continue };
            let id = match &flow.state {
                SignIn::Ask(_) | SignIn::Consent(_) => flow.state.to().and_then(Destination::client).cloned(),
                SignIn::Done(_) | SignIn::Gone => None,
            };
            let Some(id) = id else { continue };
            if let Some(client) = self.backend.client(&id).await? {
                found.push((tag.clone(), client));
            }
        }
        Ok(found)
    }

    async fn flow(&self, token: Option<&Token>, tag: &str) -> Result<Option<Flow<SignIn>>> {
        Ok(self.backend.flow(FLOW, token).await?.filter(|flow| flow.tag() == tag))
    }

    /// What the page of a sign-in shows; none when it has expired. `other` is whether the person wants another account than that of the
    /// session.
    pub async fn page(
        &self,
        token: Option<&Token>,
        tag: &str,
        (session, other): (Option<&Token>, bool),
    ) -> Result<Option<Shown>> {
        let Some(flow) = self.flow(token, tag).await? else { return Ok(None) };
        let client = match flow.state.to().and_then(Destination::client) {
            Some(id) => match self.backend.client(id).await? {
                Some(client) => Some(client),
                // It was disabled meanwhile.
                None => return Ok(None),
            },
            None => None,
        };
        let session = self.session(session).await?;
        let before = self.before(session.as_ref(), client.as_ref()).await?;
        let mut page = SignInPage { flow, client, session: None, is_first_visit: !before.is_known };
        if let Some(error) = self.cannot_ask(&page, session.as_ref(), &before) {
            return self.end_with(page, error).await.map(Some);
        }
        if let (SignIn::Ask(asked), Some(row), false) = (&page.flow.state, &session, other) {
            match asked.session(page.client.as_ref(), &row.who, &before, self.now().1) {
                SessionUse::AskKey => {}
                SessionUse::Confirm => page.session = Some(self.shown(row).await?),
                SessionUse::Silent => {
                    let (asked, row) = (asked.clone(), row.clone());
                    return self.silently(page, asked, row, &before).await.map(Some);
                }
            }
        }
        Ok(Some(Shown::Page(Box::new(page))))
    }

    /// The error for a system that wants nobody to be asked, where somebody would have to be.
    fn cannot_ask(
        &self,
        page: &SignInPage,
        session: Option<&SessionRow>,
        before: &ConnectionOnFile,
    ) -> Option<OAuthError> {
        let (SignIn::Ask(asked), Some(client)) = (&page.flow.state, &page.client) else { return None };
        asked.to().request().filter(|request| request.prompt().none)?;
        let used = session.map(|row| (&row.who, asked.session(Some(client), &row.who, before, self.now().1)));
        asked.without_asking(client, used, before)
    }

    /// Ends a sign-in with an error for its system.
    async fn end_with(&self, mut page: SignInPage, error: OAuthError) -> Result<Shown> {
        let url = page
            .flow
            .state
            .to()
            .and_then(Destination::request)
            .map(|request| request.error_url(error, &self.backend.issuer()));
        if let Some(ended) = page.flow.state.clone().deny() {
            page.flow.state = SignIn::Done(ended);
            page.flow
                .save(&mut *self.backend.store.connection().await?, self.backend.times::<SignIn>())
                .await?;
        }
        Ok(Shown::Go(url.map_or(GoTo::Account, GoTo::System)))
    }

    /// A form of another site began it; now that our cookies are seen, nobody has to be asked.
    async fn silently(
        &self,
        mut page: SignInPage,
        asked: Asked,
        row: SessionRow,
        before: &ConnectionOnFile,
    ) -> Result<Shown> {
        match asked.go_on(page.client.as_ref(), row.who.clone(), before) {
            Ok(Next::Granted(granted)) => {
                let code = BASE64.encode(random_bytes::<32>().map_err(StoreError::from)?);
                let to = page.flow.state.to().cloned();
                let mut tx = self.backend.begin_outcome(self.caller).await?;
                if !sessions::hold(&mut tx, &row.sid).await? {
                    return Ok(Shown::Page(Box::new(page)));
                }
                page.flow.belongs_to(version_of(&row));
                let grant = granted.grant();
                page.flow.state = granted.done();
                if !page.flow.save_outcome(&mut tx, self.backend.times::<SignIn>()).await? {
                    return Ok(Shown::Page(Box::new(page)));
                }
                issue(&mut tx, grant, (&row.sid, row.epoch), (None, &code)).await?;
                tx.commit(Record::new(row.who.account(), Event::SignedIn, Outcome::Done)).await?;
                Ok(Shown::Go(self.with_code(to.as_ref(), &code)))
            }
            Ok(Next::Consent(consent)) => {
                page.flow.belongs_to(version_of(&row));
                page.flow.state = SignIn::Consent(consent);
                page.flow
                    .save(&mut *self.backend.store.connection().await?, self.backend.times::<SignIn>())
                    .await?;
                Ok(Shown::Page(Box::new(page)))
            }
            Err(_) => Ok(Shown::Page(Box::new(page))),
        }
    }

    pub(super) async fn shown(&self, row: &SessionRow) -> Result<SessionShown> {
        let (account, identifier) = self.holder(&row.who).await?;
        let names = account.names_for_notices(row.who.kind()).map(str::to_owned);
        let name = names.unwrap_or_else(|| identifier.to_string());
        Ok(SessionShown { kind: row.who.kind(), name, mark: self.mark_of(row) })
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

    /// “Rut”, “Clave Sence” → “Ingresar”.
    pub async fn key(
        &self,
        posted: Posted<'_>,
        session: Option<&Token>,
        change: Option<&Token>,
        form: KeyForm<'_>,
    ) -> Result<SignInStep> {
        let mut to_change = None;
        let next = self.backend.run(self.keyed(&posted, (session, change), form, &mut to_change)).await?;
        let mut step = self.step(next);
        step.change = to_change;
        if step.change.is_none() && matches!(step.next.state, SignIn::Consent(_) | SignIn::Done(_)) {
            step.session =
                step.next.token.as_ref().map(|earned| self.session_token(earned)).transpose()?.flatten();
        }
        Ok(step)
    }

    async fn keyed(
        &self,
        posted: &Posted<'_>,
        (session, change): (Option<&Token>, Option<&Token>),
        form: KeyForm<'_>,
        to_change: &mut Option<NextStep<Change>>,
    ) -> Step<SignIn> {
        let backend = self.backend;
        let mut flow = self.found("key", posted).await?;
        let SignIn::Ask(asked) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
        let Some(client) = self.client_of(&flow).await? else { return Err(self.gone()) };
        let kind = form.kind;
        flow.typed = typed(form);
        let by = (self.caller, backend.letters(&mut flow, posted).await?);
        let represented = match kind {
            Kind::Juridica => {
                let who = form.who.number();
                let represented = backend.represented(who, form.representative, form.key, by).await;
                Some(represented.or_show(&flow)?)
            }
            Kind::Natural | Kind::Migrante | Kind::Facilitador => None,
        };
        let tried = backend.try_key(kind, form.who, form.key, by).await.or_show(&flow)?;
        let who = (kind, &tried.identifier);
        let used = asked.key(client.as_ref(), who, represented.as_ref(), &tried.verdict, self.now().1);
        let who = match used {
            Ok(KeyUse::SignedIn(who)) => who,
            Ok(KeyUse::SetKeyFirst(..)) => {
                let service = backend.change(kind, self.caller);
                *to_change = Some(service.after_sign_in(change, represented.as_ref(), tried).await?);
                flow.typed = Typed::default();
                return Ok(backend.save_and_show(flow, Feedback::default()).await?);
            }
            Err(error) => return Err(tried.refused(backend, error)).or_show(&flow),
        };
        let Some(account) = tried.succeeded(backend).await? else { return Err(self.gone()) };
        let version = match &represented {
            Some(named) => {
                backend.note_representative(&account, (named.rut(), KeyProof::Secret), self.caller).await?
            }
            None => account.version(KeyProof::Secret),
        };
        let before = match &client {
            Some(client) => self.connection_on_file(&who, client).await?,
            None => ConnectionOnFile::default(),
        };
        let next = match asked.go_on(client.as_ref(), who.clone(), &before) {
            Ok(next) => next,
            Err(error) => return self.refused(flow, error).await,
        };
        let earned = earned(&flow)?;
        let former = self.session(session).await?.filter(|row| row.is_of(&who, version.epoch));
        let mut tx = backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        let sid = match (former, session) {
            // The same person has typed the key again: the session goes on under another cookie.
            (Some(row), Some(token)) if sessions::replace(&mut tx, &token.id()).await? => row.sid,
            (_, token) => {
                if let Some(token) = token {
                    sessions::end(&mut tx, &token.id(), now).await?;
                }
                random_token().map_err(StoreError::from)?
            }
        };
        let opened = token_id(&self.session_text(&earned));
        match next {
            Next::Granted(granted) => {
                flow.belongs_to(version);
                let code = self.code_text(&earned);
                // First the row of the flow: of the same form twice, at two instances too, one waits here, and then sees what came of it.
                let grant = granted.grant();
                let ended = tx.end_flow(flow, granted.done()).await?;
                issue(&mut tx, grant, (&sid, version.epoch), (None, &code)).await?;
                sessions::open(&mut tx, (&opened, &sid), (&who, version.epoch), now).await?;
                Ok(tx.finish(ended, Record::new(who.account(), Event::SignedIn, Outcome::Done)).await?)
            }
            Next::Consent(consent) => {
                flow.belongs_to(version);
                let ended = tx.end_flow(flow, SignIn::Consent(consent)).await?;
                sessions::open(&mut tx, (&opened, &sid), (&who, version.epoch), now).await?;
                Ok(tx.finish(ended, Record::new(who.account(), Event::SignedIn, Outcome::Done)).await?)
            }
        }
    }

    /// “Continuar como …”.
    pub async fn go_on(&self, posted: Posted<'_>, session: Option<&Token>) -> Result<SignInStep> {
        let next = self.backend.run(self.gone_on(&posted, session)).await?;
        Ok(self.step(next))
    }

    async fn gone_on(&self, posted: &Posted<'_>, session: Option<&Token>) -> Step<SignIn> {
        let backend = self.backend;
        let mut flow = self.found("go_on", posted).await?;
        let SignIn::Ask(asked) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
        let Some(client) = self.client_of(&flow).await? else { return Err(self.gone()) };
        let Some(row) = self.session(session).await? else {
            // It has ended meanwhile: the key is asked for.
            return Ok(backend.save_and_show(flow, Notice::Expired).await?);
        };
        let before = self.before(Some(&row), client.as_ref()).await?;
        if asked.session(client.as_ref(), &row.who, &before, self.now().1) == SessionUse::AskKey {
            return Ok(backend.save_and_show(flow, Feedback::default()).await?);
        }
        match asked.go_on(client.as_ref(), row.who.clone(), &before) {
            Ok(Next::Granted(granted)) => {
                let code = self.code_text(&earned(&flow)?);
                let mut tx = backend.begin_outcome(self.caller).await?;
                if !sessions::hold(&mut tx, &row.sid).await? {
                    drop(tx);
                    return Ok(backend.save_and_show(flow, Notice::Expired).await?);
                }
                let grant = granted.grant();
                let ended = tx.end_flow(flow, granted.done()).await?;
                issue(&mut tx, grant, (&row.sid, row.epoch), (None, &code)).await?;
                Ok(tx.finish(ended, Record::new(row.who.account(), Event::SignedIn, Outcome::Done)).await?)
            }
            Ok(Next::Consent(consent)) => {
                flow.belongs_to(version_of(&row));
                flow.state = SignIn::Consent(consent);
                backend.save_proven(flow).await
            }
            Err(error) => self.refused(flow, error).await,
        }
    }

    /// “Continuar” under what is shared.
    pub async fn agree(&self, posted: Posted<'_>, session: Option<&Token>) -> Result<SignInStep> {
        let next = self.backend.run(self.agreed(&posted, session)).await?;
        Ok(self.step(next))
    }

    async fn agreed(&self, posted: &Posted<'_>, session: Option<&Token>) -> Step<SignIn> {
        let backend = self.backend;
        let mut flow = self.found("agree", posted).await?;
        let SignIn::Consent(consent) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
        if self.client_of(&flow).await?.is_none() {
            return Err(self.gone());
        }
        let session = self.session(session).await?;
        let Some(row) = session.filter(|row| row.is_of(consent.who(), row.epoch)) else {
            // The session has ended, or another person has signed in in this browser, or another represents the company.
            flow.state = SignIn::begin(consent.to().clone());
            return Ok(backend.save_and_show(flow, Notice::Expired).await?);
        };
        let account = row.who.account();
        let code = self.code_text(&earned(&flow)?);
        let scopes = scopes_of(&consent);
        let mut tx = backend.begin_outcome(self.caller).await?;
        if !sessions::hold(&mut tx, &row.sid).await? {
            drop(tx);
            flow.state = SignIn::begin(consent.to().clone());
            return Ok(backend.save_and_show(flow, Notice::Expired).await?);
        }
        let granted = consent.agree();
        let grant = granted.grant();
        let ended = tx.end_flow(flow, granted.done()).await?;
        issue(&mut tx, grant, (&row.sid, row.epoch), (scopes.as_ref(), &code)).await?;
        Ok(tx.finish(ended, Record::new(account, Event::SignedIn, Outcome::Done)).await?)
    }

    /// “Volver a {sistema}”.
    pub async fn deny(&self, posted: Posted<'_>) -> Result<SignInStep> {
        let next = self
            .backend
            .run(async {
                let mut flow = self.found("deny", &posted).await?;
                let Some(ended) = flow.state.clone().deny() else { return Ok(NextStep::unchanged(flow)) };
                flow.state = SignIn::Done(ended);
                flow.typed = Typed::default();
                self.backend.save_proven(flow).await
            })
            .await?;
        Ok(self.step(next))
    }

    /// The sign-in must reach what it has not: the system is told.
    async fn refused(&self, mut flow: Flow<SignIn>, _: OAuthError) -> Step<SignIn> {
        if let Some(ended) = flow.state.clone().deny() {
            flow.state = SignIn::Done(ended);
        }
        self.backend.save_proven(flow).await
    }

    /// “Cerrar sesión”, also of one that nobody has used for a while: its systems may have sessions that last longer.
    pub async fn sign_out(&self, token: Option<&Token>) -> Result<()> {
        let Some(token) = token else { return Ok(()) };
        let found = sessions::find_old(&mut *self.backend.store.connection().await?, &token.id()).await?;
        let Some((account, _)) = found else { return Ok(()) };
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        sessions::end(&mut tx, &token.id(), now).await?;
        tx.commit(Record::new(account, Event::SignedOut, Outcome::Done)).await
    }

    /// “Mi cuenta” of who is signed in; none when nobody is.
    pub async fn account(&self, token: Option<&Token>) -> Result<Option<AccountPage>> {
        let Some(row) = self.session(token).await? else { return Ok(None) };
        let holder = self.shown(&row).await?;
        let connected = {
            let connection = &mut *self.backend.store.connection().await?;
            grants::connections(connection, row.who.account()).await?
        };
        let mut systems = Vec::with_capacity(connected.len());
        for system in connected {
            let found = clients::find(&mut *self.backend.store.connection().await?, &system.client).await?;
            let name = found.map_or_else(|| system.client.to_string(), |row| row.client.name);
            let (id, first_at, last_at) = (system.client, system.first_at, system.last_at);
            systems.push(ConnectedSystem { id, name, first_at, last_at });
        }
        Ok(Some(AccountPage { holder, systems }))
    }

    /// “Desconectar”. False when nobody is signed in.
    pub async fn disconnect(&self, token: Option<&Token>, client: &ClientId) -> Result<bool> {
        let Some(row) = self.session(token).await? else { return Ok(false) };
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        grants::disconnect(&mut tx, row.who.account(), client, now).await?;
        tx.commit(Record::new(row.who.account(), Event::Disconnected, Outcome::Done)).await?;
        Ok(true)
    }

    /// “Cerrar sesión en todas partes”: every session of the account, and all that systems were granted.
    pub async fn sign_out_everywhere(&self, token: Option<&Token>) -> Result<bool> {
        let Some(row) = self.session(token).await? else { return Ok(false) };
        let account = row.who.account();
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        sessions::end_all(&mut tx, account, now).await?;
        tx.commit(Record::new(account, Event::SignedOut, Outcome::Done)).await?;
        Ok(true)
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
        match (ended.to().request(), ended.is_denied()) {
            (Some(request), true) => {
                GoTo::System(request.error_url(OAuthError::AccessDenied, &self.backend.issuer()))
            }
            (_, false) => self.with_code(Some(ended.to()), &self.code_text(earned)),
            (None, true) => GoTo::Start,
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

/// What was typed, without the key.
fn typed(form: KeyForm<'_>) -> Typed {
    let typed = match form.who {
        IdentifierInput::Number(number) => Typed::default().with(Identifier::field(form.kind), number),
        IdentifierInput::Document { kind, number } => {
            Typed::default().with(Field::DocumentKind, kind).with(Field::DocumentNumber, number)
        }
    };
    typed.with(Field::Representative, form.representative)
}

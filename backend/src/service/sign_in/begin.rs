//! How a sign-in begins: the request of a system, or “Mi cuenta”.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::field::Field;
use domain::flow::Feedback;
use domain::flow::sign_in::{Destination, Next, SessionUse, SignIn};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::openid::authorize::{self, AuthorizationRequest, AuthorizeRefused, PageReason};
use domain::openid::client::Client;
use domain::openid::params::Params;
use domain::openid::pushed;

use super::{Begun, FLOW, Opened, SignInService, hash_of_pushed, issue};
use crate::flows::{Token, Typed};
use crate::secrets::random_bytes;
use crate::service::Result;
use crate::service::exit::FirstPage;
use crate::store::audit::{Event, Outcome, Record};
use crate::store::{StoreError, pushed as pushed_requests, sessions};

impl SignInService<'_> {
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
        tx.commit(Record::new(row.who.account(), Event::SignedIn, Outcome::Silently)).await?;
        Ok(Some(request.code_url(&code, &self.backend.issuer())))
    }

    /// The sign-ins of this browser that are not over, by the tags and tokens of its cookies: where to go on after a recovery.
    pub async fn unfinished(&self) -> Result<Vec<(String, Client)>> {
        let mut found = Vec::new();
        for (tag, token) in &self.caller.sign_ins {
            let Some(flow) = self.flow(Token::from_cookie(token).as_ref(), tag).await? else { continue };
            let id = match &flow.state {
                SignIn::Ask(_) | SignIn::Code(_) | SignIn::Consent(_) => {
                    flow.state.to().and_then(Destination::client).cloned()
                }
                SignIn::Done(_) | SignIn::Gone => None,
            };
            let Some(id) = id else { continue };
            if let Some(client) = self.backend.client(&id).await? {
                found.push((tag.clone(), client));
            }
        }
        Ok(found)
    }

    /// RUT or NIE as somebody of this kind has typed it at the sign-in of this browser: the pages to which that leads fill it in. Nothing
    /// where there are several, which may be of several people.
    pub async fn typed_there(&self, kind: Kind) -> Result<Option<String>> {
        let mut typed = None;
        for (tag, token) in &self.caller.sign_ins {
            let Some(flow) = self.flow(Token::from_cookie(token).as_ref(), tag).await? else { continue };
            if matches!(flow.state, SignIn::Done(_) | SignIn::Gone) {
                continue;
            }
            if typed.is_some() {
                return Ok(None);
            }
            typed = Some(typed_by(kind, &flow.typed).map(str::to_owned));
        }
        Ok(typed.flatten())
    }
}

/// What somebody of this kind typed to say who they are. A company's RUT stands beside that of its representative.
#[must_use]
pub fn typed_by(kind: Kind, typed: &Typed) -> Option<&str> {
    let text = typed.get(Identifier::field(kind).name());
    let with_representative = !typed.get(Field::Representative.name()).is_empty();
    (!text.is_empty() && with_representative == (kind == Kind::Juridica)).then_some(text)
}

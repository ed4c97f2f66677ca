//! What the page of a sign-in shows, and when the browser goes on without one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::flow::sign_in::{Asked, ConnectionOnFile, Destination, Next, SessionUse, SignIn};
use domain::openid::OAuthError;

use super::{GoTo, Shown, SignInPage, SignInService, issue, version_of};
use crate::flows::Token;
use crate::secrets::random_bytes;
use crate::service::Result;
use crate::store::StoreError;
use crate::store::audit::{Event, Outcome, Record};
use crate::store::sessions::{self, SessionRow};

impl SignInService<'_> {
    /// What the page of a sign-in shows; none when it has expired. `other` is whether the person wants another account than that of the
    /// session.
    pub async fn page(
        &self,
        token: Option<&Token>,
        tag: &str,
        (session, other): (Option<&Token>, bool),
    ) -> Result<Option<Shown>> {
        let shown = self.here(token, tag, (session, other)).await?;
        let Some(Shown::Page(mut page)) = shown else { return Ok(shown) };
        if let SignIn::Consent(consent) = &page.flow.state {
            // Only as long as that person is signed in: Back shows nothing of who has signed out.
            let row = self.session(session).await?.filter(|row| row.who == *consent.who());
            if let Some(row) = row {
                page.on_file = Some(self.on_file(&row.who).await?);
            }
        }
        Ok(Some(Shown::Page(page)))
    }

    async fn here(
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
        let mut page = SignInPage {
            flow,
            client,
            session: None,
            needs_code: false,
            is_first_visit: !before.is_known,
            on_file: None,
        };
        if let Some(error) = self.cannot_ask(&page, session.as_ref(), &before) {
            return self.end_with(page, error).await.map(Some);
        }
        if let (SignIn::Ask(asked), Some(row), false) = (&page.flow.state, &session, other) {
            match asked.session(page.client.as_ref(), &row.who, &before, self.now().1) {
                SessionUse::AskKey => {}
                used @ (SessionUse::Confirm | SessionUse::AskCode) => {
                    page.session = Some(self.shown(row).await?);
                    page.on_file = Some(self.on_file(&row.who).await?);
                    page.needs_code = used == SessionUse::AskCode;
                }
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
                tx.commit(Record::new(row.who.account(), Event::SignedIn, Outcome::Silently)).await?;
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
            // A mail is sent by a form only.
            Ok(Next::Code(_)) | Err(_) => Ok(Shown::Page(Box::new(page))),
        }
    }
}

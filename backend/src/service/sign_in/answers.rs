//! The other answers of a person: “Continuar como …”, “Continuar” under what is shared, “Volver a {sistema}”.

use domain::flow::sign_in::{Next, SessionUse, SignIn};
use domain::flow::{Feedback, Notice};
use domain::openid::OAuthError;

use super::code::outcome_of;
use super::{SignInService, SignInStep, earned, issue, scopes_of, version_of};
use crate::flows::{Flow, Token, Typed};
use crate::service::exit::Step;
use crate::service::{NextStep, Posted, Result};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::sessions;

impl SignInService<'_> {
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
            Ok(Next::Code(needed)) => {
                let mut tx = backend.begin_outcome(self.caller).await?;
                if !sessions::hold(&mut tx, &row.sid).await? {
                    drop(tx);
                    return Ok(backend.save_and_show(flow, Notice::Expired).await?);
                }
                flow.belongs_to(version_of(&row));
                let mailed = self.mail_code(&mut tx, &row.who, client.as_ref()).await?;
                let outcome = outcome_of(&mailed);
                let ended = tx.end_flow(flow, SignIn::Code(needed.mailed(mailed))).await?;
                Ok(tx.finish(ended, Record::new(row.who.account(), Event::CodeSent, outcome)).await?)
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
        let Some(row) = session.filter(|row| row.who == *consent.who()) else {
            // The session has ended; or another one is in this browser, of another person, representative, level or time of the key.
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

    /// The session has not the level that the request needs: the system gets the error.
    pub(super) async fn refused(&self, mut flow: Flow<SignIn>, _: OAuthError) -> Step<SignIn> {
        if let Some(ended) = flow.state.clone().deny() {
            flow.state = SignIn::Done(ended);
        }
        self.backend.save_proven(flow).await
    }
}

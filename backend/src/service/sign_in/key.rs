//! “Rut”, “Clave Sence” → “Ingresar”.

use domain::field::Field;
use domain::flow::Feedback;
use domain::flow::change::Change;
use domain::flow::sign_in::{ConnectionOnFile, KeyUse, Next, SignIn};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;

use super::code::outcome_of;
use super::{KeyForm, SignInService, SignInStep, earned, issue, next_sid};
use crate::flows::{Token, Typed};
use crate::secrets::token_id;
use crate::service::exit::{OrShow as _, Step};
use crate::service::{NextStep, Posted, Result};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::provisional::KeyProof;
use crate::store::sessions::{self, SessionRow};

impl SignInService<'_> {
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
        if step.change.is_none() && step.next.state.opens_session() {
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
        let former = self.former(session).await?.filter(|row| row.is_of(&who, version.epoch));
        let mut tx = backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        let sid = next_sid(&mut tx, former, session).await?;
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
            Next::Code(needed) => {
                flow.belongs_to(version);
                let mailed = self.mail_code(&mut tx, &who, client.as_ref()).await?;
                tx.record(Record::new(who.account(), Event::CodeSent, outcome_of(&mailed))).await?;
                let ended = tx.end_flow(flow, SignIn::Code(needed.mailed(mailed))).await?;
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
}

impl SignInService<'_> {
    /// The session that a cookie is of, whatever its age.
    pub(in crate::service) async fn former(&self, session: Option<&Token>) -> Result<Option<SessionRow>> {
        let Some(token) = session else { return Ok(None) };
        Ok(sessions::find_idle(&mut *self.backend.store.connection().await?, &token.id()).await?)
    }
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

//! “Rut”, “Clave Sence” → “Ingresar”; and going back.

use domain::clave::TypedKey;
use domain::field::{Field, FieldError, Reason};
use domain::rce::attendance::{
    Asked, Attendance, Closing, Ended, Failure, Opening, Outcome as How, Step as Came,
};
use domain::rut::Rut;

use super::page::with_end;
use super::{AttendanceService, AttendanceStep, CloseError, FLOW, close, held};
use crate::flows::{Flow, Token, Typed};
use crate::hashing::Busy;
use crate::secrets::token_id;
use crate::service::exit::{Exit, OrShow as _, Step};
use crate::service::sign_in::next_sid;
use crate::service::step::Found;
use crate::service::{NextStep, Posted, Result, ServiceError};
use crate::store::accounts::AccountVersion;
use crate::store::audit::{Event, Outcome, Record};
use crate::store::provisional::KeyProof;
use crate::store::{StoreError, rce, sessions};

/// A request that is being answered, and how it ends should we fail now.
#[derive(Default)]
struct Safety(Option<Ended>);

impl AttendanceService<'_> {
    /// “Rut”, “Clave Sence” → “Ingresar”. `session` is the token of the session of the browser, in the place of which a start opens its own.
    pub async fn key(
        &self,
        posted: Posted<'_>,
        session: Option<&Token>,
        (rut, key): (&str, &str),
    ) -> Result<AttendanceStep> {
        let mut safety = Safety::default();
        let done = self.backend.run(self.keyed(&posted, session, (rut, key), &mut safety)).await;
        self.step(done, safety)
    }

    /// The student goes back: the OTEC gets 100.
    pub async fn leave(&self, posted: Posted<'_>) -> Result<AttendanceStep> {
        let mut safety = Safety::default();
        let done = self.backend.run(self.left(&posted, &mut safety)).await;
        self.step(done, safety)
    }

    fn step(&self, done: Result<NextStep<Attendance>>, safety: Safety) -> Result<AttendanceStep> {
        let next = match (done, safety.0) {
            (Ok(next), _) => next,
            // The same form may come again in a moment.
            (Err(error @ (ServiceError::Busy(Busy) | ServiceError::BusyFlow(..))), _) => return Err(error),
            (Err(error), None) => return Err(error),
            (Err(error), Some(ended)) => {
                tracing::error!(%error, "a step of attendance failed");
                self.backend.rce.count(&ended);
                return Ok(AttendanceStep { shown: Some(self.end(ended)), token: None, session: None });
            }
        };
        let session = match (&next.state, &next.token) {
            (Attendance::Done(ended), Some(earned)) if matches!(ended.outcome(), How::Opened(_)) => {
                Token::from_cookie(&self.session_text(earned))
            }
            _ => None,
        };
        Ok(AttendanceStep { shown: None, token: next.token, session })
    }

    /// The flow of a form. Only a page of that very request counts.
    async fn found(&self, step: &str, posted: &Posted<'_>) -> Step<Attendance, Flow<Attendance>> {
        let gone = || Exit::go_to(NextStep { state: Attendance::Gone, token: None });
        if !self.backend.takes_attendance() {
            return Err(gone());
        }
        match self.backend.found::<Attendance>(FLOW, step, posted).await? {
            Found::Here(flow) => Ok(flow),
            Found::Again(flow, token) => Err(Exit::go_to(NextStep { state: flow.state, token: Some(token) })),
            Found::OtherTab(_) | Found::NoFlow => Err(gone()),
        }
    }

    async fn keyed(
        &self,
        posted: &Posted<'_>,
        session: Option<&Token>,
        (rut, key): (&str, &str),
        safety: &mut Safety,
    ) -> Step<Attendance> {
        let backend = self.backend;
        let mut flow = self.found("key", posted).await?;
        let Attendance::Ask(asked) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
        safety.fails(&asked, Failure::Internal, self.now().at);
        if let Came::Ended(ended) = asked.clone().wait(self.now().at) {
            return self.ended(flow, ended).await;
        }
        flow.typed = Typed::default().with(Field::Rut, rut);
        let tried = backend.try_key_of_attendance(rut, key, self.caller).await.or_show(&flow)?;
        let (now, verdict) = (self.now(), tried.verdict.clone());
        let run = Rut::parse(&tried.identifier.plain()).map_err(|_| StoreError::Corrupt("account"))?;
        let read = self.read(asked.request()).await?;
        let came = asked.clone().key(run, &verdict, read.on_file(asked.request()), now);
        let version = match &verdict {
            domain::flow::key::KeyVerdict::Key(_) => {
                let account = tried.account.as_ref().ok_or(StoreError::Corrupt("account"))?;
                let version = account.version(KeyProof::Secret);
                tried.succeeded(backend).await?;
                Some(version)
            }
            _ => {
                if let Came::Ask(asked, Some(error)) = came {
                    flow.state = Attendance::Ask(asked);
                    // By its form alone: whether it is one is not looked up here.
                    let is_provisional =
                        TypedKey::parse(key).is_some_and(|key| key.as_provisional().is_some());
                    let error = if is_provisional {
                        FieldError::new(Field::CurrentKey, Reason::OnlyToChange)
                    } else {
                        error
                    };
                    let feedback = tried.refused(backend, error);
                    return Err(Exit::show(flow, feedback));
                }
                None
            }
        };
        match (came, version) {
            (Came::Open(opening), Some(version)) => {
                self.open(flow, (opening, version), session, (&asked, safety)).await
            }
            (Came::Close(_), Some(version)) => {
                let mut tx = backend.begin_outcome(self.caller).await?;
                let id = asked.request().closes().cloned().ok_or(StoreError::Corrupt("flow"))?;
                // Locked now: a close that was committed meanwhile is seen.
                let read = held(&mut tx, &id).await?;
                match asked.clone().key(run, &verdict, read.on_file(asked.request()), now) {
                    Came::Close(closing) => self.close(tx, flow, (closing, version), (&asked, safety)).await,
                    Came::Ended(ended) => {
                        drop(tx);
                        self.ended(flow, ended).await
                    }
                    Came::Ask(..) | Came::Open(_) => Ok(NextStep::unchanged(flow)),
                }
            }
            (Came::Ended(ended), _) => self.ended(flow, ended).await,
            (Came::Ask(..) | Came::Open(_) | Came::Close(_), _) => Ok(NextStep::unchanged(flow)),
        }
    }

    async fn open(
        &self,
        mut flow: Flow<Attendance>,
        (opening, version): (Opening, AccountVersion),
        session: Option<&Token>,
        (asked, safety): (&Asked, &mut Safety),
    ) -> Step<Attendance> {
        let backend = self.backend;
        let earned = flow.form.as_ref().ok_or(StoreError::Corrupt("flow"))?.next.clone();
        let who = opening.who().clone();
        let (attendance, ended) = opening.open(self.bits(&earned));
        let browser = token_id(&self.session_text(&earned));
        let former = backend.sign_in(self.caller).former(session).await?;
        let former = former.filter(|row| row.is_of(&who, version.epoch));
        flow.belongs_to(version);
        let mut tx = backend.begin_outcome(self.caller).await?;
        let now = tx.now();
        let sid = next_sid(&mut tx, former, session).await?;
        // First the row of the flow: of the same form twice, at two instances too, one waits here, and then sees what came of it.
        let done = tx.end_flow(flow, Attendance::Done(ended.clone())).await?;
        if let Err(error) = rce::insert(&mut tx, &attendance).await {
            safety.fails(asked, Failure::Store, self.now().at);
            return Err(error.into());
        }
        sessions::open(&mut tx, (&browser, &sid), (&who, version.epoch), now).await?;
        tx.record(Record::new(who.account(), Event::SignedIn, Outcome::Done)).await?;
        let next =
            tx.finish(done, Record::new(who.account(), Event::AttendanceOpened, Outcome::Done)).await?;
        backend.rce.count(&ended);
        Ok(next)
    }

    async fn close(
        &self,
        mut tx: crate::service::outcome::OutcomeTx<'_>,
        mut flow: Flow<Attendance>,
        (closing, version): (Closing, AccountVersion),
        (asked, safety): (&Asked, &mut Safety),
    ) -> Step<Attendance> {
        let (account, is_repeated) = (closing.who().account(), closing.is_repeated());
        let (attendance, ended) = closing.close();
        flow.belongs_to(version);
        if is_repeated {
            drop(tx);
            return self.ended(flow, ended).await;
        }
        let done = tx.end_flow(flow, Attendance::Done(ended.clone())).await?;
        match close(&mut tx, &attendance).await {
            Ok(()) => {}
            Err(CloseError::Changed) => {
                safety.fails(asked, Failure::Changed, self.now().at);
                return Err(StoreError::Corrupt("rce_session").into());
            }
            Err(CloseError::Failed(error)) => {
                safety.fails(asked, Failure::Store, self.now().at);
                return Err(error.into());
            }
        }
        let next = tx.finish(done, Record::new(account, Event::AttendanceClosed, Outcome::Done)).await?;
        self.backend.rce.count(&ended);
        Ok(next)
    }

    async fn left(&self, posted: &Posted<'_>, safety: &mut Safety) -> Step<Attendance> {
        let flow = self.found("leave", posted).await?;
        let Attendance::Ask(asked) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
        let now = self.now().at;
        safety.fails(&asked, Failure::Internal, now);
        self.ended(flow, asked.leave(now)).await
    }

    /// Stores the end of a request that opens and closes nothing.
    async fn ended(&self, flow: Flow<Attendance>, ended: Ended) -> Step<Attendance> {
        let next = self.backend.save_proven(with_end(flow, &ended)).await?;
        self.backend.rce.count(&ended);
        Ok(next)
    }

    /// The 128 bits of `IdSesionSence`: always the same for the same form.
    fn bits(&self, earned: &Token) -> u128 {
        let mac = self.backend.secrets.mac("session of attendance", &[earned.expose()]);
        mac.first_chunk::<16>().map_or(0, |bytes| u128::from_be_bytes(*bytes))
    }

    fn session_text(&self, earned: &Token) -> String {
        self.backend.secrets.token("browser of attendance", &[earned.expose()])
    }
}

impl Safety {
    fn fails(&mut self, asked: &Asked, failure: Failure, now: domain::flow::sign_in::Seconds) {
        self.0 = Some(asked.clone().fail(failure, now));
    }
}

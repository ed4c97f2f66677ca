//! What the page of a request shows, and a close without one.

use domain::flow::Feedback;
use domain::rce::attendance::{Asked, Attendance, Ended, Failure, Step};
use domain::rce::fields::SenceSession;

use super::{AttendancePage, AttendanceService, CloseError, Shown, close, held, origins};
use crate::flows::{Flow, Token, Typed};
use crate::service::Result;
use crate::service::sign_in::version_of;
use crate::store::audit::{Event, Outcome, Record};
use crate::store::sessions::{self, SessionRow};

impl AttendanceService<'_> {
    /// What the page of a request shows. A close is done here, without a page, where the session of the browser is of the account that
    /// opened the session of attendance.
    pub async fn page(&self, token: Option<&Token>, tag: &str, session: Option<&Token>) -> Result<Shown> {
        let Some(flow) = self.flow(token, tag).await? else { return Ok(Shown::Gone) };
        let asked = match flow.state.clone() {
            Attendance::Ask(asked) => asked,
            Attendance::Done(ended) => return Ok(Shown::End(self.end(ended))),
            Attendance::Gone => return Ok(Shown::Gone),
        };
        if let Step::Ended(ended) = asked.clone().wait(self.now().at) {
            return self.ended_page(flow, ended).await;
        }
        if let (Some(id), Some(session)) = (asked.request().closes(), session)
            && let Some(row) = self.backend.sign_in(self.caller).session(Some(session)).await?
            && let Some(shown) = self.closed_by(&row, &flow, (&asked, id)).await?
        {
            return Ok(shown);
        }
        Ok(Shown::Ask(Box::new(page(flow, &asked))))
    }

    /// A close by who is signed in; none where the key has to be asked for.
    async fn closed_by(
        &self,
        row: &SessionRow,
        flow: &Flow<Attendance>,
        (asked, id): (&Asked, &SenceSession),
    ) -> Result<Option<Shown>> {
        let read = self.read(asked.request()).await?;
        if let Step::Ask(..) = asked.clone().session(&row.who, read.on_file(asked.request()), self.now()) {
            return Ok(None);
        }
        match self.close_by(row, flow.clone(), (asked, id)).await {
            Ok(shown) => Ok(shown),
            Err(error) => {
                let failure = match error {
                    CloseError::Changed => Failure::Changed,
                    CloseError::Failed(error) => {
                        tracing::error!(%error, "a close of attendance failed");
                        Failure::Store
                    }
                };
                let ended = asked.clone().fail(failure, self.now().at);
                self.backend.rce.count(&ended);
                Ok(Some(Shown::End(self.end(ended))))
            }
        }
    }

    async fn close_by(
        &self,
        row: &SessionRow,
        mut flow: Flow<Attendance>,
        (asked, id): (&Asked, &SenceSession),
    ) -> std::result::Result<Option<Shown>, CloseError> {
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        if !sessions::hold(&mut tx, &row.sid).await? {
            return Ok(None);
        }
        let read = held(&mut tx, id).await?;
        match asked.clone().session(&row.who, read.on_file(asked.request()), self.now()) {
            Step::Close(closing) => {
                let is_repeated = closing.is_repeated();
                let (session, ended) = closing.close();
                flow.belongs_to(version_of(row));
                if is_repeated {
                    drop(tx);
                    return Ok(Some(self.ended_page(flow, ended).await?));
                }
                flow = with_end(flow, &ended);
                if !flow.save_outcome(&mut tx, self.backend.times::<Attendance>()).await? {
                    drop(tx);
                    return Ok(Some(self.as_another_led(&flow).await?));
                }
                close(&mut tx, &session).await?;
                tx.commit(Record::new(row.who.account(), Event::AttendanceClosed, Outcome::Done)).await?;
                self.backend.rce.count(&ended);
                Ok(Some(Shown::End(self.end(ended))))
            }
            Step::Ended(ended) => {
                drop(tx);
                Ok(Some(self.ended_page(flow, ended).await?))
            }
            Step::Ask(..) | Step::Open(_) => Ok(None),
        }
    }

    /// Stores the end of a request, and shows it.
    async fn ended_page(&self, flow: Flow<Attendance>, ended: Ended) -> Result<Shown> {
        let mut flow = with_end(flow, &ended);
        let times = self.backend.times::<Attendance>();
        let saved = flow.save_outcome(&mut *self.backend.store.connection().await?, times).await?;
        if !saved {
            return self.as_another_led(&flow).await;
        }
        self.backend.rce.count(&ended);
        Ok(Shown::End(self.end(ended)))
    }

    /// Another request was faster: its end, if it made one.
    async fn as_another_led(&self, flow: &Flow<Attendance>) -> Result<Shown> {
        let led = self.backend.where_another_led(flow).await?;
        Ok(match led.map(|led| led.state) {
            Some(Attendance::Done(ended)) => Shown::End(self.end(ended)),
            Some(Attendance::Ask(_) | Attendance::Gone) | None => Shown::Gone,
        })
    }
}

/// The page that asks for the key.
fn page(flow: Flow<Attendance>, asked: &Asked) -> AttendancePage {
    let request = asked.request();
    AttendancePage {
        flow,
        action: request.action(),
        codigo_curso: request.echo().codigo_curso.clone(),
        host: request.retoma().host().to_owned(),
        origins: origins(request),
        tries_left: asked.tries_left(),
        until: asked.until(),
    }
}

/// The flow at its end, with nothing typed and nothing to correct.
pub(super) fn with_end(mut flow: Flow<Attendance>, ended: &Ended) -> Flow<Attendance> {
    flow.state = Attendance::Done(ended.clone());
    (flow.typed, flow.feedback) = (Typed::default(), Feedback::default());
    flow
}

//! Attendance at e-learning courses (L-RCE): a form of an OTEC becomes a flow, the key opens or closes a session of attendance, and the
//! browser goes back with the answer (docs/decisions/0021).
//!
//! | module | what it does |
//! |---|---|
//! | [`begin`] | the form of an OTEC |
//! | [`page`] | what is shown, and a close without a page |
//! | [`key`] | the key, and going back |
//! | [`desk`] | the tokens of OTECs and the export, for commands |

mod begin;
pub mod desk;
mod key;
mod page;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::flow::sign_in::Seconds;
use domain::rce::answer::Answer;
use domain::rce::attendance::{Attendance, Ended, Now, OnFile, Outcome};
use domain::rce::fields::{Action, Loopback, SenceSession};
use domain::rce::organism::{Origin, OtecToken};
use domain::rce::request::Request;
use domain::rce::session::Session;

use super::outcome::OutcomeTx;
use super::{Backend, Caller, Result, ServiceError};
use crate::clock::{SECOND, chilean_date_time, chilean_day};
use crate::flows::{Flow, Token};
use crate::registry::CourseFile;
use crate::secrets::token_id;
use crate::store::rce;

/// The name of every request's flow.
const FLOW: &str = "asistencia";

/// What attendance is taken with. By default it is not taken.
#[derive(Clone)]
pub struct Rce {
    courses: Option<CourseFile>,
    loopback: Loopback,
    ends: Arc<[AtomicU64; 3]>,
}

impl Default for Rce {
    fn default() -> Self {
        Self { courses: None, loopback: Loopback::Refused, ends: Arc::default() }
    }
}

impl Rce {
    /// Attendance at the courses of this list. Answers go to a loopback address in the demo only.
    #[must_use]
    pub fn at(courses: CourseFile, loopback: Loopback) -> Self {
        Self { courses: Some(courses), loopback, ends: Arc::default() }
    }

    /// How many requests have ended in this process, by how.
    #[must_use]
    pub fn ends(&self) -> [(&'static str, u64); 3] {
        let [opened, closed, refused] = &*self.ends;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        [("opened", read(opened)), ("closed", read(closed)), ("refused", read(refused))]
    }

    fn count(&self, ended: &Ended) {
        let [opened, closed, refused] = &*self.ends;
        let counter = match ended.outcome() {
            Outcome::Opened(_) => opened,
            Outcome::Closed => closed,
            Outcome::Refused(_) => refused,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Attendance, for one request.
pub struct AttendanceService<'a> {
    pub(super) backend: &'a Backend,
    pub(super) caller: &'a Caller,
}

/// What the form of an OTEC comes to.
pub enum Begun {
    /// There is no list of courses: the path is none of ours.
    Off,
    /// It is stored, also one that is refused: the browser goes on to its page, with the token in a cookie.
    Stored(Opened),
    /// The end, which is shown at once: without a usable `UrlError` a page of ours says what is wrong; or our store has failed.
    Shown(Box<End>),
}

/// A request that was stored.
pub struct Opened {
    /// Its name in URLs and forms.
    pub tag: String,
    /// The token of its cookie.
    pub token: Token,
}

/// What the page of a request shows.
pub enum Shown {
    /// The key is asked for.
    Ask(Box<AttendancePage>),
    /// The answer for the OTEC. Asked for again, it is the same.
    End(Box<End>),
    /// Nothing is known of it any more, or it was begun in another browser, or there is no list of courses.
    Gone,
}

/// The page that asks for the key.
pub struct AttendancePage {
    /// The flow: tag, what was typed (at first the RUN that the OTEC sent), feedback.
    pub flow: Flow<Attendance>,
    /// Whether a session starts or is closed.
    pub action: Action,
    /// `CodigoCurso`, as it was sent.
    pub codigo_curso: String,
    /// The host that the browser goes back to.
    pub host: String,
    /// Scheme, host and port of both URLs, for the content policy.
    pub origins: Vec<String>,
    /// How many keys may still be typed.
    pub tries_left: u8,
    /// Until when, in seconds since 1970.
    pub until: Seconds,
}

/// The end of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What it came to: [`Ended::outcome`] has the codes of an error.
    pub ended: Ended,
    /// The form for the OTEC; none where there is no URL that it could go to, and a page of ours says what is wrong.
    pub answer: Option<Answer>,
}

/// What a form of our page comes to.
pub struct AttendanceStep {
    /// The end, to be shown in answer to the form itself, because it could not be stored; none where the browser goes to the page of the
    /// request.
    pub shown: Option<Box<End>>,
    /// The next token for the cookie of the request.
    pub token: Option<Token>,
    /// The token of a session of the browser that was opened.
    pub session: Option<Token>,
}

impl Backend {
    /// Attendance.
    #[must_use]
    pub fn attendance<'a>(&'a self, caller: &'a Caller) -> AttendanceService<'a> {
        AttendanceService { backend: self, caller }
    }

    /// Whether there is a list of courses. Without one the paths of attendance are none of ours.
    #[must_use]
    pub fn takes_attendance(&self) -> bool {
        self.rce.courses.is_some()
    }
}

/// What is read of the list and the store for a request.
#[derive(Default)]
struct Read {
    courses: Option<Arc<domain::rce::course::Courses>>,
    session: Option<Session>,
}

impl Read {
    fn on_file(&self, request: &Request) -> OnFile<'_> {
        OnFile {
            course: self.courses.as_ref().and_then(|courses| courses.of(request)),
            is_down: self.courses.is_none(),
            session: self.session.as_ref(),
        }
    }
}

impl AttendanceService<'_> {
    fn now(&self) -> Now {
        let now = self.backend.now();
        Now { at: now.div_euclid(SECOND), today: chilean_day(now) }
    }

    fn end(&self, ended: Ended) -> Box<End> {
        let answer = ended.answer(chilean_date_time(ended.at().saturating_mul(SECOND)));
        Box::new(End { ended, answer })
    }

    async fn flow(&self, token: Option<&Token>, tag: &str) -> Result<Option<Flow<Attendance>>> {
        if !self.backend.takes_attendance() {
            return Ok(None);
        }
        Ok(self.backend.flow(FLOW, token).await?.filter(|flow| flow.tag() == tag))
    }

    /// The course of a start, the session of a close.
    async fn read(&self, request: &Request) -> Result<Read> {
        Ok(match request.closes() {
            Some(id) => Read {
                courses: None,
                session: rce::find(&mut *self.backend.store.connection().await?, id).await?,
            },
            None => Read { courses: self.courses().await, session: None },
        })
    }

    async fn courses(&self) -> Option<Arc<domain::rce::course::Courses>> {
        match &self.backend.rce.courses {
            Some(courses) => courses.list().await,
            None => None,
        }
    }
}

/// The session that a close is of, held in its transaction.
async fn held(tx: &mut OutcomeTx<'_>, id: &SenceSession) -> Result<Read> {
    Ok(Read { courses: None, session: rce::hold(&mut *tx, id).await? })
}

/// What stopped a close.
enum CloseError {
    /// The session is not what it was when it was read.
    Changed,
    /// The store failed.
    Failed(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for CloseError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Writes that a session is closed.
async fn close(tx: &mut OutcomeTx<'_>, session: &Session) -> std::result::Result<(), CloseError> {
    if rce::close(&mut *tx, session).await? { Ok(()) } else { Err(CloseError::Changed) }
}

/// The hash under which the token of an OTEC is stored. It is random, so one that is quick to compute will do.
fn hash_of(token: &OtecToken) -> String {
    token_id(&format!("rce {}", token.expose()))
}

/// Both origins that answers of a request go to.
fn origins(request: &Request) -> Vec<String> {
    let mut origins = vec![Origin::of(request.retoma()).as_str().to_owned()];
    let error = Origin::of(request.error()).as_str().to_owned();
    if !origins.contains(&error) {
        origins.push(error);
    }
    origins
}

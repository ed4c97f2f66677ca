//! Attendance at e-learning courses (L-RCE): a form of an OTEC becomes a flow, the key opens or closes a session of attendance, and the
//! browser goes back with the answer (docs/decisions/0021).

use domain::flow::sign_in::Seconds;
use domain::openid::params::Params;
use domain::rce::answer::Answer;
use domain::rce::attendance::{Attendance, Ended};
use domain::rce::fields::{Action, Service};

use super::{Backend, Caller, Posted, Result};
use crate::flows::{Flow, Token};

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
        false
    }
}

impl AttendanceService<'_> {
    /// The form of an OTEC. `origin` is its header `Origin`. The browser brings none of our cookies with it.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn begin(
        &self,
        service: Service,
        action: Action,
        params: &Params,
        origin: Option<&str>,
    ) -> Result<Begun> {
        let (_, _, _, _, _) = (self, service, action, params, origin);
        Ok(Begun::Off)
    }

    /// What the page of a request shows. A close is done here, without a page, where the session of the browser is of the account that
    /// opened the session of attendance.
    pub async fn page(&self, token: Option<&Token>, tag: &str, session: Option<&Token>) -> Result<Shown> {
        let (_, _, _, _) = (self, token, tag, session);
        Ok(Shown::Gone)
    }

    /// “Rut”, “Clave Sence” → “Ingresar”. `session` is the token of the session of the browser, in the place of which a start opens its own.
    pub async fn key(
        &self,
        posted: Posted<'_>,
        session: Option<&Token>,
        (rut, key): (&str, &str),
    ) -> Result<AttendanceStep> {
        let (_, _, _, _, _) = (self.backend, self.caller, posted, session, (rut, key));
        Ok(AttendanceStep { shown: None, token: None, session: None })
    }

    /// The student goes back: the OTEC gets 100.
    pub async fn leave(&self, posted: Posted<'_>) -> Result<AttendanceStep> {
        let (_, _) = (self, posted);
        Ok(AttendanceStep { shown: None, token: None, session: None })
    }
}

//! A request from its arrival to its answer, as a state machine: no session without the key of `RunAlumno`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::course::{Course, check_course, check_student};
use super::fields::{Action, CallbackUrl, SenceSession};
use super::glosa::{Glosa, Glosas};
use super::organism::{Organism, Way};
use super::request::{Echo, Form, Request};
use super::session::Session;
use crate::field::FieldError;
use crate::flow::key::{KeyVerdict, refused};
use crate::flow::sign_in::{Seconds, SignedIn};
use crate::kind::Kind;
use crate::rut::Rut;

/// How many keys may be typed; the last wrong one ends the request.
pub const TRIES: u8 = 3;
/// How long a request waits for the key.
pub const TIME: Seconds = 180;

/// How far a request has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attendance {
    /// The key is asked for; for a close only where nobody is signed in.
    Ask(Asked),
    /// It has its answer. Asked for again, the answer is the same.
    Done(Ended),
    /// Nothing is known of it any more.
    Gone,
}

/// A request that was checked as far as it can be before the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    request: Box<Request>,
    since: Seconds,
    wrong: u8,
}

/// What the list of courses and the store say to a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnFile<'a> {
    /// The course that it names: [`super::course::Courses::of`].
    pub course: Option<&'a Course>,
    /// Whether the list of courses cannot be read now.
    pub is_down: bool,
    /// The session that it closes.
    pub session: Option<&'a Session>,
}

/// The time, and the day in Chile.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// Seconds since 1970.
    pub at: Seconds,
    /// The day.
    pub today: Date,
}

/// What came of a key or of a session of the browser.
#[derive(Debug)]
pub enum Step {
    /// The key is asked for, after a wrong one with its error.
    Ask(Asked, Option<FieldError>),
    /// The right to open a session, once.
    Open(Opening),
    /// The right to close one.
    Close(Closing),
    /// It is answered with an error.
    Ended(Ended),
}

/// A student who has shown the key: the only way to a session of attendance.
#[derive(Debug)]
pub struct Opening {
    request: Box<Request>,
    who: SignedIn,
    at: Seconds,
}

/// A close by its student.
#[derive(Debug)]
pub struct Closing {
    request: Box<Request>,
    session: Box<Session>,
    who: SignedIn,
    at: Seconds,
}

/// The end of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    action: Action,
    echo: Echo,
    to: Option<CallbackUrl>,
    way: Way,
    outcome: Outcome,
    at: Seconds,
}

/// What a request came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A session was opened.
    Opened(SenceSession),
    /// A session is closed.
    Closed,
    /// Neither.
    Refused(Glosas),
}

/// What failed on our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Something that is none of the others.
    Internal,
    /// The session changed meanwhile.
    Changed,
    /// The store did not take it.
    Store,
}

impl Attendance {
    /// A form has come. `sender` is its header `Origin`.
    ///
    /// What its fields and its sender are wrong in is said together; then what its course or the session that it closes is wrong in.
    #[must_use]
    pub fn begin(
        form: Form,
        organism: &Organism,
        sender: Option<&str>,
        on_file: OnFile<'_>,
        now: Now,
    ) -> Self {
        let urls = match &form.request {
            Ok(request) => vec![request.retoma(), request.error()],
            Err(_) => form.error_url.iter().collect(),
        };
        // An OTEC or a token that cannot be read is one of the wrong fields already.
        let known = form.otec.filter(|_| form.token.is_some()).map(|otec| organism.check(otec, urls, sender));
        // Anybody may send a student with the RUT of an OTEC; its token is known to the OTEC and, from the form, to its students.
        let way = if known == Some(Ok(())) { Way::Submit } else { Way::Button };
        let sender_codes: Vec<Glosa> = known.and_then(Result::err).map_or_else(Vec::new, Vec::from);
        let (request, field_codes): (_, Vec<Glosa>) = match form.request {
            Ok(request) => (Some(request), Vec::new()),
            Err(glosas) => (None, Vec::from(glosas)),
        };
        let checked =
            Glosas::check(field_codes.into_iter().chain(sender_codes)).and_then(|()| match request {
                Some(request) => check_subject(&request, on_file, now.today).map(|()| request),
                None => Err(Glosa::Internal.into()),
            });
        match checked {
            Ok(request) => Self::Ask(Asked { request: Box::new(request), since: now.at, wrong: 0 }),
            Err(glosas) => Self::Done(Ended {
                action: form.action,
                echo: form.echo,
                to: form.error_url,
                way,
                outcome: Outcome::Refused(glosas.before_key()),
                at: now.at,
            }),
        }
    }
}

impl Form {
    /// We cannot even say who sends it: the end of a request of which nothing is stored.
    #[must_use]
    pub fn fail(self, now: Seconds) -> Ended {
        Ended {
            action: self.action,
            echo: self.echo,
            to: self.error_url,
            way: Way::Button,
            outcome: Outcome::Refused(Glosa::Internal.into()),
            at: now,
        }
    }
}

/// Checks the course of a start, or the session of a close; nothing that concerns the student.
fn check_subject(request: &Request, on_file: OnFile<'_>, today: Date) -> Result<(), Glosas> {
    match request.action() {
        Action::Start if on_file.is_down && !request.skips_course() => Err(Glosa::Internal.into()),
        Action::Start => check_course(request, on_file.course, today),
        Action::Close => Session::check(request, on_file.session),
    }
}

impl Asked {
    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// How many keys may still be typed.
    #[must_use]
    pub fn tries_left(&self) -> u8 {
        TRIES.saturating_sub(self.wrong)
    }

    /// Until when it waits for the key.
    #[must_use]
    pub fn until(&self) -> Seconds {
        self.since.saturating_add(TIME)
    }

    /// Whether its time is over: then no key is checked.
    #[must_use]
    pub fn is_late(&self, now: Seconds) -> bool {
        now.saturating_sub(self.since) > TIME
    }

    /// Ends it when its time is over.
    #[must_use]
    pub fn wait(self, now: Seconds) -> Step {
        if self.is_late(now) { self.refuse(Glosa::TimeOver, now) } else { Step::Ask(self, None) }
    }

    /// A RUN and a key were typed.
    #[must_use]
    pub fn key(self, run: Rut, verdict: &KeyVerdict, on_file: OnFile<'_>, now: Now) -> Step {
        if self.is_late(now.at) {
            return self.refuse(Glosa::TimeOver, now.at);
        }
        let KeyVerdict::Key(account) = *verdict else {
            let wrong = self.wrong.saturating_add(1);
            if wrong >= TRIES {
                return self.refuse(Glosa::Key, now.at);
            }
            return Step::Ask(Self { wrong, ..self }, Some(refused(Kind::Natural, verdict)));
        };
        if run != self.request.run() {
            return self.refuse(Glosa::OtherRun, now.at);
        }
        self.proven(SignedIn::person(account, now.at), on_file, now)
    }

    /// Somebody is signed in in this browser. That closes a session of theirs; it never opens one, and for another's the key is asked.
    #[must_use]
    pub fn session(self, who: &SignedIn, on_file: OnFile<'_>, now: Now) -> Step {
        if self.is_late(now.at) {
            return self.refuse(Glosa::TimeOver, now.at);
        }
        let is_own = on_file.session.is_some_and(|session| session.is_of(who));
        if self.request.action() == Action::Close && is_own {
            self.proven(who.clone(), on_file, now)
        } else {
            Step::Ask(self, None)
        }
    }

    /// The student goes back.
    #[must_use]
    pub fn leave(self, now: Seconds) -> Ended {
        self.ended(Outcome::Refused(Glosa::Key.into()), now)
    }

    /// We cannot go on.
    #[must_use]
    pub fn fail(self, failure: Failure, now: Seconds) -> Ended {
        let glosa = match failure {
            Failure::Internal => Glosa::Internal,
            Failure::Changed => Glosa::NotRecorded,
            Failure::Store => Glosa::NotStored,
        };
        self.ended(Outcome::Refused(glosa.into()), now)
    }

    /// Courses and sessions may have changed since the request came: they are checked again, and now the student, too.
    fn proven(self, who: SignedIn, on_file: OnFile<'_>, now: Now) -> Step {
        let checked = check_subject(&self.request, on_file, now.today);
        let checked = checked.and_then(|()| match self.request.action() {
            Action::Start => check_student(&self.request, on_file.course),
            Action::Close => Ok(()),
        });
        if let Err(glosas) = checked {
            return Step::Ended(self.ended(Outcome::Refused(glosas), now.at));
        }
        let (request, at) = (self.request, now.at);
        match on_file.session.filter(|_| request.action() == Action::Close) {
            Some(session) => Step::Close(Closing { request, session: Box::new(session.clone()), who, at }),
            None => Step::Open(Opening { request, who, at }),
        }
    }

    fn refuse(self, glosa: Glosa, now: Seconds) -> Step {
        Step::Ended(self.ended(Outcome::Refused(glosa.into()), now))
    }

    fn ended(self, outcome: Outcome, at: Seconds) -> Ended {
        Ended::of(*self.request, outcome, at)
    }
}

impl Opening {
    /// Who signed in: a session of the browser, with which the close needs no key.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// The session that is opened, and the end of the request. `bits` are 128 random ones, which follow from the form: the same form sent
    /// twice is the same session.
    #[must_use]
    pub fn open(self, bits: u128) -> (Session, Ended) {
        let id = SenceSession::from_bits(bits);
        let session = Session::open(id.clone(), &self.request, &self.who, self.at);
        (session, Ended::of(*self.request, Outcome::Opened(id), self.at))
    }
}

impl Closing {
    /// Who closes it.
    #[must_use]
    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// Whether the session is closed already: then nothing is written.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.session.closed().is_some()
    }

    /// The session, closed, and the end of the request. A repeated close is answered with the time of the first.
    #[must_use]
    pub fn close(self) -> (Session, Ended) {
        let session = self.session.close(self.at);
        let at = session.closed().unwrap_or(self.at);
        (session, Ended::of(*self.request, Outcome::Closed, at))
    }
}

impl Ended {
    /// The end of a request that was admitted: its sender is known.
    fn of(request: Request, outcome: Outcome, at: Seconds) -> Self {
        let url = match outcome {
            Outcome::Opened(_) | Outcome::Closed => request.retoma(),
            Outcome::Refused(_) => request.error(),
        };
        let (to, way) = (Some(url.clone()), Way::Submit);
        Self { action: request.action(), echo: request.echo().clone(), to, way, outcome, at }
    }

    /// Whether it was a start or a close.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// What comes back as it was sent.
    #[must_use]
    pub fn echo(&self) -> &Echo {
        &self.echo
    }

    /// Where the browser goes; none where `UrlError` cannot be used, and a page of ours says so.
    #[must_use]
    pub fn to(&self) -> Option<&CallbackUrl> {
        self.to.as_ref()
    }

    /// How it goes there.
    #[must_use]
    pub fn way(&self) -> Way {
        self.way
    }

    /// What it came to.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// When; what `FechaHora` says in the time of Chile.
    #[must_use]
    pub fn at(&self) -> Seconds {
        self.at
    }
}

#[cfg(test)]
#[path = "attendance_orders.rs"]
mod orders;
#[cfg(test)]
#[path = "attendance_tests.rs"]
pub(super) mod tests;

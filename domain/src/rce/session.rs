//! A session of attendance: the row that is kept and exported.

use serde::{Deserialize, Serialize};

use super::fields::{CodSence, CodigoCurso, Line, SenceSession, Service, StudentSession};
use super::glosa::{Glosa, Glosas};
use super::request::{Code, Request};
use crate::flow::AccountId;
use crate::flow::sign_in::{Seconds, SignedIn};
use crate::kind::Kind;
use crate::rut::Rut;

/// A session, open or closed. Only a right key makes one ([`super::attendance::Opening::open`]), and the store reads it back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    id: SenceSession,
    service: Service,
    otec: Rut,
    run: Rut,
    account: AccountId,
    line: Line,
    cod_sence: Code<CodSence>,
    codigo_curso: Code<CodigoCurso>,
    student: StudentSession,
    opened: Seconds,
    closed: Option<Seconds>,
}

/// It holds a RUN.
impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (opened, closed) = (self.opened, self.closed);
        f.debug_struct("Session").field("opened", &opened).field("closed", &closed).finish_non_exhaustive()
    }
}

impl Session {
    /// The session of a request whose student has shown the key.
    pub(super) fn open(id: SenceSession, request: &Request, who: &SignedIn, opened: Seconds) -> Self {
        Self {
            id,
            service: request.service(),
            otec: request.otec(),
            run: request.run(),
            account: who.account(),
            line: request.line(),
            cod_sence: request.cod_sence().clone(),
            codigo_curso: request.codigo_curso().clone(),
            student: request.student().clone(),
            opened,
            closed: None,
        }
    }

    /// The same, closed. A session that is closed stays as it is.
    pub(super) fn close(self, now: Seconds) -> Self {
        Self { closed: self.closed.or(Some(now)), ..self }
    }

    /// Checks that a close is of this session.
    ///
    /// # Errors
    /// 304 when there is no such session or it is of another start; 313 when the start came to the other service.
    pub(super) fn check(request: &Request, session: Option<&Self>) -> Result<(), Glosas> {
        let is_of_request = |session: &&Self| {
            request.closes() == Some(&session.id)
                && (session.otec, session.run, session.line)
                    == (request.otec(), request.run(), request.line())
                && session.cod_sence == *request.cod_sence()
                && session.codigo_curso == *request.codigo_curso()
        };
        match session.filter(is_of_request) {
            None => Err(Glosa::NotVerified.into()),
            Some(session) if session.service != request.service() => Err(Glosa::CloseUrl.into()),
            Some(_) => Ok(()),
        }
    }

    /// Whether it is of the person who signed in in this browser.
    pub(super) fn is_of(&self, who: &SignedIn) -> bool {
        who.kind() == Kind::Natural && who.account() == self.account
    }

    /// `IdSesionSence`.
    #[must_use]
    pub fn id(&self) -> &SenceSession {
        &self.id
    }

    /// The service of its start.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// The OTEC.
    #[must_use]
    pub fn otec(&self) -> Rut {
        self.otec
    }

    /// The student.
    #[must_use]
    pub fn run(&self) -> Rut {
        self.run
    }

    /// The account whose key was typed.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The line of its course.
    #[must_use]
    pub fn line(&self) -> Line {
        self.line
    }

    /// `CodSence`, as it was sent.
    #[must_use]
    pub fn cod_sence(&self) -> &str {
        self.cod_sence.text(CodSence::as_str)
    }

    /// `CodigoCurso`, as it was sent.
    #[must_use]
    pub fn codigo_curso(&self) -> &str {
        self.codigo_curso.text(CodigoCurso::as_str)
    }

    /// `IdSesionAlumno` of its start.
    #[must_use]
    pub fn student(&self) -> &StudentSession {
        &self.student
    }

    /// When the key was typed.
    #[must_use]
    pub fn opened(&self) -> Seconds {
        self.opened
    }

    /// When it was closed; none while it is open.
    #[must_use]
    pub fn closed(&self) -> Option<Seconds> {
        self.closed
    }
}

//! A request of the protocol: a form that the browser of a student posts, from the pages of an OTEC.

use serde::{Deserialize, Serialize};

use super::fields::{
    ANY, Action, CallbackUrl, CodSence, CodigoCurso, Line, Loopback, SenceSession, Service, StudentSession,
    parse_rut,
};
use super::glosa::{Glosa, Glosas};
use super::organism::OtecToken;
use crate::openid::params::Params;
use crate::rut::Rut;

/// A code of a course, as a request names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code<T> {
    /// This one.
    Is(T),
    /// None: `CodSence` on line 1.
    Blank,
    /// `-1`, on the test service: the checks of the course are skipped.
    Any,
}

/// What a request says of itself that comes back in each answer, as it was sent. What is longer than its field may be, was sent twice,
/// or holds a control character is left blank. It may hold any other character: whoever writes it into a page escapes it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// `CodSence`.
    pub cod_sence: String,
    /// `CodigoCurso`.
    pub codigo_curso: String,
    /// `IdSesionAlumno`.
    pub id_sesion_alumno: String,
    /// `RunAlumno`.
    pub run_alumno: String,
    /// `LineaCapacitacion`.
    pub linea: String,
}

/// It holds a RUN, and whatever the caller sent.
impl std::fmt::Debug for Echo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Echo(…)")
    }
}

impl<T> Code<T> {
    /// As a request writes it.
    pub fn text<'t>(&'t self, of: impl FnOnce(&'t T) -> &'t str) -> &'t str {
        match self {
            Self::Is(code) => of(code),
            Self::Blank => "",
            Self::Any => ANY,
        }
    }
}

/// A request whose fields all have their form. It does not hold the token, which is never stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    service: Service,
    otec: Rut,
    run: Rut,
    line: Line,
    cod_sence: Code<CodSence>,
    codigo_curso: Code<CodigoCurso>,
    student: StudentSession,
    retoma: CallbackUrl,
    error: CallbackUrl,
    /// The session that is to be closed; none for a start.
    closes: Option<SenceSession>,
    echo: Echo,
}

/// It holds a RUN, and whatever the caller sent.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (action, line) = (self.action(), self.line);
        f.debug_struct("Request").field("action", &action).field("line", &line).finish_non_exhaustive()
    }
}

/// A form as it came, read as far as it can be read.
#[derive(Debug, Clone)]
pub struct Form {
    /// Whether it starts or closes.
    pub action: Action,
    /// What comes back.
    pub echo: Echo,
    /// Where an error goes; none when `UrlError` cannot be used, and a page of ours has to say it.
    pub error_url: Option<CallbackUrl>,
    /// The OTEC, if `RutOtec` is a RUT.
    pub otec: Option<Rut>,
    /// The token, if it has the form of one.
    pub token: Option<OtecToken>,
    /// The request, or what is wrong with its fields.
    pub request: Result<Request, Glosas>,
}

/// Reads fields and gathers what is wrong with them.
struct Reader<'p> {
    params: &'p Params,
    wrong: Vec<Glosa>,
}

impl<'p> Reader<'p> {
    /// A field that is not blank; `too_much` when it was sent twice, is longer than `most` characters, or holds a control character.
    fn text(&self, name: &str, most: usize, too_much: Glosa) -> Result<Option<&'p str>, Glosa> {
        // Params counts bytes: up to four in a character.
        let text = self.params.one(name, most.saturating_mul(4)).map_err(|_| too_much)?;
        let text = text.filter(|text| !text.trim().is_empty());
        if text.is_some_and(|text| text.chars().nth(most).is_some()) { Err(too_much) } else { Ok(text) }
    }

    /// Reads a field that must be there. What is wrong is gathered.
    fn field<T>(
        &mut self,
        (name, most): (&str, usize),
        (missing, wrong): (Glosa, Glosa),
        read: impl FnOnce(&str) -> Result<T, Glosa>,
    ) -> Option<T> {
        let text = self.text(name, most, wrong).and_then(|text| text.ok_or(missing));
        text.and_then(read).map_err(|glosa| self.wrong.push(glosa)).ok()
    }

    fn echo(&self, name: &str, most: usize) -> String {
        self.text(name, most, Glosa::Missing).ok().flatten().unwrap_or_default().to_owned()
    }
}

/// The longest line, in characters. A longer one is as wrong as any other that is none.
const MAX_LINE: usize = 2;
/// The longest RUT, in characters.
const MAX_RUT: usize = 10;

impl Form {
    /// Reads what was posted to a service.
    #[must_use]
    pub fn read(service: Service, action: Action, params: &Params, loopback: Loopback) -> Self {
        let mut fields = Reader { params, wrong: Vec::new() };
        let echo = Echo {
            cod_sence: fields.echo("CodSence", CodSence::MAX),
            codigo_curso: fields.echo("CodigoCurso", CodigoCurso::MAX),
            id_sesion_alumno: fields.echo("IdSesionAlumno", StudentSession::MAX),
            run_alumno: fields.echo("RunAlumno", MAX_RUT),
            linea: fields.echo("LineaCapacitacion", MAX_LINE),
        };
        let missing = Glosa::Missing;
        let mut rut = |name: &str, wrong| {
            fields.field((name, MAX_RUT), (missing, wrong), |text| parse_rut(text, wrong))
        };
        let (otec, run) = (rut("RutOtec", Glosa::RutOtec), rut("RunAlumno", Glosa::Run));
        let token =
            fields.field(("Token", OtecToken::LENGTH), (missing, Glosa::TokenUnknown), OtecToken::parse);
        let line = fields.field(("LineaCapacitacion", MAX_LINE), (missing, Glosa::Line), |text| {
            Line::from_word(text).ok_or(Glosa::Line)
        });
        let cod_sence = fields.cod_sence(service, line);
        let codigo_curso = fields.codigo_curso(service, line);
        let student =
            fields.field(("IdSesionAlumno", StudentSession::MAX), (missing, missing), StudentSession::parse);
        let mut url = |name: &str, wrong| {
            fields.field((name, CallbackUrl::MAX), (Glosa::UrlMissing, wrong), |text| {
                CallbackUrl::parse(text, loopback).ok_or(wrong)
            })
        };
        let (retoma, error_url) = (url("UrlRetoma", Glosa::UrlRetoma), url("UrlError", Glosa::UrlError));
        let closes = match action {
            Action::Start => Some(None),
            Action::Close => {
                let id = ("IdSesionSence", SenceSession::MAX);
                fields.field(id, (missing, Glosa::NotVerified), SenceSession::parse).map(Some)
            }
        };
        let whole = || {
            Some(Request {
                service,
                otec: otec?,
                run: run?,
                line: line?,
                cod_sence: cod_sence?,
                codigo_curso: codigo_curso?,
                student: student?,
                retoma: retoma?,
                error: error_url.clone()?,
                closes: closes?,
                echo: echo.clone(),
            })
        };
        let request = match (Glosas::check(fields.wrong), whole()) {
            (Ok(()), Some(request)) => Ok(request),
            (Ok(()), None) => Err(Glosa::Internal.into()),
            (Err(wrong), _) => Err(wrong),
        };
        Self { action, echo, error_url, otec, token, request }
    }
}

impl Reader<'_> {
    /// `CodSence`: none on line 1, and on the others there.
    fn cod_sence(&mut self, service: Service, line: Option<Line>) -> Option<Code<CodSence>> {
        let read = match (self.text("CodSence", CodSence::MAX, Glosa::CodSence), line) {
            (Err(wrong), _) => Err(wrong),
            (Ok(None), Some(Line::Social) | None) => Ok(Code::Blank),
            (Ok(None), Some(Line::Franquicia | Line::Fpt)) => Err(Glosa::Missing),
            (Ok(Some(_)), Some(Line::Social)) => Err(Glosa::CodSence),
            (Ok(Some(ANY)), _) if service == Service::Test => Ok(Code::Any),
            (Ok(Some(text)), _) => CodSence::parse(text).map(Code::Is),
        };
        read.map_err(|glosa| self.wrong.push(glosa)).ok()
    }

    fn codigo_curso(&mut self, service: Service, line: Option<Line>) -> Option<Code<CodigoCurso>> {
        let (limits, codes) = (("CodigoCurso", CodigoCurso::MAX), (Glosa::Missing, Glosa::CodigoCurso));
        self.field(limits, codes, |text| match text {
            ANY if service == Service::Test => Ok(Code::Any),
            // Where the line is wrong, that is said; the code has the form of some line.
            text => CodigoCurso::parse(text, line.unwrap_or(Line::Fpt)).map(Code::Is),
        })
    }
}

impl Request {
    /// The service that it came to.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// Whether it starts or closes.
    #[must_use]
    pub fn action(&self) -> Action {
        if self.closes.is_some() { Action::Close } else { Action::Start }
    }

    /// The session that it closes.
    #[must_use]
    pub fn closes(&self) -> Option<&SenceSession> {
        self.closes.as_ref()
    }

    /// The OTEC that sends it.
    #[must_use]
    pub fn otec(&self) -> Rut {
        self.otec
    }

    /// `RunAlumno`.
    #[must_use]
    pub fn run(&self) -> Rut {
        self.run
    }

    /// `LineaCapacitacion`.
    #[must_use]
    pub fn line(&self) -> Line {
        self.line
    }

    /// `CodSence`.
    #[must_use]
    pub fn cod_sence(&self) -> &Code<CodSence> {
        &self.cod_sence
    }

    /// `CodigoCurso`.
    #[must_use]
    pub fn codigo_curso(&self) -> &Code<CodigoCurso> {
        &self.codigo_curso
    }

    /// Whether `-1` stands for one of its codes. Only the test service takes it.
    #[must_use]
    pub fn skips_course(&self) -> bool {
        self.cod_sence == Code::Any || self.codigo_curso == Code::Any
    }

    /// `IdSesionAlumno`.
    #[must_use]
    pub fn student(&self) -> &StudentSession {
        &self.student
    }

    /// Where a start or close is answered.
    #[must_use]
    pub fn retoma(&self) -> &CallbackUrl {
        &self.retoma
    }

    /// Where an error is answered.
    #[must_use]
    pub fn error(&self) -> &CallbackUrl {
        &self.error
    }

    /// What comes back in each answer.
    #[must_use]
    pub fn echo(&self) -> &Echo {
        &self.echo
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
pub(super) mod tests;

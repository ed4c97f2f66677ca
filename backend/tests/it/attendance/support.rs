//! An OTEC that sends a student, and the browser of the student.

use backend::Backend;
use backend::flows::Token;
use backend::form::FormFingerprint;
use backend::registry::CourseFile;
use backend::service::rce::{AttendancePage, AttendanceStep, Begun, End, Rce, Shown};
use backend::service::sign_in::KeyForm;
use backend::service::{Caller, Posted};
use domain::identifier::IdentifierInput;
use domain::kind::Kind;
use domain::openid::params::Params;
use domain::rce::fields::{Action, Loopback, Service};
use domain::rce::organism::Origin;
use domain::rut::Rut;

use crate::support::{Person, TestBackend};

pub(super) const OTEC: &str = "76192083-9";
pub(super) const OTHER_OTEC: &str = "96500010-0";
pub(super) const RETOMA: &str = "https://aula.ejemplo.cl/volver";
const COLUMNS: &str = "codigo_curso,cod_sence,linea,rut_otec,desde,hasta,estado,modalidad,run_alumnos";

pub(super) fn caller() -> Caller {
    Caller { address: "203.0.113.7".parse().ok(), request_id: "pedido-1".to_owned(), ..Caller::default() }
}

pub(super) fn otec(text: &str) -> Rut {
    Rut::parse(text).unwrap()
}

/// The OTEC with its token, and the student whom it sends.
pub(super) struct Otec {
    pub(super) token: String,
    pub(super) token_id: String,
    pub(super) student: Person,
}

impl Otec {
    /// Attendance is taken, of a course of this OTEC in which the student has an account.
    pub(super) async fn register(t: &mut TestBackend) -> Self {
        let student = Person::number(1);
        t.account(&student).await;
        t.backend.rce = Rce::at(CourseFile::new(t.folder.path().join("cursos.csv")), Loopback::Refused);
        let row = format!(
            "1234567,1237123456,3,{OTEC},2020-01-01,2099-12-31,vigente,e-learning,{}",
            student.rut.plain()
        );
        write_courses(t, &row);
        let (token_id, token) = add_token(t, OTEC, &[]).await;
        Self { token, token_id, student }
    }

    /// The fields of its form; some of the usual ones may be others, and a blank one is left out.
    pub(super) fn form(&self, changed: &[(&str, &str)]) -> Params {
        let run = self.student.rut.plain();
        let usual = [
            ("RutOtec", OTEC),
            ("Token", &self.token),
            ("CodSence", "1237123456"),
            ("CodigoCurso", "1234567"),
            ("LineaCapacitacion", "3"),
            ("RunAlumno", &run),
            ("IdSesionAlumno", "sesion-1"),
            ("UrlRetoma", RETOMA),
            ("UrlError", "https://aula.ejemplo.cl/error"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        Params::new(kept.chain(changed.iter().copied().filter(|(_, value)| !value.is_empty())))
    }
}

/// Writes the list of courses.
pub(super) fn write_courses(t: &TestBackend, rows: &str) {
    let path = t.folder.path().join("cursos.csv");
    // Another length each time: the time of a file may not tell two apart.
    let before = std::fs::metadata(&path).map_or(0, |meta| meta.len());
    let mut text = format!("{COLUMNS}\n{rows}\n");
    if text.len() as u64 == before {
        text.push('\n');
    }
    std::fs::write(path, text).unwrap();
}

/// Id and text of a new token.
pub(super) async fn add_token(t: &TestBackend, rut: &str, origins: &[&str]) -> (String, String) {
    let origins: Vec<_> = origins.iter().map(|text| Origin::parse(text).unwrap()).collect();
    let new = t.attendance(&caller()).add_token(otec(rut), &origins).await.unwrap();
    (new.id, new.token.expose().to_owned())
}

/// The browser of a student: its cookies.
#[derive(Clone)]
pub(super) struct Browser {
    pub(super) backend: Backend,
    pub(super) caller: Caller,
    pub(super) session: Option<Token>,
    pub(super) request: Option<(String, Token)>,
}

impl Browser {
    pub(super) fn new(t: &TestBackend) -> Self {
        Self { backend: t.backend.clone(), caller: caller(), session: None, request: None }
    }

    pub(super) fn at_address(mut self, address: &str) -> Self {
        self.caller.address = Some(address.parse().unwrap());
        self
    }

    /// Brings the form of an OTEC. The end, where it is shown at once.
    pub(super) async fn bring(
        &mut self,
        (service, action): (Service, Action),
        form: &Params,
        origin: Option<&str>,
    ) -> Option<Box<End>> {
        match self.backend.attendance(&self.caller).begin(service, action, form, origin).await.unwrap() {
            Begun::Stored(opened) => {
                self.request = Some((opened.tag, opened.token));
                None
            }
            Begun::Shown(end) => Some(end),
            Begun::Off => panic!("attendance is off"),
        }
    }

    /// The form of a start.
    pub(super) async fn start(&mut self, form: &Params) {
        assert_eq!(self.bring((Service::Real, Action::Start), form, None).await, None);
    }

    /// The form of a close.
    pub(super) async fn close(&mut self, form: &Params) {
        assert_eq!(self.bring((Service::Real, Action::Close), form, None).await, None);
    }

    pub(super) async fn page(&self) -> Shown {
        let (tag, token) = self.request.as_ref().unwrap();
        self.backend.attendance(&self.caller).page(Some(token), tag, self.session.as_ref()).await.unwrap()
    }

    /// The page, where it asks for the key.
    pub(super) async fn asked(&self) -> Box<AttendancePage> {
        match self.page().await {
            Shown::Ask(page) => page,
            Shown::End(end) => panic!("ended: {end:?}"),
            Shown::Gone => panic!("gone"),
        }
    }

    /// The end of the request.
    pub(super) async fn end(&self) -> End {
        match self.page().await {
            Shown::End(end) => *end,
            Shown::Ask(page) => panic!("asked for a key: {:?}", page.flow.feedback),
            Shown::Gone => panic!("gone"),
        }
    }

    fn posted<'a>(&'a self, form: &[(&str, &str)]) -> Posted<'a> {
        let (tag, token) = self.request.as_ref().unwrap();
        Posted {
            token: Some(token),
            tag,
            captcha: "",
            work: "",
            letters: "",
            other_letters: false,
            caller: &self.caller,
            form: FormFingerprint::of(form.iter().copied()),
        }
    }

    fn take(&mut self, step: AttendanceStep) -> Option<Box<End>> {
        if let (Some((_, token)), Some(next)) = (&mut self.request, step.token) {
            *token = next;
        }
        self.session = step.session.or(self.session.take());
        step.shown
    }

    /// “Rut”, “Clave Sence” → “Ingresar”. The end, where it is shown at once.
    pub(super) async fn key(&mut self, rut: &str, key: &str) -> Option<Box<End>> {
        let step = self.key_unread(rut, key).await;
        self.take(step)
    }

    /// The same, and the answer is lost.
    pub(super) async fn key_unread(&self, rut: &str, key: &str) -> AttendanceStep {
        let posted = self.posted(&[("paso", "clave"), ("rut", rut), ("clave_actual", key)]);
        self.backend.attendance(&self.caller).key(posted, self.session.as_ref(), (rut, key)).await.unwrap()
    }

    /// “Volver”.
    pub(super) async fn leave(&mut self) -> Option<Box<End>> {
        let step = self.backend.attendance(&self.caller).leave(self.posted(&[("paso", "volver")])).await;
        self.take(step.unwrap())
    }

    /// Opens a session with the key of the student, and gives its id.
    pub(super) async fn open(&mut self, otec: &Otec) -> String {
        self.start(&otec.form(&[])).await;
        assert_eq!(self.key(&otec.student.rut_text, &otec.student.key).await, None);
        field(&self.end().await, "IdSesionSence")
    }
}

/// A field of the answer, which must be there.
pub(super) fn field(end: &End, name: &str) -> String {
    let fields = &end.answer.as_ref().unwrap().fields;
    let found = fields.iter().find(|(found, _)| *found == name);
    found.unwrap_or_else(|| panic!("no {name}: {fields:?}")).1.clone()
}

/// The names of the fields of the answer.
pub(super) fn names(end: &End) -> Vec<&'static str> {
    end.answer.as_ref().unwrap().fields.iter().map(|(name, _)| *name).collect()
}

pub(super) fn codes(end: &End) -> String {
    field(end, "GlosaError")
}

/// The session of somebody who has signed in for “Mi cuenta”.
pub(super) async fn signed_in(t: &TestBackend, person: &Person) -> Option<Token> {
    let caller = caller();
    let service = t.backend.sign_in(&caller);
    let opened = service.begin_account().await.unwrap();
    let form = FormFingerprint::of([("rut", person.rut_text.as_str())]);
    let posted = Posted {
        token: Some(&opened.token),
        tag: &opened.tag,
        captcha: "",
        work: "",
        letters: "",
        other_letters: false,
        caller: &caller,
        form,
    };
    let (who, key) = (IdentifierInput::Number(&person.rut_text), person.key.as_str());
    let form = KeyForm { kind: Kind::Natural, who, representative: "", key };
    service.key(posted, None, None, form).await.unwrap().session
}

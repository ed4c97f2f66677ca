//! The courses that attendance is taken of, and the check of a request against them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::fields::{CodSence, CodigoCurso, Line};
use super::glosa::{Glosa, Glosas};
use super::request::{Code, Request};
use crate::rut::Rut;
use crate::text::fold;

/// The columns of the list of courses.
pub const COLUMNS: [&str; 9] = [
    "codigo_curso",
    "cod_sence",
    "linea",
    "rut_otec",
    "desde",
    "hasta",
    "estado",
    "modalidad",
    "run_alumnos",
];

/// A course, as the list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    codigo_curso: CodigoCurso,
    cod_sence: Option<CodSence>,
    line: Line,
    otec: Rut,
    from: Date,
    to: Date,
    is_over: bool,
    is_elearning: bool,
    students: BTreeSet<Rut>,
}

/// Why a row is not a course. No value is repeated: rows hold RUNs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CourseError {
    /// Not as many fields as [`COLUMNS`].
    #[error("a row has nine fields")]
    Fields,
    /// `linea`.
    #[error("linea is 1, 3 or 6")]
    Line,
    /// `codigo_curso`.
    #[error(
        "codigo_curso has 7 to 50 letters, digits, dashes, dots and underscores, on line 6 also fewer; on line 1 it has parts like RLAB-19-02-08-0071-1"
    )]
    CodigoCurso,
    /// `cod_sence`.
    #[error("cod_sence has up to 10 digits, and is blank on line 1")]
    CodSence,
    /// `rut_otec`.
    #[error("rut_otec is not a RUT")]
    RutOtec,
    /// `desde` or `hasta`.
    #[error("desde and hasta are days like 2026-12-01, the second not before the first")]
    Dates,
    /// `estado`.
    #[error("estado is none of the words for a course that runs, has ended or was annulled")]
    State,
    /// `modalidad`.
    #[error("modalidad is blank")]
    Modality,
    /// `run_alumnos`.
    #[error("run_alumnos has RUNs with ; between them")]
    Students,
}

/// How words for a course that runs begin, without case and accents.
const RUNNING: [&str; 10] = [
    "vigente",
    "activ",
    "abiert",
    "ejecucion",
    "en ejecucion",
    "en curso",
    "en proceso",
    "comunicad",
    "aprobad",
    "inici",
];
/// The same of one that has ended or was annulled.
const OVER: [&str; 8] = ["termin", "anul", "finaliz", "cerrad", "liquid", "elimin", "cancel", "suspend"];

impl Course {
    /// Reads a row, its fields in the order of [`COLUMNS`].
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn parse(fields: &[&str]) -> Result<Self, CourseError> {
        let Ok([codigo_curso, cod_sence, line, otec, from, to, state, modality, students]) =
            <[&str; 9]>::try_from(fields)
        else {
            return Err(CourseError::Fields);
        };
        let line = Line::from_word(line.trim()).ok_or(CourseError::Line)?;
        let codigo_curso =
            CodigoCurso::parse(codigo_curso.trim(), line).map_err(|_| CourseError::CodigoCurso)?;
        let cod_sence = match (cod_sence.trim(), line) {
            ("", Line::Social) => None,
            (code, Line::Franquicia | Line::Fpt) => {
                Some(CodSence::parse(code).map_err(|_| CourseError::CodSence)?)
            }
            _ => return Err(CourseError::CodSence),
        };
        let otec = Rut::parse(otec).map_err(|_| CourseError::RutOtec)?;
        let day = |text: &str| text.trim().parse::<Date>().map_err(|_| CourseError::Dates);
        let (from, to) = (day(from)?, day(to)?);
        if to < from {
            return Err(CourseError::Dates);
        }
        let state = fold(state.trim());
        let is_one_of = |words: &[&str]| words.iter().any(|word| state.starts_with(word));
        let is_over = is_one_of(&OVER);
        if !is_over && !is_one_of(&RUNNING) {
            return Err(CourseError::State);
        }
        if modality.trim().is_empty() {
            return Err(CourseError::Modality);
        }
        let modality: String = fold(modality).chars().filter(char::is_ascii_alphanumeric).collect();
        let runs = students.split(';').map(str::trim).filter(|run| !run.is_empty());
        let students: Result<_, _> = runs.map(Rut::parse).collect();
        Ok(Self {
            codigo_curso,
            cod_sence,
            line,
            otec,
            from,
            to,
            is_over,
            is_elearning: modality.contains("elearning"),
            students: students.map_err(|_| CourseError::Students)?,
        })
    }

    /// Its id.
    #[must_use]
    pub fn codigo_curso(&self) -> &CodigoCurso {
        &self.codigo_curso
    }
}

/// The list of courses.
#[derive(Debug, Clone, Default)]
pub struct Courses(BTreeMap<CodigoCurso, Course>);

/// The same `codigo_curso` stands in two rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("codigo_curso {} stands in two rows", .0.as_str())]
pub struct CourseTwice(pub CodigoCurso);

impl Courses {
    /// The list of these courses.
    ///
    /// # Errors
    /// [`CourseTwice`].
    pub fn new(courses: impl IntoIterator<Item = Course>) -> Result<Self, CourseTwice> {
        let mut list = BTreeMap::new();
        for course in courses {
            if let Some(other) = list.insert(course.codigo_curso.clone(), course) {
                return Err(CourseTwice(other.codigo_curso));
            }
        }
        Ok(Self(list))
    }

    /// The course that a request names, if there is one.
    #[must_use]
    pub fn of(&self, request: &Request) -> Option<&Course> {
        match request.codigo_curso() {
            Code::Is(code) => self.0.get(code),
            Code::Any | Code::Blank => None,
        }
    }
}

/// Checks the course of a request. What concerns its student waits for the right key ([`check_student`]).
///
/// # Errors
/// 205 for an unknown course; 308 alone for one of another OTEC, which learns nothing else of it; 206, 306, 307, 309, 310.
pub fn check_course(request: &Request, course: Option<&Course>, today: Date) -> Result<(), Glosas> {
    if request.skips_course() {
        return Ok(());
    }
    let Some(course) =
        course.filter(|course| request.codigo_curso() == &Code::Is(course.codigo_curso.clone()))
    else {
        return Err(Glosa::CodigoCurso.into());
    };
    if course.otec != request.otec() {
        return Err(Glosa::OtherOtec.into());
    }
    let cod_sence = course.cod_sence.clone().map_or(Code::Blank, Code::Is);
    let is_running_today = (course.from..=course.to).contains(&today);
    let checks = [
        (course.line == request.line(), Glosa::Line),
        // A wrong line already says why the one has a code and the other has none.
        (course.line != request.line() || *request.cod_sence() == cod_sence, Glosa::OtherCodSence),
        (course.is_elearning, Glosa::NotElearning),
        (is_running_today, Glosa::Dates),
        (!course.is_over, Glosa::Over),
    ];
    Glosas::check(checks.into_iter().filter(|(is_fine, _)| !is_fine).map(|(_, glosa)| glosa))
}

/// Checks that the student is on the course. Only after a right key: before it, nobody learns who takes a course.
///
/// # Errors
/// 208.
pub(super) fn check_student(request: &Request, course: Option<&Course>) -> Result<(), Glosas> {
    let is_on =
        request.skips_course() || course.is_some_and(|course| course.students.contains(&request.run()));
    if is_on { Ok(()) } else { Err(Glosa::NotOnCourse.into()) }
}

#[cfg(test)]
#[path = "course_tests.rs"]
pub(super) mod tests;

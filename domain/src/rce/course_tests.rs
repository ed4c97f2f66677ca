use jiff::civil::date;

use super::super::fields::Service;
use super::super::request::tests::{request, request_of};
use super::*;

const ROW: [&str; 9] = [
    "1234567",
    "1237123456",
    "3",
    "76192083-9",
    "2026-11-01",
    "2026-12-31",
    "Vigente",
    "E-Learning",
    "12345678-5;11.111.111-1",
];

pub(in crate::rce) const TODAY: Date = date(2026, 12, 1);

/// The usual course, with other fields.
fn row(more: &[(usize, &'static str)]) -> Result<Course, CourseError> {
    let mut fields = ROW;
    for (column, text) in more {
        fields[*column] = text;
    }
    Course::parse(&fields)
}

pub(in crate::rce) fn course() -> Course {
    row(&[]).unwrap()
}

fn codes(request: &Request, course: Option<&Course>, today: Date) -> String {
    check_course(request, course, today).err().map_or_else(String::new, |glosas| glosas.to_string())
}

#[test]
fn l_rce_a_row_of_the_list_is_a_course() {
    assert_eq!(COLUMNS.len(), ROW.len());
    let course = course();
    assert_eq!((course.codigo_curso().as_str(), course.students.len()), ("1234567", 2));
    assert!(!course.is_over && course.is_elearning);
    for (column, text, why) in [
        (0, "123456", CourseError::CodigoCurso),
        (0, "", CourseError::CodigoCurso),
        (1, "", CourseError::CodSence),
        (1, "12a", CourseError::CodSence),
        (2, "2", CourseError::Line),
        (3, "76192083-8", CourseError::RutOtec),
        (4, "01-11-2026", CourseError::Dates),
        (4, "2027-01-01", CourseError::Dates),
        (5, "2026-02-30", CourseError::Dates),
        (6, "", CourseError::State),
        (6, "quizás", CourseError::State),
        (7, " ", CourseError::Modality),
        (8, "12345678-5;x", CourseError::Students),
        (8, "12345678-5,11111111-1", CourseError::Students),
    ] {
        assert_eq!(row(&[(column, text)]), Err(why), "{} = {text}", COLUMNS[column]);
    }
    assert_eq!(Course::parse(&ROW[..8]), Err(CourseError::Fields));
    assert!(!row(&[(8, "12345678-4")]).unwrap_err().to_string().contains("12345678"));
}

#[test]
fn l_rce_on_line_1_a_course_has_no_cod_sence() {
    let social = [(0, "RLAB-19-02-08-0071-1"), (2, "1")];
    assert_eq!(row(&social), Err(CourseError::CodSence));
    assert_eq!(row(&[social[0], social[1], (1, "")]).map(|course| course.cod_sence), Ok(None));
    assert!(row(&[(0, "12"), (2, "6")]).is_ok(), "line 6");
}

#[test]
fn l_rce_states_and_modalities_are_words_in_any_case() {
    for (word, is_over) in [
        ("ANULADO", true),
        ("Terminada", true),
        ("Liquidado", true),
        (" en ejecución ", false),
        ("Activo", false),
    ] {
        assert_eq!(row(&[(6, word)]).map(|course| course.is_over), Ok(is_over), "{word}");
    }
    for (word, is_elearning) in [
        ("e-learning", true),
        ("ELEARNING", true),
        ("E-Learning sincrónico", true),
        ("Presencial", false),
        ("blended", false),
    ] {
        assert_eq!(row(&[(7, word)]).map(|course| course.is_elearning), Ok(is_elearning), "{word}");
    }
}

#[test]
fn l_rce_a_list_names_a_course_once() {
    let list = Courses::new([course()]).unwrap();
    assert_eq!(list.of(&request()), Some(&course()));
    assert_eq!(list.of(&request_of(Service::Real, &[("CodigoCurso", "7654321")])), None);
    let twice = Courses::new([course(), row(&[(6, "anulado")]).unwrap()]).unwrap_err();
    assert_eq!(twice.to_string(), "codigo_curso 1234567 stands in two rows");
}

#[test]
fn l_rce_a_request_is_checked_against_its_course() {
    let request = request();
    assert_eq!(codes(&request, Some(&course()), TODAY), "");
    assert_eq!(codes(&request, None, TODAY), "205");
    let with = |more: &[(usize, &'static str)]| codes(&request, Some(&row(more).unwrap()), TODAY);
    assert_eq!(with(&[(0, "7654321")]), "205", "the course of another request");
    assert_eq!(with(&[(1, "1237123457")]), "306");
    assert_eq!(with(&[(2, "6")]), "206");
    assert_eq!(with(&[(3, "12345678-5")]), "308");
    assert_eq!(with(&[(6, "anulado")]), "310");
    assert_eq!(with(&[(7, "presencial")]), "307");
    assert_eq!(with(&[(1, "1"), (6, "terminado"), (7, "presencial")]), "306;307;310");
    assert_eq!(with(&[(3, "12345678-5"), (6, "anulado")]), "308", "another OTEC learns nothing of it");
}

#[test]
fn l_rce_a_course_runs_from_its_first_day_to_its_last() {
    for (today, expected) in [
        (date(2026, 10, 31), "309"),
        (date(2026, 11, 1), ""),
        (date(2026, 12, 31), ""),
        (date(2027, 1, 1), "309"),
    ] {
        assert_eq!(codes(&request(), Some(&course()), today), expected, "{today}");
    }
}

#[test]
fn l_rce_in_the_test_service_minus_one_skips_the_course() {
    for (name, code) in [("CodSence", "-1"), ("CodigoCurso", "-1")] {
        let request = request_of(Service::Test, &[(name, code), ("RunAlumno", "12667869-K")]);
        assert_eq!(codes(&request, None, TODAY), "", "{name}");
        assert_eq!(check_student(&request, None), Ok(()), "{name}");
    }
    let full = request_of(Service::Test, &[]);
    assert_eq!(codes(&full, None, TODAY), "205", "with codes the test service checks them");
}

#[test]
fn l_rce_only_students_of_the_course_are_on_it() {
    let of = |run| check_student(&request_of(Service::Real, &[("RunAlumno", run)]), Some(&course()));
    assert_eq!((of("12345678-5"), of("11111111-1")), (Ok(()), Ok(())));
    assert_eq!(of("12667869-K"), Err(Glosa::NotOnCourse.into()));
    assert_eq!(check_student(&request(), None), Err(Glosa::NotOnCourse.into()));
}

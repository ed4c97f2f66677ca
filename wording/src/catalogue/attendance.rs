//! Attendance at e-learning courses: what a student sees between the course and the course.

use domain::rce::glosa::Glosa;

use super::Headed;

/// The pages of attendance.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Attendance {
    /// Heading where a session begins.
    pub enter: &'static str,
    /// The same where it ends.
    pub leave: &'static str,
    /// To which host the student goes back, and for which course.
    pub comes_from: fn(&str, &str) -> String,
    /// Before the RUN that the course has sent.
    pub run: &'static str,
    pub not_you: &'static str,
    /// How many keys may be typed, and how long.
    pub limits: fn(u8) -> String,
    /// What to do once a key was recovered.
    pub then: &'static str,
    /// The button that goes back without a key.
    pub back: &'static str,
    pub entered: Headed,
    pub left: Headed,
    /// Heading where a session did not begin.
    pub not_entered: &'static str,
    /// The same where it did not end.
    pub not_left: &'static str,
    /// Why, to the student.
    pub reason: fn(Glosa) -> &'static str,
    /// The codes, for the OTEC.
    pub codes: fn(&str) -> String,
    /// Where the browser goes by itself.
    pub going: fn(&str) -> String,
    /// A host that nobody vouches for.
    pub stranger: fn(&str) -> String,
    pub go_on: &'static str,
    /// There is nowhere to go back to.
    pub nowhere: &'static str,
    pub expired: Headed,
    /// What the addresses say that courses send forms to.
    pub here: Headed,
}

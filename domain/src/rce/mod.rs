//! Attendance at e-learning courses (docs/requirements.md#l-rce): an OTEC sends a student's browser here when a session begins and when
//! it ends; the student types the key on a page of ours, and the browser goes back with the answer.
//!
//! A request is read from a form ([`request`]), then checked: its sender ([`organism`]), its course ([`course`]), and with the key its
//! student ([`attendance`]). What is wrong is said by a closed list of codes ([`glosa`]). Each check gathers all that it finds; a later
//! one is made only when the earlier ones found nothing, so that a course is spoken of to its OTEC only, and a student only after a right
//! key (docs/decisions/0021).

pub mod answer;
pub mod attendance;
pub mod course;
pub mod export;
pub mod fields;
pub mod glosa;
pub mod organism;
pub mod request;
pub mod session;

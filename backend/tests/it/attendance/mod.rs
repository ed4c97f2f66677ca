//! Attendance at e-learning courses: L-RCE.

mod closes;
mod desk;
mod keys;
mod refusals;
mod starts;
mod support;

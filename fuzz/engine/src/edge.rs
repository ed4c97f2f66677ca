//! The part of the server's module `edge` that has a fuzz target.

#[path = "../../../server/src/edge/fuzzing.rs"]
pub(crate) mod fuzzing;
#[path = "../../../server/src/edge/heads.rs"]
mod heads;

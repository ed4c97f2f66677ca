//! What is beside a field: what is wrong with it, and what to do.

use domain::field::FieldError;

use crate::Audience;

/// The sentences for every field and every reason.
#[derive(Debug)]
pub struct Errors {
    /// The sentence for an error, to whom it is said.
    pub sentence: fn(FieldError, Audience) -> &'static str,
    /// What has to be typed again, though nothing was wrong with it.
    pub type_again: TypeAgain,
}

/// Which secrets of a form have to be typed again.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the secrets")]
pub struct TypeAgain {
    pub answer_and_key: &'static str,
    pub answer: &'static str,
    pub key: &'static str,
}

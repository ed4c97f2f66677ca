//! What is beside a field: what is wrong with it, and what to do.

use domain::field::FieldError;

use crate::Audience;

/// The sentences for every field and every reason.
#[derive(Debug)]
pub struct Errors {
    /// The sentence for an error, to whom it is said.
    pub sentence: fn(FieldError, Audience) -> &'static str,
    /// The same without what to do about it: where one has to wait first.
    pub cause: fn(FieldError, Audience) -> &'static str,
    /// In place of the sentence, beside a field that has to wait so many minutes.
    pub wait: fn(u32) -> String,
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

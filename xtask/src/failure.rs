//! The one error type of this tool: a sentence for the person at the terminal.
//!
//! Nothing here is handled by code, only read, so an error is its wording; [`Doing`] puts before a
//! library's error what was being done when it came.

use std::fmt;

/// Why a task failed, as a sentence.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// The result of every task.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Says what was being done when something else's error came.
pub(crate) trait Doing<T> {
    /// `what` completes the sentence "could not …".
    fn doing(self, what: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, what: impl fmt::Display) -> Result<T> {
        // The alternate form makes anyhow’s errors include their causes.
        self.map_err(|cause| Failure(format!("could not {what}: {cause:#}")))
    }
}

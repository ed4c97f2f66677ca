//! What a page says above its form.

use domain::flow::Notice;

use crate::{Audience, SecretFields};

/// The notices of the flows.
#[derive(Debug)]
pub struct Notices {
    /// Heading and text of a notice, to whom it is said, above a form with these secrets.
    pub notice: fn(Notice, Audience, SecretFields) -> (&'static str, String),
}

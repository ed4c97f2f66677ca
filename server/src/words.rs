//! The sentences of the commands.

use domain::field::FieldError;
use wording::catalogue::commands::Commands;
use wording::{Audience, Catalogue, Locale};

/// Commands speak Spanish, as those do who run them, whatever the language of the pages.
pub(crate) fn catalogue() -> &'static Catalogue {
    Locale::Es.catalogue()
}

/// What the commands say.
pub(crate) fn words() -> &'static Commands {
    &catalogue().commands
}

/// The sentence for an error in a row or an argument.
pub(crate) fn error_sentence(error: FieldError) -> &'static str {
    (catalogue().errors.sentence)(error, Audience::Command)
}

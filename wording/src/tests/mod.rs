//! What holds in every language, and what Spanish must say.

mod errors;
#[cfg(any(debug_assertions, feature = "pseudo"))]
mod pseudo;
mod spanish;

//! What holds in every language, and what Spanish must say.

mod errors;
mod outside;
#[cfg(any(debug_assertions, feature = "pseudo"))]
mod pseudo;
mod spanish;

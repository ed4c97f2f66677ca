//! Every sentence that Clave SENCE shows or sends, in each of its languages.
//!
//! [`Catalogue`] is one plain table: a struct of structs, an area each, with a field for every sentence. A sentence that takes
//! arguments is a function, and so is one that depends on an enum, which then has to name every case. Each language is a folder
//! with one value of that type. A language that lacks a sentence, has one too many or takes other arguments does not compile
//! (docs/decisions/0014).
//!
//! The crate knows `domain` only. What `backend` and `app` have types for, they match themselves and take the field they need.

mod audience;
pub mod catalogue;
mod es;
pub mod facts;
mod locale;
#[cfg(test)]
mod tests;

pub use audience::{Audience, SecretFields};
pub use catalogue::Catalogue;
pub use locale::Locale;

/// The “Declaración Jurada”, which is in Spanish whatever the language of the page that offers it.
#[must_use]
pub fn declaration() -> &'static catalogue::declaration::Declaration {
    &es::DECLARATION
}

/// The pseudo-language, made from Spanish by `build.rs`.
#[cfg(any(debug_assertions, feature = "pseudo"))]
#[expect(dead_code, reason = "nobody asks for the Declaración Jurada in it")]
mod qps {
    include!(concat!(env!("OUT_DIR"), "/qps.rs"));
}

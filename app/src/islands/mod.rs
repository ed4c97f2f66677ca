//! Islands: small helps that run in the browser beside plain inputs, with the very rules of the server. Without script
//! they show nothing. They never touch the value of an input while somebody types (docs/decisions/0011).

pub mod comuna;
pub mod hint;
pub mod show_keys;

pub use comuna::ComunaFilter;
pub use hint::{EmailHint, KeyHint, MobileHint, RutHint, SameKeyHint, SerialHint};
pub use show_keys::ShowKeys;

#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod errors;
#[cfg(feature = "hydrate")]
pub use errors::settle_list;

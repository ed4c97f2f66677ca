//! The rules of Clave SENCE: what a RUT, a key, an answer or an address is, and which steps each flow allows.
//!
//! Nothing here reads a clock, a database or a network: functions take and return plain values, so that the
//! browser and the server run the same code. Only this crate makes transitions of a flow, and the
//! state of a flow carries the proofs that earned it (docs/decisions/0009).
//!
//! The feature `full` adds what only the server needs and a browser should not download: the territory, the
//! list of common keys, the forms and the flows. The feature `fuzzing` adds the fuzz targets, which tests have too.

#[cfg(feature = "full")]
pub mod address;
#[cfg(feature = "full")]
pub mod answer;
#[cfg(feature = "full")]
pub mod birth;
pub mod clave;
#[cfg(feature = "full")]
pub mod common_keys;
#[cfg(feature = "full")]
pub mod company;
#[cfg(feature = "full")]
pub mod document;
pub mod email;
#[cfg(feature = "full")]
pub mod field;
#[cfg(feature = "full")]
pub mod flow;
#[cfg(all(feature = "full", any(test, feature = "fuzzing")))]
pub mod fuzzing;
pub mod guessable;
#[cfg(feature = "full")]
pub mod identifier;
#[cfg(feature = "full")]
pub mod kind;
#[cfg(feature = "full")]
pub mod mail_code;
#[cfg(feature = "full")]
pub mod motive;
#[cfg(feature = "full")]
pub mod name;
#[cfg(feature = "full")]
pub mod needs;
#[cfg(feature = "full")]
pub mod nie;
#[cfg(feature = "full")]
pub mod officer;
#[cfg(feature = "full")]
pub mod openid;
pub mod phone;
#[cfg(feature = "full")]
pub mod question;
#[cfg(feature = "full")]
pub mod rce;
#[cfg(feature = "full")]
mod reasons;
pub mod rut;
pub mod serial;
#[cfg(feature = "full")]
pub mod territory;
pub mod text;

//! Storage and external systems of Clave SENCE: the store, the flows kept in it, the courier, the registries, captchas,
//! limits and the audit. No HTML and no HTTP server here (docs/ARCHITECTURE.md#the-parts).
//!
//! Errors: [`store::StoreError`] inside the store; [`files::FilesError`] for uploaded files; [`hashing::Busy`] when too
//! many keys wait to be hashed; [`service::ServiceError`] for a screen, when a step failed on our side. A person's
//! mistake is no error but part of the page ([`domain::flow::Feedback`]).

pub mod caller;
pub mod captcha;
pub mod clock;
pub mod courier;
pub mod declaration;
pub mod files;
pub mod flow_locks;
pub mod flows;
pub mod form;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod hashing;
pub mod import;
pub mod jwt;
pub mod keyed_semaphore;
pub mod limits;
pub mod message;
pub mod owner_only;
pub mod registry;
pub mod secrets;
pub mod service;
pub mod settings;
mod spreadsheet;
pub mod store;
pub mod totp;

pub use service::Backend;

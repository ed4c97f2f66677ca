//! What Clave SENCE remembers and reaches: the store, the flows kept in it, the courier, the registries, captchas,
//! limits and the audit. No HTML and no HTTP server here (docs/ARCHITECTURE.md#the-parts).
//!
//! Errors, and which is used where: [`store::StoreError`] inside the store; [`files::FilesError`] where uploaded files
//! are kept; [`hashing::Busy`] when too many keys wait to be hashed; [`service::ServiceError`] is what a screen gets
//! when a step could not be carried out for a reason that is ours, never the person's. What a person did wrong is no
//! error but part of the page ([`domain::flow::Feedback`]).

pub mod captcha;
pub mod clock;
pub mod courier;
pub mod declaration;
pub mod files;
pub mod flow_locks;
pub mod flows;
pub mod form;
pub mod hashing;
pub mod import;
pub mod limits;
pub mod owner_only;
pub mod registry;
pub mod secrets;
pub mod service;
pub mod settings;
pub mod store;
pub mod totp;

pub use service::Backend;

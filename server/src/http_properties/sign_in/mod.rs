//! Sign-in for other systems as systems and browsers meet it: over HTTP, on the router that `serve` serves.

mod bad_input;
mod changes;
#[cfg(feature = "clients")]
mod client_library;
mod known_faults;
mod service;

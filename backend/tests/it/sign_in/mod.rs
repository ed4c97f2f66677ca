//! Sign-in for other systems: L-PAGE and L-OIDC.

mod codes;
mod keys;
mod refresh;
mod sessions;
mod support;

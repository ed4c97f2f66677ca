//! Sign-in for other systems: L-PAGE and L-OIDC.

mod assertions;
mod codes;
mod keys;
mod pushed;
mod refresh;
mod revocation;
mod sessions;
mod support;

//! Sign-in for other systems: L-PAGE and L-OIDC.

mod codes;
mod elsewhere;
mod keys;
mod logout;
mod sessions;
mod support;

//! Sign-in for other systems: L-PAGE and L-OIDC.

mod assertions;
mod codes;
mod elsewhere;
mod keys;
mod logout;
mod pushed;
mod refresh;
mod revocation;
mod sessions;
mod support;

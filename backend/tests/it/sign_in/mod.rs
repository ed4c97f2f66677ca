//! Sign-in for other systems: L-PAGE and L-OIDC.

mod assertions;
mod codes;
mod elsewhere;
mod instances;
mod keys;
mod known_faults;
mod logout;
mod mail_codes;
mod pushed;
mod redemptions;
mod refresh;
mod revocation;
mod sessions;
mod support;

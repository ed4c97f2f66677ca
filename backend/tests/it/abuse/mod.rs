//! Limits, races, repeated forms, and identities that have no account.

mod captchas;
mod identities;
mod interrupted_forms;
mod limits;
mod races;
mod races_of_limits;
mod repeated_forms;
mod unknown_identities;

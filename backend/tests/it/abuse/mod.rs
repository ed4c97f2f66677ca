//! Limits, races, repeated forms, and identities that have no account.

mod attack;
mod captchas;
mod equal_work;
mod every_message;
mod identities;
mod interrupted_forms;
mod kept_secrets;
mod known_browsers;
mod letters_for_waits;
mod limits;
mod races;
mod races_of_limits;
mod recipients;
mod repeated_forms;
mod squatters;
mod traces;
mod unknown_identities;
mod work_for_letters;

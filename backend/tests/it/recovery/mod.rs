//! Recovery of a key: N-REC.

mod at_once;
mod contact;
mod registry;
mod steps_to_the_key;

//! Recovery of a key: N-REC.

mod contact;
mod registry;
mod steps_to_the_key;

//! Change of a key: N-CHG, and keys hashed by the older system.

mod keys;
mod older_keys;
mod steps;
mod written_otherwise;

//! Change of a key: N-CHG, and keys that the older system hashed.

mod keys;
mod older_keys;
mod steps;

//! What the worker of the browser calls.

use wasm_bindgen::prelude::*;

/// The proof for a challenge: [`crate::Worker::solve`].
#[wasm_bindgen]
#[must_use]
pub fn solve(challenge: &str, hashes: u32) -> String {
    crate::Worker::default().solve(challenge, hashes)
}

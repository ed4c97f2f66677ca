//! The WebAssembly entry: starts the islands, and makes the steps of a flow go on without loading the document again.
//!
//! A form that is sent to one of our server functions goes out with `fetch`; of the page that comes back `<main>` and
//! `<footer>` are exchanged; address, title and history follow; the focus goes to what went wrong or to the new heading. When
//! anything at all goes wrong, the browser sends the form by itself (docs/decisions/0008).

// Names the app, or the linker drops the islands.
use app as _;

mod page;
mod steps;

use wasm_bindgen::prelude::*;

/// Called once by `arranque.js`. `hydrate` wakes the islands under an element.
#[wasm_bindgen]
pub fn start(hydrate: js_sys::Function) {
    leptos::mount::hydrate_islands();
    steps::listen(hydrate);
}

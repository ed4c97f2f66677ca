//! The little of the DOM that the islands need.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, EventTarget, HtmlInputElement};

pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

pub(super) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

pub(super) fn input(id: &str) -> Option<HtmlInputElement> {
    by_id(id)?.dyn_into().ok()
}

/// Calls `action` on every event of this name, for as long as the element lives.
pub(super) fn on(target: &EventTarget, event: &str, action: impl FnMut() + 'static) {
    let action = Closure::<dyn FnMut()>::new(action).into_js_value();
    let _ = target.add_event_listener_with_callback(event, action.unchecked_ref());
}

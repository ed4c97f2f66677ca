//! The error of before is not said beside what is right now, nor in the summary above the form.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlSelectElement};

use super::dom::{by_id, document};

/// Hides the error of a field, or shows it again. Where there is none, does nothing.
pub(super) fn settle(name: &str, right: bool) -> Option<()> {
    let (field, error) = (by_id(name)?, by_id(&format!("{name}-error"))?);
    let _ = error.toggle_attribute_with_force("hidden", right);
    let _ = field.set_attribute("aria-invalid", if right { "false" } else { "true" });
    let wrapper = field.closest(".campo").ok()??;
    let _ = wrapper.class_list().toggle_with_force("campo--error", !right);
    let link = document()?.query_selector(&format!(".resumen a[href='#{name}']")).ok()??;
    let _ = link.parent_element()?.toggle_attribute_with_force("hidden", right);
    Some(())
}

/// A choice in any list of a page: what was said of it before is said no longer, unless nothing is chosen. `data-de` names the
/// field beside which it is said, where that is another one.
pub fn settle_list(event: &Event) -> Option<()> {
    let list = event.target()?.dyn_into::<HtmlSelectElement>().ok()?;
    let name = list.get_attribute("data-de").unwrap_or_else(|| list.id());
    settle(&name, !list.value().is_empty())
}

//! Leaves in the list of comunas only those of the chosen region. The list itself is in the page, region by region.

use leptos::prelude::*;

/// Narrows the select `comuna` to the region chosen in the select `region`.
#[island]
pub fn ComunaFilter() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::watch();
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::islands::dom::{document, on};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlSelectElement};

    fn select(id: &str) -> Option<HtmlSelectElement> {
        document()?.get_element_by_id(id)?.dyn_into().ok()
    }

    pub(super) fn watch() -> Option<()> {
        let (region, comuna) = (select("region")?, select("comuna")?);
        // Hiding an optgroup does nothing on iOS, so the groups are taken out and put back.
        let groups = comuna.query_selector_all("optgroup").ok()?;
        let groups: Vec<Element> =
            (0..groups.length()).filter_map(|index| groups.item(index)?.dyn_into().ok()).collect();
        let narrow = {
            let region = region.clone();
            move || {
                // Both lists send names, and the groups bear those of the regions.
                let (chosen, name) = (comuna.value(), region.value());
                for group in &groups {
                    if name.is_empty() || group.get_attribute("label").as_deref() == Some(&name) {
                        let _ = comuna.append_child(group);
                    } else {
                        group.remove();
                    }
                }
                comuna.set_value(&chosen);
                if comuna.selected_index() < 0 {
                    comuna.set_value("");
                }
            }
        };
        narrow();
        on(&region, "change", narrow);
        Some(())
    }
}

//! A button that shows what is typed into the key fields of a page.
#![expect(missing_docs, reason = "the macro writes a struct for the arguments and documents it nowhere")]

use leptos::prelude::*;

use crate::wording::live;

/// Shows and hides the text of the inputs with these ids, parted by spaces. Without script the button stays hidden.
#[island]
pub fn ShowKeys(
    /// Ids of the inputs.
    targets: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::watch(targets);
    #[cfg(not(feature = "hydrate"))]
    let _ = targets;
    view! {
        <button type="button" id="ver-claves" class="boton-texto" hidden="" aria-pressed="false">
            {live::SHOW_KEYS}
        </button>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::islands::dom::{by_id, input, on};
    use crate::wording::live;

    pub(super) fn watch(targets: String) -> Option<()> {
        let button = by_id("ver-claves")?;
        let _ = button.remove_attribute("hidden");
        let pressed = button.clone();
        on(&button, "click", move || {
            let shown = pressed.get_attribute("aria-pressed").as_deref() != Some("true");
            for target in targets.split(' ').filter_map(input) {
                target.set_type(if shown { "text" } else { "password" });
            }
            let _ = pressed.set_attribute("aria-pressed", if shown { "true" } else { "false" });
            pressed.set_text_content(Some(if shown { live::HIDE_KEYS } else { live::SHOW_KEYS }));
        });
        Some(())
    }
}

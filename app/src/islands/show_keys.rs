//! A button that shows what is typed into the key fields of a page.

use leptos::prelude::*;

/// Shows and hides what is typed into every key field of the page. Without script the button stays hidden.
#[island]
pub fn ShowKeys() -> impl IntoView {
    #[cfg(feature = "ssr")]
    {
        let keys = &crate::words::words().form.keys;
        view! {
            <button
                type="button"
                id="ver-claves"
                class="boton-texto"
                hidden=""
                aria-pressed="false"
                data-otra=keys.hide
            >
                {keys.show}
            </button>
        }
    }
    #[cfg(not(feature = "ssr"))]
    {
        #[cfg(feature = "hydrate")]
        browser::watch();
        view! { <button></button> }
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::islands::dom::{by_id, input, on};

    pub(super) fn watch() -> Option<()> {
        let button = by_id("ver-claves")?;
        let _ = button.remove_attribute("hidden");
        let pressed = button.clone();
        on(&button, "click", move || {
            let shown = pressed.get_attribute("aria-pressed").as_deref() != Some("true");
            for target in
                ["clave_actual", "clave", "clave_otra_vez", "clave_usuario"].into_iter().filter_map(input)
            {
                target.set_type(if shown { "text" } else { "password" });
            }
            let _ = pressed.set_attribute("aria-pressed", if shown { "true" } else { "false" });
            let other = pressed.get_attribute("data-otra").unwrap_or_default();
            let _ = pressed.set_attribute("data-otra", &pressed.text_content().unwrap_or_default());
            pressed.set_text_content(Some(&other));
        });
        Some(())
    }
}

//! A button that shows what is typed into the key fields of a page.
#![expect(missing_docs, reason = "the macro writes a struct for the arguments and documents it nowhere")]

use leptos::prelude::*;

use crate::wording::live;

/// Shows and hides the text of the inputs with these ids. Without script there is no such button.
#[island]
pub fn ShowKeys(
    /// Ids of the inputs.
    targets: Vec<String>,
) -> impl IntoView {
    let (ready, set_ready) = signal(false);
    let (shown, set_shown) = signal(false);
    #[cfg(feature = "hydrate")]
    set_ready.set(true);
    #[cfg(not(feature = "hydrate"))]
    let _ = set_ready;
    let toggle = move |_| {
        set_shown.update(|shown| *shown = !*shown);
        #[cfg(feature = "hydrate")]
        for target in &targets {
            if let Some(input) = super::dom::input(target) {
                input.set_type(if shown.get_untracked() { "text" } else { "password" });
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &targets;
    };
    view! {
        <button
            type="button"
            class="boton-texto"
            hidden=move || !ready.get()
            aria-pressed=move || shown.get().to_string()
            on:click=toggle
        >
            {move || if shown.get() { live::HIDE_KEYS } else { live::SHOW_KEYS }}
        </button>
    }
}

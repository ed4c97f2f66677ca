//! The end: “Éxito”; and back to the change or the recovery that had stopped for missing data (A-MIN).

use domain::flow::update::Done;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::{action, hidden, success};
use crate::words::words;

/// A flow of this browser that stopped for missing data: which, and the tag of its pages.
pub(super) struct Stopped {
    pub(super) errand: Errand,
    pub(super) tag: String,
}

/// “Éxito”.
pub(super) fn view(kind: Kind, done: Done, stopped: Option<Stopped>) -> AnyView {
    let told = done.changed.then(|| {
        view! {
            <ul class="lista">
                <li>"SENCE enviará una notificación a su e-Mail dentro de los próximos 10 minutos."</li>
                {done.by_sms.then(|| view! { <li>"También le avisaremos por SMS."</li> })}
            </ul>
        }
    });
    let back = match stopped {
        Some(Stopped { errand, tag }) => view! {
            <p>"Su trámite quedó esperando. Puede seguir ahora:"</p>
            <form method="post" action=format!("/api/{}/seguir", errand.slug()) novalidate="">
                {hidden(kind, &tag)}
                {action(errand.words(words()).resume)}
            </form>
        }
        .into_any(),
        None => view! { <p><a class="boton boton--claro" href="/">"Volver al inicio"</a></p> }.into_any(),
    };
    let lead = if done.changed {
        "Sus datos han sido actualizados correctamente."
    } else {
        "Sus datos ya estaban así. No había nada que cambiar."
    };
    success(lead, view! { {told} {back} })
}

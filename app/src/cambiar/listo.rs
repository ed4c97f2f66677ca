//! The end of a change: “Éxito”.

use domain::kind::Kind;
use leptos::prelude::*;

use crate::ui::success;
use crate::wording::kinds::{former_key, identifier};

/// “Éxito”.
pub fn view(kind: Kind, by_sms: bool) -> AnyView {
    let content = view! {
        <p>
            "Desde ahora entre a los sistemas de SENCE con su " {identifier(kind)}
            " y su clave nueva. " {former_key(kind)}
        </p>
        <ul class="lista">
            {by_sms.then(|| view! { <li>"Le avisaremos por SMS dentro de los próximos 10 minutos."</li> })}
            <li>"Le avisaremos por e-Mail dentro de los próximos 10 minutos."</li>
        </ul>
        <p><a class="boton boton--claro" href="/">"Volver al inicio"</a></p>
    };
    success("Su clave fue cambiada.", content)
}

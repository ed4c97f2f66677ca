//! The end: “Éxito” (N-REC-END), or that there is no account, which only a person with a valid document is told.

use domain::flow::recovery::Recovery;
use domain::kind::Kind;
use leptos::prelude::*;

use super::Shown;
use crate::ui::success;
use crate::wording::labels::Errand;

/// “Éxito”.
pub(super) fn view(shown: &Shown<'_>) -> AnyView {
    let by_sms = matches!(&shown.flow.state, Recovery::Sent(sent) if sent.by_sms);
    let change = Errand::Change.path(shown.kind);
    let content = view! {
        <ul class="lista">
            {by_sms
                .then(|| {
                    view! {
                        <li>"Su clave Sence (CS) será enviada por SMS a su celular dentro de los próximos 10 minutos."</li>
                    }
                })}
            <li>"Su clave Sence (CS) será enviada a su e-Mail dentro de los próximos 10 minutos."</li>
        </ul>
        <h2>"Qué hacer ahora"</h2>
        <ol class="lista">
            <li>"Busque el mensaje. Si no lo ve en su correo, mire en «No deseados» o «Spam»."</li>
            <li>"Con la clave provisoria, cree su clave nueva. Tiene 24 horas."</li>
        </ol>
        <p><a class="boton" href=change>"Crear mi clave nueva"</a></p>
        <p class="ayuda">"Su clave anterior sigue funcionando hasta que cree la nueva."</p>
    };
    success("Su clave provisoria va en camino.", content)
}

/// The document is valid, and there is no account.
pub(super) fn no_account(kind: Kind) -> AnyView {
    view! {
        <h1 tabindex="-1">"Usted todavía no tiene Clave Sence"</h1>
        <p>"Su cédula está vigente, pero no hay una cuenta con su RUT. Puede crearla ahora; toma unos 5 minutos."</p>
        <p><a class="boton" href=Errand::Register.path(kind)>"Crear mi cuenta"</a></p>
        <p><a href="/">"Volver al inicio"</a></p>
    }
    .into_any()
}

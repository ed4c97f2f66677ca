//! The end: “Éxito” (N-REC-END), or that there is no account, which only a person with a valid document is told.

use backend::clock::chilean_time;
use domain::flow::recovery::KeySent;
use domain::kind::Kind;
use leptos::prelude::*;

use crate::errand::Errand;
use crate::ui::success;
use crate::wording::kinds::{self as words, key_by_mail};

/// “Éxito”. `key` is the provisional key where the configuration has it shown (V-SHOW).
pub(super) fn view(kind: Kind, sent: &KeySent, key: Option<String>) -> AnyView {
    let change = Errand::Change.path(kind);
    let until = chilean_time(sent.until);
    let on_screen = key.is_some();
    let shown = key.map(|key| {
        view! {
            <p>"Se ha generado una clave provisoria, la cual es:"</p>
            <p class="dato clave-provisoria">{key}</p>
        }
    });
    let content = view! {
        {shown}
        <p>"Su clave provisoria es " <strong>"válida hasta el " {until}</strong> " (hora de Chile)."</p>
        <ul class="lista">
            {sent
                .by_sms
                .then(|| {
                    view! {
                        <li>"Su clave Sence (CS) será enviada por SMS a su celular dentro de los próximos 10 minutos."</li>
                    }
                })}
            <li>{key_by_mail(kind, sent.to_new)}</li>
        </ul>
        <h2>"Qué hacer ahora"</h2>
        <ol class="lista">
            {if on_screen {
                view! { <li>"Anote la clave que ve arriba."</li> }
            } else {
                view! { <li>"Busque el mensaje. Si no lo ve en su correo, mire en «No deseados» o «Spam»."</li> }
            }}
            <li>"Con la clave provisoria, cree su clave nueva."</li>
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
        <p>{words::no_account(kind)}</p>
        <p><a class="boton" href=Errand::Register.path(kind)>"Crear mi cuenta"</a></p>
        <p><a href="/">"Volver al inicio"</a></p>
    }
    .into_any()
}

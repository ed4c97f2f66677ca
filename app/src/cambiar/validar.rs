//! Step 1, “Validar Datos”: “Rut”, “CS Actual” → “Validar”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use domain::field::Field;
use domain::flow::Say;
use domain::kind::Kind;
use leptos::prelude::*;

use super::{head, path};
use crate::islands::ShowKeys;
use crate::ui::{Input, Way, action, frame, hidden, known, text_field};
use crate::web::{FlowCookie, Post, Seen};
use crate::wording::labels::Errand;

/// RUT and current key are asked for.
pub fn view(kind: Kind, say: &Say, typed: &str) -> AnyView {
    let key = Input {
        hint: "Su clave de hoy, o la clave provisoria que recibió por correo o SMS. Las mayúsculas cuentan.",
        way: Way::CURRENT_KEY,
        width: "medio",
        ..Input::default()
    };
    let form = view! {
        <form method="post" action="/api/cambiar/validar" novalidate="">
            {hidden(kind, "")}
            {known::rut(say, typed, "Por ejemplo: 12.345.678-5")}
            {text_field(Field::CurrentKey, "CS Actual", say, key)}
            <ShowKeys />
            {action("Validar")}
        </form>
        <p>"¿Olvidó su clave? " <a href=Errand::Recover.path(kind)>"Recuperar CS"</a></p>
    };
    frame(head(1, "Validar Datos"), say, form)
}

/// Takes RUT and key.
#[server(prefix = "/api", endpoint = "cambiar/validar", input = server_fn::codec::PostUrl)]
pub async fn cambiar_validar(
    #[server(default)] tipo: String,
    #[server(default)] rut: String,
    #[server(default)] clave_actual: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive(&tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Change);
    let posted = post.posted(token.as_ref(), Seen { tag: "", captcha: "" });
    let moved = post.backend().change(post.kind, &post.caller).identify(posted, &rut, &clave_actual).await;
    post.answer(FlowCookie::Change, moved, path);
    Ok(())
}

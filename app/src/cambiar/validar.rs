//! Step 1, “Validar Datos”: “Rut” or “NIE”, “CS Actual” → “Validar”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Typed;
use domain::flow::Say;
use domain::kind::Kind;
use leptos::prelude::*;

use super::{head, path};
use crate::ui::{action, frame, hidden, known};
use crate::web::{FlowCookie, Post, Seen};
use crate::wording::kinds::identifier_hint;
use crate::wording::labels::Errand;

/// RUT or NIE, and current key are asked for.
pub fn view(kind: Kind, say: &Say, typed: &Typed) -> AnyView {
    let hint = "Su clave de hoy, o la clave provisoria que recibió por correo o SMS. Las mayúsculas cuentan.";
    let form = view! {
        <form method="post" action="/api/cambiar/validar" novalidate="">
            {hidden(kind, "")}
            {known::identifier(kind, say, typed, identifier_hint(kind))}
            {(kind == Kind::Juridica).then(|| known::representative(say, typed))}
            {known::current_key("CS Actual", say, hint)}
            {action("Validar")}
        </form>
        <p>"¿Olvidó su clave? " <a href=Errand::Recover.path(kind)>"Recuperar CS"</a></p>
    };
    frame(head(kind, 1, "Validar Datos"), say, form)
}

/// Takes RUT or NIE, and key.
#[server(prefix = "/api", endpoint = "cambiar/validar", input = server_fn::codec::PostUrl)]
pub async fn cambiar_validar(
    #[server(default)] tipo: String,
    #[server(default)] rut: String,
    #[server(default)] nie: String,
    #[server(default)] rut_representante: String,
    #[server(default)] clave_actual: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive(&tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Change);
    let posted = post.posted(token.as_ref(), Seen { tag: "", captcha: "" });
    let service = post.backend().change(post.kind, &post.caller);
    let moved = service.identify(posted, post.who(&rut, &nie), &rut_representante, &clave_actual).await;
    post.answer(FlowCookie::Change, moved, path);
    Ok(())
}

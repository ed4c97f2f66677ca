//! Step 1: “Rut” → “Validar”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use domain::flow::Say;
use domain::kind::Kind;
use leptos::prelude::*;

use super::{head, path};
use crate::ui::{action, frame, hidden, known};
use crate::web::{FlowCookie, Post, Seen};

/// The RUT is asked for.
pub fn view(kind: Kind, say: &Say, typed: &str) -> AnyView {
    let form = view! {
        <p>
            "Le enviaremos una clave provisoria a su correo y a su celular. Mientras tanto, su clave de hoy sigue \
             funcionando."
        </p>
        <form method="post" action="/api/recuperar/rut" novalidate="">
            {hidden(kind, "")}
            {known::rut(say, typed, "Como sale en su cédula. Por ejemplo: 12.345.678-5")}
            {action("Validar")}
        </form>
        <details class="mas">
            <summary>"¿Cambió de correo o de celular?"</summary>
            <p>
                "Puede seguir: más adelante le preguntaremos si su correo es correcto. Tenga su cédula a mano, necesitará \
                 su número de serie."
            </p>
        </details>
    };
    frame(head(1, "¿Cuál es su RUT?"), say, form)
}

/// Takes the RUT.
#[server(prefix = "/api", endpoint = "recuperar/rut", input = server_fn::codec::PostUrl)]
pub async fn recuperar_rut(
    #[server(default)] tipo: String,
    #[server(default)] rut: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive(&tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), Seen { tag: "", captcha: "" });
    let moved = post.backend().recovery(post.kind, &post.caller).rut(posted, &rut).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

//! Step 2 without the answer: “Número de serie cédula de identidad” → “Validar” (N-REC-1, N-REC-2).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::asking;
use domain::flow::Say;
use leptos::prelude::*;

use super::{Shown, head, path};
use crate::ui::{action, frame, hidden, known};
use crate::web::{FlowCookie, Post, Seen};

/// The serial is asked for.
pub(super) fn view(shown: &Shown<'_>, say: &Say) -> AnyView {
    let back = asking(&shown.flow.state).is_some().then(|| {
        let question = format!("/recuperar/{}/pregunta", shown.kind.slug());
        view! { <p><a href=question>"Recordé mi respuesta: volver a la pregunta"</a></p> }
    });
    let form = view! {
        <form method="post" action="/api/recuperar/serie" novalidate="">
            {hidden(shown.kind, shown.flow.tag())}
            {known::serial(say, shown.flow.typed.get("serie"))}
            {action("Validar")}
        </form>
        {back}
        <details class="mas">
            <summary>"¿Dónde está el número de serie?"</summary>
            <ul>
                <li>
                    "Cédula nueva: adelante, junto a «NÚMERO DOCUMENTO»."
                </li>
                <li>"Cédula antigua: atrás, abajo a la izquierda; comienza con la letra A."</li>
            </ul>
        </details>
    };
    frame(head(2, "Escriba el número de serie de su cédula"), say, form)
}

/// Takes the serial.
#[server(prefix = "/api", endpoint = "recuperar/serie", input = server_fn::codec::PostUrl)]
pub async fn recuperar_serie(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] serie: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive(&tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), Seen { tag: &pagina, captcha: "" });
    let moved = post.backend().recovery(post.kind, &post.caller).serial(posted, &serie).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

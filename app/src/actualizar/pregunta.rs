//! Step 2: the secret question is answered, so that only its owner changes an account.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use domain::flow::Feedback;
use domain::flow::update::{AskQuestion, Update};
use domain::kind::Kind;
use leptos::prelude::*;

use super::{head, path};
use crate::errand::Errand;
use crate::ui::{action, check, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post, Seen};
use crate::wording::kinds::document;

/// The question is asked.
pub(super) fn view(kind: Kind, flow: &Flow<Update>, feedback: &Feedback, asked: &AskQuestion) -> AnyView {
    let form = view! {
        <p>"Por seguridad, para que solo usted pueda cambiar sus datos."</p>
        <form method="post" action="/api/actualizar/pregunta" novalidate="">
            {hidden(kind, flow.tag())}
            {shared_fields::asked_question(feedback, asked.question())}
            {check("no_recuerdo", "No recuerdo la respuesta a mi pregunta secreta", false)}
            <p class="ayuda">
                "Si marca esta opción, le pediremos " {document(kind)} " y podrá elegir otra pregunta."
            </p>
            {action("Validar")}
        </form>

    };
    frame(head(kind, 2, "Responda su pregunta secreta"), feedback, form)
}

/// Takes the answer, or the tick.
#[server(prefix = "/api", endpoint = "actualizar/pregunta", input = server_fn::codec::PostUrl)]
pub async fn actualizar_pregunta(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] respuesta: String,
    #[server(default)] no_recuerdo: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = post.posted(token.as_ref(), Seen { tag: &pagina, captcha: "" });
    let service = post.backend().update(post.kind, &post.caller);
    let moved = match no_recuerdo.is_empty() {
        true => service.answer(posted, &respuesta).await,
        false => service.forgotten(posted).await,
    };
    post.answer(FlowCookie::Update, moved, path);
    Ok(())
}

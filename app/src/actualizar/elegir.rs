//! Step 2 of an account without a secret question, or of a person who forgot the answer: question and answer are chosen.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use domain::flow::update::{Choose, Update};
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use super::{head, path};
use crate::errand::Errand;
use crate::ui::{action_or_back, frame, hidden, shared_fields, still_to_type};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// Question and answer are asked for.
pub(super) fn view(kind: Kind, flow: &Flow<Update>, choose: &Choose) -> AnyView {
    let words = words();
    let why = if choose.replaces() { words.update.replaces } else { words.update.none_yet };
    let form = view! {
        <p>{why}</p>
        <form method="post" action="/api/actualizar/elegir" novalidate="">
            {hidden(kind, flow.tag())}
            {shared_fields::secret_question(&flow.feedback, &flow.typed, &flow.kept)}
            {action_or_back(words.form.go_on, &Errand::Update.path(kind))}
        </form>
    };
    let secrets = still_to_type(SecretFields::ANSWER, &flow.kept);
    frame(head(kind, words.update.choose).with(secrets), &flow.feedback, form)
}

/// Takes question and answer.
#[server(prefix = "/api", endpoint = "actualizar/elegir", input = server_fn::codec::PostUrl)]
pub async fn actualizar_elegir(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] pregunta: String,
    #[server(default)] respuesta: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let moved = post.backend().update(post.kind, &post.caller).choose(posted, &pregunta, &respuesta).await;
    post.answer(FlowCookie::Update, moved, path);
    Ok(())
}

//! Step 2 of a person who forgot the answer, or under V-UPD has no secret question on file: the identity document, before a question
//! may be chosen.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use backend::service::update::question_state;
use domain::flow::update::Update;
use domain::kind::Kind;
use leptos::prelude::*;

use super::{head, path};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post};
use crate::words::words;

/// The document is asked for.
pub(super) fn view(kind: Kind, flow: &Flow<Update>) -> AnyView {
    let back = question_state(&flow.state).is_some().then(|| {
        let question = format!("/actualizar/{}/pregunta", kind.slug());
        view! { <p><a href=question>{words().form.remembered}</a></p> }
    });
    let words = words();
    let form = view! {
        <p>{words.update.why_document}</p>
        <form method="post" action="/api/actualizar/documento" novalidate="">
            {hidden(kind, flow.tag())}
            {shared_fields::document(kind, &flow.feedback, &flow.typed)}
            {captcha::in_place_of_wait(flow, &flow.feedback, "/api/actualizar/documento")}
            {action(words.form.validate)}
        </form>
        {back}
        {shared_fields::where_is_it(kind)}
    };
    frame(head(kind, (words.recover.document_heading)(kind)), &flow.feedback, form)
}

/// Takes the document.
#[server(prefix = "/api", endpoint = "actualizar/documento", input = server_fn::codec::PostUrl)]
pub async fn actualizar_documento(
    #[server(default)] tipo: String,
    #[server(default)] serie: String,
    #[server(default)] documento: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = espera.posted(&post, token.as_ref());
    let service = post.backend().update(post.kind, &post.caller);
    let moved = service.document(posted, post.document(&serie, &documento)).await;
    post.answer(FlowCookie::Update, moved, path);
    Ok(())
}

//! Step 2 without the answer: “Número de serie cédula de identidad”, or the number of a foreign document → “Validar”
//! (N-REC-1, N-REC-2, M-REC-1, M-REC-2).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::question_state;
use domain::flow::Feedback;
use domain::kind::Kind;
use leptos::prelude::*;

use super::{PageContext, head, path, subject, to_first};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::ui::{action, action_or_back, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post};
use crate::words::words;

/// The document is asked for.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let kind = shown.kind;
    let back = question_state(&shown.flow.state).is_some().then(|| {
        let question = format!("/recuperar/{}/pregunta", kind.slug());
        view! { <p><a href=question>{words().form.remembered}</a></p> }
    });
    let words = words();
    // For a company the page of its representative has said so.
    let unasked = back.is_none() && kind != Kind::Juridica;
    let form = view! {
        {subject(shown)}
        {unasked.then(|| view! { <p>{(words.recover.no_question)(kind)}</p> })}
        <form method="post" action="/api/recuperar/documento" novalidate="">
            {hidden(kind, shown.flow.tag())}
            {shared_fields::document(kind, feedback, &shown.flow.typed)}
            {captcha::in_place_of_wait(shown.flow, feedback, "/api/recuperar/documento")}
            {match &back {
                Some(_) => action(words.form.validate),
                None => action_or_back(words.form.validate, &to_first(kind)),
            }}
        </form>
        {back}
        {shared_fields::where_is_it(kind)}
    };
    frame(head(kind, (words.recover.document_heading)(kind)), feedback, form)
}

/// Takes the document.
#[server(prefix = "/api", endpoint = "recuperar/documento", input = server_fn::codec::PostUrl)]
pub async fn recuperar_documento(
    #[server(default)] tipo: String,
    #[server(default)] serie: String,
    #[server(default)] documento: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = espera.posted(&post, token.as_ref());
    let service = post.backend().recovery(post.kind, &post.caller);
    let moved = service.document(posted, post.document(&serie, &documento)).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

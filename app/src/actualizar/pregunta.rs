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
use wording::SecretFields;

use super::{head, path};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::ui::{action_or_back, check, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post};
use crate::words::words;

/// The question is asked.
pub(super) fn view(kind: Kind, flow: &Flow<Update>, feedback: &Feedback, asked: &AskQuestion) -> AnyView {
    let words = words();
    let form = view! {
        <p>{words.update.why_question}</p>
        <form method="post" action="/api/actualizar/pregunta" novalidate="">
            {hidden(kind, flow.tag())}
            {shared_fields::asked_question(feedback, asked.question())}
            {check("no_recuerdo", words.form.forgotten_answer, false)}
            <p class="ayuda">
                {(words.update.if_ticked)(kind)}
            </p>
            {captcha::in_place_of_wait(flow, feedback, "/api/actualizar/pregunta")}
            {action_or_back(words.form.validate, &Errand::Update.path(kind))}
        </form>

    };
    frame(head(kind, words.form.answer_question).with(SecretFields::ANSWER), feedback, form)
}

/// Takes the answer, or the tick.
#[server(prefix = "/api", endpoint = "actualizar/pregunta", input = server_fn::codec::PostUrl)]
pub async fn actualizar_pregunta(
    #[server(default)] tipo: String,
    #[server(default)] respuesta: String,
    #[server(default)] no_recuerdo: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = espera.posted(&post, token.as_ref());
    let service = post.backend().update(post.kind, &post.caller);
    let moved = match no_recuerdo.is_empty() || posted.other_letters {
        true => service.answer(posted, &respuesta).await,
        false => service.forgotten(posted).await,
    };
    post.answer(FlowCookie::Update, moved, path);
    Ok(())
}

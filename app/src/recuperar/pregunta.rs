//! Step 2: the secret question, “Respuesta Secreta”, or “No recuerdo la respuesta a mi pregunta secreta” (N-REC-2, N-REC-3).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::{Forgotten, question_state};
use domain::field::Field;
use domain::flow::{Feedback, document_field};
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use super::{PageContext, head, path, subject, to_first};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::ui::{action_or_back, check_as, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post};
use crate::words::words;

/// What the box sends where the document is asked for below it.
const WITH_DOCUMENT: &str = "documento";

/// The question is asked.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let question = question_state(&shown.flow.state)
        .map(|asked| shared_fields::asked_question(feedback, asked.question()));
    let words = words();
    let typed = &shown.flow.typed;
    // It is the cédula of the representative that speaks for a company.
    let representative =
        (shown.kind == Kind::Juridica).then(|| shared_fields::representative(feedback, typed));
    let document = shared_fields::document(shown.kind, feedback, typed);
    // Only below the box these are asked for on this page.
    let below = [Field::Representative, document_field(shown.kind)];
    let ticked = feedback.errors.iter().any(|error| below.contains(&error.field));
    let form = view! {
        {subject(shown)}
        <form method="post" action="/api/recuperar/pregunta" novalidate="">
            {hidden(shown.kind, shown.flow.tag())}
            {question}
            <div class="revela">
                {check_as("no_recuerdo", WITH_DOCUMENT, words.form.forgotten_answer, ticked)}
                <p class="ayuda">{(words.recover.if_ticked)(shown.kind)}</p>
                <div class="revelado">
                    {representative} {document} {shared_fields::where_is_it(shown.kind)}
                </div>
            </div>
            {captcha::in_place_of_wait(shown.flow, feedback, "/api/recuperar/pregunta")}
            {action_or_back(words.form.validate, &to_first(shown.kind))}
        </form>
    };
    let secrets = if ticked { SecretFields::NOTHING } else { SecretFields::ANSWER };
    frame(head(shown.kind, words.form.answer_question).with(secrets), feedback, form)
}

/// Takes the answer, or the tick.
#[server(prefix = "/api", endpoint = "recuperar/pregunta", input = server_fn::codec::PostUrl)]
pub async fn recuperar_pregunta(
    #[server(default)] tipo: String,
    #[server(default)] respuesta: String,
    #[server(default)] no_recuerdo: String,
    #[server(default)] rut_representante: String,
    #[server(default)] serie: String,
    #[server(default)] documento: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = espera.posted(&post, token.as_ref());
    let forgotten = match no_recuerdo.as_str() {
        "" => None,
        WITH_DOCUMENT => Some(Forgotten::Here {
            representative: &rut_representante,
            document: post.document(&serie, &documento),
        }),
        _ => Some(Forgotten::Later),
    };
    let moved = post.backend().recovery(post.kind, &post.caller).answer(posted, &respuesta, forgotten).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

//! Step 2 of a company without the answer: “Rut Representante Legal” → “Validar”; SII says whether (J-REC-1, J-REC-2).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::question_state;
use domain::flow::Feedback;
use leptos::prelude::*;

use super::{PageContext, head, path, subject, to_first};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::ui::{action, action_or_back, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post};
use crate::words::words;

/// The representative is asked for.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let kind = shown.kind;
    let back = question_state(&shown.flow.state).is_some().then(|| {
        let question = format!("/recuperar/{}/pregunta", kind.slug());
        view! { <p><a href=question>{words().form.remembered}</a></p> }
    });
    let words = words();
    let form = view! {
        {subject(shown)}
        {back.is_none().then(|| view! { <p>{(words.recover.no_question)(kind)}</p> })}
        <p>
            {words.recover.representative_checked}
        </p>
        <form method="post" action="/api/recuperar/representante" novalidate="">
            {hidden(kind, shown.flow.tag())}
            {shared_fields::representative(feedback, &shown.flow.typed)}
            {captcha::in_place_of_wait(shown.flow, feedback, "/api/recuperar/representante")}
            {match &back {
                Some(_) => action(words.form.validate),
                None => action_or_back(words.form.validate, &to_first(kind)),
            }}
        </form>
        {back}
    };
    frame(head(kind, words.recover.who_represents), feedback, form)
}

/// Takes the representative.
#[server(prefix = "/api", endpoint = "recuperar/representante", input = server_fn::codec::PostUrl)]
pub async fn recuperar_representante(
    #[server(default)] tipo: String,
    #[server(default)] rut_representante: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = espera.posted(&post, token.as_ref());
    let moved =
        post.backend().recovery(post.kind, &post.caller).representative(posted, &rut_representante).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

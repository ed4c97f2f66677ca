//! “Rut” or “NIE”, and “Código del correo” → “Confirmar correo”; and the end.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::clock::DAY;
use backend::flows::Typed;
use backend::store::mail_codes;
use domain::flow::Feedback;
use domain::kind::Kind;
use leptos::prelude::*;

use super::path;
use crate::errand::Errand;
use crate::ui::{Head, action_or_back, frame, hidden, shared_fields, success, to_systems};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// The form.
pub fn view(kind: Kind, feedback: &Feedback, typed: &Typed) -> AnyView {
    let words = words();
    let own = &words.mail_check;
    let form = view! {
        <p>{own.lead_later}</p>
        <form method="post" action="/api/correo/validar" novalidate="">
            {hidden(kind, "")}
            {shared_fields::identifier(kind, feedback, typed, (words.fields.identifier_hint)(kind))}
            {shared_fields::mail_code(feedback, typed)}
            {action_or_back(own.confirm, "/")}
        </form>
        <details class="mas">
            <summary>{own.no_code}</summary>
            <p>{(own.no_code_text)(kind, mail_codes::VALID_FOR.div_euclid(DAY))}</p>
        </details>
    };
    let over = (words.form.over)(words.errands.confirm_mail.menu, (words.kinds.title)(kind));
    frame(Head { over, heading: own.heading.to_owned(), ..Head::default() }, feedback, form)
}

/// “Éxito”. The same where the identity has an account with another address.
pub fn done() -> AnyView {
    let words = words();
    let content = view! {
        <p>{words.mail_check.nothing_left}</p>
        <p>{words.mail_check.same_account}</p>
        {to_systems()}
    };
    success(words.mail_check.done, content)
}

/// Takes identifier and code.
#[server(prefix = "/api", endpoint = "correo/validar", input = server_fn::codec::PostUrl)]
pub async fn correo_validar(
    #[server(default)] tipo: String,
    #[server(default)] rut: String,
    #[server(default)] nie: String,
    #[server(default)] codigo_correo: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::ConfirmMail, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::ConfirmMail);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: "", captcha: "", work: "" });
    let service = post.backend().mail(post.kind, &post.caller);
    let moved = service.confirm(posted, post.who(&rut, &nie), &codigo_correo).await;
    post.answer(FlowCookie::ConfirmMail, moved, path);
    Ok(())
}

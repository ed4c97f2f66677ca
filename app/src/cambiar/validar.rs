//! Step 1, “Validar Datos”: “Rut” or “NIE”, “CS Actual” → “Validar”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::{Flow, Typed};
use domain::flow::Feedback;
use domain::flow::change::Change;
use domain::identifier::IdentifierInput;
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use super::{head, path};
use crate::captcha;
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, shared_fields};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// RUT or NIE, and current key are asked for. `flow` is that of a form that was refused.
pub fn view(kind: Kind, flow: Option<&Flow<Change>>, feedback: &Feedback, typed: &Typed) -> AnyView {
    let tag = flow.map_or("", Flow::tag);
    let words = words();
    let form = view! {
        <form method="post" action="/api/cambiar/validar" novalidate="">
            {hidden(kind, tag)}
            {match kind {
                Kind::Facilitador => shared_fields::foreign_document(feedback, typed, (words.fields.identifier_hint)(kind)),
                _ => shared_fields::identifier(kind, feedback, typed, (words.fields.identifier_hint)(kind)),
            }}
            {(kind == Kind::Juridica).then(|| shared_fields::representative(feedback, typed))}
            {shared_fields::current_key(words.fields.current_key, feedback, (words.fields.current_key_hint)(kind))}
            {flow.and_then(|flow| captcha::in_place_of_wait(flow, feedback))}
            {action(words.form.validate)}
        </form>
        {match kind {
            Kind::Facilitador => view! {
                <p>{words.change.ask_company}</p>
            }
                .into_any(),
            _ => view! {
                <p>{words.form.forgotten_key} <a href=Errand::Recover.path(kind)>{words.errands.recover.menu}</a></p>
            }
                .into_any(),
        }}
    };
    frame(head(kind, 1, words.change.check).with(SecretFields::KEY), feedback, form)
}

/// Takes RUT or NIE, and key.
#[server(prefix = "/api", endpoint = "cambiar/validar", input = server_fn::codec::PostUrl)]
pub async fn cambiar_validar(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(default)] captcha: String,
    #[server(default)] trabajo: String,
    #[server(default)] rut: String,
    #[server(default)] nie: String,
    #[server(default)] documento_tipo: String,
    #[server(default)] documento: String,
    #[server(default)] rut_representante: String,
    #[server(default)] clave_actual: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Change, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Change);
    let seen = HiddenFields { tag: &pagina, captcha: &imagen, work: &trabajo };
    let posted = post.posted_with_letters(token.as_ref(), seen, &captcha);
    let service = post.backend().change(post.kind, &post.caller);
    let who = match post.kind {
        Kind::Facilitador => IdentifierInput::Document { kind: &documento_tipo, number: &documento },
        _ => IdentifierInput::Number(post.who(&rut, &nie)),
    };
    let moved = service.identify(posted, who, &rut_representante, &clave_actual).await;
    post.answer(FlowCookie::Change, moved, path);
    Ok(())
}

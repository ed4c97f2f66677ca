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
use serde::{Deserialize, Serialize};
use wording::SecretFields;

use super::{head, path};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::ui::{action_or_back, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post};
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
            {flow.and_then(|flow| captcha::in_place_of_wait(flow, feedback, "/api/cambiar/validar"))}
            {action_or_back(words.form.validate, "/")}
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

/// Whose key it is: the field of each kind. `Debug` shows nothing of it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Who {
    pub rut: String,
    pub nie: String,
    pub documento_tipo: String,
    pub documento: String,
}

impl std::fmt::Debug for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Who(…)")
    }
}

/// Takes RUT or NIE, and key.
#[server(prefix = "/api", endpoint = "cambiar/validar", input = server_fn::codec::PostUrl)]
pub async fn cambiar_validar(
    #[server(default)] tipo: String,
    #[server(flatten)] quien: Who,
    #[server(default)] rut_representante: String,
    #[server(default)] clave_actual: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Change, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Change);
    let posted = espera.posted(&post, token.as_ref());
    let service = post.backend().change(post.kind, &post.caller);
    let who = match post.kind {
        Kind::Facilitador => {
            IdentifierInput::Document { kind: &quien.documento_tipo, number: &quien.documento }
        }
        _ => IdentifierInput::Number(post.who(&quien.rut, &quien.nie)),
    };
    let moved = service.identify(posted, who, &rut_representante, &clave_actual).await;
    post.answer(FlowCookie::Change, moved, path);
    Ok(())
}

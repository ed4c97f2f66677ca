//! Step 1: “Rut” or “NIE” → “Validar”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Typed;
use domain::flow::Feedback;
use domain::kind::Kind;
use leptos::prelude::*;

use super::{head, path};
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post, Seen};
use crate::wording::kinds::{
    changed_contact, document_at_hand, identifier_hint, key_goes_to, other_mail, updates, which_identifier,
};

/// RUT or NIE is asked for.
pub fn view(kind: Kind, feedback: &Feedback, typed: &Typed) -> AnyView {
    let form = view! {
        <p>{key_goes_to(kind)}</p>
        <form method="post" action="/api/recuperar/validar" novalidate="">
            {hidden(kind, "")}
            {shared_fields::identifier(kind, feedback, typed, identifier_hint(kind))}
            {action("Validar")}
        </form>
        <details class="mas">
            <summary>{changed_contact(kind)}</summary>
            <p>{other_mail(kind)} " " {document_at_hand(kind)}</p>
            {updates(kind)
                .then(|| {
                    view! {
                        <p>
                            "También puede cambiarlos antes en "
                            <a href=Errand::Update.path(kind)>"Actualizar datos"</a> "."
                        </p>
                    }
                })}
        </details>
    };
    frame(head(kind, 1, which_identifier(kind)), feedback, form)
}

/// Takes RUT or NIE.
#[server(prefix = "/api", endpoint = "recuperar/validar", input = server_fn::codec::PostUrl)]
pub async fn recuperar_validar(
    #[server(default)] tipo: String,
    #[server(default)] rut: String,
    #[server(default)] nie: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), Seen { tag: "", captcha: "" });
    let service = post.backend().recovery(post.kind, &post.caller);
    let moved = service.identify(posted, post.who(&rut, &nie)).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

//! A-MIN: the key was right, and the account lacks what the change needs. “Actualizar datos” opens without asking for the key
//! again, and leads back here.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use domain::flow::change::{Change, StoppedChange};
use domain::kind::Kind;
use leptos::prelude::*;

use super::{head, path};
use crate::actualizar;
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, lacking};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// Says what is missing.
pub(super) fn view(kind: Kind, flow: &Flow<Change>, stopped: &StoppedChange) -> AnyView {
    let words = words();
    let form = view! {
        {lacking(stopped.data())}
        <p>{words.change.complete}</p>
        <form method="post" action="/api/cambiar/completar" novalidate="">
            {hidden(kind, flow.tag())}
            {action(words.errands.update.menu)}
        </form>
        <form method="post" action="/api/cambiar/seguir" novalidate="">
            {hidden(kind, flow.tag())}
            <button type="submit" class="boton boton--claro">
                {words.form.completed}
            </button>
        </form>
    };
    frame(head(kind, 1, words.form.data_missing), &flow.feedback, form)
}

/// Opens “Actualizar datos” with the proof that this flow has.
#[server(prefix = "/api", endpoint = "cambiar/completar", input = server_fn::codec::PostUrl)]
pub async fn cambiar_completar(#[server(default)] tipo: String) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let stopped = post.token(FlowCookie::Change);
    match post.backend().update(post.kind, &post.caller).by_stopped_change(stopped.as_ref()).await {
        Ok(Some(moved)) => post.answer(FlowCookie::Update, Ok(moved), actualizar::path),
        Ok(None) => post.redirect_to(&format!("{}?aviso=vencido", Errand::Change.path(post.kind))),
        Err(error) => post.answer(FlowCookie::Update, Err(error), actualizar::path),
    }
    Ok(())
}

/// Resumes with the data that is there now.
#[server(prefix = "/api", endpoint = "cambiar/seguir", input = server_fn::codec::PostUrl)]
pub async fn cambiar_seguir(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Change, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Change);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let moved = post.backend().change(post.kind, &post.caller).resume(posted).await;
    post.answer(FlowCookie::Change, moved, path);
    Ok(())
}

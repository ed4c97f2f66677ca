//! Step 2, “Cambiar CS”: “CS Nueva”, “Repetir CS Nueva”, captcha → “Cambiar Clave”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use backend::service::change::AfterRecovery;
use domain::flow::change::Change;
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use super::{head, path};
use crate::captcha::{self, LettersForm};
use crate::errand::Errand;
use crate::recuperar;
use crate::ui::{Head, action_or_back, frame, hidden, shared_fields, still_to_type, unfinished};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// The new key is asked for.
pub(super) fn view(kind: Kind, flow: &Flow<Change>) -> AnyView {
    let (feedback, words) = (&flow.feedback, &words().change);
    let (account, spared) = match &flow.state {
        Change::NewKey(proven) => {
            (shared_fields::account_name(proven.identifier()), proven.without_captcha().is_some())
        }
        _ => (().into_any(), false),
    };
    let letters = (!spared).then(|| captcha::part(flow, feedback, "/api/cambiar/captcha"));
    let secrets = if spared { SecretFields::KEY } else { SecretFields::KEY_AND_LETTERS };
    let at_sign_in = flow.state.is_for_sign_in();
    let back = match (spared, at_sign_in, unfinished::next_system()) {
        (true, ..) => format!("/recuperar/{}/listo", kind.slug()),
        (false, true, Some(_)) => unfinished::back(),
        (false, true, None) => "/ingresar".to_owned(),
        (false, false, _) => Errand::Change.path(kind),
    };
    let why = at_sign_in.then(|| (words.was_provisional)(unfinished::next_system().as_deref()));
    let form = view! {
        <form method="post" action="/api/cambiar/clave" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(kind, if spared { flow.tag() } else { "" })}
            {why.map(|why| view! { <p>{why}</p> })}
            {account}
            {shared_fields::new_key(kind, (words.key, words.key_again), feedback, &flow.kept)}
            {letters}
            {action_or_back(words.change, &back)}
        </form>
    };
    let head = head(kind, 2, words.choose).with(still_to_type(secrets, &flow.kept));
    // After a recovery it is the last of another number of pages, and at a sign-in there was no first one.
    let head = if spared || at_sign_in { Head { step: None, ..head } } else { head };
    frame(head, feedback, form)
}

/// Takes the provisional key on the last page of a recovery.
#[server(prefix = "/api", endpoint = "cambiar/provisoria", input = server_fn::codec::PostUrl)]
pub async fn cambiar_provisoria(
    #[server(default)] tipo: String,
    #[server(default)] rut_representante: String,
    #[server(default)] clave_actual: String,
    #[server(flatten)] espera: LettersForm,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Change, &tipo) else { return Ok(()) };
    let (token, change) = (post.token(FlowCookie::Recover), post.token(FlowCookie::Change));
    let posted = espera.posted(&post, token.as_ref());
    let service = post.backend().change(post.kind, &post.caller);
    match service.after_recovery(posted, change.as_ref(), &rut_representante, &clave_actual).await {
        Ok(AfterRecovery::Changes(moved)) => post.answer(FlowCookie::Change, Ok(moved), path),
        Ok(AfterRecovery::Stays(moved)) => post.answer(FlowCookie::Recover, Ok(moved), recuperar::path),
        Err(error) => post.answer(FlowCookie::Recover, Err(error), recuperar::path),
    }
    Ok(())
}

/// Takes the new key.
#[server(prefix = "/api", endpoint = "cambiar/clave", input = server_fn::codec::PostUrl)]
pub async fn cambiar_clave(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(default)] captcha: String,
    #[server(default)] trabajo: String,
    #[server(default)] clave: String,
    #[server(default)] clave_otra_vez: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Change, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Change);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: &imagen, work: &trabajo });
    let service = post.backend().change(post.kind, &post.caller);
    let moved = service.set_key(posted, &clave, &clave_otra_vez, &captcha).await;
    post.answer(FlowCookie::Change, moved, path);
    Ok(())
}

/// “Refrescar”.
#[server(prefix = "/api", endpoint = "cambiar/captcha", input = server_fn::codec::PostUrl)]
pub async fn cambiar_captcha(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] clave: String,
    #[server(default)] clave_otra_vez: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Change, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Change);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let service = post.backend().change(post.kind, &post.caller);
    let moved = service.new_captcha(posted, &clave, &clave_otra_vez).await;
    post.answer(FlowCookie::Change, moved, path);
    Ok(())
}

//! Step 3: “Domicilio” and “Datos de Contacto” with what is on file, captcha → “Actualizar datos”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use domain::flow::update::{Update, UpdateInput};
use domain::kind::Kind;
use domain::needs::Datum;
use leptos::prelude::*;

use super::{head, path};
use crate::captcha;
use crate::errand::Errand;
use crate::ui::personal::{address, contact};
use crate::ui::{action_or_back, frame, hidden, lacking};
use crate::web::{FlowCookie, HiddenFields, Personal, Post};
use crate::words::words;

/// The data is shown, and may be changed.
pub(super) fn view(kind: Kind, flow: &Flow<Update>, lacks: &[Datum]) -> AnyView {
    let (feedback, typed, words) = (&flow.feedback, &flow.typed, words());
    let labels = &words.fields.personal.update;
    let form = view! {
        {(!lacks.is_empty()).then(|| lacking(lacks))}
        <p>{words.update.review_text}</p>
        <form method="post" action="/api/actualizar/datos" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(kind, "")}
            {address(feedback, typed, labels)}
            {contact(kind, feedback, typed, labels)}
            {captcha::part(flow, feedback, "/api/actualizar/captcha")}
            {action_or_back(words.errands.update.menu, &Errand::Update.path(kind))}
        </form>
    };
    frame(head(kind, words.update.review), feedback, form)
}

/// Takes the data.
#[server(prefix = "/api", endpoint = "actualizar/datos", input = server_fn::codec::PostUrl)]
pub async fn actualizar_datos(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(default)] captcha: String,
    #[server(default)] trabajo: String,
    #[server(flatten)] personal: Personal,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: &imagen, work: &trabajo });
    let input = UpdateInput { address: personal.address(), contact: personal.contact() };
    let moved = post.backend().update(post.kind, &post.caller).save(posted, input, &captcha).await;
    post.answer(FlowCookie::Update, moved, path);
    Ok(())
}

/// “Refrescar”.
#[server(prefix = "/api", endpoint = "actualizar/captcha", input = server_fn::codec::PostUrl)]
pub async fn actualizar_captcha(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(flatten)] personal: Personal,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let input = UpdateInput { address: personal.address(), contact: personal.contact() };
    let moved = post.backend().update(post.kind, &post.caller).new_captcha(posted, input).await;
    post.answer(FlowCookie::Update, moved, path);
    Ok(())
}

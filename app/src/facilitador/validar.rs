//! Step 1: “Rut Empresa”, “Rut Representante Legal”, “Clave Sence”, captcha → “Validar”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use backend::service::request::IdentifyInput;
use domain::flow::request::RequestFlow;
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use super::{cookie_of, head, path};
use crate::captcha;
use crate::errand::Errand;
use crate::ui::{action_or_back, frame, hidden, shared_fields};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

const KIND: Kind = Kind::Juridica;

/// Who asks. `under_way` is a request that was not finished, maybe in another tab.
pub(super) fn view(flow: &Flow<RequestFlow>, under_way: Option<&RequestFlow>) -> AnyView {
    let (feedback, typed) = (&flow.feedback, &flow.typed);
    let words = words();
    let request = &words.request;
    let under_way = under_way.map(|state| {
        view! {
            <div class="carta">
                <h2>{request.under_way}</h2>
                <p><a href=path(KIND, state)>{request.resume}</a></p>
            </div>
        }
    });
    let needs: Vec<_> = request.needs_items.iter().map(|need| view! { <li>{*need}</li> }).collect();
    let form = view! {
        {under_way}
        <p>
            {request.lead}
        </p>
        <details class="mas">
            <summary>{request.needs}</summary>
            <ul>{needs}</ul>
        </details>
        <form method="post" action="/api/facilitador/validar" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(KIND, "")}
            {shared_fields::identifier(KIND, feedback, typed, request.rut_hint)}
            {shared_fields::representative(feedback, typed)}
            {shared_fields::current_key(words.fields.key, feedback, request.key_hint)}
            {captcha::part(flow, feedback, "/api/facilitador/captcha")}
            {action_or_back(words.form.validate, "/")}
        </form>
        <p>{request.forgotten_key} <a href=Errand::Recover.path(KIND)>{words.errands.recover.menu}</a></p>
    };
    frame(head(1, request.check).with(SecretFields::KEY_AND_LETTERS), feedback, form)
}

/// Takes RUT of company and representative, key and captcha.
#[server(prefix = "/api", endpoint = "facilitador/validar", input = server_fn::codec::PostUrl)]
pub async fn facilitador_validar(
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(default)] rut: String,
    #[server(default)] rut_representante: String,
    #[server(default)] clave_actual: String,
    #[server(default)] captcha: String,
    #[server(default)] trabajo: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Facilitator, KIND.slug()) else { return Ok(()) };
    let token = post.token(FlowCookie::FacilitatorFirst);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: &imagen, work: &trabajo });
    let input = IdentifyInput {
        company: &rut,
        representative: &rut_representante,
        key: &clave_actual,
        captcha: &captcha,
    };
    let moved = post.backend().request(&post.caller).identify(posted, input).await;
    post.answer(cookie_of(&moved, FlowCookie::FacilitatorFirst), moved, path);
    Ok(())
}

/// “Refrescar”.
#[server(prefix = "/api", endpoint = "facilitador/captcha", input = server_fn::codec::PostUrl)]
pub async fn facilitador_captcha(
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(default)] rut: String,
    #[server(default)] rut_representante: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Facilitator, KIND.slug()) else { return Ok(()) };
    let token = post.token(FlowCookie::FacilitatorFirst);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: &imagen, work: "" });
    let input =
        IdentifyInput { company: &rut, representative: &rut_representante, ..IdentifyInput::default() };
    let moved = post.backend().request(&post.caller).new_captcha(posted, input).await;
    post.answer(cookie_of(&moved, FlowCookie::FacilitatorFirst), moved, path);
    Ok(())
}

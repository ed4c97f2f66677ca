//! Step 4: captcha → “Recuperar Clave”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::mail_choice_state;
use domain::flow::Feedback;
use domain::flow::recovery::{Destination, Recovery};
use leptos::prelude::*;

use super::{PageContext, head, path, unconfirmed};
use crate::captcha;
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, shared_fields};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// The captcha is asked for.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let (flow, kind) = (shown.flow, shown.kind);
    let recover = &words().recover;
    let back = mail_choice_state(&flow.state).is_some().then(|| {
        let path = format!("/recuperar/{}/correo", shown.kind.slug());
        view! { <p><a href=path>{recover.change_address}</a></p> }
    });
    let to = match &flow.state {
        Recovery::Captcha(ready) => ready.destination().shown(ready.on_file()),
        _ => (None, None),
    };
    let is_unconfirmed = matches!(&flow.state, Recovery::Captcha(ready)
        if *ready.destination() == Destination::Registered && ready.on_file().unconfirmed);
    // A right answer does not allow a new address (docs/security.md#proofs-and-keys): a person who lost that mailbox has
    // to prove more. It stands open where nobody has confirmed the address.
    let by_answer = mail_choice_state(&flow.state).is_none();
    let start_again = move |link: &'static str| {
        view! {
            <a href=Errand::Recover.path(kind)>{link}</a>
            {(recover.tick_and_prove)(kind)}
        }
    };
    let other = (by_answer && !is_unconfirmed).then(|| {
        view! {
            <details class="mas">
                <summary>{recover.mail_lost}</summary>
                <p>{start_again(recover.start_again)}</p>
            </details>
        }
    });
    let doubted = is_unconfirmed.then(|| {
        view! {
            <p>
                {words().mail_check.nobody_confirmed}
                {by_answer.then(|| view! { " " {words().mail_check.if_not_opened} {start_again(recover.then_start_again)} })}
            </p>
        }
    });
    // Only an address that was just typed may have been mistyped.
    let mistyped = match &flow.state {
        Recovery::Captcha(ready) => match ready.destination() {
            Destination::New(contact) => {
                let fix = format!("/recuperar/{}/contacto", shown.kind.slug());
                shared_fields::did_you_mean(&contact.email, fix, words().fields.correct_it)
            }
            Destination::Registered => None,
        },
        _ => None,
    };
    let to = to.0.map(|mail| {
        let mobile = to.1.map(|mobile| view! { <p>{recover.sms_goes_here}</p><p class="dato">{mobile}</p> });
        view! {
            <p>{recover.sending_to}</p>
            <p class="dato">{mail} " " {is_unconfirmed.then(unconfirmed)}</p>
            {mistyped}
            {doubted}
            {mobile}
        }
    });
    let form = view! {
        {to}
        <form method="post" action="/api/recuperar/confirmar" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(shown.kind, "")}
            {captcha::part(flow, feedback, "/api/recuperar/captcha")}
            {action(recover.recover)}
        </form>
        {back}
        {other}
    };
    frame(head(shown.kind, recover.last_step), feedback, form)
}

/// Takes the letters, and sends the key.
#[server(prefix = "/api", endpoint = "recuperar/confirmar", input = server_fn::codec::PostUrl)]
pub async fn recuperar_confirmar(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] imagen: String,
    #[server(default)] captcha: String,
    #[server(default)] trabajo: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: &imagen, work: &trabajo });
    let moved = post.backend().recovery(post.kind, &post.caller).send(posted, &captcha).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

/// “Refrescar”.
#[server(prefix = "/api", endpoint = "recuperar/captcha", input = server_fn::codec::PostUrl)]
pub async fn recuperar_captcha(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let moved = post.backend().recovery(post.kind, &post.caller).new_captcha(posted).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

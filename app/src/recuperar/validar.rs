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
use crate::ui::{action_or_back, frame, hidden, shared_fields, unfinished};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// RUT or NIE is asked for.
pub fn view(kind: Kind, feedback: &Feedback, typed: &Typed) -> AnyView {
    let words = words();
    let recover = &words.recover;
    let updates = Errand::Update.kinds().contains(&kind);
    let form = view! {
        <p>{(recover.key_goes_to)(kind)}</p>
        {unfinished::afterwards()}
        <form method="post" action="/api/recuperar/validar" novalidate="">
            {hidden(kind, "")}
            {shared_fields::identifier(kind, feedback, typed, (words.fields.identifier_hint)(kind))}
            {action_or_back(words.form.validate, &unfinished::back())}
        </form>
        <details class="mas">
            <summary>{(recover.changed_contact)(kind)}</summary>
            <p>{(recover.other_mail)(kind)}</p>
            {updates
                .then(|| {
                    view! {
                        <p>
                            {recover.change_before.before}
                            <a href=Errand::Update.path(kind)>{words.errands.update.menu}</a>
                            {recover.change_before.after}
                        </p>
                    }
                })}
        </details>
    };
    frame(head(kind, (recover.which_identifier)(kind)), feedback, form)
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
    let posted = post.posted(token.as_ref(), HiddenFields { tag: "", captcha: "", work: "" });
    let service = post.backend().recovery(post.kind, &post.caller);
    let moved = service.identify(posted, post.who(&rut, &nie)).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

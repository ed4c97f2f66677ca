//! The end: “Éxito”; the code of a new mail address (A-MAIL); and back to the change or the recovery that had stopped for missing
//! data (A-MIN).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use domain::flow::update::{Done, Update};
use domain::kind::Kind;
use leptos::prelude::*;

use super::path;
use crate::correo::enviado;
use crate::errand::Errand;
use crate::ui::{action, hidden, not_arrived, to_systems};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// A flow of this browser that stopped for missing data: which, and the tag of its pages.
pub(super) struct Stopped {
    pub(super) errand: Errand,
    pub(super) tag: String,
}

/// “Éxito”.
pub(super) fn view(kind: Kind, flow: &Flow<Update>, done: &Done, stopped: Option<Stopped>) -> AnyView {
    let words = words();
    let update = &words.update;
    let confirmed = done.code.as_ref().is_some_and(|sent| sent.confirmed);
    let notified = (done.changed && !confirmed).then(|| {
        view! {
            <ul class="lista">
                <li>{update.by_mail}</li>
                {done.by_sms.then(|| view! { <li>{update.by_sms}</li> })}
            </ul>
            {done.code.is_none().then(not_arrived)}
        }
    });
    // What is done comes first, and what stopped for it; the code has time.
    let (before, after) = match stopped {
        Some(Stopped { errand, tag }) => {
            let resume = view! {
                {notified}
                <p>{update.stopped}</p>
                <form method="post" action=format!("/api/{}/seguir", errand.slug()) novalidate="">
                    {hidden(kind, &tag)}
                    {action(errand.words(words).resume)}
                </form>
            };
            (resume.into_any(), ().into_any())
        }
        None => (notified.into_any(), to_systems()),
    };
    let lead = if done.changed { update.changed } else { update.unchanged };
    enviado::end((kind, Errand::Update), flow, done.code.as_ref(), lead, (before, after))
}

/// Takes the code. Without the flow of the update the page of “Confirmar correo” takes it, with the RUT or NIE.
#[server(prefix = "/api", endpoint = "actualizar/correo", input = server_fn::codec::PostUrl)]
pub async fn actualizar_correo(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] codigo_correo: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Update, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Update);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let moved = post.backend().update(post.kind, &post.caller).confirm_mail(posted, &codigo_correo).await;
    match moved {
        Ok(Some(moved)) => post.answer(FlowCookie::Update, Ok(moved), path),
        Ok(None) => post.redirect_to(&format!("{}?aviso=vencido", Errand::ConfirmMail.path(post.kind))),
        Err(error) => post.answer(FlowCookie::Update, Err(error), path),
    }
    Ok(())
}

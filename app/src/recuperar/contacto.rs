//! Step 3 after “NO”: “Email Actual” and “Celular Actual”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::choosing;
use domain::flow::Feedback;
use domain::kind::Kind;
use leptos::prelude::*;

use super::{PageContext, head, path};
use crate::errand::Errand;
use crate::ui::{action, frame, hidden, shared_fields};
use crate::web::{FlowCookie, Post, Seen};
use crate::wording::kinds::also_told;

/// Other contact data is asked for.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let typed = &shown.flow.typed;
    // A company is written to by mail only (guide 002).
    let mobile = shown.kind != Kind::Juridica;
    let on_file = choosing(&shown.flow.state).is_some_and(|choice| choice.masked().is_some());
    let told = also_told(shown.kind, on_file);
    let hint = "Uno que usted pueda abrir ahora. Por ejemplo: nombre@ejemplo.cl";
    let form = view! {
        <form method="post" action="/api/recuperar/contacto" novalidate="">
            {hidden(shown.kind, shown.flow.tag())}
            {shared_fields::email("Email Actual", feedback, typed.get("email"), hint)}
            {mobile.then(|| shared_fields::mobile("Celular Actual", feedback, typed.get("celular"), shared_fields::MOBILE_HINT))}
            {told.map(|told| view! { <p class="ayuda">{told}</p> })}
            {action("Continuar")}
        </form>
    };
    frame(head(shown.kind, 3, "¿Dónde quiere recibir su clave?"), feedback, form)
}

/// Takes the contact data.
#[server(prefix = "/api", endpoint = "recuperar/contacto", input = server_fn::codec::PostUrl)]
pub async fn recuperar_contacto(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] email: String,
    #[server(default)] celular: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), Seen { tag: &pagina, captcha: "" });
    let moved = post.backend().recovery(post.kind, &post.caller).contact(posted, &email, &celular).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

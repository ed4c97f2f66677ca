//! Step 3 after “NO”: “Email Actual”, and “Celular Actual” or “Sin Celular”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::mail_choice_state;
use domain::flow::Feedback;
use domain::flow::contact::ContactInput;
use domain::kind::Kind;
use leptos::prelude::*;
use wording::catalogue::fields::Labelled;

use super::{PageContext, head, path};
use crate::errand::Errand;
use crate::ui::{action_or_back, frame, hidden, shared_fields};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// Other contact data is asked for.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let words = words();
    let first = Errand::Recover.path(shown.kind);
    let back = if on_file(shown) { format!("{first}/correo") } else { first };
    let form = view! {
        <form method="post" action="/api/recuperar/contacto" novalidate="">
            {hidden(shown.kind, shown.flow.tag())}
            {fields(shown, feedback)}
            {action_or_back(words.form.go_on, &back)}
        </form>
    };
    frame(head(shown.kind, words.recover.where_to), feedback, form)
}

/// The fields of other contact data, with what it does.
pub(super) fn fields(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let typed = &shown.flow.typed;
    // A company is written to by mail only (guide 002).
    let mobile = shown.kind != Kind::Juridica;
    let on_file = on_file(shown);
    let words = words();
    let recover = &words.recover;
    let notified = (recover.also_notified)(shown.kind, on_file);
    let email = Labelled { label: recover.current_email, hint: recover.current_email_hint };
    let celular = Labelled { label: recover.current_mobile, hint: words.fields.mobile_hint };
    view! {
        <p>{(recover.replaces)(shown.kind, on_file)}</p>
        {shared_fields::email(email, feedback, typed.get("email"))}
        {mobile.then(|| shared_fields::mobile(celular, feedback, typed))}
        {notified.map(|sentence| view! { <p class="ayuda">{sentence}</p> })}
    }
    .into_any()
}

/// Whether there is an address on file, which the page before asks about.
fn on_file(shown: &PageContext<'_>) -> bool {
    mail_choice_state(&shown.flow.state).is_some_and(|choice| choice.on_file().mail.is_some())
}

/// What is in these fields.
pub(super) fn input<'a>(email: &'a str, mobile: &'a str, no_mobile: &str) -> ContactInput<'a> {
    ContactInput { email, mobile, no_mobile: !no_mobile.is_empty(), ..ContactInput::default() }
}

/// Takes the contact data.
#[server(prefix = "/api", endpoint = "recuperar/contacto", input = server_fn::codec::PostUrl)]
pub async fn recuperar_contacto(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] email: String,
    #[server(default)] celular: String,
    #[server(default)] sin_celular: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let input = input(&email, &celular, &sin_celular);
    let moved = post.backend().recovery(post.kind, &post.caller).contact(posted, input).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

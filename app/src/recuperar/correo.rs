//! Step 3: the registered e-mail, masked, and “El email es correcto?” (N-REC-1).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::recovery::mail_choice_state;
use domain::field::Field;
use domain::flow::Feedback;
use leptos::prelude::*;

use super::{PageContext, contacto, head, path, unconfirmed};
use crate::errand::Errand;
use crate::ui::{action_or_back, choice, frame, hidden};
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// The address is confirmed, or not.
pub(super) fn view(shown: &PageContext<'_>, feedback: &Feedback) -> AnyView {
    let on_file =
        mail_choice_state(&shown.flow.state).map(|choice| choice.on_file().clone()).unwrap_or_default();
    let chosen = shown.flow.typed.get("email_correcto").to_owned();
    let words = words();
    let recover = &words.recover;
    let question = if on_file.mobile.is_some() { recover.both_are_right } else { recover.mail_is_right };
    let not_yours =
        if on_file.mobile.is_some() { recover.no_if_not_yours } else { recover.no_if_mail_not_yours };
    // Another person may have registered this mobile, so the holder of the document confirms it too.
    let mobile = on_file.mobile.map(|mobile| {
        view! {
            <p>{recover.sms_goes_here}</p>
            <p class="dato">{mobile}</p>
        }
    });
    let unconfirmed = on_file.unconfirmed.then(unconfirmed);
    let answers = [("si", recover.yes), ("no", recover.no)];
    let other = contacto::fields(shown, &Feedback::default());
    let form = view! {
        <p>{recover.key_goes_here}</p>
        <p class="dato">{on_file.mail.unwrap_or_default()} " " {unconfirmed}</p>
        {mobile}
        <p class="ayuda">{recover.only_a_part} " " {not_yours}</p>
        <form method="post" action="/api/recuperar/correo" novalidate="">
            {hidden(shown.kind, shown.flow.tag())}
            <div class="revela">
                {choice(Field::MailIsRight, question, feedback, &chosen, &answers)}
                <div class="revelado">{other}</div>
            </div>
            {action_or_back(words.form.go_on, &Errand::Recover.path(shown.kind))}
        </form>
    };
    frame(head(shown.kind, recover.check_mail), feedback, form)
}

/// Takes the choice.
#[server(prefix = "/api", endpoint = "recuperar/correo", input = server_fn::codec::PostUrl)]
pub async fn recuperar_correo(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] email_correcto: String,
    #[server(default)] email: String,
    #[server(default)] celular: String,
    #[server(default)] sin_celular: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Recover, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Recover);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let input = contacto::input(&email, &celular, &sin_celular);
    let moved = post.backend().recovery(post.kind, &post.caller).mail(posted, &email_correcto, input).await;
    post.answer(FlowCookie::Recover, moved, path);
    Ok(())
}

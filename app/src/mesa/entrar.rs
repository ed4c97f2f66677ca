//! The sign-in of officers: “Usuario”, “Clave”, “Código” → “Entrar”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Typed;
use backend::service::officers::SignIn;
use domain::field::{Field, FieldError, Reason};
use domain::flow::Feedback;
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use super::notice::DeskNotice;
use super::{desk, notice_panel, path, sign_in};
use crate::islands::ShowKeys;
use crate::ui::{Head, Input, InputAttributes, action, frame, text_field};
use crate::web::{FlowCookie, Post};

/// The name of an officer, kept by password managers.
const NAME: InputAttributes =
    InputAttributes { complete: "username", capital: "none", ..InputAttributes::TEXT };
/// A code of an application: digits, filled in by telephones that can.
const CODE: InputAttributes =
    InputAttributes { mode: "numeric", complete: "one-time-code", capital: "none", ..InputAttributes::TEXT };

/// Name, key and code are asked for.
pub(super) fn view(feedback: &Feedback, typed: &Typed, notice: Option<DeskNotice>) -> AnyView {
    let desk = desk();
    let name = Input {
        value: typed.get(Field::Officer.name()).to_owned(),
        attributes: NAME,
        width: "medio",
        ..Input::default()
    };
    // The page never says which of the three was wrong, so all of them are marked.
    let refused = feedback.errors.contains(&FieldError::new(Field::Officer, Reason::Wrong));
    let with = refused.then_some(Field::Officer);
    let key = Input { attributes: InputAttributes::CURRENT_KEY, width: "medio", with, ..Input::default() };
    let code = Input { hint: desk.code_hint, attributes: CODE, width: "corto", with, ..Input::default() };
    let form = view! {
        <form method="post" action="/api/mesa/entrar" novalidate="">
            {text_field(Field::Officer, desk.user, feedback, name)}
            {text_field(Field::OfficerKey, desk.key, feedback, key)}
            <ShowKeys />
            {text_field(Field::Code, desk.code, feedback, code)}
            {action(desk.enter)}
        </form>
        <p class="ayuda">{desk.lost}</p>
        <p class="ayuda">{desk.citizens.before}<a href="/">{desk.citizens.link}</a>{desk.citizens.after}</p>
    };
    let over = desk.sign_in_over.to_owned();
    let head = Head { over, heading: desk.sign_in.to_owned(), secrets: SecretFields::KEY, ..Head::default() };
    view! {
        {notice_panel(notice)}
        {frame(head, feedback, form)}
    }
    .into_any()
}

/// Takes name, key and code.
#[server(prefix = "/api", endpoint = "mesa/entrar", input = server_fn::codec::PostUrl)]
pub async fn mesa_entrar(
    #[server(default)] usuario: String,
    #[server(default)] clave_usuario: String,
    #[server(default)] codigo: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive(Kind::Juridica.slug()) else { return Ok(()) };
    let token = post.token(FlowCookie::Desk);
    let officers = post.backend().officers(&post.caller);
    let moved = officers.sign_in(token.as_ref(), &usuario, &clave_usuario, &codigo).await;
    post.answer(FlowCookie::Desk, moved, |_, state| match state {
        SignIn::Resumed(number) => path(number, Some(DeskNotice::Resumed)),
        SignIn::Ask | SignIn::AskWithDraft(_) => sign_in(DeskNotice::SignInFailed),
        SignIn::SignedIn => "/mesa".to_owned(),
    });
    Ok(())
}

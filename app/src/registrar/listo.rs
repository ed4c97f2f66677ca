//! The end of a registration: “Éxito”. The same whether or not the RUT had an account
//! (docs/security.md#abuse-and-enumeration), so both cases stand side by side. Below it the code of the mail can be typed (A-MAIL).
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::flows::Flow;
use domain::flow::registration::Registration;
use domain::kind::Kind;
use leptos::prelude::*;

use super::path;
use crate::correo::enviado;
use crate::errand::Errand;
use crate::ui::to_systems;
use crate::web::{FlowCookie, HiddenFields, Post};
use crate::words::words;

/// “Éxito”.
pub fn view(kind: Kind, flow: &Flow<Registration>) -> AnyView {
    let Registration::Done { by_sms, by_mail, code } = &flow.state else { return ().into_any() };
    let words = words();
    let register = &words.register;
    // The mail is there: what was promised is done.
    let confirmed = code.as_ref().is_some_and(|sent| sent.confirmed);
    let before = (!confirmed).then(|| {
        view! {
            <ul class="lista">
                {by_sms.then(|| view! { <li>{register.by_sms}</li> })}
                <li>{if *by_mail { register.by_mail } else { register.no_mail }}</li>
            </ul>
        }
    });
    let after = view! {
        <h2>{words.form.next}</h2>
        <p>{(register.sign_in)(kind)}</p>
        <details class="mas">
            <summary>{register.had_one}</summary>
            <p>
                {(register.had_account)(kind)}
                <a href=Errand::Recover.path(kind)>{words.errands.recover.menu}</a>
                {register.not_recovered}
            </p>
        </details>
        {to_systems()}
    };
    let around = (before.into_any(), after.into_any());
    enviado::end((kind, Errand::Register), flow, code.as_ref(), register.done, around)
}

/// Takes the code. Without the flow of the registration the page of “Confirmar correo” takes it, with the RUT or NIE.
#[server(prefix = "/api", endpoint = "registrar/correo", input = server_fn::codec::PostUrl)]
pub async fn registrar_correo(
    #[server(default)] tipo: String,
    #[server(default)] pagina: String,
    #[server(default)] codigo_correo: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Register, &tipo) else { return Ok(()) };
    let token = post.token(FlowCookie::Register);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let moved =
        post.backend().registration(post.kind, &post.caller).confirm_mail(posted, &codigo_correo).await;
    match moved {
        Ok(Some(moved)) => post.answer(FlowCookie::Register, Ok(moved), path),
        Ok(None) => post.redirect_to(&format!("{}?aviso=vencido", Errand::ConfirmMail.path(post.kind))),
        Err(error) => post.answer(FlowCookie::Register, Err(error), path),
    }
    Ok(())
}

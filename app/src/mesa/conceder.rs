//! “Conceder”: a page that asks once more, because a key that went out cannot be called back.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::officers::Session;
use backend::service::review::{Dossier, Holder};
use domain::flow::Feedback;
use domain::flow::request::RequestNumber;
use leptos::prelude::*;

use super::{DeskPost, bar, path, solicitud};
use crate::ui::{Head, action, frame};
use crate::wording::mesa::{self as words, DeskNotice};

/// Who will get a key, and what happens then.
pub(super) fn view(session: &Session, dossier: &Dossier) -> AnyView {
    let request = &dossier.request;
    let shown = Holder::of(dossier.known.as_ref()).word();
    let (number, back) = (request.number.as_str().to_owned(), path(&request.number, None));
    let content = view! {
        {solicitud::facilitator(request)}
        {existing(dossier)}
        <p>"Al conceder:"</p>
        <ul class="lista">
            <li>"El facilitador recibe por correo una clave provisoria y el enlace para crear su clave."</li>
            <li>"La empresa recibe un aviso por correo, sin la clave."</li>
            <li>"La decisión queda registrada con su usuario y no se puede deshacer."</li>
        </ul>
        <form method="post" action="/api/mesa/conceder">
            <input type="hidden" name="numero" value=number />
            <input type="hidden" name="cuenta" value=shown />
            {action("Conceder la clave")}
        </form>
        <p><a href=back>"Volver a la solicitud sin conceder"</a></p>
    };
    let over = format!("Solicitud {}", request.number.as_str());
    let head = Head { over, heading: "¿Conceder la clave?".to_owned(), ..Head::default() };
    view! {
        {bar(session)}
        {frame(head, &Feedback::default(), content)}
    }
    .into_any()
}

/// Says that the key is for an account that is there, and whose.
fn existing(dossier: &Dossier) -> Option<impl IntoView + use<>> {
    dossier.known.as_ref().map(|known| {
        view! {
            <section class="falta" aria-labelledby="existente">
                <p id="existente">"Es una clave nueva para una cuenta que ya existe"</p>
                <p>{words::account(known)}</p>
                <p>{words::new_key(known)}</p>
            </section>
        }
    })
}

/// Grants a request. `cuenta` is what the officer was shown; a form that does not say it was shown nothing, and is sent back.
#[server(prefix = "/api", endpoint = "mesa/conceder", input = server_fn::codec::PostUrl)]
pub async fn mesa_conceder(
    #[server(default)] numero: String,
    #[server(default)] cuenta: String,
) -> Result<(), ServerFnError> {
    let Some(desk) = DeskPost::receive().await else { return Ok(()) };
    let Some(number) = RequestNumber::parse(&numero) else {
        desk.post.lead("/mesa");
        return Ok(());
    };
    let review = desk.post.backend().review(&desk.session.officer, &desk.post.caller);
    let Some(shown) = Holder::parse(&cuenta) else {
        desk.post.lead(&path(&number, Some(DeskNotice::Changed)));
        return Ok(());
    };
    let told = review.grant(&number, shown).await.map(|granted| match granted {
        Ok(granted) if granted.company_told => Some(DeskNotice::Granted),
        Ok(_) => Some(DeskNotice::GrantedUntold),
        Err(unable) => DeskNotice::of(&unable),
    });
    desk.lead(told.map(|told| path(&number, told)));
    Ok(())
}

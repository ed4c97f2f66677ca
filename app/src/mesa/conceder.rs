//! “Conceder”: a page that asks once more, because a key that went out cannot be called back.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::officers::Session;
use backend::service::review::{AccountMatch, RequestForReview};
use domain::flow::Feedback;
use domain::flow::request::RequestNumber;
use leptos::prelude::*;

use super::notice::DeskNotice;
use super::{DeskPost, bar, desk, path, solicitud, words};
use crate::ui::{Head, action, frame};

/// Who will get a key, and what happens then.
pub(super) fn view(session: &Session, details: &RequestForReview) -> AnyView {
    let request = &details.request;
    let shown = AccountMatch::of(details.known.as_ref()).word();
    let (number, back) = (request.number.as_str().to_owned(), path(&request.number, None));
    let desk = desk();
    let items: Vec<_> = desk.on_grant_items.iter().map(|item| view! { <li>{*item}</li> }).collect();
    let content = view! {
        {solicitud::facilitator(request)}
        {existing(details)}
        <p>{desk.on_grant}</p>
        <ul class="lista">{items}</ul>
        <form method="post" action="/api/mesa/conceder">
            <input type="hidden" name="numero" value=number />
            <input type="hidden" name="cuenta" value=shown />
            {action(desk.grant_button)}
        </form>
        <p><a href=back>{desk.grant_back}</a></p>
    };
    let over = (desk.request_title)(request.number.as_str());
    let head = Head { over, heading: desk.grant_heading.to_owned(), ..Head::default() };
    view! {
        {bar(session)}
        {frame(head, &Feedback::default(), content)}
    }
    .into_any()
}

/// Says that the key is for an account that is there, and whose.
fn existing(details: &RequestForReview) -> Option<impl IntoView + use<>> {
    let desk = desk();
    details.known.as_ref().map(|known| {
        view! {
            <section class="falta" aria-labelledby="existente">
                <p id="existente">{desk.existing}</p>
                <p>{words::account(desk, known)}</p>
                <p>{words::new_key(desk, known)}</p>
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
        desk.post.redirect_to("/mesa");
        return Ok(());
    };
    let review = desk.post.backend().review(&desk.session.officer, &desk.post.caller);
    let Some(shown) = AccountMatch::parse(&cuenta) else {
        desk.post.redirect_to(&path(&number, Some(DeskNotice::Changed)));
        return Ok(());
    };
    let notice = review.grant(&number, shown).await.map(|granted| match granted {
        Ok(granted) if granted.company_notified => Some(DeskNotice::Granted),
        Ok(_) => Some(DeskNotice::GrantedWithoutMail),
        Err(error) => DeskNotice::of(&error),
    });
    desk.redirect_to(notice.map(|notice| path(&number, notice)));
    Ok(())
}

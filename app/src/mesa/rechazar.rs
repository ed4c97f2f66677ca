//! “Rechazar”, with its “Motivo”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::officers::Draft;
use domain::flow::request::RequestNumber;
use domain::motive::Motive;
use leptos::prelude::*;

use super::notice::DeskNotice;
use super::{DeskPost, path, sign_in};
use crate::web::FlowCookie;

/// Refuses a request, or keeps a reason: one that is no good to be mended, one that came when the session had ended to be sent
/// again.
#[server(prefix = "/api", endpoint = "mesa/rechazar", input = server_fn::codec::PostUrl)]
pub async fn mesa_rechazar(
    #[server(default)] numero: String,
    #[server(default)] motivo: String,
) -> Result<(), ServerFnError> {
    let Some(desk) = DeskPost::session_or_form().await else { return Ok(()) };
    let number = RequestNumber::parse(&numero);
    let desk = match desk {
        Ok(desk) => desk,
        Err(post) => {
            match number.filter(|_| !motivo.trim().is_empty()) {
                Some(number) => {
                    let (token, draft) = (post.token(FlowCookie::Desk), Draft::new(number, &motivo, None));
                    let kept = post.backend().officers(&post.caller).keep(token.as_ref(), draft).await;
                    post.answer(FlowCookie::Desk, kept, |_, _| sign_in(DeskNotice::SignedOutKept));
                }
                None => post.redirect_to(&sign_in(DeskNotice::SignedOut)),
            }
            return Ok(());
        }
    };
    let Some(number) = number else {
        desk.post.redirect_to("/mesa");
        return Ok(());
    };
    let (backend, caller) = (desk.post.backend(), &desk.post.caller);
    let done = match Motive::parse(&motivo) {
        Ok(motive) => {
            let review = backend.review(&desk.session.officer, caller);
            review.refuse(&number, &motive).await.map(|refused| match refused {
                Ok(refused) if refused.company_notified => Some(DeskNotice::Refused),
                Ok(_) => Some(DeskNotice::RefusedWithoutMail),
                Err(error) => DeskNotice::of(&error),
            })
        }
        Err(error) => {
            let draft = Draft::new(number.clone(), &motivo, Some(error.into()));
            let kept = backend.officers(caller).draft(&desk.session, draft).await;
            kept.map(|()| Some(DeskNotice::Motive))
        }
    };
    desk.redirect_to(done.map(|notice| path(&number, notice)));
    Ok(())
}

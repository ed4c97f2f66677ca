//! “Rechazar”, with its “Motivo”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use backend::service::officers::Draft;
use domain::flow::request::RequestNumber;
use domain::motive::Motive;
use leptos::prelude::*;

use super::{DeskPost, path};
use crate::wording::mesa::Told;

/// Refuses a request, or keeps a reason that is no good to be mended.
#[server(prefix = "/api", endpoint = "mesa/rechazar", input = server_fn::codec::PostUrl)]
pub async fn mesa_rechazar(
    #[server(default)] numero: String,
    #[server(default)] motivo: String,
) -> Result<(), ServerFnError> {
    let Some(desk) = DeskPost::receive().await else { return Ok(()) };
    let Some(number) = RequestNumber::parse(&numero) else {
        desk.post.lead("/mesa");
        return Ok(());
    };
    let (backend, caller) = (desk.post.backend(), &desk.post.caller);
    let done = match Motive::parse(&motivo) {
        Ok(motive) => {
            let review = backend.review(&desk.session.officer, caller);
            review.refuse(&number, &motive).await.map(|refused| match refused {
                Ok(refused) if refused.company_told => Some(Told::Refused),
                Ok(_) => Some(Told::RefusedUntold),
                Err(unable) => Told::of(&unable),
            })
        }
        Err(error) => {
            let request = number.as_str().to_owned();
            let draft = Draft { request, motive: motivo, reason: error.into() };
            let kept = backend.officers(caller).draft(&desk.session, draft).await;
            kept.map(|()| Some(Told::Motive))
        }
    };
    desk.lead(done.map(|told| path(&number, told)));
    Ok(())
}

//! “Salir”.

use leptos::prelude::*;

use super::notice::DeskNotice;
use super::{DeskPost, sign_in};
use crate::terminar::clear_browser;
use crate::web::FlowCookie;

/// Ends the session.
#[server(prefix = "/api", endpoint = "mesa/salir", input = server_fn::codec::PostUrl)]
pub async fn mesa_salir() -> Result<(), ServerFnError> {
    let Some(desk) = DeskPost::receive().await else { return Ok(()) };
    let done = desk.post.backend().officers(&desk.post.caller).sign_out(desk.token.as_ref()).await;
    if done.is_ok() {
        desk.post.clear(FlowCookie::Desk);
        clear_browser();
    }
    desk.redirect_to(done.map(|()| sign_in(DeskNotice::Left)));
    Ok(())
}

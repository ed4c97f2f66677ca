//! “Buscar”: the text is kept with the session and is in no URL.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use leptos::prelude::*;

use super::{DeskPost, lista};

/// Keeps what is searched for, and leads to the list.
#[server(prefix = "/api", endpoint = "mesa/buscar", input = server_fn::codec::PostUrl)]
pub async fn mesa_buscar(
    #[server(default)] busqueda: String,
    #[server(default)] estado: String,
) -> Result<(), ServerFnError> {
    let Some(desk) = DeskPost::receive().await else { return Ok(()) };
    let done = desk.post.backend().officers(&desk.post.caller).search(&desk.session, &busqueda).await;
    desk.redirect_to(done.map(|()| lista::path(lista::state_of(&estado), 1)));
    Ok(())
}

//! “Terminar y borrar”: ends what a browser has under way here, and deletes what it kept for it. For the next user of a shared
//! computer. The button is in `web/shell.rs`. The desk has “Salir”.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use domain::kind::Kind;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::web::{AppState, FlowCookie, Page, Post, redirect};
use crate::words::words;

/// The page that follows.
pub(crate) const DONE: &str = "/terminado";

/// What the browser deletes besides our cookies. Not `"cookies"`: that takes those of every other service of the domain too.
const CLEARED: HeaderValue = HeaderValue::from_static(r#""cache", "storage""#);

/// Has the browser delete what it kept of our pages.
pub(crate) fn clear_browser() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(HeaderName::from_static("clear-site-data"), CLEARED);
    }
}

/// Deletes the flows of this browser and what it was known for, and takes all these cookies from it.
#[server(prefix = "/api", endpoint = "terminar", input = server_fn::codec::PostUrl)]
pub async fn terminar() -> Result<(), ServerFnError> {
    // It is for every kind.
    let Some(post) = Post::receive(Kind::Natural.slug()) else { return Ok(()) };
    let flows = FlowCookie::FLOWS.into_iter();
    let flows: Vec<_> =
        flows.filter_map(|cookie| Some((cookie.errand()?.slug(), post.token(cookie)?))).collect();
    // A flow is of no use without its cookie, so the cookies are cleared even if the store fails; the rows expire.
    if let Err(error) = post.backend().erase(&flows, &post.caller).await {
        tracing::error!(request = post.caller.request_id, %error, "the flows of a browser could not be deleted");
    }
    if let Err(error) =
        post.backend().sign_in(&post.caller).sign_out(post.token(FlowCookie::Session).as_ref()).await
    {
        tracing::error!(request = post.caller.request_id, %error, "the session of a browser could not be ended");
    }
    for cookie in FlowCookie::FLOWS.into_iter().chain([FlowCookie::Browser, FlowCookie::Session]) {
        post.clear(cookie);
    }
    post.clear_tagged();
    clear_browser();
    post.redirect_to(DONE);
    Ok(())
}

/// `/terminado`: “Listo”. A browser that still has a flow is sent to the front page.
pub async fn page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    if FlowCookie::FLOWS.iter().any(|cookie| cookie.read(&headers, state.site.secure).is_some()) {
        return redirect("/");
    }
    Page::titled(|words| words.form.erase.done.heading).render(&state.site, || {
        let form = &words().form;
        view! {
            <h1 tabindex="-1">{form.erase.done.heading}</h1>
            <p>{form.erase.done.text}</p>
            <p>{form.erase.close}</p>
            <p><a class="boton boton--claro" href="/">{form.to_start}</a></p>
        }
    })
}

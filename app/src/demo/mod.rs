//! `/demo/bandeja`: the local inbox of the demo, where mails and SMS land. Not routed in production.

pub mod sistema;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use backend::courier::DemoMessage;
use leptos::prelude::*;

use crate::web::{AppState, Page, Sheet};
use crate::words::words;

/// The newest messages.
pub async fn inbox(State(state): State<AppState>) -> Response {
    let Some(inbox) = &state.inbox else { return StatusCode::NOT_FOUND.into_response() };
    let letters = inbox.newest(50).await;
    Page::titled(|words| words.inbox.head.heading).styled(Sheet::Desk).render(&state.site, move || {
        let inbox = &words().inbox;
        let empty = letters.is_empty();
        let letters: Vec<_> = letters.into_iter().map(message).collect();
        view! {
            <h1 tabindex="-1">{inbox.head.heading}</h1>
            <p>{inbox.head.text}</p>
            {empty.then(|| view! { <p class="dato">{inbox.empty}</p> })}
            {letters}
        }
    })
}

fn message(message: DemoMessage) -> impl IntoView {
    let inbox = &words().inbox;
    let lines: Vec<_> = message
        .text
        .split("\n\n")
        .map(|paragraph| view! { <p class="mensaje">{paragraph.lines().map(line).collect_view()}</p> })
        .collect();
    view! {
        <article class="carta">
            <h2>{if message.sms { inbox.sms.to_owned() } else { message.subject }}</h2>
            <p class="ayuda">{inbox.to} {message.to}</p>
            {lines}
        </article>
    }
}

/// A line; one that is a link can be followed.
fn line(line: &str) -> AnyView {
    let text = format!("{line}\n");
    if line.starts_with("http://") || line.starts_with("https://") {
        view! { <a href=line.to_owned()>{text}</a> }.into_any()
    } else {
        text.into_any()
    }
}

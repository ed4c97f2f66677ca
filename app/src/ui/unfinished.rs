//! The sign-ins of a browser that are not over, at the end of another flow.

use std::collections::HashSet;

use domain::kind::Kind;
use domain::openid::client::{Client, ClientId};
use leptos::prelude::*;

use crate::words::words;

/// In place of a system in the URL of a sign-in for “Mi cuenta”.
pub(crate) const NO_SYSTEM: &str = "-";

/// The page of a sign-in.
pub(crate) fn sign_in_path(client: Option<&ClientId>, tag: &str, kind: Option<Kind>) -> String {
    let kind = kind.map_or_else(String::new, |kind| format!("?tipo={}", kind.slug()));
    format!("/ingresar/{}/{tag}{kind}", client.map_or(NO_SYSTEM, ClientId::as_str))
}

/// The sign-ins of the browser that are not over: their tags, and the systems. In the context of a page that leads back to them.
#[derive(Clone)]
pub(crate) struct Unfinished(pub(crate) Vec<(String, Client)>);

/// The page of a sign-in as it was at first, without what was typed or wrong there before.
pub(crate) fn fresh_sign_in_path(client: Option<&ClientId>, tag: &str, kind: Kind) -> String {
    format!("{}&nuevo=si", sign_in_path(client, tag, Some(kind)))
}

/// Where a person goes on who recovered or changed the key in the middle of a sign-in: “Continuar a {sistema}”. One for each system:
/// the sign-in that was begun last.
pub(super) fn links() -> AnyView {
    let own = &words().sign_in;
    let kind = use_context::<Kind>().unwrap_or_default();
    let mut systems = use_context::<Unfinished>().map(|Unfinished(systems)| systems).unwrap_or_default();
    systems.reverse();
    let mut seen = HashSet::new();
    systems.retain(|(_, client)| seen.insert(client.id.clone()));
    let links: Vec<_> = systems
        .iter()
        .map(|(tag, client)| {
            let to = fresh_sign_in_path(Some(&client.id), tag, kind);
            view! { <p><a class="boton" href=to>{(own.go_on_to)(&client.name)}</a> " " <span class="ayuda">{own.go_on_text}</span></p> }
        })
        .collect();
    view! { {links} }.into_any()
}

/// Where a person goes on whose sign-in waits in another browser: “Volver a empezar en {sistema}”.
pub(crate) fn begin_again(client: &Client, issuer: &str) -> AnyView {
    let label = (words().sign_in.again)(&client.name);
    view! { <p><a class="boton" href=client.begin_again(issuer)>{label}</a></p> }.into_any()
}

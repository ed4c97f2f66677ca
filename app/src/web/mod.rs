//! The web side of the screens: what a request brings, cookies, redirects, rendering.

mod cookie;
mod early;
mod form;
mod multipart;
mod page;
mod personal;
mod post;
mod sheet;
mod shell;
mod upload_places;
mod visit;

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::request::Parts;
use backend::Backend;
use backend::caller::Browser;
use backend::flows::Token;
use backend::service::Caller;

pub(crate) use cookie::is_tag;
pub use cookie::{FlowCookie, TaggedCookie};
pub use early::EarlyResponse;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use form::MAX_FORM;
pub(crate) use form::{Fields, read_fields, read_form};
pub use multipart::UPLOAD_TIME;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use multipart::fuzzing;
pub(crate) use multipart::{FormWithFile, Read, form_with_file};
pub use page::{Page, error_page, failure, redirect};
pub use personal::Personal;
pub use post::{HiddenFields, Post};
pub(crate) use post::{OTHER_LETTERS, asks_other_letters};
pub use sheet::{PerSheet, Sheet};
pub(crate) use shell::menu;
pub use visit::EntryQuery;
pub(crate) use visit::Visit;

/// What every page needs of the site: made once, at the start.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The style sheets, one of which is put into every page (docs/decisions/0002).
    pub css: PerSheet<String>,
    /// URL of the script that starts the wasm; empty when the site was built without it.
    pub starter: String,
    /// Language of the pages.
    pub locale: wording::Locale,
    /// Whether this is the demo.
    pub demo: bool,
    /// Whether the public URL is https, so that cookies are `Secure` and `__Host-`.
    pub secure: bool,
}

/// What the pages and the server functions work with.
#[derive(Clone)]
pub struct AppState {
    /// The services. Every request clones this state several times, and the secrets are wiped with each copy.
    pub backend: Arc<Backend>,
    /// The site.
    pub site: Arc<Site>,
    /// The demo's local inbox, in demo mode.
    pub inbox: Option<backend::courier::Inbox>,
}

/// Put into the extensions of an answer: where its form leads in the end, beside our own pages. The wall names it in the
/// `form-action` of the content policy, which in Chromium also stops the redirect behind a form.
#[derive(Debug, Clone)]
pub struct FormTarget(pub String);

/// A text of a form as it may reach a store. PostgreSQL accepts no NUL: each becomes U+FFFD, like bytes that are not UTF-8.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}").into() } else { text.into() }
}

/// The caller, as the server's middleware puts it into the extensions of each HTTP request.
fn caller_by_address(parts: &Parts) -> Caller {
    parts.extensions.get::<Caller>().cloned().unwrap_or_default()
}

/// The same, with the browser of its cookie.
#[must_use]
pub fn caller(parts: &Parts, secure: bool) -> Caller {
    let mut caller = caller_by_address(parts);
    if let Some(token) = FlowCookie::Browser.read(&parts.headers, secure) {
        caller.browser = Browser::with_cookie(token.expose());
    }
    let sign_ins = TaggedCookie::SignIn.all(&parts.headers, secure).into_iter();
    caller.sign_ins = sign_ins.map(|(tag, token)| (tag, token.expose().to_owned())).collect();
    caller
}

/// The header that makes the caller's browser a known one, if a service did so.
pub(crate) fn known(caller: &Caller, secure: bool) -> Option<HeaderValue> {
    let token = Token::from_cookie(caller.browser.issued()?)?;
    FlowCookie::Browser.write(&token, secure)
}

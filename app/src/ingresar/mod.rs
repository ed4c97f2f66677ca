//! `/ingresar/{system}/{sign-in}`: the key is typed for a system (L-PAGE). [`page`] shows where the sign-in is, [`form`] takes what was
//! typed or pressed. The system is `-` for “Mi cuenta”.
//!
//! Its forms are left to the browser (`data-nativo`): they end at another site, where no script of ours can follow.

pub mod form;
pub mod page;
mod views;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use backend::flows::Token;
use backend::service::sign_in::{GoTo, Opened};
use domain::openid::redirect::origin_of;

use crate::ui::sign_in_path as path;
use crate::web::{FormTarget, TaggedCookie, redirect};

/// Sends the browser to the page of a sign-in that has just begun, with its cookie.
pub(crate) fn begun(opened: &Opened, headers: &HeaderMap, secure: bool) -> Response {
    let mut response = redirect(&path(opened.client.as_ref(), &opened.tag, None));
    for cookie in TaggedCookie::SignIn.write(headers, &opened.tag, &opened.token, secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Sends the browser on.
pub(crate) fn go_to(to: &GoTo) -> Response {
    let url = match to {
        GoTo::Account => "/cuenta",
        GoTo::Start => "/",
        GoTo::System(url) => url,
    };
    let mut response = redirect(url);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The URL of a sign-in stays here.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Names the site at which the forms of a page end.
pub(crate) fn ends_at(mut response: Response, url: Option<&str>) -> Response {
    if let Some(url) = url {
        response.extensions_mut().insert(FormTarget(origin_of(url).to_owned()));
    }
    response
}

/// The token of the cookie of a sign-in.
fn token(headers: &HeaderMap, tag: &str, secure: bool) -> Option<Token> {
    TaggedCookie::SignIn.read(headers, tag, secure)
}

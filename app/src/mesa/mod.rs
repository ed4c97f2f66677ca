//! `/mesa`: officers of SENCE look through the requests for foreign facilitators and decide them (F-REVIEW). [`entrar`] is the
//! sign-in, [`lista`] the list, [`solicitud`] one request, [`conceder`] asks once more before a key goes out, [`rechazar`] takes
//! the reason, [`archivo`] hands out a file.
//!
//! What is searched for is personal data, so it goes by POST and is kept with the session; the URL says only which state and
//! which page of the list.

pub mod archivo;
pub mod buscar;
pub mod conceder;
pub mod entrar;
pub mod lista;
pub mod notice;
pub mod page;
pub mod rechazar;
pub mod salir;
pub mod solicitud;
pub mod words;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use backend::flows::Token;
use backend::service::officers::Session;
use domain::flow::request::RequestNumber;
use domain::kind::Kind;
use leptos::prelude::*;
use wording::catalogue::desk::Desk;

use crate::ui::panel;
use crate::web::{FlowCookie, Post};
use crate::words::words as catalogue;
use notice::DeskNotice;

/// The page of a request, with something to say.
fn path(number: &RequestNumber, notice: Option<DeskNotice>) -> String {
    let notice = notice.map_or_else(String::new, |notice| format!("?aviso={}", notice.word()));
    format!("/mesa/solicitud/{}{notice}", number.as_str())
}

/// The sign-in, with something to say.
fn sign_in(notice: DeskNotice) -> String {
    format!("/mesa?aviso={}", notice.word())
}

/// These pages are in no frame and in no search engine. The wall adds its own policy to this one; browsers keep both.
pub(crate) async fn restrict_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let no_frames = HeaderValue::from_static("frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(no_frames);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

/// A form of an officer who is signed in.
struct DeskPost {
    post: Post,
    token: Option<Token>,
    session: Session,
}

impl DeskPost {
    /// The form behind the server function that runs. None when nobody is signed in; then the answer leads to the sign-in.
    async fn receive() -> Option<Self> {
        match Self::session_or_form().await? {
            Ok(desk) => Some(desk),
            Err(post) => {
                post.redirect_to(&sign_in(DeskNotice::SignedOut));
                None
            }
        }
    }

    /// The same; the form itself when nobody is signed in, or when the session has ended.
    async fn session_or_form() -> Option<Result<Self, Post>> {
        // The kind of those whose requests are decided here.
        let post = Post::receive(Kind::Juridica.slug())?;
        let token = post.token(FlowCookie::Desk);
        match post.backend().officers(&post.caller).session(token.as_ref()).await {
            Ok(Some(session)) => Some(Ok(Self { post, token, session })),
            Ok(None) => Some(Err(post)),
            Err(error) => {
                post.fail(&error);
                None
            }
        }
    }

    /// Leads to a page, unless the service failed.
    fn redirect_to(&self, done: backend::service::Result<String>) {
        match done {
            Ok(path) => self.post.redirect_to(&path),
            Err(error) => self.post.fail(&error),
        }
    }
}

/// The sentences of these pages.
fn desk() -> &'static Desk {
    &catalogue().desk
}

/// The bar above every page of an officer: back to the list, who is signed in, “Salir”.
fn bar(session: &Session) -> impl IntoView + use<> {
    let desk = desk();
    view! {
        <div class="mesa-barra">
            <a href="/mesa">{desk.requests}</a>
            <form method="post" action="/api/mesa/salir">
                <span>{session.officer.name.clone()}</span>
                <button type="submit" class="boton-texto">
                    {desk.sign_out}
                </button>
            </form>
        </div>
    }
}

/// What a page of the desk says above all else.
fn notice_panel(notice: Option<DeskNotice>) -> Option<AnyView> {
    notice
        .and_then(|notice| notice.words(desk()))
        .map(|(severity, head)| panel(severity, head.heading, head.text, ()))
}

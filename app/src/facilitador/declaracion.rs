//! Step 2: the “Declaración Jurada” is downloaded, signed, and comes back by “Subir solicitud”.
#![expect(
    missing_docs,
    reason = "the arguments of a server function are named like the controls of its form"
)]

use axum::extract::{Request as HttpRequest, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use backend::flows::Flow;
use backend::service::request::SubmittedFile;
use backend::store::uploads::Upload;
use domain::field::Field;
use domain::flow::request::{RequestFlow, UploadId, UploadPurpose};
use domain::kind::Kind;
use leptos::prelude::*;

use super::{cookie_of, described, form_of, head, path};
use crate::errand::Errand;
use crate::ui::{action, file_field, frame, hidden};
use crate::web::{AppState, EarlyResponse, FlowCookie, HiddenFields, Post, caller, failure};
use crate::words::words;

const KIND: Kind = Kind::Juridica;

/// The declaration to download, and the place to send it back.
pub(super) fn view(flow: &Flow<RequestFlow>, kept: Option<&Upload>) -> AnyView {
    let feedback = &flow.feedback;
    let (tag, words) = (flow.tag(), words());
    let (request, files) = (&words.request, &words.form.files);
    let unsigned = kept.filter(|upload| upload.unsigned).map(|upload| {
        view! {
            <form
                class="carta"
                method="post"
                action="/api/facilitador/seguir"
                novalidate=""
                role="alert"
                tabindex="-1"
                autofocus=""
                data-foco=""
            >
                <h2>{files.unsigned}</h2>
                <p>{(request.unsigned_uploaded)(&described(upload))}</p>
                <p>{request.unsigned_text}</p>
                {hidden(KIND, tag)}
                <input type="hidden" name="guardado" value=upload.id.0.clone() />
                <button type="submit" class="boton-texto">
                    {request.signed_after_all}
                </button>
            </form>
        }
    });
    let kept = kept.filter(|upload| !upload.unsigned).map(|upload| {
        view! {
            <form class="carta" method="post" action="/api/facilitador/seguir" novalidate="">
                <h2>{request.signed_kept}</h2>
                <p>{(request.signed_uploaded)(&described(upload))}</p>
                <p>{files.same_for_declaration}</p>
                {hidden(KIND, tag)}
                <input type="hidden" name="guardado" value=upload.id.0.clone() />
                <button type="submit" class="boton boton--claro">
                    {request.use_signed}
                </button>
            </form>
        }
    });
    let form = view! {
        {unsigned}
        {kept}
        <ol class="lista">
            <li>
                {request.download_text}
                <p>
                    <a class="boton boton--claro" href="/facilitador/declaracion.pdf">
                        {request.download}
                    </a>
                </p>
            </li>
            <li>{request.complete}</li>
            <li>{request.scan}</li>
        </ol>
        <details class="mas">
            <summary>{request.more_time}</summary>
            <p>
                {request.more_time_text}
            </p>
        </details>
        <form
            method="post"
            action="/api/facilitador/subir"
            enctype="multipart/form-data"
            novalidate=""
        >
            {hidden(KIND, tag)}
            {file_field(Field::Declaration, request.declaration, feedback, files.hint)}
            {action(request.upload)}
        </form>
    };
    frame(head(2, request.sign), feedback, form)
}

/// `/facilitador/declaracion.pdf`: the declaration with the company's data.
pub async fn download(State(state): State<AppState>, parts: Parts) -> Response {
    let token = FlowCookie::Facilitator.read(&parts.headers, state.site.secure);
    let caller = caller(&parts, state.site.secure);
    match state.backend.request(&caller).declaration(token.as_ref()).await {
        Ok(Some(pdf)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"declaracion-jurada.pdf\""),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, pdf).into_response()
        }
        Ok(None) => crate::web::redirect("/facilitador?aviso=vencido"),
        Err(error) => failure(&state.site, &error, &caller.request_id),
    }
}

/// Takes the signed declaration.
pub async fn upload(State(state): State<AppState>, request: HttpRequest) -> Result<Response, EarlyResponse> {
    let (parts, body) = request.into_parts();
    let post = Post::of(state, &parts, KIND);
    let token = post.token(FlowCookie::Facilitator);
    let service = post.backend().request(&post.caller);
    let form = form_of(&post, token.as_ref(), &parts, body, UploadPurpose::Declaration).await?;
    let posted = form.posted(token.as_ref(), &post.caller);
    let moved =
        service.sign(posted, form.sent().map_or(SubmittedFile::Nothing, SubmittedFile::Uploaded)).await;
    Ok(post.respond(cookie_of(&moved, FlowCookie::Facilitator), moved, path))
}

/// Continues with the declaration that was sent before.
#[server(prefix = "/api", endpoint = "facilitador/seguir", input = server_fn::codec::PostUrl)]
pub async fn facilitador_seguir(
    #[server(default)] pagina: String,
    #[server(default)] guardado: String,
) -> Result<(), ServerFnError> {
    let Some(post) = Post::receive_for(Errand::Facilitator, KIND.slug()) else { return Ok(()) };
    let token = post.token(FlowCookie::Facilitator);
    let posted = post.posted(token.as_ref(), HiddenFields { tag: &pagina, captcha: "", work: "" });
    let moved =
        post.backend().request(&post.caller).sign(posted, SubmittedFile::Kept(UploadId(guardado))).await;
    post.answer(cookie_of(&moved, FlowCookie::Facilitator), moved, path);
    Ok(())
}

//! The files of the site, inside the binary: wasm, glue, starter, pictures. Names with a hash are kept by browsers for a year.

use app::web::PerSheet;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file, plain and compressed.
struct File {
    name: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

mod built {
    use super::File;
    include!(concat!(env!("OUT_DIR"), "/site.rs"));
}

/// The style sheets.
pub(crate) fn css() -> PerSheet<String> {
    PerSheet { entry: built::ENTRY.to_owned(), flow: built::FLOW.to_owned(), desk: built::DESK.to_owned() }
}

/// URL of the starter script; empty when the binary was built without a site.
pub(crate) fn starter() -> String {
    if built::STARTER.is_empty() { String::new() } else { format!("/pkg/{}", built::STARTER) }
}

/// `/pkg/{file}`.
pub(crate) async fn hashed(Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&name, &headers, "public, max-age=31536000, immutable")
}

/// A file at the root, such as `/icono.svg`.
pub(crate) fn plain(name: &str, headers: &HeaderMap) -> Response {
    file(name, headers, "public, max-age=86400")
}

fn file(name: &str, headers: &HeaderMap, keep: &'static str) -> Response {
    let Some(file) = built::FILES.iter().find(|file| file.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| accepted.split(',').any(|part| part.trim().split(';').next() == Some(coding));
    let (bytes, coding) = match (file.br, file.gz) {
        (Some(br), _) if takes("br") => (br, Some("br")),
        (_, Some(gz)) if takes("gzip") => (gz, Some("gzip")),
        _ => (file.plain, None),
    };
    let mut response = Bytes::from_static(bytes).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

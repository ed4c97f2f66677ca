//! Forms without a file, as they are handed on: each name once, and plain.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Method, header};
use backend::form::FormFingerprint;

use super::storable;

/// Longest form that is read, in bytes: the registration with everything filled in has under two thousand.
pub(crate) const MAX_FORM: usize = 32 * 1024;

/// Reads a form, and computes its fingerprint over every field that was sent. What is handed on are `name=value` pairs, each
/// name once and plain, so that reading the fields cannot fail and none of their text gets into an error message.
pub(crate) async fn read_form(parts: &Parts, body: Body) -> Option<(String, FormFingerprint)> {
    let kind = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if parts.method != Method::POST || !kind.starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    let bytes = axum::body::to_bytes(body, MAX_FORM).await.ok()?;
    let sent: Vec<_> = form_urlencoded::parse(&bytes).collect();
    let fingerprint = FormFingerprint::of(sent.iter().map(|(name, value)| (name.as_ref(), value.as_ref())));
    let mut names = Vec::with_capacity(24);
    let mut form = form_urlencoded::Serializer::new(String::with_capacity(bytes.len()));
    for (name, value) in sent {
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !name.is_empty();
        if plain && !names.contains(&name) {
            form.append_pair(&name, &storable(&value));
            names.push(name);
        }
    }
    Some((form.finish(), fingerprint))
}

/// The fields of a form that is no server function's.
pub(crate) struct Fields {
    fields: Vec<(String, String)>,
    /// Over everything that was sent.
    pub(crate) fingerprint: FormFingerprint,
}

impl Fields {
    /// What a field holds; nothing for one that was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

/// Reads a form whose fields are taken one by one.
pub(crate) async fn read_fields(parts: &Parts, body: Body) -> Option<Fields> {
    let (form, fingerprint) = read_form(parts, body).await?;
    let fields = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    Some(Fields { fields, fingerprint })
}

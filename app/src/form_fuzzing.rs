//! The fuzz target of forms without a file: whatever is sent, the server functions get each name once, plain, and storable texts;
//! and a form that was read is read again as the same.

use std::collections::BTreeMap;

use super::*;

/// The body of a form.
pub(crate) fn form(body: &[u8]) {
    let Some((form, _)) = read(body) else {
        return assert!(body.len() > MAX_FORM, "a form within the bound is read");
    };
    let pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let fields: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(fields.len(), pairs.len(), "a name comes twice");
    assert!(
        fields
            .keys()
            .all(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    );
    assert!(!fields.values().any(|value| value.contains('\0')), "a NUL reaches the store");
    assert!(form.is_ascii() && !form.contains(['\r', '\n']));
    let mut first = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        first.entry(name).or_insert(value);
    }
    let kept =
        fields.iter().all(|(name, value)| first.get(&**name).is_some_and(|sent| storable(sent) == *value));
    assert!(kept, "what came first under a name does not count");
    if form.len() <= MAX_FORM {
        let (again, fingerprint) =
            read(form.as_bytes()).unwrap_or_else(|| (String::new(), FormFingerprint::of([])));
        assert_eq!(again, form);
        let fields = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        assert_eq!(fingerprint, FormFingerprint::of(fields), "the fingerprint is not that of the fields");
    }
}

/// Reads a form as a browser sends it. Nothing waits here, so no runtime is needed.
fn read(body: &[u8]) -> Option<(String, FormFingerprint)> {
    let kind = "application/x-www-form-urlencoded";
    let request = axum::http::Request::post("/api/x").header(header::CONTENT_TYPE, kind).body(()).ok()?;
    let (parts, ()) = request.into_parts();
    let reading = std::pin::pin!(read_form(&parts, Body::from(body.to_vec())));
    match reading.poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(read) => read,
        std::task::Poll::Pending => None,
    }
}

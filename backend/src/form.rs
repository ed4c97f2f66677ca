//! What makes two submissions the same form (docs/decisions/0004): a fingerprint over everything that was sent.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest, Sha256};

use crate::secrets::Secrets;

/// A SHA-256 over every field of a form: each name and each value, in full. Two submissions are the same form when their
/// fingerprints are equal.
///
/// It is computed where the form is read, from all that came in, so that no step can leave a field out. The order of fields
/// with different names does not count: nothing on the server depends on it. Keys and answers go in too and could be guessed
/// from it, so it is neither stored nor logged (`Debug` hides it); what is stored is [`FormMac`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FormFingerprint([u8; 32]);

impl FormFingerprint {
    /// The fingerprint of a form without files.
    #[must_use]
    pub fn of<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = FormHasher::default();
        for (name, text) in fields {
            let mut value = ValueHasher::text();
            value.update(text.as_bytes());
            form.add(name, value);
        }
        form.finish()
    }
}

impl FormFingerprint {
    /// As text, for a keyed hash.
    pub(crate) fn expose(self) -> String {
        BASE64.encode(self.0)
    }
}

impl std::fmt::Debug for FormFingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormFingerprint(…)")
    }
}

/// Computes the fingerprint of a form that is read field by field.
#[derive(Default)]
pub struct FormHasher {
    fields: Vec<(String, [u8; 32])>,
}

impl FormHasher {
    /// Adds a field. A name may come more than once; then its values count in the order in which they came.
    pub fn add(&mut self, name: &str, value: ValueHasher) {
        self.fields.push((name.to_owned(), value.0.finalize().into()));
    }

    /// The fingerprint of all fields that were added.
    #[must_use]
    pub fn finish(mut self) -> FormFingerprint {
        self.fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut form = Sha256::new();
        for (name, value) in &self.fields {
            form.update((name.len() as u64).to_be_bytes());
            form.update(name.as_bytes());
            form.update(value);
        }
        FormFingerprint(form.finalize().into())
    }
}

/// Hashes the value of one field, piece by piece.
pub struct ValueHasher(Sha256);

impl ValueHasher {
    /// Of a text.
    #[must_use]
    pub fn text() -> Self {
        Self(Sha256::new_with_prefix([0]))
    }

    /// Of the content of a file; never equal to a text.
    #[must_use]
    pub fn file() -> Self {
        Self(Sha256::new_with_prefix([1]))
    }

    /// Adds a piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }
}

/// A fingerprint as the store keeps it: keyed with the service's secret, and bound to one step and one flow. So a copy of
/// the database does not help to guess what was typed, and no form counts as the same at another step or in another flow.
#[derive(Clone, PartialEq, Eq)]
pub struct FormMac(String);

impl FormMac {
    /// Of a form that was sent to `step` from a page of the flow with this tag. Not bound to the token of the flow, which changes
    /// with each form: the second of two clicks may come with the new one.
    #[must_use]
    pub fn new(secrets: &Secrets, step: &str, tag: &str, form: FormFingerprint) -> Self {
        Self(secrets.mac_text("form", &[step, tag, &form.expose()]))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for FormMac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FormMac(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(fields: &[(String, String)]) -> FormFingerprint {
        FormFingerprint::of(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    proptest! {
        #[test]
        fn security_a_fingerprint_is_equal_exactly_when_every_field_is(
            one in prop::collection::btree_map("[ab]{0,2}", "[ab]{0,2}", 0..4),
            other in prop::collection::btree_map("[ab]{0,2}", "[ab]{0,2}", 0..4),
        ) {
            let [first, second] = [&one, &other].map(|form| of(&form.clone().into_iter().collect::<Vec<_>>()));
            prop_assert_eq!(first == second, one == other);
            let reversed: Vec<_> = one.into_iter().rev().collect();
            prop_assert_eq!(of(&reversed), first, "the order of different names does not count");
        }
    }

    #[test]
    fn security_names_values_and_files_cannot_be_confused() {
        let forms: [&[(&str, &str)]; 7] = [
            &[("ab", "c")],
            &[("a", "bc")],
            &[("abc", "")],
            &[("a", ""), ("bc", "")],
            &[("ab", "c"), ("ab", "d")],
            &[("ab", "d"), ("ab", "c")],
            &[],
        ];
        let mut prints: Vec<_> = forms.iter().map(|form| FormFingerprint::of(form.iter().copied())).collect();
        let mut with_file = FormHasher::default();
        let mut content = ValueHasher::file();
        content.update(b"c");
        with_file.add("ab", content);
        prints.push(with_file.finish());
        for (place, print) in prints.iter().enumerate() {
            assert_eq!(prints.iter().position(|other| other == print), Some(place));
        }
    }

    #[test]
    fn security_a_mac_holds_for_one_step_and_one_flow_and_shows_nothing() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let form = FormFingerprint::of([("respuesta", "boldo")]);
        let mac = FormMac::new(&secrets, "answer", "tag", form);
        assert_eq!(mac, FormMac::new(&secrets, "answer", "tag", form));
        assert_ne!(mac, FormMac::new(&secrets, "document", "tag", form));
        assert_ne!(mac, FormMac::new(&secrets, "answer", "other", form));
        let other = Secrets::derive(&[8; 32]).unwrap();
        assert_ne!(mac, FormMac::new(&other, "answer", "tag", form));
        assert_eq!(format!("{mac:?} {form:?}"), "FormMac(…) FormFingerprint(…)");
    }
}

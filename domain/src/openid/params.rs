//! The parameters of a request of the protocol, as they came: each name at most once (RFC 6749 §3.1), each of bounded length.

use super::OAuthError;

/// The parameters of a query or of a form. Names that nobody knows are ignored, as the protocol asks for.
#[derive(Debug, Clone, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Keeps what a query or a form holds.
    pub fn new<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// A parameter; None when it is absent or empty, which the protocol treats alike.
    ///
    /// # Errors
    /// [`OAuthError::InvalidRequest`] when it is there twice, is longer than `most` bytes, or holds a control character or what was no
    /// UTF-8: a `state` that came back changed would be none.
    pub fn one(&self, name: &str, most: usize) -> Result<Option<&str>, OAuthError> {
        let mut values = self.0.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str());
        let (first, second) = (values.next(), values.next());
        let value = first.filter(|value| !value.is_empty());
        let is_plain = |value: &&str| {
            value.len() <= most
                && !value.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER)
        };
        if second.is_some() || value.is_some_and(|value| !is_plain(&value)) {
            return Err(OAuthError::InvalidRequest);
        }
        Ok(value)
    }

    /// The same, of one that must be there.
    ///
    /// # Errors
    /// [`OAuthError::InvalidRequest`], also when it is absent.
    pub fn required(&self, name: &str, most: usize) -> Result<&str, OAuthError> {
        self.one(name, most)?.ok_or(OAuthError::InvalidRequest)
    }

    /// Whether a parameter was sent, even an empty one.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(found, _)| found == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_oidc_a_parameter_counts_once_and_within_its_length() {
        let params =
            Params::new([("a", "1"), ("b", ""), ("c", "1"), ("c", "1"), ("d", "x\u{0}"), ("e", "x\u{fffd}")]);
        assert_eq!(params.one("a", 1), Ok(Some("1")));
        assert_eq!(params.one("a", 0), Err(OAuthError::InvalidRequest), "too long");
        assert_eq!((params.one("b", 9), params.one("x", 9)), (Ok(None), Ok(None)));
        assert_eq!(params.one("c", 9), Err(OAuthError::InvalidRequest), "twice, though alike");
        assert_eq!(params.one("d", 9), Err(OAuthError::InvalidRequest), "a control character");
        assert_eq!(params.one("e", 9), Err(OAuthError::InvalidRequest), "it was no UTF-8");
        assert_eq!(params.required("b", 9), Err(OAuthError::InvalidRequest));
        assert!(params.has("b") && !params.has("x"));
    }
}

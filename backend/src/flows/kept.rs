//! A new key and a new answer that were typed and are valid, kept sealed in the flow: an error elsewhere in the form costs nobody a
//! retyping (docs/security.md#kept-secrets). Never a proof.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::field::Field;
use domain::flow::Feedback;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Flow, Token};
use crate::captcha::FlowOfCaptcha;
use crate::secrets::{Secrets, SecretsError};
use crate::store::Result as StoreResult;

/// Which secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewSecret {
    /// The key to set.
    Key,
    /// The answer to the chosen question.
    Answer,
}

impl NewSecret {
    const ALL: [Self; 2] = [Self::Key, Self::Answer];

    /// Its name in the context of the seal.
    fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Answer => "answer",
        }
    }
}

/// What is kept of a form, sealed for who holds the token of the flow. A page learns only what there is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl Kept {
    /// Whether a new key is kept.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Whether a new answer is kept.
    #[must_use]
    pub fn has_answer(&self) -> bool {
        self.answer.is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn slot(&mut self, which: NewSecret) -> &mut Option<String> {
        match which {
            NewSecret::Key => &mut self.key,
            NewSecret::Answer => &mut self.answer,
        }
    }

    fn sealed(&self, which: NewSecret) -> Option<&str> {
        match which {
            NewSecret::Key => self.key.as_deref(),
            NewSecret::Answer => self.answer.as_deref(),
        }
    }

    /// Drops what was kept of a secret.
    pub(crate) fn forget(&mut self, which: NewSecret) {
        *self.slot(which) = None;
    }

    /// Drops what the page is about to call wrong: it has to be typed again, in a field that is seen.
    pub(crate) fn forget_refused(&mut self, feedback: &Feedback) {
        for error in &feedback.errors {
            match error.field {
                Field::NewKey | Field::NewKeyAgain => self.forget(NewSecret::Key),
                Field::Question | Field::Answer => self.forget(NewSecret::Answer),
                _ => {}
            }
        }
    }

    /// Keeps a secret, in place of what was kept.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub(crate) fn keep(
        &mut self,
        seal: &KeptSeal<'_>,
        which: NewSecret,
        plain: &KeptPlain<'_>,
    ) -> Result<(), SecretsError> {
        *self.slot(which) = Some(seal.seal(which, plain)?);
        Ok(())
    }

    /// The secret that is kept for such an owner, and this question; none when it is for another, or was sealed for another token,
    /// flow or secret.
    pub(crate) fn open(
        &self,
        seal: &KeptSeal<'_>,
        which: NewSecret,
        (is_owner, question): (impl FnOnce(&str) -> bool, &str),
    ) -> Option<Zeroizing<String>> {
        let opened = seal.open(which, self.sealed(which)?)?;
        let plain: KeptPlain<'_> = serde_json::from_slice(&opened).ok()?;
        let fits = plain.question == question && is_owner(&plain.owner);
        fits.then(|| Zeroizing::new(plain.text.into_owned()))
    }

    /// The same for the next token of the flow. What does not open any more is dropped.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub(super) fn resealed(self, now: &KeptSeal<'_>, next: &KeptSeal<'_>) -> Result<Self, SecretsError> {
        let mut kept = Self::default();
        for which in NewSecret::ALL {
            let Some(opened) = self.sealed(which).and_then(|sealed| now.open(which, sealed)) else {
                continue;
            };
            *kept.slot(which) = Some(next.seal_bytes(which, &opened)?);
        }
        Ok(kept)
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept(…)")
    }
}

impl<S> Flow<S> {
    /// Keeps a new secret, for who will hold the token under which this is written.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn keep(
        &mut self,
        secrets: &Secrets,
        which: NewSecret,
        plain: &KeptPlain<'_>,
    ) -> StoreResult<()> {
        let mut kept = std::mem::take(&mut self.kept);
        match self.kept_seal(secrets) {
            Some(seal) => kept.keep(&seal, which, plain)?,
            None => kept.forget(which),
        }
        self.kept = kept;
        Ok(())
    }

    /// A new secret that is kept for such an owner, and this question.
    pub(crate) fn kept_for(
        &self,
        secrets: &Secrets,
        which: NewSecret,
        about: (impl FnOnce(&str) -> bool, &str),
    ) -> Option<Zeroizing<String>> {
        self.kept.open(&self.kept_seal(secrets)?, which, about)
    }

    fn kept_seal<'a>(&'a self, secrets: &'a Secrets) -> Option<KeptSeal<'a>> {
        let token = self.form.as_ref().map(|form| &form.next).or(self.opened.as_ref())?;
        Some(KeptSeal { secrets, token, flow: self.of_captcha() })
    }
}

/// A secret with whom, and what, it is for.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptPlain<'a> {
    /// RUT, NIE or document.
    #[serde(borrow)]
    pub(crate) owner: std::borrow::Cow<'a, str>,
    /// The question of an answer.
    #[serde(borrow)]
    pub(crate) question: std::borrow::Cow<'a, str>,
    /// The secret as it was typed.
    #[serde(borrow)]
    pub(crate) text: std::borrow::Cow<'a, str>,
}

impl KeptPlain<'_> {
    /// Longest text that is kept, in bytes: with its escapes in JSON, the owner and the question it fits into [`LENGTH`].
    pub(crate) const LONGEST: usize = 200;
}

/// What seals and opens what is kept: the service's secret, the token of the browser, and the flow.
pub(crate) struct KeptSeal<'a> {
    pub(super) secrets: &'a Secrets,
    pub(super) token: &'a Token,
    pub(super) flow: FlowOfCaptcha<'a>,
}

/// How long every plain text is made, in bytes: the length of what is stored says nothing of the key.
const LENGTH: usize = 512;

impl KeptSeal<'_> {
    /// What a seal is bound to beside the key: one flow and one field.
    fn context(&self, which: NewSecret) -> Vec<u8> {
        ["kept", self.flow.name, self.flow.tag, which.name()].join("\0").into_bytes()
    }

    fn seal(&self, which: NewSecret, plain: &KeptPlain<'_>) -> Result<String, SecretsError> {
        // Written in place: a buffer that grew would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH));
        serde_json::to_writer(&mut *bytes, plain).map_err(|_| SecretsError::Sealed)?;
        if bytes.len() > LENGTH {
            return Err(SecretsError::Sealed);
        }
        bytes.resize(LENGTH, b' ');
        self.seal_bytes(which, &bytes)
    }

    fn seal_bytes(&self, which: NewSecret, plain: &[u8]) -> Result<String, SecretsError> {
        let sealed = self.secrets.seal_for(self.token.expose(), &self.context(which), plain)?;
        Ok(BASE64.encode(sealed))
    }

    fn open(&self, which: NewSecret, sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let sealed = BASE64.decode(sealed).ok()?;
        self.secrets.open_for(self.token.expose(), &self.context(which), &sealed).ok()
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;

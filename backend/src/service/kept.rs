//! New keys and answers of a form: as they were typed, or as the flow has kept them.

use domain::answer::SecretAnswer;
use domain::flow::key::is_new_key;
use domain::identifier::{Identifier, IdentifierInput, letters_and_digits};
use domain::kind::Kind;
use domain::nie::NiePattern;
use domain::question::SecretQuestion;
use zeroize::Zeroizing;

use super::{Backend, Result};
use crate::flows::{Flow, KeptPlain, NewSecret};

/// A key, and its repetition.
pub(super) type KeyTwice = [Zeroizing<String>; 2];

/// The identity for which a new key or answer was typed.
pub(super) enum SecretOwner {
    /// RUT, NIE or document.
    Read(Identifier),
    /// A RUT or NIE that could not be read.
    Misread(String),
    /// Nothing that tells one person from another.
    Unknown,
}

impl SecretOwner {
    /// Fewest letters and digits that mean one person.
    const LEAST: usize = 7;

    /// The RUT or NIE of a form.
    pub(super) fn parse(kind: Kind, text: &str, pattern: &NiePattern) -> Self {
        match Identifier::parse(kind, IdentifierInput::Number(text), pattern) {
            Ok(identifier) => Self::Read(identifier),
            Err(_) if letters_and_digits(text).len() >= Self::LEAST => {
                Self::Misread(letters_and_digits(text))
            }
            Err(_) => Self::Unknown,
        }
    }

    fn identifier(&self) -> Option<&Identifier> {
        match self {
            Self::Read(identifier) => Some(identifier),
            Self::Misread(_) | Self::Unknown => None,
        }
    }

    /// As it is kept; one that could not be read is marked.
    fn kept(&self) -> Option<String> {
        match self {
            Self::Read(identifier) => Some(identifier.plain()),
            Self::Misread(text) => Some(format!("~{text}")),
            Self::Unknown => None,
        }
    }

    /// Whether a secret that was kept for `owner` is this one's: for the same, or for one that could not be read and is this
    /// one with one slip of the hand.
    fn is(&self, owner: &str) -> bool {
        match (self, owner.strip_prefix('~')) {
            (Self::Read(identifier), Some(typed)) => identifier.is_meant_by(typed),
            _ => self.kept().as_deref() == Some(owner),
        }
    }
}

impl Backend {
    /// The new key of a form. What was typed counts, and is kept if it is valid; where nothing was typed, what is kept for this
    /// `owner` counts for both fields. A form for another owner drops it.
    pub(super) fn new_key<S>(
        &self,
        flow: &mut Flow<S>,
        (key, again): (&str, &str),
        owner: &SecretOwner,
        names: &str,
    ) -> Result<KeyTwice> {
        let is_typed = !key.is_empty() || !again.is_empty();
        let valid = is_new_key(key, again, owner.identifier(), names).then_some(key);
        let kept = self.typed_or_kept(flow, NewSecret::Key, (is_typed, valid), (owner, Some("")))?;
        Ok(kept.map_or_else(
            || [key, again].map(|text| Zeroizing::new(text.to_owned())),
            |key| [key.clone(), key],
        ))
    }

    /// The new answer of a form, in the same way. An answer belongs to its question: a form with another drops it.
    pub(super) fn new_answer<S>(
        &self,
        flow: &mut Flow<S>,
        (question, answer): (&str, &str),
        owner: &SecretOwner,
    ) -> Result<Zeroizing<String>> {
        let question = SecretQuestion::parse(question).ok().map(SecretQuestion::id);
        let valid = SecretAnswer::parse(answer).is_ok().then_some(answer);
        // An answer may be long in bytes; one that does not fit is typed again.
        let valid = valid.filter(|answer| answer.len() <= KeptPlain::LONGEST);
        let typed = (!answer.trim().is_empty(), valid);
        let kept = self.typed_or_kept(flow, NewSecret::Answer, typed, (owner, question))?;
        Ok(kept.unwrap_or_else(|| Zeroizing::new(answer.to_owned())))
    }

    /// What is kept, where nothing was typed. Otherwise what was typed takes its place, if it is `valid`.
    fn typed_or_kept<S>(
        &self,
        flow: &mut Flow<S>,
        which: NewSecret,
        (is_typed, valid): (bool, Option<&str>),
        (owner, question): (&SecretOwner, Option<&str>),
    ) -> Result<Option<Zeroizing<String>>> {
        let Some((name, question)) = owner.kept().zip(question) else {
            flow.kept.forget(which);
            return Ok(None);
        };
        let about = (|kept: &str| owner.is(kept), question);
        let kept = if is_typed { None } else { flow.kept_for(&self.secrets, which, about) };
        // What was kept is kept for this owner from now on: a RUT may have been corrected.
        match kept.as_ref().map(|kept| kept.as_str()).or(valid) {
            Some(text) => {
                let plain = KeptPlain { owner: name.into(), question: question.into(), text: text.into() };
                flow.keep(&self.secrets, which, &plain)?;
            }
            None => flow.kept.forget(which),
        }
        Ok(kept)
    }
}

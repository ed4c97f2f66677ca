//! Confirmation of a mail address by the code that was sent there (A-MAIL): at the end of a registration or an update, or later on
//! a page of its own. It changes one label only: a recovery says whether the address was ever confirmed.

use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::email::Email;
use crate::field::{Field, FieldError, Reason, checked};
use crate::identifier::{Identifier, IdentifierInput};
use crate::kind::Kind;
use crate::mail_code::MailCode;
use crate::nie::NiePattern;

/// The state of the page that takes a code later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailCheck {
    /// Identifier and code are asked for.
    Ask,
    /// “Éxito”. The same where the identity has an account with another address.
    Done,
}

impl MailCheck {
    /// Reads the form of that page.
    ///
    /// # Errors
    /// Each field that is missing or wrong.
    pub fn parse(
        kind: Kind,
        who: &str,
        code: &str,
        nie: &NiePattern,
    ) -> Result<(Identifier, MailCode), Vec<FieldError>> {
        let mut errors = Vec::new();
        let who = Identifier::parse(kind, IdentifierInput::Number(who), nie);
        let who = who.map_err(|error| errors.push(error)).ok();
        let code = checked(Field::MailCode, MailCode::parse(code), &mut errors);
        match (who, code) {
            (Some(who), Some(code)) => Ok((who, code)),
            _ => Err(errors),
        }
    }
}

/// A mail with a code went out: what the last page of a registration or an update shows of it, and takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Whose registration or update it was.
    pub identifier: Identifier,
    /// The address as it was typed, so that its writer sees a mistake in it.
    pub email: Email,
    /// Whether the code came back.
    pub confirmed: bool,
}

impl CodeSent {
    /// The mail goes out to this address.
    #[must_use]
    pub fn new(identifier: Identifier, email: Email) -> Self {
        Self { identifier, email, confirmed: false }
    }

    /// A code was checked.
    ///
    /// # Errors
    /// It was wrong.
    pub fn checked(self, verdict: Verdict) -> Result<Self, FieldError> {
        code_is_right(verdict)?;
        Ok(Self { confirmed: true, ..self })
    }
}

/// A code was checked.
///
/// # Errors
/// It was wrong.
pub fn code_is_right(verdict: Verdict) -> Result<(), FieldError> {
    match verdict {
        Verdict::Right => Ok(()),
        Verdict::Wrong => Err(FieldError::new(Field::MailCode, Reason::Wrong)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_both_fields_are_read_and_only_a_right_code_confirms() {
        let nie = NiePattern::any();
        let (who, code) = MailCheck::parse(Kind::Natural, "12.345.678-5", "aaa-ccc", &nie).unwrap();
        assert_eq!((who.plain().as_str(), code.expose()), ("12345678-5", "AAACCC"));
        let errors = MailCheck::parse(Kind::Natural, "", "AAA", &nie).unwrap_err();
        let errors: Vec<_> = errors.iter().map(|error| (error.field, error.reason)).collect();
        assert_eq!(errors, [(Field::Rut, Reason::Missing), (Field::MailCode, Reason::Format)]);

        let sent = CodeSent::new(who, Email::parse("rosa@correo.cl").unwrap());
        assert!(!sent.confirmed && sent.clone().checked(Verdict::Right).unwrap().confirmed);
        let wrong = FieldError::new(Field::MailCode, Reason::Wrong);
        assert_eq!(sent.checked(Verdict::Wrong), Err(wrong));
    }
}

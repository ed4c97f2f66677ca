//! The captcha at the end of a flow.

use crate::field::{Field, FieldError, Reason};

/// What the check of a captcha found. Whatever it was, that captcha is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptchaVerdict {
    /// The letters are right.
    Right,
    /// They are not.
    Wrong,
    /// Older than five minutes, or used before.
    Stale,
    /// It was answered by work, which is not right or does not count now.
    WorkRefused,
}

/// Returns an error unless the captcha was right.
///
/// # Errors
/// The captcha was wrong or stale.
pub fn captcha_passed(verdict: CaptchaVerdict) -> Result<(), FieldError> {
    match verdict {
        CaptchaVerdict::Right => Ok(()),
        CaptchaVerdict::Wrong => Err(FieldError::new(Field::Captcha, Reason::Wrong)),
        CaptchaVerdict::Stale => Err(FieldError::new(Field::Captcha, Reason::Stale)),
        CaptchaVerdict::WorkRefused => Err(FieldError::new(Field::Captcha, Reason::WorkRefused)),
    }
}

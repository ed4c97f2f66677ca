//! Why an officer refuses a request, as the company will read it. F-REVIEW.

/// A reason in words: 10 to 500 characters, in lines. Nothing but line breaks parts them, so that it can stand in a mail. `Debug`
/// hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Motive(String);

impl std::fmt::Debug for Motive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Motive(…)")
    }
}

/// Why a text is not a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MotiveError {
    /// Nothing was written.
    #[error("no reason was given")]
    Empty,
    /// Under ten characters.
    #[error("a reason has at least ten characters")]
    TooShort,
    /// Over 500 characters.
    #[error("a reason has at most 500 characters")]
    TooLong,
    /// Control characters, or nothing that is a letter or digit.
    #[error("characters that do not belong into a reason")]
    Characters,
}

impl Motive {
    /// Fewest characters.
    pub const MIN: usize = 10;
    /// Most characters.
    pub const MAX: usize = 500;

    /// Reads a reason. Browsers send line breaks as CR LF: they count as one character, like any other; a tab is a space.
    /// Spaces at the ends of lines and empty lines at both ends do not count, and no more than one empty line stays.
    ///
    /// # Errors
    /// [`MotiveError`].
    pub fn parse(text: &str) -> Result<Self, MotiveError> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        let mut lines: Vec<&str> = text.trim().split('\n').map(str::trim).collect();
        lines.dedup_by(|next, line| next.is_empty() && line.is_empty());
        let text = lines.join("\n");
        let count = text.chars().count();
        if count == 0 {
            Err(MotiveError::Empty)
        } else if text.chars().any(|c| (c.is_control() && c != '\n') || turns_text(c))
            || !text.chars().any(char::is_alphanumeric)
        {
            Err(MotiveError::Characters)
        } else if count < Self::MIN {
            Err(MotiveError::TooShort)
        } else if count > Self::MAX {
            Err(MotiveError::TooLong)
        } else {
            Ok(Self(text))
        }
    }

    /// The reason.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `c` is one of the unseen marks that turn the direction of what follows.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Result<String, MotiveError> {
        Motive::parse(text).map(|motive| motive.as_str().to_owned())
    }

    #[test]
    fn f_review_a_reason_has_ten_to_five_hundred_characters() {
        assert_eq!(reason("  \r\n "), Err(MotiveError::Empty));
        assert_eq!(reason("Falta eso"), Err(MotiveError::TooShort));
        assert_eq!(reason("Falta todo"), Ok("Falta todo".to_owned()));
        assert_eq!(reason(&"ñ".repeat(500)), Ok("ñ".repeat(500)));
        assert_eq!(reason(&"ñ".repeat(501)), Err(MotiveError::TooLong));
        assert_eq!(reason("----------"), Err(MotiveError::Characters));
    }

    #[test]
    fn f_review_of_what_is_unseen_only_line_breaks_stay() {
        assert_eq!(
            reason(" La firma no se lee.\r\n\r\n\r\n Súbala otra\tvez. \r\n"),
            Ok("La firma no se lee.\n\nSúbala otra vez.".to_owned())
        );
        for bad in ["Falta \u{0} la firma", "Falta \u{1b}[31m la firma", "Falta \u{202e} la firma"] {
            assert_eq!(reason(bad), Err(MotiveError::Characters), "{bad:?}");
        }
    }
}

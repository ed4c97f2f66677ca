//! The telephone of a foreign facilitator. F-REQ.

use std::fmt;

use super::PhoneError;
use super::typed::Typed;

/// A telephone number of any country: `+`, country code and number. Of a foreign facilitator (F-REQ).
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignPhone(String);

/// Country codes behind which no number begins with 0: such a 0 is dialled only within the country.
const WITHOUT_ZERO: [&str; 13] =
    ["33", "44", "49", "51", "54", "55", "56", "57", "58", "591", "593", "595", "598"];

impl ForeignPhone {
    /// Reads a number with its country code behind `+` or `00`. A number that begins with the code of Chile and has its length needs
    /// neither.
    ///
    /// # Errors
    /// [`PhoneError::Empty`], [`PhoneError::Separators`] or [`PhoneError::Format`]; E.164 has at most 15 digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let typed = Typed::read(text)?;
        let number = match typed.digits.strip_prefix("00") {
            Some(rest) if !typed.plus => rest,
            _ if typed.plus || (typed.digits.len() == 11 && typed.digits.starts_with("56")) => &typed.digits,
            _ => return Err(PhoneError::Format),
        };
        let code = WITHOUT_ZERO.iter().find(|code| number.starts_with(**code)).map_or("", |code| *code);
        let behind = number.strip_prefix(code).unwrap_or_default();
        let behind = if code.is_empty() { behind } else { behind.strip_prefix('0').unwrap_or(behind) };
        let is_dialled = code.is_empty() || !behind.starts_with('0');
        let whole = is_dialled && (8..=15).contains(&(code.len() + behind.len())) && !number.starts_with('0');
        whole.then(|| Self(format!("+{code}{behind}"))).ok_or(PhoneError::Format)
    }

    /// E.164: `+51987654321`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ForeignPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignPhone(…)")
    }
}

//! The date of birth. Guides 000 and 003 ask for it, “Formato: 01-12-1992” (V-UPD).

use std::fmt;

pub use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::code;

/// A day on which somebody who lives today can be born. `Display` gives `01-12-1992`; `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BirthDate(Date);

/// Why a text is not a date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BirthDateError {
    /// Nothing was written.
    #[error("no date was given")]
    Empty,
    /// Not day, month and year in four digits, or no such day.
    #[error("not a date")]
    Format,
    /// Later than today.
    #[error("a date in the future")]
    Future,
    /// More than 120 years ago.
    #[error("more than 120 years ago")]
    TooOld,
}

impl BirthDate {
    /// Reads day, month and year, parted by dashes, dots, slashes or spaces (`01-12-1992`, `1/12/1992`), and the way in
    /// which computers write dates (`1992-12-01`, `1992-12-01T00:00:00Z`), which nobody can take for another day.
    ///
    /// # Errors
    /// [`BirthDateError`]; `today` is the current day.
    pub fn parse(text: &str, today: Date) -> Result<Self, BirthDateError> {
        let text = code(text);
        // Databases mark the time of London so.
        let text = text.strip_suffix('Z').unwrap_or(&text);
        // Between date and time, spreadsheets and databases write a `T` or a space.
        let parts: Vec<&str> = text
            .split(|c: char| !c.is_ascii_alphanumeric() || c == 'T')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        let (date, time) = parts.split_at(parts.len().min(3));
        if !time.iter().all(|part| part.bytes().all(|b| b == b'0')) {
            return Err(BirthDateError::Format);
        }
        let (year, month, day) = match date {
            [] => return Err(BirthDateError::Empty),
            [year, month, day] if year.len() == 4 => (year, month, day),
            [day, month, year] if year.len() == 4 => (year, month, day),
            _ => return Err(BirthDateError::Format),
        };
        let number = |part: &str| match part.len() {
            1 | 2 => part.parse::<i8>().map_err(|_| BirthDateError::Format),
            _ => Err(BirthDateError::Format),
        };
        let year: i16 = year.parse().map_err(|_| BirthDateError::Format)?;
        let date = Date::new(year, number(month)?, number(day)?).map_err(|_| BirthDateError::Format)?;
        if date > today {
            return Err(BirthDateError::Future);
        }
        if year < today.year() - 120 {
            return Err(BirthDateError::TooOld);
        }
        Ok(Self(date))
    }

    /// As it is stored: `1992-12-01`.
    #[must_use]
    pub fn plain(self) -> String {
        self.0.to_string()
    }

    /// What [`BirthDate::plain`] gave.
    #[must_use]
    pub fn from_plain(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}-{:04}", self.0.day(), self.0.month(), self.0.year())
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v_upd_a_date_is_read_as_people_write_it() {
        let today = Date::constant(2026, 11, 21);
        let read = |text: &str| BirthDate::parse(text, today);
        for same in [
            "01-12-1992",
            "1/12/1992",
            " 01.12.1992 ",
            "1992-12-01",
            "1 12 1992",
            "01–12–1992.",
            "1992-12-01 00:00:00",
            "1992-12-01T00:00:00.000",
            "1992-12-01T00:00:00Z",
            "1992-12-01T00:00:00.000Z",
            "1992-12-01 00:00:00 z",
            "01/12/1992 0:00",
            "\u{200e}01/\u{200e}12/\u{200e}1992",
            "٠١-١٢-١٩٩٢",
            "０１－１２－１９９２",
        ] {
            assert_eq!(read(same).map(|date| date.to_string()).as_deref(), Ok("01-12-1992"), "{same}");
        }
        assert_eq!(read(" "), Err(BirthDateError::Empty));
        for bad in [
            "31-02-1992",
            "12-1992",
            "33939.0",
            "01-12-1992.5",
            "1992-12-01 08:30",
            "1992-12-01T08:30:00Z",
            "01-12-92",
            "1-dic-1992",
            "32-01-1992",
            "01-13-1992",
            "011-2-1992",
        ] {
            assert_eq!(read(bad), Err(BirthDateError::Format), "{bad}");
        }
        assert_eq!(read("22-11-2026"), Err(BirthDateError::Future));
        assert!(read("21-11-2026").is_ok());
        assert_eq!(read("31-12-1905"), Err(BirthDateError::TooOld));
        assert!(read("01-01-1906").is_ok());
        let date = read("01-12-1992").unwrap();
        assert_eq!(BirthDate::from_plain(&date.plain()), Some(date));
        assert_eq!(date.plain(), "1992-12-01");
    }
}

//! The first line: which columns there are, in which order, and their separator.

use super::column::Column;
use super::refusal::Why;
use super::split::Splitter;
use super::text::{Encoding, decode};

/// Why a file cannot be imported at all. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The file has no line, or only empty ones.
    #[error("the file is empty")]
    Empty,
    /// The file is UTF-16.
    #[error("the file is UTF-16")]
    Utf16,
    /// The file has a UTF-8 mark, but the operator chose Latin-1.
    #[error("the file is marked as UTF-8")]
    Utf8Marked,
    /// The line cannot be read, for example of a binary file.
    #[error("the first line cannot be read: {0}")]
    Line(Why),
    /// None of the columns is known. They are not named: without a header they are personal data.
    #[error("the first line is not a header")]
    NoHeader,
    /// Unknown columns, by name.
    #[error("unknown columns: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// A column appears twice.
    #[error("the column {0} is there twice")]
    Twice(&'static str),
    /// Neither `rut` nor, with `tipo`, `nie`.
    #[error("the file needs a column rut, or the columns tipo and nie")]
    NoIdentifier,
}

/// A header that was read.
#[derive(Debug)]
pub(super) struct Header {
    /// The place of each column in a row.
    places: [Option<usize>; Column::ALL.len()],
    /// How many columns there are.
    pub(super) width: usize,
    /// `,` or `;`.
    pub(super) separator: u8,
}

impl Header {
    /// The first line without a byte order mark.
    pub(super) fn unmarked(line: &[u8], encoding: Encoding) -> Result<&[u8], HeaderError> {
        match (line.strip_prefix(b"\xEF\xBB\xBF"), encoding) {
            (Some(_), Encoding::Latin1) => Err(HeaderError::Utf8Marked),
            (Some(rest), Encoding::Utf8) => Ok(rest),
            _ if line.starts_with(b"\xFF\xFE") || line.starts_with(b"\xFE\xFF") => Err(HeaderError::Utf16),
            _ => Ok(line),
        }
    }

    /// Reads the header.
    pub(super) fn read(line: &[u8], encoding: Encoding) -> Result<Self, HeaderError> {
        let text = decode(line, encoding).map_err(HeaderError::Line)?;
        let count = |separator| text.bytes().filter(|b| *b == separator).count();
        let separator = if count(b';') > count(b',') { b';' } else { b',' };
        let mut splitter = Splitter::new(separator);
        let names = splitter.split(&text).map_err(HeaderError::Line)?;
        let mut places = [None; Column::ALL.len()];
        let mut unknown = Vec::new();
        let width = names.len();
        for place in 0..width {
            let name = names.get(place);
            let Some(column) = Column::parse(name) else {
                unknown.push(name.trim().chars().take(40).collect());
                continue;
            };
            if places[column as usize].replace(place).is_some() {
                return Err(HeaderError::Twice(column.name()));
            }
        }
        if places.iter().all(Option::is_none) {
            return Err(HeaderError::NoHeader);
        }
        if !unknown.is_empty() {
            return Err(HeaderError::Unknown(unknown));
        }
        let header = Self { places, width, separator };
        let by_nie = header.has(Column::Nie) && header.has(Column::Kind);
        if header.has(Column::Rut) || by_nie { Ok(header) } else { Err(HeaderError::NoIdentifier) }
    }

    fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// The place of a column in a row, from 0 on.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Header, HeaderError> {
        Header::read(line.as_bytes(), Encoding::Utf8)
    }

    #[test]
    fn columns_come_in_any_order_with_either_separator() {
        for (line, separator) in [("email, RUT ,\"nombres\"", b','), ("email;rut;nombres", b';')] {
            let header = read(line).unwrap();
            assert_eq!((header.width, header.separator), (3, separator));
            assert_eq!(header.place(Column::Rut), Some(1));
            assert_eq!(header.place(Column::Names), Some(2));
            assert_eq!(header.place(Column::Mobile), None);
        }
        assert_eq!(read("rut").unwrap().width, 1);
        assert!(read("nie,tipo").is_ok());
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!((column as usize, Column::parse(column.name())), (place, Some(column)));
        }
    }

    #[test]
    fn a_bad_header_is_an_error_with_its_reason() {
        assert_eq!(
            read("rut,edad,sexo").err(),
            Some(HeaderError::Unknown(vec!["edad".into(), "sexo".into()]))
        );
        assert_eq!(read("rut,").err(), Some(HeaderError::Unknown(vec![String::new()])));
        assert_eq!(read("11.111.111-1,Ana Rojas").err(), Some(HeaderError::NoHeader));
        assert_eq!(read("rut,email,Rut").err(), Some(HeaderError::Twice("rut")));
        assert_eq!(read("email,nombres").err(), Some(HeaderError::NoIdentifier));
        assert_eq!(read("nie").err(), Some(HeaderError::NoIdentifier));
        assert_eq!(read("rut,\"email").err(), Some(HeaderError::Line(Why::Quote)));
        assert_eq!(read("\u{1}PNG").err(), Some(HeaderError::Line(Why::Control)));
        assert_eq!(Header::unmarked(b"\xFF\xFEr\0", Encoding::Utf8), Err(HeaderError::Utf16));
        assert_eq!(Header::unmarked(b"\xEF\xBB\xBFrut", Encoding::Utf8), Ok(&b"rut"[..]));
        assert_eq!(Header::unmarked(b"\xEF\xBB\xBFrut", Encoding::Latin1), Err(HeaderError::Utf8Marked));
    }
}

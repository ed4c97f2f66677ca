//! The first line: which columns there are, in which order, and their separator.

use super::column::Column;
use super::refusal::Why;
use super::split::Splitter;
use super::text::{Encoding, decode};
use crate::spreadsheet::SEPARATORS;

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
    /// A workbook of a spreadsheet, and no CSV.
    #[error("the file is a workbook")]
    Workbook,
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
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The place of each column in a row.
    places: [Option<usize>; Column::ALL.len()],
    /// The places of columns without a name, which spreadsheets write for cells that were cleared.
    pub(super) unnamed: Vec<usize>,
    /// How many columns there are.
    pub(super) width: usize,
    /// One of [`SEPARATORS`].
    pub(super) separator: u8,
}

impl Header {
    /// The first line without a byte order mark.
    pub(super) fn unmarked(line: &[u8], encoding: Encoding) -> Result<&[u8], HeaderError> {
        match (line.strip_prefix(b"\xEF\xBB\xBF"), encoding) {
            (Some(_), Encoding::Latin1) => Err(HeaderError::Utf8Marked),
            (Some(rest), Encoding::Utf8) => Ok(rest),
            _ if is_utf16(line) => Err(HeaderError::Utf16),
            _ if line.starts_with(b"PK\x03\x04") || line.starts_with(b"\xD0\xCF\x11\xE0") => {
                Err(HeaderError::Workbook)
            }
            _ => Ok(line),
        }
    }

    /// The separator that a first line `sep=;` names: Excel reads such a line, and so some programs write it.
    pub(super) fn separator_line(line: &[u8]) -> Option<u8> {
        let line = line.trim_ascii_end();
        let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
        match line {
            [s, e, p, b'=', separator] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
                SEPARATORS.contains(separator).then_some(*separator)
            }
            // The tab was trimmed.
            [s, e, p, b'='] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => Some(b'\t'),
            _ => None,
        }
    }

    /// Reads the header. Its separator is the one that gives the most columns that are known.
    pub(super) fn read(line: &[u8], encoding: Encoding) -> Result<Self, HeaderError> {
        let text = decode(line, encoding).map_err(HeaderError::Line)?;
        let mut best: Option<(usize, Result<Self, HeaderError>)> = None;
        for separator in SEPARATORS {
            let (known, header) = Self::parted(&text, separator);
            if best.as_ref().is_none_or(|(most, _)| known > *most) {
                best = Some((known, header));
            }
        }
        best.map_or(Err(HeaderError::NoHeader), |(_, header)| header)
    }

    /// The header with this separator, and how many of its columns are known.
    fn parted(text: &str, separator: u8) -> (usize, Result<Self, HeaderError>) {
        let mut splitter = Splitter::new(separator);
        let names = match splitter.split(text) {
            Ok(names) => names,
            Err(why) => return (0, Err(HeaderError::Line(why))),
        };
        let mut header =
            Self { places: [None; Column::ALL.len()], unnamed: Vec::new(), width: names.len(), separator };
        let (mut unknown, mut twice, mut known) = (Vec::new(), None, 0);
        for place in 0..header.width {
            let name = names.get(place);
            if name.is_empty() {
                header.unnamed.push(place);
                continue;
            }
            let Some(column) = Column::parse(name) else {
                unknown.push(name.chars().take(40).collect());
                continue;
            };
            known += 1;
            if header.places[column as usize].replace(place).is_some() {
                twice = Some(column.name());
            }
        }
        let by_nie = header.has(Column::Nie) && header.has(Column::Kind);
        let read = match twice {
            _ if known == 0 => Err(HeaderError::NoHeader),
            Some(name) => Err(HeaderError::Twice(name)),
            None if !unknown.is_empty() => Err(HeaderError::Unknown(unknown)),
            None if header.has(Column::Rut) || by_nie => Ok(header),
            None => Err(HeaderError::NoIdentifier),
        };
        (known, read)
    }

    fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// The place of a column in a row, from 0 on.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }
}

/// Whether a file begins as UTF-16, with its mark or without, or as UTF-32.
fn is_utf16(line: &[u8]) -> bool {
    let zeros =
        |offset: usize| line.len() > 3 && line.iter().skip(offset).step_by(2).take(8).all(|b| *b == 0);
    let marks: [&[u8]; 3] = [b"\xFF\xFE", b"\xFE\xFF", b"\0\0\xFE\xFF"];
    marks.iter().any(|mark| line.starts_with(mark)) || zeros(0) || zeros(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Header, HeaderError> {
        Header::read(line.as_bytes(), Encoding::Utf8)
    }

    #[test]
    fn columns_come_in_any_order_with_either_separator() {
        for (line, separator) in [
            ("email, RUT ,\"nombres\"", b','),
            ("email;rut;nombres", b';'),
            ("email\tRut\tNombres", b'\t'),
            (" Email | rut|NOMBRES ", b'|'),
            ("E-mail;rut;nombres".replace("E-", "e").as_str(), b';'),
        ] {
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
    fn excels_line_about_the_separator_is_understood() {
        for (line, separator) in [
            (&b"sep=;"[..], Some(b';')),
            (b"SEP=,\r", Some(b',')),
            (b"\"sep=;\"", Some(b';')),
            (b"sep=\t", Some(b'\t')),
            (b"sep=x", None),
            (b"rut", None),
            (b"", None),
        ] {
            assert_eq!(Header::separator_line(line), separator, "{line:?}");
        }
    }

    #[test]
    fn a_bad_header_is_an_error_with_its_reason() {
        assert_eq!(
            read("rut,edad,sexo").err(),
            Some(HeaderError::Unknown(vec!["edad".into(), "sexo".into()]))
        );
        assert_eq!(read("rut,,").map(|header| (header.width, header.unnamed)), Ok((3, vec![1, 2])));
        assert_eq!(read("RUT ; Rut").err(), Some(HeaderError::Twice("rut")));
        assert_eq!(read("rut;razon social;Razón_Social").err(), Some(HeaderError::Twice("razon_social")));
        assert_eq!(read("rut;edad,sexo").err(), Some(HeaderError::Unknown(vec!["edad,sexo".into()])));
        assert_eq!(read("11.111.111-1,Ana Rojas").err(), Some(HeaderError::NoHeader));
        assert_eq!(read("rut,email,Rut").err(), Some(HeaderError::Twice("rut")));
        assert_eq!(read("email,nombres").err(), Some(HeaderError::NoIdentifier));
        assert_eq!(read("nie").err(), Some(HeaderError::NoIdentifier));
        assert_eq!(read("rut,\"email").err(), Some(HeaderError::Line(Why::Quote)));
        assert_eq!(read("\u{1}PNG").err(), Some(HeaderError::Line(Why::Control)));
        assert_eq!(Header::unmarked(b"\xFF\xFEr\0", Encoding::Utf8), Err(HeaderError::Utf16));
        for utf16 in [
            &b"\xFE\xFF\0r\0u"[..],
            b"r\0u\0t\0",
            b"\0r\0u\0t",
            b"\xFF\xFE\0\0r\0\0\0",
            b"\0\0\xFE\xFF\0\0\0r",
        ] {
            for encoding in [Encoding::Utf8, Encoding::Latin1] {
                assert_eq!(Header::unmarked(utf16, encoding), Err(HeaderError::Utf16), "{utf16:?}");
            }
        }
        for workbook in [&b"PK\x03\x04\x14\0"[..], b"\xD0\xCF\x11\xE0\xA1"] {
            assert_eq!(Header::unmarked(workbook, Encoding::Utf8), Err(HeaderError::Workbook));
        }
        assert_eq!(Header::unmarked(b"\xEF\xBB\xBFrut", Encoding::Utf8), Ok(&b"rut"[..]));
        assert_eq!(Header::unmarked(b"\xEF\xBB\xBFrut", Encoding::Latin1), Err(HeaderError::Utf8Marked));
    }
}

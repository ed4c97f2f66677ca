//! Splits a line into its fields by RFC 4180. A line is always a row: a field cannot span lines.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::refusal::Why;

/// More fields than any header can have.
const MAX_FIELDS: usize = 64;

/// Splits lines, reusing its memory for each.
pub(super) struct Splitter {
    reader: Reader,
    text: Vec<u8>,
    ends: [usize; MAX_FIELDS],
}

/// The fields of a line.
pub(super) struct Fields<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl Splitter {
    pub(super) fn new(separator: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(separator).build(),
            text: Vec::new(),
            ends: [0; MAX_FIELDS],
        }
    }

    /// The fields of a line that is not empty.
    pub(super) fn split(&mut self, line: &str) -> Result<Fields<'_>, Why> {
        self.reader.reset();
        // Room for a line end within quotes too, so that the text always fits.
        self.text.resize((line.len() + 2).max(self.text.len()), 0);
        let (mut read, mut written, mut fields) = (0, 0, 0);
        // The line, then its end: within an open quote the line end is part of the field and the row continues.
        for part in [line.as_bytes(), b"\n"] {
            let (result, r, w, e) =
                self.reader.read_record(part, &mut self.text[written..], &mut self.ends[fields..]);
            read += r;
            written += w;
            fields += e;
            match result {
                ReadRecordResult::Record if read == line.len() + 1 => {
                    return Ok(Fields { text: &self.text[..written], ends: &self.ends[..fields] });
                }
                ReadRecordResult::OutputEndsFull => return Err(Why::FieldCount),
                ReadRecordResult::InputEmpty => {}
                // The text always fits, so a quote is open at the end of the line.
                _ => return Err(Why::Quote),
            }
        }
        Err(Why::Quote)
    }
}

impl<'a> Fields<'a> {
    /// The number of fields.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The field at a place, without the spaces around it; empty beyond the last one.
    pub(super) fn get(&self, place: usize) -> &'a str {
        let from = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(place).copied().unwrap_or(from);
        // Cut at ASCII characters, so it is still UTF-8.
        let field = self.text.get(from..to).and_then(|field| std::str::from_utf8(field).ok());
        field.unwrap_or_default().trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Result<Vec<String>, Why> {
        let mut splitter = Splitter::new(b',');
        let fields = splitter.split(line)?;
        Ok((0..fields.len()).map(|place| fields.get(place).to_owned()).collect())
    }

    #[test]
    fn fields_are_quoted_by_rfc_4180() {
        for (line, fields) in [
            ("a,b,c", &["a", "b", "c"][..]),
            ("a,,", &["a", "", ""]),
            (",", &["", ""]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("\"dice \"\"hola\"\"\",c", &["dice \"hola\"", "c"]),
            ("\"\",\"c\"", &["", "c"]),
            (" ñ , \"x\"", &["ñ", "\"x\""]),
            ("a;b", &["a;b"]),
        ] {
            assert_eq!(split(line).unwrap(), fields, "{line}");
        }
    }

    #[test]
    fn an_open_quote_fails_only_its_own_line() {
        let mut splitter = Splitter::new(b',');
        for open in ["\"a,b", "a,\"b", "a,\"b\"\"", "\""] {
            assert_eq!(splitter.split(open).err(), Some(Why::Quote), "{open}");
            assert_eq!(splitter.split("a,b").unwrap().len(), 2);
        }
        assert_eq!(split(&",".repeat(MAX_FIELDS)).err(), Some(Why::FieldCount));
        assert_eq!(split(&",".repeat(MAX_FIELDS - 1)).unwrap().len(), MAX_FIELDS);
    }
}

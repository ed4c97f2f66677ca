//! A CSV file that is read again when it changes; while it is missing or malformed its registry is down.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use domain::text::{is_changed_number, is_placeholder};
use serde::de::DeserializeOwned;

use crate::spreadsheet::{self, Unreadable};

/// A file and its content. Clones share the content.
pub(super) struct Watched<T> {
    path: PathBuf,
    registry: &'static str,
    read: Arc<Mutex<Option<Read<T>>>>,
}

struct Read<T> {
    version: (SystemTime, u64),
    content: Arc<T>,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), registry: self.registry, read: Arc::clone(&self.read) }
    }
}

/// Why a file is no registry. Holds the line, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("cannot be read")]
    Unreadable,
    #[error("is no text: a workbook, for example, must be saved as CSV")]
    NotText,
    #[error("is not UTF-8 in line {0}")]
    NotUtf8(usize),
    #[error("has a column twice, or none that is needed, or another number of fields, in line {0}")]
    Fields(u64),
    #[error("has a formula in line {0}")]
    Formula(u64),
    #[error("has a number that a spreadsheet changed, with decimals or an exponent, in line {0}")]
    Number(u64),
    #[error("has letters that were encoded twice, such as JosÃ© for José, in line {0}")]
    Letters(u64),
    #[error("has a value that cannot be read, or none, in line {0}")]
    Value(u64),
}

/// A row, and the line that it is in.
pub(super) type Line<R> = (u64, R);

/// Makes the content of rows; the error is the line of the first one that cannot be read.
pub(super) type Collect<R, T> = fn(Vec<Line<R>>) -> Result<T, u64>;

/// The rows of a file, and for each column how many of its values are words for “nothing”.
type Rows<R> = (Vec<Line<R>>, Vec<(String, u64)>);

/// Columns of plain text: whatever is in them is no number.
const TEXTS: [&str; 2] = ["nombre", "razon_social"];

/// Columns of few words, which count in any case and with spaces.
const WORDS: [&str; 2] = ["estado", "tipo"];

impl<T: Send + Sync + 'static> Watched<T> {
    /// A file at `path`, which need not exist yet; `registry` names it in the logs.
    pub(super) fn new(path: PathBuf, registry: &'static str) -> Self {
        Self { path, registry, read: Arc::default() }
    }

    /// The current content, made of the rows by `collect`; None when the file cannot be read.
    pub(super) async fn content<R: DeserializeOwned + 'static>(
        &self,
        collect: Collect<R, T>,
    ) -> Option<Arc<T>> {
        let file = self.clone();
        tokio::task::spawn_blocking(move || file.current(collect)).await.ok().flatten()
    }

    fn current<R: DeserializeOwned + 'static>(&self, collect: Collect<R, T>) -> Option<Arc<T>> {
        let down = |what: &dyn std::fmt::Display| {
            tracing::error!(registry = self.registry, "the file {what}: the registry is down");
        };
        let Ok(meta) = std::fs::metadata(&self.path) else {
            down(&"is missing");
            return None;
        };
        let version = (meta.modified().ok()?, meta.len());
        let mut read = self.read.lock().ok()?;
        if let Some(known) = read.as_ref().filter(|known| known.version == version) {
            return Some(Arc::clone(&known.content));
        }
        let read_now = std::fs::read(&self.path).map_err(|_| Malformed::Unreadable).and_then(|bytes| {
            let (rows, empty) = rows::<R>(&bytes)?;
            Ok((collect(rows).map_err(Malformed::Value)?, empty))
        });
        let (content, empty) = match read_now {
            Ok(content) => content,
            Err(malformed) => {
                down(&malformed);
                return None;
            }
        };
        for (column, count) in empty {
            tracing::warn!(
                registry = self.registry,
                column,
                count,
                "the file says NULL, N/A or the like in place of a value: taken as empty"
            );
        }
        let content = Arc::new(content);
        *read = Some(Read { version, content: Arc::clone(&content) });
        Some(content)
    }
}

/// Reads the rows. Words for “nothing” become empty.
fn rows<R: DeserializeOwned>(bytes: &[u8]) -> Result<Rows<R>, Malformed> {
    let text = spreadsheet::decoded(bytes).map_err(|unreadable| match unreadable {
        Unreadable::NotUtf8(line) => Malformed::NotUtf8(line),
        Unreadable::NotText => Malformed::NotText,
    })?;
    let first = text.split(['\r', '\n']).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: &u8| first.bytes().filter(|b| b == separator).count();
    let separator = spreadsheet::SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).delimiter(separator).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|_| Malformed::Fields(1))?.iter().map(spreadsheet::column_name);
    let names: Vec<String> = names.collect();
    let header = csv::StringRecord::from(names.clone());
    let (mut rows, mut empty) = (Vec::new(), vec![0_u64; names.len()]);
    let line = |position: Option<&csv::Position>| {
        position.map_or(0, |position| line_of(&text, usize::try_from(position.byte()).unwrap_or_default()))
    };
    for record in reader.records() {
        let record = record.map_err(|error| Malformed::Fields(line(error.position())))?;
        let line = line(record.position());
        let mut clean = csv::StringRecord::new();
        for ((name, count), value) in names.iter().zip(&mut empty).zip(&record) {
            clean.push_field(&cleaned(name, value, line)?.unwrap_or_else(|| {
                *count += 1;
                String::new()
            }));
        }
        rows.push((line, clean.deserialize(Some(&header)).map_err(|_| Malformed::Fields(line))?));
    }
    Ok((rows, names.into_iter().zip(empty).filter(|(_, count)| *count > 0).collect()))
}

/// The line, from 1 on, of what comes from this byte on and is no line end.
fn line_of(text: &str, byte: usize) -> u64 {
    let (before, behind) = text.split_at_checked(byte).unwrap_or((text, ""));
    let blank = behind.bytes().take_while(|b| matches!(b, b'\r' | b'\n'));
    let end = if text.contains('\n') { b'\n' } else { b'\r' };
    1 + before.bytes().chain(blank).filter(|b| *b == end).count() as u64
}

/// A value without what spreadsheets add to it; None for a word for “nothing”.
fn cleaned(name: &str, value: &str, line: u64) -> Result<Option<String>, Malformed> {
    let value =
        spreadsheet::without_text_mark(value).map_err(|spreadsheet::Formula| Malformed::Formula(line))?;
    let is_namibia = name == "pais" && value.eq_ignore_ascii_case("na");
    if is_placeholder(value) && !is_namibia {
        return Ok(None);
    }
    if spreadsheet::is_encoded_twice(value) {
        return Err(Malformed::Letters(line));
    }
    if !TEXTS.contains(&name) && is_changed_number(value) {
        return Err(Malformed::Number(line));
    }
    Ok(Some(if WORDS.contains(&name) { spreadsheet::column_name(value) } else { value.to_owned() }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        run: String,
        estado: String,
        nombre: Option<String>,
    }

    fn read(file: impl AsRef<[u8]>) -> Result<Vec<(String, String, Option<String>)>, Malformed> {
        let (rows, _) = rows::<Row>(file.as_ref())?;
        Ok(rows.into_iter().map(|(_, row)| (row.run, row.estado, row.nombre)).collect())
    }

    #[test]
    fn registries_are_read_as_spreadsheets_and_databases_write_them() {
        let ana = || ("11111111-1".to_owned(), "no_vigente".to_owned(), Some("Ana Ñandú".to_owned()));
        let utf16 = |text: &str| {
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
        };
        for file in [
            "run,estado,nombre\n11111111-1,no_vigente,Ana Ñandú\n".as_bytes().to_vec(),
            "\u{feff}RUN; Estado ;Nombre\r\n'11111111-1;No Vigente;Ana Ñandú\r\n".as_bytes().to_vec(),
            "nombre\trun\testado\rAna Ñandú\t=\"11111111-1\"\tNO_VIGENTE\r".as_bytes().to_vec(),
            "run|estado|nombre\n11111111-1|no vigente|\"Ana Ñandú\"".as_bytes().to_vec(),
            utf16("run;estado;nombre\r\n11111111-1;no_vigente;Ana Ñandú\r\n"),
        ] {
            assert_eq!(read(&file), Ok(vec![ana()]), "{}", String::from_utf8_lossy(&file));
        }
        for nothing in ["NULL", "\\N", "#N/D", "-", "(null)", "sin información"] {
            let file =
                format!("run,estado,nombre\n11111111-1,vigente,{nothing}\n12345678-5,vigente,{nothing}\n");
            let (rows, empty) = rows::<Row>(file.as_bytes()).unwrap();
            assert!(rows.iter().all(|(_, row)| row.nombre.is_none()), "{nothing}");
            assert_eq!(empty, [("nombre".to_owned(), 2)], "one warning for the column");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_says_where() {
        for (file, malformed) in [
            (&b"run,estado,nombre\n11111111-1,vigente,Mu\xf1oz\n"[..], Malformed::NotUtf8(2)),
            (b"PK\x03\x04\0\xff", Malformed::NotText),
            (b"run,estado,nombre\n\n10000181.0,vigente,\n", Malformed::Number(3)),
            (b"run,estado,nombre\r\r11111111-1,vigente,\r10000181.0,vigente,\r", Malformed::Number(4)),
            (b"run,estado,nombre\n1.00018E+07,vigente,\n", Malformed::Number(2)),
            (
                "run,estado,nombre\n11111111-1,vigente,José\n12345678-5,vigente,MuÃ±oz\n".as_bytes(),
                Malformed::Letters(3),
            ),
            (b"run,estado,nombre\n=A1,vigente,\n", Malformed::Formula(2)),
            (b"run,estado,nombre\n11111111-1,vigente\n", Malformed::Fields(2)),
            (b"run,estado,nombre\n11111111-1,vigente,,x\n", Malformed::Fields(2)),
            (b"run,Run,estado\n11111111-1,2,vigente\n", Malformed::Fields(2)),
            (b"serie,estado\n11111111-1,vigente\n", Malformed::Fields(2)),
        ] {
            assert_eq!(read(file), Err(malformed), "{}", String::from_utf8_lossy(file));
        }
    }

    proptest! {
        #[test]
        fn no_file_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(run|estado|[,;\t|\"\r\n=']|[a-z0-9.]){0,40}") {
            let _ = (read(bytes), read(text));
        }
    }
}

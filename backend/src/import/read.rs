//! The reading half of an import: turns lines into batches of candidates, on its own thread.

use std::io::{BufReader, Read, Seek};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::ImportError;
use super::header::{Header, HeaderError};
use super::lines::{Line, Lines};
use super::progress::{Counted, Progress, add};
use super::refusal::{Fault, Refusal, Why};
use super::row::{Candidate, Checker, Notes};
use super::seen::Seen;
use super::split::Splitter;
use super::survey::Survey;
use super::text::{Encoding, decode};

/// Called for each refused row, in the order of the file.
pub(super) type OnRefusal = Box<dyn FnMut(&Refusal) -> std::io::Result<()> + Send>;

/// The reading half.
pub(super) struct Reading {
    pub(super) encoding: Encoding,
    pub(super) batch: usize,
    pub(super) checker: Checker,
    pub(super) progress: Arc<Progress>,
    pub(super) refused: OnRefusal,
}

/// A line of white space only, or of what old systems fill up a file with: NULs, or the end-of-file mark of DOS.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|b| b.is_ascii_whitespace() || matches!(b, 0 | 0x1a))
}

impl Reading {
    /// Reads to the end of the file, or until the channel closes. The file is read twice, because how it writes its RUTs is seen from
    /// all of it.
    pub(super) fn run(
        mut self,
        mut source: impl Read + Seek,
        batches: &mpsc::Sender<Vec<Candidate>>,
    ) -> Result<(), ImportError> {
        let mut lines = Lines::new(BufReader::with_capacity(128 * 1024, &mut source));
        let header = self.header(&mut lines)?;
        let survey = Survey::read(&header, &mut lines, self.encoding).map_err(ImportError::Read)?;
        source.rewind().map_err(ImportError::Read)?;
        let source = Counted { source, progress: self.progress.clone() };
        let mut lines = Lines::new(BufReader::with_capacity(128 * 1024, source));
        let header = self.header(&mut lines)?;
        let mut splitter = Splitter::new(header.separator);
        let (mut seen, mut batch) = (Seen::default(), Vec::new());
        // Of a file in Latin-1: whether a line has shown that it is.
        let mut is_latin1 = false;
        while let Some((number, line)) = lines.next().map_err(ImportError::Read)? {
            let checked = match line {
                Line::Bytes(bytes) if is_blank(bytes) => continue,
                Line::Bytes(bytes) if self.encoding == Encoding::Latin1 && !bytes.is_ascii() => {
                    let utf8 = std::str::from_utf8(bytes).is_ok();
                    if utf8 && !is_latin1 {
                        return Err(ImportError::Utf8(number));
                    }
                    is_latin1 = true;
                    if utf8 {
                        Err(whole(Why::Utf8Line))
                    } else {
                        self.row(&header, &survey, &mut splitter, bytes)
                    }
                }
                Line::Bytes(bytes) => self.row(&header, &survey, &mut splitter, bytes),
                Line::TooLong => Err(whole(Why::LineTooLong)),
            };
            let checked = match checked {
                Ok(None) => continue,
                Ok(Some((candidate, notes))) if seen.is_new(candidate.account.key()) => {
                    self.progress.note(&notes);
                    Ok(candidate)
                }
                Ok(Some(_)) => Err(whole(Why::Duplicate)),
                Err(faults) => Err(faults),
            };
            add(&self.progress.rows, 1);
            match checked {
                Ok(candidate) => batch.push(candidate),
                Err(faults) => {
                    add(&self.progress.refused, 1);
                    (self.refused)(&Refusal { line: number, faults }).map_err(ImportError::Report)?;
                }
            }
            if batch.len() >= self.batch {
                let full = std::mem::replace(&mut batch, Vec::with_capacity(self.batch));
                if batches.blocking_send(full).is_err() {
                    return Ok(());
                }
            }
        }
        // A closed channel means that the writing half failed; it returns that error.
        let _ = batches.blocking_send(batch);
        Ok(())
    }

    fn header(&self, lines: &mut Lines<impl std::io::BufRead>) -> Result<Header, ImportError> {
        while let Some((number, line)) = lines.next().map_err(ImportError::Read)? {
            let Line::Bytes(line) = line else {
                return Err(HeaderError::Line(Why::LineTooLong).into());
            };
            let line = if number == 1 { Header::unmarked(line, self.encoding)? } else { line };
            if is_blank(line) || (number == 1 && Header::separator_line(line).is_some()) {
                continue;
            }
            if self.encoding == Encoding::Latin1 && !line.is_ascii() && std::str::from_utf8(line).is_ok() {
                return Err(ImportError::Utf8(number));
            }
            return Ok(Header::read(line, self.encoding)?);
        }
        Err(HeaderError::Empty.into())
    }

    /// A candidate. None when every field of the line is empty: spreadsheets write cleared rows so.
    fn row(
        &self,
        header: &Header,
        survey: &Survey,
        splitter: &mut Splitter,
        line: &[u8],
    ) -> Result<Option<(Candidate, Notes)>, Vec<Fault>> {
        let text = decode(line, self.encoding).map_err(whole)?;
        let fields = splitter.split(&text).map_err(whole)?;
        if (0..fields.len()).all(|place| fields.get(place).is_empty()) {
            return Ok(None);
        }
        self.checker.check(header, survey, &fields).map(Some)
    }
}

fn whole(why: Why) -> Vec<Fault> {
    vec![Fault { column: None, why }]
}

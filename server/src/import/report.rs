//! The file that tells the refused rows.

use std::fs::File;
use std::io::{BufWriter, Result, Write as _};
use std::path::{Path, PathBuf};

use backend::import::Refusal;

use super::wording;

/// The default path of the report of refused rows: beside the file, `personas.rechazadas.csv` for
/// `personas.csv`.
pub(super) fn beside(file: &Path) -> PathBuf {
    let is_csv = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let mut name = if is_csv { file.with_extension("") } else { file.to_owned() }.into_os_string();
    name.push(".rechazadas.csv");
    name.into()
}

/// Made when the first row is refused, so that a file without one leaves none behind.
pub(super) struct Report {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Report {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    /// Adds a row.
    pub(super) fn write(&mut self, refusal: &Refusal) -> Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let mut file = BufWriter::new(File::create(&self.path)?);
                writeln!(file, "{}", wording::REPORT_HEADER)?;
                self.file.insert(file)
            }
        };
        writeln!(file, "{}", wording::report_line(refusal))
    }

    /// Sees that all of it is in the file.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.file.as_mut().map_or(Ok(()), std::io::Write::flush)
    }
}

//! How a file writes its RUTs, from a first reading of all of it: one in eleven numbers without a check digit is the RUT of somebody else.

use std::io::BufRead;

use domain::field::{Field, FieldError};
use domain::rut::{Rut, RutError, is_bare_number};

use super::column::Column;
use super::header::Header;
use super::lines::{Line, Lines};
use super::refusal::Why;
use super::split::Splitter;
use super::text::{Encoding, decode};
use crate::spreadsheet::without_text_mark;

/// Of the RUTs of a column that are digits alone: how many end in their check digit, and how many do not.
#[derive(Debug, Default, Clone, Copy)]
struct Bare {
    whole: u64,
    not: u64,
}

/// What the whole file shows.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Survey {
    holder: Bare,
    representative: Bare,
    /// Rows whose column of check digits goes with the number beside it.
    apart: u64,
    /// Rows in which that column repeats the last digit of the RUT.
    repeated: u64,
}

impl Survey {
    /// Reads all rows. What cannot be read counts as nothing: the import says why.
    pub(super) fn read(
        header: &Header,
        lines: &mut Lines<impl BufRead>,
        encoding: Encoding,
    ) -> std::io::Result<Self> {
        let mut survey = Self::default();
        let mut splitter = Splitter::new(header.separator);
        while let Some((_, line)) = lines.next()? {
            let Line::Bytes(line) = line else { continue };
            let Ok(text) = decode(line, encoding) else { continue };
            let Ok(fields) = splitter.split(&text) else { continue };
            let value = |column: Column| {
                let place = header.place(column).filter(|_| fields.len() == header.width);
                let value = place.and_then(|place| without_text_mark(fields.get(place)).ok());
                value.filter(|value| !column.is_placeholder(value)).unwrap_or_default()
            };
            let (rut, digit) = (value(Column::Rut), value(Column::CheckDigit));
            survey.representative.count(value(Column::Representative));
            if digit.is_empty() {
                survey.holder.count(rut);
            } else if is_bare_number(rut) {
                survey.apart += u64::from(joined(rut, digit).is_ok());
                survey.repeated += u64::from(Rut::parse(rut).is_ok_and(|rut| is_digit_of(rut, digit)));
            }
        }
        Ok(survey)
    }

    /// The RUT of a holder, from the columns of the number and of the check digit.
    pub(super) fn whole_rut(&self, number: &str, digit: &str) -> Result<Rut, Why> {
        let is_apart = is_bare_number(number) && self.apart >= self.repeated;
        let read = match digit {
            "" => self.holder.read(number).map_err(|error| error.of(Field::Rut))?,
            digit if is_apart => {
                return joined(number, digit).map_err(|error| Unfit::Rut(error).of(Field::Rut));
            }
            _ => Rut::parse(number).map_err(|error| Unfit::Rut(error).of(Field::Rut))?,
        };
        match digit {
            // In a file that keeps check digits apart, this row has none.
            "" if self.apart > self.repeated && is_bare_number(number) => Err(Why::NoCheckDigit),
            "" => Ok(read),
            digit if is_digit_of(read, digit) => Ok(read),
            _ => Err(Unfit::Rut(RutError::CheckDigit).of(Field::Rut)),
        }
    }

    /// The RUT of a representative.
    pub(super) fn representative(&self, text: &str) -> Result<Rut, Why> {
        self.representative.read(text).map_err(|unfit| unfit.of(Field::Representative))
    }
}

impl Bare {
    fn count(&mut self, text: &str) {
        if is_bare_number(text) {
            match Rut::parse(text) {
                Ok(_) => self.whole += 1,
                Err(RutError::CheckDigit) => self.not += 1,
                Err(_) => {}
            }
        }
    }

    /// Whether numbers without a dash have no check digit, all or some of them. One that is wrong may be a slip of the hand; of numbers
    /// without one, ten of eleven are wrong.
    fn lacks_check_digit(self) -> bool {
        self.not > 1 && self.not * 10 > self.whole
    }

    fn read(self, text: &str) -> Result<Rut, Unfit> {
        if is_bare_number(text) && self.lacks_check_digit() {
            return Err(Unfit::NoCheckDigit);
        }
        Rut::parse(text).map_err(|error| match error {
            // Of `10.000.181` nobody knows whether the last digit is the check digit.
            RutError::Separators if !text.contains(['-', '\u{2010}', '\u{2011}', '\u{2013}']) => {
                Unfit::Ambiguous
            }
            error => Unfit::Rut(error),
        })
    }
}

/// Why a RUT is not taken.
enum Unfit {
    NoCheckDigit,
    Ambiguous,
    Rut(RutError),
}

impl Unfit {
    fn of(self, field: Field) -> Why {
        match self {
            Self::NoCheckDigit => Why::NoCheckDigit,
            Self::Ambiguous => Why::AmbiguousRut,
            Self::Rut(error) => Why::Field(FieldError::new(field, error.into())),
        }
    }
}

fn joined(number: &str, digit: &str) -> Result<Rut, RutError> {
    Rut::parse(&format!("{number}-{digit}"))
}

fn is_digit_of(rut: Rut, digit: &str) -> bool {
    domain::text::compact(digit) == String::from(rut.check_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(file: &str) -> Survey {
        let mut lines = Lines::new(file.as_bytes());
        let Some((_, Line::Bytes(first))) = lines.next().unwrap() else { panic!("no header") };
        let header = Header::read(first, Encoding::Utf8).unwrap();
        Survey::read(&header, &mut lines, Encoding::Utf8).unwrap()
    }

    /// Numbers without their check digit: the first is the RUT 1.630.000-4, too.
    const NUMBERS: [&str; 4] = ["16300004", "16300005", "16300006", "16300007"];

    #[test]
    fn a_import_numbers_without_a_check_digit_are_no_ruts_of_others() {
        let file = format!("rut,email\n{},\n12345678-5,\n", NUMBERS.join(",\n"));
        let found = survey(&file);
        for number in NUMBERS {
            assert_eq!(found.whole_rut(number, ""), Err(Why::NoCheckDigit), "{number}");
        }
        assert!(found.whole_rut("12345678-5", "").is_ok(), "with a dash");
        assert!(found.whole_rut("1000005K", "").is_ok(), "K is a check digit");
        // In other files the same text is a RUT.
        assert!(survey("rut\n123456785\n111111111\n16300005\n").whole_rut("16300004", "").is_ok());
        // Some of many are enough: nobody can tell which have one.
        let whole: String = (1_000_000..1_000_060)
            .filter_map(Rut::from_number)
            .map(|rut| rut.plain().replace('-', "") + "\n")
            .collect();
        let mixed = survey(&format!(
            "rut\n{whole}16300005\n16300006\n16300007\n16300008\n16300009\n16300010\n16300011\n"
        ));
        assert_eq!(mixed.whole_rut("16300004", ""), Err(Why::NoCheckDigit));
        let slips = survey(&format!("rut\n{whole}16300005\n16300006\n"));
        assert!(slips.whole_rut("16300004", "").is_ok(), "two slips among sixty");
        let slip = survey("rut\n16300005\n").whole_rut("16300005", "");
        assert!(matches!(slip, Err(Why::Field(_))), "one may be a slip of the hand");
    }

    #[test]
    fn a_import_a_check_digit_of_its_own_column_is_understood() {
        let found = survey("rut;dv\n12345678;5\n1000005;k\n16300004;9\n16300005;-\n");
        assert_eq!(found.whole_rut("12.345.678", "5").map(Rut::plain).as_deref(), Ok("12345678-5"));
        assert_eq!(found.whole_rut("12345678", "5").map(Rut::plain).as_deref(), Ok("12345678-5"));
        assert_eq!(found.whole_rut("1000005", "k").map(Rut::plain).as_deref(), Ok("1000005-K"));
        assert!(found.whole_rut("12345678", "4").is_err());
        assert_eq!(found.whole_rut("16300004", ""), Err(Why::NoCheckDigit), "a row without one");
        assert!(found.whole_rut("12345678-5", "5").is_ok() && found.whole_rut("12345678-5", "").is_ok());
        assert!(found.whole_rut("12345678-5", "4").is_err(), "two that differ");
        // A file whose column of RUTs has it already.
        let found = survey("rut;dv\n123456785;5\n111111111;1\n16300004;4\n");
        assert_eq!(found.whole_rut("16300004", "4").map(Rut::plain).as_deref(), Ok("1630000-4"));
        assert!(found.whole_rut("16300004", "9").is_err());
    }

    #[test]
    fn a_import_numbers_of_representatives_are_looked_at_alone() {
        let found =
            survey("rut,rut_representante\n76192083-9,16300004\n76192083-9,16300005\n76192083-9,16300006\n");
        assert_eq!(found.representative("16300004"), Err(Why::NoCheckDigit));
        assert!(found.whole_rut("16300004", "").is_ok());
    }
}

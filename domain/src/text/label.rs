//! Words before and behind a value that say what it is: people copy them along.

/// The words that name a value.
pub(crate) struct Labels {
    /// In capitals, without accents and dots.
    words: &'static [&'static str],
    /// Whether the value begins with no letter, so that each letter before it belongs to a label.
    of_digits: bool,
}

/// Words that may stand before the others or behind them.
const COUNTERS: [&str; 5] = ["N", "NO", "NRO", "NUM", "NUMERO"];
const BETWEEN: [&str; 9] = ["DE", "DEL", "LA", "EL", "MI", "SU", "ES", "IDENTIDAD", "EXTRANJERO"];

impl Labels {
    /// Of a value that has digits only.
    pub(crate) const fn of_digits(words: &'static [&'static str]) -> Self {
        Self { words, of_digits: true }
    }

    /// Of a value that may have letters of its own: a label ends where no letter and no digit follows.
    pub(crate) const fn of_letters(words: &'static [&'static str]) -> Self {
        Self { words, of_digits: false }
    }

    /// Whether this is one of the words.
    pub(crate) fn has(&self, word: &str) -> bool {
        let word = plain_word(word);
        self.words.contains(&word.as_str())
    }

    /// `text` without the labels before it: `RUT Nº 12.345.678-5`, `Serie: A123456789`, `C.I. 12.345.678-5`.
    pub(crate) fn taken_off<'a>(&self, text: &'a str) -> &'a str {
        let mut rest = text;
        if self.of_digits
            && let Some((before, behind)) = text.rsplit_once(':')
            && self.is_before_colon(before)
        {
            rest = behind;
        }
        let mut is_first = true;
        loop {
            let is_before = |c: char| !(is_letter(c) || c.is_ascii_digit() || matches!(c, '+' | '('));
            let start = rest.trim_start_matches(is_before);
            let is_of_word = |c: char| is_letter(c) || c == '.';
            let (word, behind) = start.split_at(start.find(|c| !is_of_word(c)).unwrap_or(start.len()));
            let next = behind.chars().next();
            let is_marked = word.contains('.') || matches!(next, Some(':' | 'º' | '°'));
            let plain = plain_word(word);
            // Two letters with nothing behind them may be the beginning of a number.
            let is_apart =
                is_marked || (plain.len() > 2 && !next.is_some_and(|c| is_letter(c) || c.is_ascii_digit()));
            let is_counter = COUNTERS.contains(&plain.as_str());
            let is_label = match plain.as_str() {
                plain if self.words.contains(&plain) => self.of_digits || is_apart,
                "N" if is_first && !self.of_digits => matches!(next, Some(':' | 'º' | '°')),
                _ if is_counter => {
                    self.of_digits || is_apart || (!is_first && matches!(next, Some(' ' | ':')))
                }
                plain => {
                    BETWEEN.contains(&plain)
                        && (self.of_digits || (!is_first && matches!(next, Some(' ' | ':'))))
                }
            };
            let is_all = !self.of_digits && !behind.contains(|c: char| c.is_ascii_alphanumeric());
            if !is_label || is_all {
                return if is_first && !self.of_digits { rest } else { start };
            }
            (rest, is_first) = (behind, false);
        }
    }

    /// Whether this names what stands behind a colon: words without digits, or with one of the labels among them and a number of one
    /// digit, as in `Celular 2`.
    fn is_before_colon(&self, before: &str) -> bool {
        let digits = before.bytes().filter(u8::is_ascii_digit).count();
        let mut words = before.split(|c: char| !is_letter(c) && c != '.');
        before.contains(|c: char| c.is_ascii_alphabetic())
            && (digits == 0
                || (digits == 1
                    && words.any(|word| self.has(word) || self.has(word.trim_start_matches('.')))))
    }
}

/// A word in capitals, without accents and dots.
fn plain_word(word: &str) -> String {
    let plain = |c| match c {
        '.' => None,
        'á' | 'Á' => Some('A'),
        'é' | 'É' => Some('E'),
        'í' | 'Í' => Some('I'),
        'ó' | 'Ó' => Some('O'),
        'ú' | 'Ú' => Some('U'),
        c if is_accent(c) => None,
        c => Some(c.to_ascii_uppercase()),
    };
    word.chars().filter_map(plain).collect()
}

/// Whether `c` is a letter of a label, or an accent that stands alone. The tables of all letters would weigh much in a browser.
pub(crate) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' if !matches!(c, '×' | '÷')) || is_accent(c)
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// `text` without a remark in brackets behind it: `9 1234 5678 (WhatsApp)`. The closing bracket may be gone. One or two letters are no
/// remark: they may be a check digit.
pub(crate) fn without_remark(text: &str) -> &str {
    let Some((value, remark)) = text.rsplit_once('(') else { return text };
    let letters = remark.chars().filter(|c| is_letter(*c)).count();
    let is_remark = letters > 2 && !remark.contains(|c: char| c.is_ascii_digit() || c == '@');
    let is_value = value.contains(|c: char| c.is_ascii_digit() || c == '@');
    if is_remark && is_value { value.trim_end() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SERIAL: Labels = Labels::of_letters(&["SERIE", "DOCUMENTO", "CI"]);
    const DIGITS: Labels = Labels::of_digits(&["RUT", "CEL", "CI"]);

    #[test]
    fn labels_before_a_value_are_taken_off() {
        for text in [
            "A123456789",
            "Serie: A123456789",
            "SERIE A123456789",
            "N° de serie A123456789",
            "Nº A123456789",
            "N° Documento: A123456789",
            "Número de serie: A123456789",
            "Nu\u{301}mero de serie A123456789",
            "Nro. A123456789",
            "C.I. A123456789",
            "serie (A123456789",
        ] {
            let found = SERIAL.taken_off(text);
            assert_eq!(found.trim_start_matches('('), "A123456789", "{text}");
        }
        for text in [
            "RUT 1234",
            "RUT1234",
            "rut: 1234",
            "R.U.T. 1234",
            "CI 1234",
            "C.I.: 1234",
            "Mi RUT es 1234",
            "N 1234",
            "Ana Rojas: 1234",
            "Cel 2: 1234",
        ] {
            assert_eq!(DIGITS.taken_off(text).trim(), "1234", "{text}");
        }
        assert_eq!(DIGITS.taken_off("RUT"), "");
    }

    #[test]
    fn letters_of_a_value_stay() {
        for text in [
            "SERIE1234",
            "CI1234567",
            "CI 1234567",
            "N12345678",
            "N 12345678",
            "NRO123456",
            "DE 123456",
            "SERIE",
            "documento",
            "V-12.345.678",
            "A.123.456-789",
        ] {
            assert_eq!(SERIAL.taken_off(text), text, "{text}");
        }
        for text in ["12345678: 1234", "x 1234"] {
            assert_eq!(DIGITS.taken_off(text), text, "{text}");
        }
    }

    #[test]
    fn remarks_in_brackets_are_taken_off() {
        assert_eq!(without_remark("9 1234 5678 (WhatsApp)"), "9 1234 5678");
        assert_eq!(without_remark("9 1234 5678(mamá"), "9 1234 5678");
        for text in
            ["12345678-(K)", "(9) 1234 5678", "1234 (56)", "1234 (casa 2)", "(WhatsApp", "9 1234 5678"]
        {
            assert_eq!(without_remark(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(text in "(RUT|Serie|N°|Nº|CI|C\\.I\\.|[(): .A-Z-]|[0-9]|\\PC){0,20}") {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(SERIAL.taken_off(&text)), digits(&text));
            prop_assert_eq!(digits(without_remark(&text)), digits(&text));
            prop_assert!(digits(&text).ends_with(&digits(DIGITS.taken_off(&text))));
            prop_assert!(digits(DIGITS.taken_off(&text)).len() + 1 >= digits(&text).len());
        }
    }
}

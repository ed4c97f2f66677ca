//! What spreadsheets make of numbers.

/// Whether a spreadsheet wrote this number, with decimals or an exponent: `91234567.0`, `91.234.567,00`, `9.1E+07`. Dots between groups of
/// digits are for people: `9.1234.5678`, `9.12.34.56.00`.
#[must_use]
pub fn is_changed_number(text: &str) -> bool {
    let text = text.trim();
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b" .,+-()".contains(&b));
    if let Some((number, exponent)) = text.split_once(['E', 'e']) {
        let digits = exponent.trim_start_matches(['+', '-']);
        // `123E45` may be a document.
        let is_plain = digits.len() == exponent.len() && !number.contains(['.', ',']);
        let is_whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_plain && is_whole && is_number(number) && number.bytes().any(|b| b.is_ascii_digit()) {
            return true;
        }
    }
    let Some(at) = text.rfind(['.', ',']) else { return false };
    let (before, last) = text.split_at(at);
    let (zeros, other) = (&last[1..], if last.starts_with('.') { ',' } else { '.' });
    if zeros.is_empty() || zeros.bytes().any(|b| b != b'0') || !before.ends_with(|c: char| c.is_ascii_digit())
    {
        return false;
    }
    // Documents have letters before their digits.
    let number = before.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    if before.len() - number.len() > 3 || !is_number(number) {
        return false;
    }
    let grouped = before.contains(&last[..1]) && !before.contains(other);
    match zeros.len() {
        1 => true,
        2 => !grouped,
        // Three zeros are thousands where at most three digits stand before them, four the end of a telephone.
        3 => !grouped && (number.len() > 3 || before.contains(other)),
        _ => !grouped && number.len() > 5,
    }
}

/// Whether a text is a date as spreadsheets write it: `12-ene`, which was `12-1`, or `01-12-2026`.
#[cfg(feature = "full")]
#[must_use]
pub fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 16] = [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic", "jan", "apr",
        "aug", "dec",
    ];
    let text = super::fold(text.trim());
    let parts: Vec<&str> =
        text.split(['-', '/', '.', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let is_day = |part: &&str| is_number(part, &[1, 2]);
    let is_year = |part: &&str| is_number(part, &[2, 4]);
    let is_month = |part: &&str| MONTHS.contains(part) || *part == "sept";
    let parted = text.contains(['-', '/']);
    match parts.as_slice() {
        [one, two] => {
            parted && ((is_day(one) && is_month(two)) || (is_month(one) && (is_day(two) || is_year(two))))
        }
        [day, month, year] if is_month(month) => parted && is_day(day) && is_year(year),
        [one, two, three] => {
            let long = |part: &&str| is_number(part, &[4]);
            is_day(two) && ((is_day(one) && long(three)) || (long(one) && is_day(three)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_a_spreadsheet_changed_are_noticed() {
        for changed in [
            "91234567.0",
            "91234567,0",
            "91234567.00",
            "91,234,567.00",
            "91.234.567,00",
            "10.000.181,000",
            "10,000,181.0",
            "10 000 181,0",
            "10000181.000",
            "10000181.0000",
            "+56912345678.0",
            "AB-123456.0",
            "E-123456.0",
            "9.12E+07",
            "1,00018E+07",
            "1.00018e7",
            "1.00018E7",
            "-1.00018E+07",
            "1e+07",
            "1.E+07",
            "9.12.0",
            "12.0",
            "-5.0",
        ] {
            assert!(is_changed_number(changed), "{changed}");
        }
        for typed in [
            "91234567",
            "9.1234.5678",
            "9.1234.0000",
            "1234.0000",
            "22.345.000",
            "22.123.45.00",
            "345.000",
            "12,000",
            "1.000.000",
            "9.12.34.56.00",
            "10.000.181-0",
            "12345678.5",
            "AB.00",
            "B.0",
            "Windows 8.0",
            "12-0",
            "E-0",
            "E+5",
            "1E5",
            "123E45",
            "AB123E45",
            "",
            ".",
        ] {
            assert!(!is_changed_number(typed), "{typed}");
        }
    }

    #[cfg(feature = "full")]
    #[test]
    fn numbers_that_became_dates_are_noticed() {
        for date in [
            "12-ene",
            "ene-12",
            "01-Dic.",
            "12/ago",
            "3-Sept",
            "dic-92",
            "may-3",
            "12-ene-26",
            "01-12-2026",
            "2026-12-01",
            "1/12/2026",
        ] {
            assert!(is_date(date), "{date}");
        }
        for number in
            ["12-1", "12-A", "mar 12", "1-12-26", "Mar", "12", "S/N", "", "-", "12-14-16", "Av. 3 de mayo"]
        {
            assert!(!is_date(number), "{number}");
        }
    }
}

//! A telephone number as it was typed, or copied from a telephone, a contact book or a link.

use super::PhoneError;
use crate::text::{Labels, is_changed_number, is_letter, meant, without_remark};

/// The words for what it is, which are copied along.
const LABELS: Labels = Labels::of_digits(&[
    "CEL", "CELULAR", "MOVIL", "CELL", "MOBILE", "FONO", "TELEFONO", "TEL", "TELF", "PHONE", "WHATSAPP",
    "WSP", "FIJO", "CASA", "TRABAJO",
]);

/// Words beside a number that say it is no mobile.
const FIXED: [&str; 9] = ["FIJO", "FIJA", "FAX", "ANEXO", "CASA", "OFICINA", "TRABAJO", "WORK", "HOME"];
/// Words beside a number that say it is one.
const MOBILE: [&str; 7] = ["CEL", "CELULAR", "MOVIL", "CELL", "MOBILE", "WHATSAPP", "WSP"];

/// What the words beside a number say of the line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Unsaid,
    Fixed,
    Mobile,
}

impl Line {
    fn of(text: &str) -> Self {
        let says = |words: &[&str]| text.split(|c: char| !is_letter(c)).any(|word| words.contains(&word));
        match (says(&MOBILE), says(&FIXED)) {
            (true, _) => Self::Mobile,
            (false, true) => Self::Fixed,
            (false, false) => Self::Unsaid,
        }
    }
}

/// Digits, and what they were written with.
pub(super) struct Typed {
    /// What line it is, in words.
    pub(super) line: Line,
    /// Whether the code of a country comes first: behind `+`, or in a link that has always one.
    pub(super) plus: bool,
    pub(super) digits: String,
    /// Whether the digits are two groups of four.
    pub(super) is_halved: bool,
}

impl Typed {
    /// Reads digits with separators, brackets and a leading `+`, and what contact books, chats and web pages put around them.
    pub(super) fn read(text: &str) -> Result<Self, PhoneError> {
        let text = meant(text).to_ascii_uppercase().replace("( ", "(").replace(" )", ")");
        let line = Line::of(&text);
        // `Fono 2: 23456789` may be the second number, or one with its area code.
        if let Some((before, behind)) = text.rsplit_once(':') {
            let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
            if digits(before) == 1 && (1..9).contains(&digits(behind)) && line == Line::Unsaid {
                return Err(PhoneError::Format);
            }
        }
        let around = |c: char| c == ' ' || (c.is_ascii_punctuation() && c != '+');
        let (is_link, text) = match linked(&text) {
            Some(number) => (true, unlabelled(number)),
            None => (false, unlabelled(text.trim_matches(|c: char| around(c) && !matches!(c, '(' | ')')))),
        };
        let text = text.trim_matches(around);
        if is_changed_number(text) {
            return Err(PhoneError::Separators);
        }
        let (plus, text) = text.strip_prefix('+').map_or((is_link, text), |rest| (true, rest));
        let is_between = |c: &char| matches!(c, ' ' | '.' | ',' | '-' | '(' | ')');
        let text = without_trunk_zero(plus, text)?;
        let digits: String = text.chars().filter(|c| !is_between(c)).collect();
        match digits.as_str() {
            "" => Err(PhoneError::Empty),
            digits if digits.bytes().any(|b| !b.is_ascii_digit()) => Err(PhoneError::Format),
            _ if !is_grouped(plus, &text) => Err(PhoneError::Separators),
            _ => {
                let groups = text.split(|c| is_between(&c)).filter(|group| !group.is_empty());
                Ok(Self { line, plus, is_halved: groups.map(str::len).eq([4, 4]), digits })
            }
        }
    }

    /// The nine digits of a Chilean number, from a whole one: as it is dialled within Chile, or from abroad.
    pub(super) fn national(&self) -> Option<&str> {
        let digits = self.digits.as_str();
        let number = match (self.plus, digits.len()) {
            (true, 9) => digits.strip_prefix('9').map(|_| digits)?,
            (true, _) => digits.strip_prefix("56")?,
            (false, 9) => return (!digits.starts_with('0')).then_some(digits),
            (false, 10) => return digits.strip_prefix('0'),
            (false, _) => ["56", "056", "0056"].iter().find_map(|code| digits.strip_prefix(code))?,
        };
        let number = if number.len() == 10 { number.strip_prefix('0')? } else { number };
        (number.len() == 9).then_some(number)
    }
}

/// The number in a link to a chat, which has its country: `https://wa.me/56912345678`, `…/send?phone=56912345678&text=hola`.
fn linked(text: &str) -> Option<&str> {
    let (before, number) = text.split_once("WA.ME/").or_else(|| text.split_once("PHONE="))?;
    if before.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = number.split(['?', '&', '/', '#']).next().unwrap_or_default();
    Some(number.strip_prefix("%2B").unwrap_or(number))
}

/// The number without labels and remarks: `Cel: …`, `TEL;TYPE=CELL:…`, `… (WhatsApp)`, `tel:…;ext=1`.
fn unlabelled(text: &str) -> &str {
    // The parameters of a link.
    let text = match text.split_once(';') {
        Some((number, behind)) if number.starts_with("TEL:") && behind.contains('=') => number,
        _ => text,
    };
    let text = match text.rsplit_once(':') {
        // `item1.TEL;…`
        Some((card, number))
            if card.contains("TEL;") && card.bytes().filter(u8::is_ascii_digit).count() < 3 =>
        {
            number
        }
        _ => text,
    };
    let mut text = LABELS.taken_off(without_remark(text));
    loop {
        let number = text.trim_end_matches(is_letter);
        if number == text || !LABELS.has(&text[number.len()..]) {
            return text;
        }
        text = number.trim_end_matches([' ', '-', '/', ':']);
    }
}

/// `text` without a zero in brackets behind the code of a country, which is dialled only within it; Italy and its neighbours dial theirs
/// always. Anywhere else nobody knows what it means.
fn without_trunk_zero(plus: bool, text: &str) -> Result<String, PhoneError> {
    let Some((before, behind)) = text.split_once("(0)") else { return Ok(text.to_owned()) };
    let code = before.trim_matches(|c: char| !c.is_ascii_digit());
    let country = code.trim_start_matches('0');
    let is_code = is_country(plus, code.as_bytes())
        && code.bytes().all(|b| b.is_ascii_digit())
        && (country == "56" || !country.starts_with("56"));
    if behind.contains("(0)") || !is_code {
        return Err(PhoneError::Format);
    }
    let is_kept = ["39", "378", "379"].contains(&country);
    let zero = if is_kept { "0" } else { " " };
    Ok([before, zero, behind].concat())
}

/// Whether this is the beginning of a whole number: the code of a country.
fn is_country(plus: bool, text: &[u8]) -> bool {
    let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
    match (plus, text) {
        (true, _) => (1..=3).contains(&digits),
        (false, [b'0', b'0', ..]) => (3..=5).contains(&digits),
        (false, text) => {
            let text = text.strip_prefix(b"0").unwrap_or(text);
            digits <= 3 && text.starts_with(b"56") && text.iter().filter(|b| b.is_ascii_digit()).count() == 2
        }
    }
}

/// Whether dots and commas part groups, and are none of the decimals of a spreadsheet: `9.1234.5678`, `9.12.34.56.78`, `1234.5678`, and
/// neither `9123456.78` nor `9,12345678`.
fn is_grouped(plus: bool, text: &str) -> bool {
    if text.contains('.') && text.contains(',') {
        return false;
    }
    let is_mark = |c: char| matches!(c, '.' | ',');
    let (Some(first), Some(last)) = (text.find(is_mark), text.rfind(is_mark)) else { return true };
    let (head, tail) = (&text.as_bytes()[..first], &text.as_bytes()[last + 1..]);
    let digits = |bytes: &[u8]| bytes.iter().filter(|b| b.is_ascii_digit()).count();
    if first != last || is_country(plus, head) {
        return digits(head) > 0 && digits(tail) > 1 && !text.contains("..");
    }
    let before = head.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let behind = tail.iter().take_while(|b| b.is_ascii_digit()).count();
    // More digits behind another separator: no decimals.
    let goes_on = digits(tail) > behind;
    goes_on || (behind == 3 && before <= 5) || (behind == 4 && before <= 7)
}

//! Small text helpers shared by the newtypes.

/// Whether `c` is a space, a dot or any of the dashes that phones and word processors put into numbers.
pub(crate) fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '.' | ',' | '-' | '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FEFF}')
}

/// `text` without separators (see [`is_separator`]) and in upper case.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).map(|c| c.to_ascii_uppercase()).collect()
}

/// Trims, joins runs of white space into one space, and drops nothing else.
#[cfg(feature = "full")]
pub(crate) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `c` is not seen: it turns the direction of what follows, joins or parts letters, or stands for nothing at all.
#[cfg(feature = "full")]
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// The letter without its accent, for the letters that Spanish and its neighbours use.
#[cfg(feature = "full")]
#[must_use]
pub fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

/// Only the letters and digits of `text`, in lower case and without accents, whichever way Unicode writes them.
/// Hashes of secret answers are of this: a change would lock people out.
#[cfg(feature = "full")]
pub(crate) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(without_accent).filter(|c| c.is_alphanumeric()).collect()
}

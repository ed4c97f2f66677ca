//! Words that databases, programs, spreadsheets and people write where there is nothing.

use super::{fold, folded};

/// Words of databases, programs and older systems, without case, accents, and brackets around them. Nobody chooses one as a secret.
const OF_SYSTEMS: [&str; 42] = [
    "null",
    "nulo",
    "valor nulo",
    "nullnull",
    "nil",
    "none",
    "nan",
    "-nan",
    "nat",
    "na",
    "\\n",
    "\\\\n",
    "undefined",
    "dbnull",
    "system.dbnull",
    "object object",
    "n/a",
    "n.a.",
    "n.a",
    "n/d",
    "n.d.",
    "n.d",
    "s/i",
    "s.i.",
    "s.i",
    "s/d",
    "s.d.",
    "s.d",
    "n/i",
    "n/r",
    "tbd",
    "sin informacion",
    "sin info",
    "sin dato",
    "sin datos",
    "sin respuesta",
    "sin registro",
    "sin registros",
    "no aplica",
    "no disponible",
    "not available",
    "not applicable",
];

/// Words with a meaning of their own: nothing in a column, and an answer that somebody may have chosen.
const OF_PEOPLE: [&str; 48] = [
    "void",
    "s/n",
    "s.n.",
    "sin especificar",
    "sin definir",
    "sin nombre",
    "sin numero",
    "sin correo",
    "sin email",
    "sin mail",
    "sin telefono",
    "sin fono",
    "sin celular",
    "sin direccion",
    "no tiene",
    "no posee",
    "no informa",
    "no informado",
    "no informada",
    "no registra",
    "no registrado",
    "no registrada",
    "no existe",
    "no especifica",
    "no especificado",
    "no especificada",
    "no definido",
    "no indica",
    "no consta",
    "ninguno",
    "ninguna",
    "desconocido",
    "desconocida",
    "pendiente",
    "por definir",
    "vacio",
    "en blanco",
    "empty",
    "blank",
    "missing",
    "unknown",
    // A box of a spreadsheet.
    "falso",
    "verdadero",
    "false",
    "true",
    "#falso",
    "#false",
    "#n/d",
];

/// Most characters of such a word, with brackets.
const LONGEST: usize = 32;

/// Whether a field stands for “nothing”: `NULL`, `\N`, `#N/A`, `#¡REF!`, `sin información`, `FALSO`, or no letter and no digit at all.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    if text.is_empty() || text.chars().count() > LONGEST {
        return false;
    }
    let word = word(text);
    !text.chars().any(char::is_alphanumeric)
        || is_of_system(&word)
        || OF_PEOPLE.contains(&bare(&word))
        || is_error(&word)
}

/// Whether a text stands for “nothing”, and nobody chose it as a secret.
pub(crate) fn is_placeholder_secret(text: &str) -> bool {
    const ERRORS: [&str; 12] =
        ["na", "nd", "ref", "value", "valor", "name", "nombre", "num", "div0", "null", "nulo", "error"];
    let (word, letters) = (word(text), folded(text));
    is_of_system(&word)
        || is_of_system(&letters)
        // However its words are joined: `NoAplica`. Of short ones the signs count: `S/I` is no `sí`.
        || OF_SYSTEMS.iter().any(|known| letters.len() > 3 && folded(known) == letters)
        || (word.starts_with('#') && ERRORS.contains(&letters.as_str()))
}

/// In lower case, without accents, with single spaces.
fn word(text: &str) -> String {
    super::tidy(&fold(text))
}

/// Without brackets and quotes around it.
fn bare(word: &str) -> &str {
    word.trim_matches(['(', ')', '[', ']', '<', '>', '{', '}', '"', '\'', ' '])
}

fn is_of_system(word: &str) -> bool {
    let bare = bare(word);
    OF_SYSTEMS.contains(&bare) || (bare.len() > 2 && bare.bytes().all(|b| b == b'x'))
}

/// The error of a formula: `#N/A`, `#REF!`, `#DIV/0!`, `Err:502`. `#12` and `#B` are flats.
fn is_error(word: &str) -> bool {
    if let Some(number) = word.strip_prefix("err:") {
        return number.bytes().all(|b| b.is_ascii_digit());
    }
    let Some(word) = word.strip_prefix('#') else { return false };
    let word: String = word.chars().filter(|c| !matches!(c, '¡' | '¿')).collect();
    let name = word.trim_end_matches(['!', '?']);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters > 1 && name.chars().all(|c| c.is_alphabetic() || matches!(c, '/' | '_' | '0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What stands for nothing wherever it is found.
    const SYSTEMS: [&str; 39] = [
        "NULL",
        "null",
        "Null",
        "(null)",
        " (null) ",
        "[NULL]",
        "<NULL>",
        "{null}",
        "'NULL'",
        "\\N",
        "\\\\N",
        "N/A",
        "n/a",
        "N.A.",
        "NA",
        "<NA>",
        "#N/A",
        "#N/D",
        "#¡REF!",
        "#REF!",
        "#VALOR!",
        "#¡VALOR!",
        "#DIV/0!",
        "#¡DIV/0!",
        "nan",
        "NaN",
        "NaT",
        "None",
        "undefined",
        "S/I",
        "s.i.",
        "S/D",
        "sin información",
        "SIN  INFORMACION",
        "Sin Datos",
        "No aplica",
        "xxx",
        "XXXX",
        "ＮＵＬＬ",
    ];

    /// What stands for nothing in a column.
    const COLUMNS: [&str; 30] = [
        "#VALUE!",
        "#¿NOMBRE?",
        "#NAME?",
        "#¡NUM!",
        "#¡NULO!",
        "#NULL!",
        "#¡DESBORDAMIENTO!",
        "#SPILL!",
        "#ERROR!",
        "#GETTING_DATA",
        "#Eliminado",
        "#Deleted",
        "Err:502",
        "####",
        "-",
        "--",
        "–",
        "—",
        ".",
        "...",
        "*",
        "?",
        "no informado",
        "(en blanco)",
        "(Vacío)",
        "Desconocido",
        "Ninguna",
        "FALSO",
        "Verdadero",
        "TRUE",
    ];

    #[test]
    fn words_for_nothing_are_known_in_every_spelling() {
        for nothing in SYSTEMS.into_iter().chain(COLUMNS) {
            assert!(is_placeholder(nothing), "{nothing}");
        }
        for data in [
            "",
            "Nulla",
            "Ana Null",
            "Nonato",
            "Nana",
            "Sí",
            "Si",
            "No",
            "Los Aromos",
            "#12",
            "#B",
            "12",
            "0",
            "X",
            "XX",
            "B-3",
            "Ñ",
            "Err",
            "Sin Nombre Dos",
            "N/A 12",
            "10000181-0",
            "Blanco",
            "Nada",
            "Falsa",
            "María José Sin Información De La Rosa",
        ] {
            assert!(!is_placeholder(data), "{data}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_no_secret() {
        for nothing in SYSTEMS.into_iter().chain([
            "NoAplica",
            "sin-datos",
            "NullNull",
            "sinrespuesta",
            "#NAME?",
            "#ERROR!",
        ]) {
            assert!(is_placeholder_secret(nothing), "{nothing}");
        }
        for something in [
            "Nala",
            "Valor",
            "Nombre",
            "Nano",
            "no",
            "n",
            "Nulia",
            "#1 en todo",
            "Sí",
            "S-I",
            "Ninguna",
            "Desconocido",
            "Verdadero",
            "Nd",
            "xx",
        ] {
            assert!(!is_placeholder_secret(something), "{something}");
        }
    }

    proptest! {
        #[test]
        fn no_number_or_mail_as_people_write_it_is_taken_for_nothing(text in "[0-9]{1,9}|[+]56 9 [0-9]{8}|[0-9.]{1,8}-[0-9K]|x[0-9]{4}@ejemplo[.]cl", any in "\\PC{0,40}") {
            prop_assert!(!is_placeholder(&text) && !is_placeholder_secret(&text), "{}", text);
            let _ = (is_placeholder(&any), is_placeholder_secret(&any));
        }
    }
}

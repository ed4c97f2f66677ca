//! A line beside an input that says, while somebody types, what the server would say of it.

use leptos::prelude::*;

/// By which rule an input is looked at; each rule has its one input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// [`domain::rut::Rut`]; a valid one is put into the usual form once the person leaves the field.
    Rut,
    /// [`domain::serial::DocumentSerial`].
    Serial,
    /// [`domain::email::Email`].
    Email,
    /// [`domain::phone::Mobile`].
    Mobile,
    /// [`domain::clave::check_shape`].
    Key,
    /// The same text as the input `clave`.
    SameKey,
}

impl Rule {
    /// Id of the input, and of the line beside it.
    fn ids(self) -> (&'static str, &'static str) {
        match self {
            Self::Rut => ("rut", "rut-pista"),
            Self::Serial => ("serie", "serie-pista"),
            Self::Email => ("email", "email-pista"),
            Self::Mobile => ("celular", "celular-pista"),
            Self::Key => ("clave", "clave-pista"),
            Self::SameKey => ("clave_otra_vez", "clave_otra_vez-pista"),
        }
    }
}

/// The line of a rule. It speaks up when the input is right, and says what is missing only where that helps; it never
/// scolds somebody who is still typing. It is written straight to the DOM, and the islands take no arguments: signals and
/// JSON would make the wasm half as large again (docs/decisions/0003).
fn line(rule: Rule) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::watch(rule);
    view! { <p class="pista" id=rule.ids().1 role="status"></p> }
}

/// Beside “Rut”.
#[island]
pub fn RutHint() -> impl IntoView {
    line(Rule::Rut)
}

/// Beside “Número de serie cédula de identidad”.
#[island]
pub fn SerialHint() -> impl IntoView {
    line(Rule::Serial)
}

/// Beside “Email”.
#[island]
pub fn EmailHint() -> impl IntoView {
    line(Rule::Email)
}

/// Beside “Celular”.
#[island]
pub fn MobileHint() -> impl IntoView {
    line(Rule::Mobile)
}

/// Beside a new key.
#[island]
pub fn KeyHint() -> impl IntoView {
    line(Rule::Key)
}

/// Beside the new key typed again.
#[island]
pub fn SameKeyHint() -> impl IntoView {
    line(Rule::SameKey)
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::borrow::Cow;

    use super::Rule;
    use crate::islands::dom::{by_id, input, on};
    use crate::wording::live;
    use domain::clave::{KEY_LENGTH, check_shape};
    use domain::email::Email;
    use domain::phone::Mobile;
    use domain::rut::{Rut, RutError};
    use domain::serial::DocumentSerial;

    pub(super) fn watch(rule: Rule) -> Option<()> {
        let (field, line) = rule.ids();
        let (field, line) = (input(field)?, by_id(line)?);
        let look = {
            let field = field.clone();
            move || {
                let (right, text) = feedback(rule, &field.value());
                line.set_text_content(Some(&text));
                line.set_class_name(if right { "pista pista--bien" } else { "pista" });
            }
        };
        on(&field, "input", look.clone());
        if rule == Rule::SameKey
            && let Some(first) = input("clave")
        {
            on(&first, "input", look);
        }
        if rule == Rule::Rut {
            let left = field.clone();
            on(&field, "change", move || {
                if let Ok(rut) = Rut::parse(&left.value()) {
                    left.set_value(&rut.to_string());
                }
            });
        }
        Some(())
    }

    fn feedback(rule: Rule, text: &str) -> (bool, Cow<'static, str>) {
        let quiet = (false, Cow::Borrowed(""));
        let right =
            |right: bool, line: &'static str| if right { (true, Cow::Borrowed(line)) } else { quiet.clone() };
        match rule {
            Rule::Rut => match Rut::parse(text) {
                Ok(_) => (true, live::RUT_RIGHT.into()),
                // Only once the check digit is surely there.
                Err(RutError::CheckDigit) if text.contains('-') || text.len() > 8 => {
                    (false, live::RUT_CHECK_DIGIT.into())
                }
                Err(_) => quiet,
            },
            Rule::Serial => right(DocumentSerial::parse(text).is_ok(), live::SERIAL_RIGHT),
            Rule::Email => right(Email::parse(text).is_ok(), live::EMAIL_RIGHT),
            Rule::Mobile => right(Mobile::parse(text).is_ok(), live::MOBILE_RIGHT),
            Rule::Key => {
                let length = text.chars().count();
                if check_shape(text).is_ok() {
                    (true, live::KEY_RIGHT.into())
                } else if length == 0 {
                    quiet
                } else if length > *KEY_LENGTH.end() {
                    (false, live::KEY_LONG.into())
                } else {
                    (false, live::key_short(KEY_LENGTH.start().saturating_sub(length)).into())
                }
            }
            Rule::SameKey => {
                let first = input("clave").map(|first| first.value()).unwrap_or_default();
                if text.is_empty() || first.is_empty() {
                    quiet
                } else if text == first {
                    (true, live::KEYS_SAME.into())
                } else {
                    (false, live::KEYS_DIFFER.into())
                }
            }
        }
    }
}

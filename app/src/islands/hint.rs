//! A line beside an input that says, while somebody types, what the server would say of it.
#![expect(missing_docs, reason = "the macro writes a struct for the arguments and documents it nowhere")]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// By which rule the input is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
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

/// A line for the input with the id `target`. It speaks up when the input is right, and says what is missing only where
/// that helps; it never scolds somebody who is still typing.
///
/// The line is written straight to the DOM: without signals the wasm is a third smaller (docs/decisions/0003).
#[island]
pub fn Hint(
    /// Id of the input.
    target: String,
    /// The rule.
    rule: Rule,
) -> impl IntoView {
    let id = format!("{target}-pista");
    #[cfg(feature = "hydrate")]
    browser::watch(&target, &id, rule);
    #[cfg(not(feature = "hydrate"))]
    let _ = rule;
    view! { <p class="pista" id=id role="status"></p> }
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

    pub(super) fn watch(target: &str, line: &str, rule: Rule) -> Option<()> {
        let (field, line) = (input(target)?, by_id(line)?);
        let look = {
            let field = field.clone();
            move || {
                let (right, text) = say(rule, &field.value());
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

    fn say(rule: Rule, text: &str) -> (bool, Cow<'static, str>) {
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

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
#[island]
pub fn Hint(
    /// Id of the input.
    target: String,
    /// The rule.
    rule: Rule,
) -> impl IntoView {
    let (line, set_line) = signal((false, String::new()));
    #[cfg(feature = "hydrate")]
    browser::watch(&target, rule, set_line);
    #[cfg(not(feature = "hydrate"))]
    let _ = (rule, set_line);
    view! {
        <p
            class="pista"
            class:pista--bien=move || line.get().0
            id=format!("{target}-pista")
            role="status"
        >
            {move || line.get().1}
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::Rule;
    use crate::islands::dom::{input, on};
    use crate::wording::live;
    use domain::clave::{KEY_LENGTH, check_shape};
    use domain::email::Email;
    use domain::phone::Mobile;
    use domain::rut::{Rut, RutError};
    use domain::serial::DocumentSerial;
    use leptos::prelude::*;

    pub(super) fn watch(target: &str, rule: Rule, set_line: WriteSignal<(bool, String)>) {
        let Some(field) = input(target) else { return };
        let look = {
            let field = field.clone();
            move || set_line.set(say(rule, &field.value()))
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
    }

    fn say(rule: Rule, text: &str) -> (bool, String) {
        let right =
            |right: bool, line: &str| if right { (true, line.to_owned()) } else { (false, String::new()) };
        match rule {
            Rule::Rut => match Rut::parse(text) {
                Ok(_) => (true, live::RUT_RIGHT.to_owned()),
                // Only once the check digit is surely there.
                Err(RutError::CheckDigit) if text.contains('-') || text.len() > 8 => {
                    (false, live::RUT_CHECK_DIGIT.to_owned())
                }
                Err(_) => (false, String::new()),
            },
            Rule::Serial => right(DocumentSerial::parse(text).is_ok(), live::SERIAL_RIGHT),
            Rule::Email => right(Email::parse(text).is_ok(), live::EMAIL_RIGHT),
            Rule::Mobile => right(Mobile::parse(text).is_ok(), live::MOBILE_RIGHT),
            Rule::Key => {
                let length = text.chars().count();
                if check_shape(text).is_ok() {
                    (true, live::KEY_RIGHT.to_owned())
                } else if length == 0 {
                    (false, String::new())
                } else if length > *KEY_LENGTH.end() {
                    (false, live::KEY_LONG.to_owned())
                } else {
                    (false, live::key_short(KEY_LENGTH.start().saturating_sub(length)))
                }
            }
            Rule::SameKey => {
                let first = input("clave").map(|first| first.value()).unwrap_or_default();
                if text.is_empty() || first.is_empty() {
                    (false, String::new())
                } else if text == first {
                    (true, live::KEYS_SAME.to_owned())
                } else {
                    (false, live::KEYS_DIFFER.to_owned())
                }
            }
        }
    }
}

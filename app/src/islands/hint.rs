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

/// The line of a rule. It says when the input is right, and what is missing only where that helps. The sentences come with the
/// page, in attributes, so that the wasm has none of any language. It is written straight to the DOM, and the islands take no
/// arguments: signals and JSON would make the wasm half as large again (docs/decisions/0003).
fn line(rule: Rule) -> impl IntoView {
    #[cfg(feature = "ssr")]
    {
        let (verdict, lacks) = words_of(rule);
        view! {
            <p
                class="pista"
                id=rule.ids().1
                role="status"
                data-bien=verdict.right
                data-mal=(!verdict.wrong.is_empty()).then_some(verdict.wrong)
                data-falta=lacks.map(|lacks| lacks[0])
                data-faltan=lacks.map(|lacks| lacks[1])
                data-facil=lacks.map(|lacks| lacks[2])
                data-espacio=lacks.map(|lacks| lacks[3])
            ></p>
        }
    }
    #[cfg(not(feature = "ssr"))]
    {
        #[cfg(feature = "hydrate")]
        browser::watch(rule);
        view! { <p></p> }
    }
}

/// What a line may say; of a key also that one character is missing, or several, that it is easy to guess, and that some are not seen.
#[cfg(feature = "ssr")]
fn words_of(rule: Rule) -> (wording::catalogue::fields::Verdict, Option<[&'static str; 4]>) {
    let live = &crate::words::words().fields.live;
    match rule {
        Rule::Rut => (live.rut, None),
        Rule::Serial => (live.serial, None),
        Rule::Email => (live.email, None),
        Rule::Mobile => (live.mobile, None),
        Rule::Key => {
            (live.key, Some([live.key_lacks_one, live.key_lacks, live.key_guessable, live.key_spaced]))
        }
        Rule::SameKey => (live.same_key, None),
    }
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
    use super::Rule;
    use crate::islands::dom::{by_id, input, on};
    use crate::islands::errors::settle;
    use domain::clave::{KEY_LENGTH, KeyError, check_shape};
    use domain::email::Email;
    use domain::guessable::is_plainly_guessable;
    use domain::phone::Mobile;
    use domain::rut::{Rut, RutError};
    use domain::serial::DocumentSerial;
    use web_sys::HtmlInputElement;

    const RIGHT: &str = "data-bien";
    const WRONG: &str = "data-mal";

    pub(super) fn watch(rule: Rule) -> Option<()> {
        let (name, line) = rule.ids();
        let (field, line) = (input(name)?, by_id(line)?);
        let look = {
            let field = field.clone();
            move || {
                let (attribute, missing) = verdict(rule, &field.value());
                let right = attribute == RIGHT;
                let meant = rule == Rule::Email && suggest(&field);
                let text = line.get_attribute(attribute).filter(|_| !meant).unwrap_or_default();
                line.set_text_content(Some(&text.replace('#', &missing.to_string())));
                line.set_class_name(if right { "pista pista--bien" } else { "pista" });
                settle(name, right);
            }
        };
        on(&field, "input", look.clone());
        if rule == Rule::SameKey
            && let Some(first) = input("clave")
        {
            on(&first, "input", look.clone());
        }
        if rule == Rule::Email
            && let Some(correct) = by_id("email-corregir")
        {
            let (field, look) = (field.clone(), look.clone());
            let _ = correct.remove_attribute("hidden");
            on(&correct, "click", move || {
                let meant = by_id("email-sugerido").and_then(|address| address.text_content());
                field.set_value(&meant.unwrap_or_default());
                look();
                let _ = field.focus();
            });
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

    /// Shows the address that was probably meant, or hides it; with a button that puts it into the field.
    fn suggest(field: &HtmlInputElement) -> bool {
        let meant = Email::suggestion_for(&field.value());
        if let Some((line, address)) = by_id("email-sugerencia").zip(by_id("email-sugerido")) {
            let _ = line.toggle_attribute_with_force("hidden", meant.is_none());
            address.set_text_content(meant.as_deref());
        }
        meant.is_some()
    }

    /// What is to be said of a text: the name of the attribute that has the sentence, and how many characters are missing.
    fn verdict(rule: Rule, text: &str) -> (&'static str, usize) {
        let right = |right: bool| if right { RIGHT } else { "" };
        let attribute = match rule {
            Rule::Rut => match Rut::parse(text) {
                Ok(_) => RIGHT,
                // Only once the check digit is surely there.
                Err(RutError::CheckDigit) if text.contains('-') || text.len() > 8 => WRONG,
                Err(_) => "",
            },
            Rule::Serial => right(DocumentSerial::parse(text).is_ok()),
            Rule::Email => right(Email::parse(text).is_ok()),
            Rule::Mobile => right(Mobile::parse(text).is_ok()),
            Rule::Key => {
                let length = text.chars().count();
                let shape = check_shape(text);
                if shape.is_ok() {
                    let owner = input("rut").and_then(|rut| Rut::parse(&rut.value()).ok());
                    if is_plainly_guessable(text, owner) { "data-facil" } else { RIGHT }
                } else if matches!(shape, Err(KeyError::OuterSpace | KeyError::Unseen)) {
                    "data-espacio"
                } else if length == 0 {
                    ""
                } else if length > *KEY_LENGTH.end() {
                    WRONG
                } else {
                    let missing = KEY_LENGTH.start().saturating_sub(length);
                    return (if missing == 1 { "data-falta" } else { "data-faltan" }, missing);
                }
            }
            Rule::SameKey => {
                let first = input("clave").map(|first| first.value()).unwrap_or_default();
                if text.is_empty() || first.is_empty() {
                    ""
                } else if text == first {
                    RIGHT
                } else {
                    WRONG
                }
            }
        };
        (attribute, 0)
    }
}

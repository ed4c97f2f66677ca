//! Fields that more than one form asks for, with their hints and islands.

use domain::field::Field;
use domain::flow::Say;
use leptos::prelude::*;

use super::{Input, Way, text_field_with};
use crate::islands::{EmailHint, KeyHint, MobileHint, RutHint, SameKeyHint, SerialHint, ShowKeys};

/// “Rut”.
pub fn rut(say: &Say, typed: &str, hint: &'static str) -> AnyView {
    let input = Input { value: typed.to_owned(), hint, way: Way::RUT, width: "medio", ..Input::default() };
    text_field_with(Field::Rut, "Rut", say, input, (), view! { <RutHint /> })
}

/// “Número de serie cédula de identidad”.
pub fn serial(say: &Say, typed: &str) -> AnyView {
    let input = Input {
        value: typed.to_owned(),
        hint: "Son 9 letras o números, o la letra A y 9 números. Puede escribirlo con o sin puntos.",
        way: Way::CODE,
        width: "medio",
        ..Input::default()
    };
    let label = "Número de serie cédula de identidad";
    text_field_with(Field::Serial, label, say, input, (), view! { <SerialHint /> })
}

/// “Email”, or “Email Actual”.
pub fn email(label: &'static str, say: &Say, typed: &str, hint: &'static str) -> AnyView {
    let input = Input { value: typed.to_owned(), hint, way: Way::EMAIL, ..Input::default() };
    text_field_with(Field::Email, label, say, input, (), view! { <EmailHint /> })
}

/// “Celular”, or “Celular Actual”.
pub fn mobile(label: &'static str, say: &Say, typed: &str) -> AnyView {
    let input = Input {
        value: typed.to_owned(),
        hint: "Los 8 números después de +56 9.",
        way: Way::PHONE,
        prefix: "+56 9",
        width: "medio",
        ..Input::default()
    };
    text_field_with(Field::Mobile, label, say, input, (), view! { <MobileHint /> })
}

/// A new key, twice, under these labels.
pub fn new_key(label: &'static str, again: &'static str, say: &Say) -> AnyView {
    let first = Input {
        hint: "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use su RUT, su nombre ni claves fáciles.",
        way: Way::NEW_KEY,
        width: "medio",
        ..Input::default()
    };
    let second = Input { way: Way::NEW_KEY, width: "medio", ..Input::default() };
    view! {
        {text_field_with(Field::NewKey, label, say, first, (), view! { <KeyHint /> })}
        {text_field_with(Field::NewKeyAgain, again, say, second, (), view! { <SameKeyHint /> })}
        <ShowKeys />
    }
    .into_any()
}

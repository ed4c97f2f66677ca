//! Fields that more than one form asks for, with their hints and islands.

use backend::flows::Typed;
use domain::document::DocumentKind;
use domain::field::Field;
use domain::flow::Feedback;
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::question::SecretQuestion;
use leptos::prelude::*;

use super::{Input, List, Way, select, text_field, text_field_with};
use crate::islands::{EmailHint, KeyHint, MobileHint, RutHint, SameKeyHint, SerialHint, ShowKeys};
use crate::wording::kinds::{document_kind, document_label, identifier_label, new_key_hint};

/// “Rut” or “NIE”, with a hint where it is found or only an example.
pub fn identifier(kind: Kind, feedback: &Feedback, typed: &Typed, hint: &'static str) -> AnyView {
    let field = Identifier::field(kind);
    let value = typed.get(field.name()).to_owned();
    let input = Input { value, hint, way: Way::RUT, width: "medio", ..Input::default() };
    let island = (field == Field::Rut).then(|| view! { <RutHint /> });
    text_field_with(field, identifier_label(kind), feedback, input, (), island)
}

/// The identity document: serial of the cédula, or number of a foreign one.
pub fn document(kind: Kind, feedback: &Feedback, typed: &Typed) -> AnyView {
    match kind {
        Kind::Natural | Kind::Juridica => serial(feedback, typed.get(Field::Serial.name())),
        Kind::Migrante | Kind::Facilitador => document_number(
            feedback,
            typed,
            "El del documento con que se registró, con o sin puntos y guiones.",
        ),
    }
}

/// “Rut Representante Legal”.
pub fn representative(feedback: &Feedback, typed: &Typed) -> AnyView {
    let input = Input {
        value: typed.get(Field::Representative.name()).to_owned(),
        hint: "El RUT de la persona que hoy representa a la empresa ante el SII.",
        way: Way::CODE,
        width: "medio",
        ..Input::default()
    };
    text_field(Field::Representative, "Rut Representante Legal", feedback, input)
}

/// A name: “Razón Social”, “Nombres Representante Legal”.
pub fn name(field: Field, label: &'static str, feedback: &Feedback, typed: &Typed) -> AnyView {
    let value = typed.get(field.name()).to_owned();
    text_field(field, label, feedback, Input { value, way: Way::TEXT, ..Input::default() })
}

/// “Número de documento de identidad”.
pub fn document_number(feedback: &Feedback, typed: &Typed, hint: &'static str) -> AnyView {
    let value = typed.get(Field::DocumentNumber.name()).to_owned();
    let input = Input { value, hint, way: Way::CODE, width: "medio", ..Input::default() };
    text_field(Field::DocumentNumber, document_label(Kind::Migrante), feedback, input)
}

/// “Tipo de documento” and “Número de documento” of a foreign facilitator.
pub fn foreign_document(feedback: &Feedback, typed: &Typed, hint: &'static str) -> AnyView {
    let kinds = List {
        value: typed.get(Field::DocumentKind.name()).to_owned(),
        options: DocumentKind::ALL.map(|kind| (kind.id().to_owned(), document_kind(kind).to_owned())).into(),
        ..List::default()
    };
    view! {
        {document_number(feedback, typed, hint)}
        {select(Field::DocumentKind, "Tipo de documento de identidad", feedback, kinds, ())}
    }
    .into_any()
}

/// “Fecha de Nacimiento” (guides 000, 003).
pub fn birth_date(feedback: &Feedback, typed: &Typed) -> AnyView {
    let input = Input {
        value: typed.get(Field::BirthDate.name()).to_owned(),
        hint: "Día, mes y año. Formato: 01-12-1992",
        way: Way::DATE,
        width: "medio",
        ..Input::default()
    };
    text_field(Field::BirthDate, "Fecha de Nacimiento", feedback, input)
}

/// “Pregunta Secreta” and “Respuesta Secreta”, to be chosen.
pub fn secret_question(feedback: &Feedback, typed: &Typed) -> AnyView {
    secret_question_with(feedback, typed, "Si un día olvida su clave, le haremos esta pregunta.")
}

/// The same, with another hint.
pub fn secret_question_with(feedback: &Feedback, typed: &Typed, hint: &'static str) -> AnyView {
    let questions = List {
        value: typed.get(Field::Question.name()).to_owned(),
        hint,
        options: SecretQuestion::ALL.iter().map(|q| (q.id().to_owned(), q.text().to_owned())).collect(),
        ..List::default()
    };
    let answer = Input {
        hint: "Algo que recuerde siempre y que otros no sepan.",
        way: Way::ANSWER,
        ..Input::default()
    };
    view! {
        {select(Field::Question, "Pregunta Secreta", feedback, questions, ())}
        {text_field(Field::Answer, "Respuesta Secreta", feedback, answer)}
    }
    .into_any()
}

/// The question that is asked, and “Respuesta Secreta”.
pub fn asked_question(feedback: &Feedback, question: SecretQuestion) -> AnyView {
    let input = Input {
        hint: "Da igual si usa mayúsculas, tildes o espacios.",
        way: Way::ANSWER,
        ..Input::default()
    };
    view! {
        <div class="pregunta">
            <p class="rotulo">"Pregunta Secreta"</p>
            <p class="pregunta-texto">{question.text()}</p>
        </div>
        {text_field(Field::Answer, "Respuesta Secreta", feedback, input)}
    }
    .into_any()
}

/// A key that is there already: “CS Actual”, “Clave Sence”.
pub fn current_key(label: &'static str, feedback: &Feedback, hint: &'static str) -> AnyView {
    let input = Input { hint, way: Way::CURRENT_KEY, width: "medio", ..Input::default() };
    view! {
        {text_field(Field::CurrentKey, label, feedback, input)}
        <ShowKeys />
    }
    .into_any()
}

/// “Número de serie cédula de identidad”.
fn serial(feedback: &Feedback, typed: &str) -> AnyView {
    let input = Input {
        value: typed.to_owned(),
        hint: "Son 9 letras o números, o la letra A y 9 números. Puede escribirlo con o sin puntos.",
        way: Way::CODE,
        width: "medio",
        ..Input::default()
    };
    let label = "Número de serie cédula de identidad";
    text_field_with(Field::Serial, label, feedback, input, (), view! { <SerialHint /> })
}

/// “Email”, “Email Actual”, “Email Registrado”.
pub fn email(label: &'static str, feedback: &Feedback, typed: &str, hint: &'static str) -> AnyView {
    let input = Input { value: typed.to_owned(), hint, way: Way::EMAIL, ..Input::default() };
    text_field_with(Field::Email, label, feedback, input, (), view! { <EmailHint /> })
}

/// How a mobile is written.
pub const MOBILE_HINT: &str = "Los 8 números después de +56 9.";

/// “Celular”, “Celular Actual”, “Celular Nuevo”.
pub fn mobile(label: &'static str, feedback: &Feedback, typed: &str, hint: &'static str) -> AnyView {
    let input = Input {
        value: typed.to_owned(),
        hint,
        way: Way::PHONE,
        prefix: "+56 9",
        width: "medio",
        ..Input::default()
    };
    text_field_with(Field::Mobile, label, feedback, input, (), view! { <MobileHint /> })
}

/// A new key, twice, under these labels.
pub fn new_key(kind: Kind, label: &'static str, again: &'static str, feedback: &Feedback) -> AnyView {
    let first = Input { hint: new_key_hint(kind), way: Way::NEW_KEY, width: "medio", ..Input::default() };
    let second = Input { way: Way::NEW_KEY, width: "medio", ..Input::default() };
    view! {
        {text_field_with(Field::NewKey, label, feedback, first, (), view! { <KeyHint /> })}
        {text_field_with(Field::NewKeyAgain, again, feedback, second, (), view! { <SameKeyHint /> })}
        <ShowKeys />
    }
    .into_any()
}

/// Where the number of the document is found.
pub fn where_is_it(kind: Kind) -> AnyView {
    match kind {
        Kind::Natural | Kind::Juridica => view! {
            <details class="mas">
                <summary>"¿Dónde está el número de serie?"</summary>
                <ul>
                    <li>"Cédula nueva: adelante, junto a «NÚMERO DOCUMENTO»."</li>
                    <li>"Cédula antigua: atrás, abajo a la izquierda; comienza con la letra A."</li>
                </ul>
            </details>
        }
        .into_any(),
        Kind::Migrante | Kind::Facilitador => view! {
            <details class="mas">
                <summary>"¿Cuál documento es?"</summary>
                <p>
                    "El que escribió cuando se registró: su pasaporte, o la cédula o documento de identidad de su país. Si lo \
                     renovó y el número es otro, llame al 800 80 10 30."
                </p>
            </details>
        }
        .into_any(),
    }
}

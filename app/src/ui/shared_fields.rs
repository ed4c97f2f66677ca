//! Fields that more than one form asks for, with their hints and islands.

use backend::flows::{Kept, Typed};
use domain::document::DocumentKind;
use domain::email::Email;
use domain::field::Field;
use domain::flow::Feedback;
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::question::SecretQuestion;
use leptos::prelude::*;
use wording::catalogue::fields::{KeptWords, Labelled};

use super::{Input, InputAttributes, List, check, select, text_field, text_field_with};
use crate::islands::{EmailHint, KeyHint, MobileHint, RutHint, SameKeyHint, SerialHint, ShowKeys};
use crate::words::words;

/// “Rut” or “NIE”, with a hint where it is found or only an example.
pub fn identifier(kind: Kind, feedback: &Feedback, typed: &Typed, hint: &'static str) -> AnyView {
    let field = Identifier::field(kind);
    let value = typed.get(field.name()).to_owned();
    let input = Input { value, hint, attributes: InputAttributes::RUT, width: "medio", ..Input::default() };
    let island = (field == Field::Rut).then(|| view! { <RutHint /> });
    text_field_with(field, (words().fields.identifier)(kind), feedback, input, (), island)
}

/// The identity document: serial of the cédula, or number of a foreign one.
pub fn document(kind: Kind, feedback: &Feedback, typed: &Typed) -> AnyView {
    match kind {
        Kind::Natural | Kind::Juridica => serial(feedback, typed.get(Field::Serial.name())),
        Kind::Migrante | Kind::Facilitador => document_number(feedback, typed, words().fields.document_hint),
    }
}

/// “Rut Representante Legal”.
pub fn representative(feedback: &Feedback, typed: &Typed) -> AnyView {
    let Labelled { label, hint } = words().fields.representative;
    let input = Input {
        value: typed.get(Field::Representative.name()).to_owned(),
        hint,
        attributes: InputAttributes::CODE,
        width: "medio",
        ..Input::default()
    };
    text_field(Field::Representative, label, feedback, input)
}

/// “Código del correo”.
pub fn mail_code(feedback: &Feedback, typed: &Typed) -> AnyView {
    let own = &words().mail_check;
    let input = Input {
        value: typed.get(Field::MailCode.name()).to_owned(),
        hint: own.code_hint,
        attributes: InputAttributes::CODE,
        width: "medio",
        ..Input::default()
    };
    text_field(Field::MailCode, own.code, feedback, input)
}

/// A name: “Razón Social”, “Nombres Representante Legal”.
pub fn name(field: Field, label: &'static str, feedback: &Feedback, typed: &Typed) -> AnyView {
    let value = typed.get(field.name()).to_owned();
    text_field(field, label, feedback, Input { value, attributes: InputAttributes::TEXT, ..Input::default() })
}

/// “Número de documento de identidad”.
pub fn document_number(feedback: &Feedback, typed: &Typed, hint: &'static str) -> AnyView {
    let value = typed.get(Field::DocumentNumber.name()).to_owned();
    let input = Input { value, hint, attributes: InputAttributes::CODE, width: "medio", ..Input::default() };
    text_field(Field::DocumentNumber, (words().fields.document)(Kind::Migrante), feedback, input)
}

/// “Tipo de documento” and “Número de documento” of a foreign facilitator.
pub fn foreign_document(feedback: &Feedback, typed: &Typed, hint: &'static str) -> AnyView {
    view! {
        {document_number(feedback, typed, hint)}
        {document_kind(feedback, typed)}
    }
    .into_any()
}

/// “Tipo de documento de identidad”.
pub fn document_kind(feedback: &Feedback, typed: &Typed) -> AnyView {
    let words = words();
    let option =
        |kind: DocumentKind| (kind.id().to_owned(), (words.kinds.identity_document)(kind).to_owned());
    let kinds = List {
        value: typed.get(Field::DocumentKind.name()).to_owned(),
        options: DocumentKind::ALL.map(option).into(),
        ..List::default()
    };
    select(Field::DocumentKind, words.fields.document_kind, feedback, kinds, ())
}

/// “Fecha de Nacimiento” (guides 000, 003).
pub fn birth_date(feedback: &Feedback, typed: &Typed) -> AnyView {
    let Labelled { label, hint } = words().fields.birth_date;
    let input = Input {
        value: typed.get(Field::BirthDate.name()).to_owned(),
        hint,
        attributes: InputAttributes::DATE,
        width: "medio",
        ..Input::default()
    };
    text_field(Field::BirthDate, label, feedback, input)
}

/// “Pregunta Secreta” and “Respuesta Secreta”, to be chosen.
pub fn secret_question(feedback: &Feedback, typed: &Typed, kept: &Kept) -> AnyView {
    secret_question_with(feedback, typed, kept, words().fields.question.hint)
}

/// The same, with another hint.
pub fn secret_question_with(feedback: &Feedback, typed: &Typed, kept: &Kept, hint: &'static str) -> AnyView {
    let fields = &words().fields;
    let questions = List {
        value: typed.get(Field::Question.name()).to_owned(),
        hint,
        options: SecretQuestion::ALL
            .iter()
            .map(|q| (q.id().to_owned(), (fields.questions)(*q).to_owned()))
            .collect(),
        ..List::default()
    };
    let answer = Input { hint: fields.answer.hint, attributes: InputAttributes::ANSWER, ..Input::default() };
    let label = fields.answer.label;
    let answer = text_field(Field::Answer, label, feedback, answer);
    let answer = if kept.has_answer() { typed_already(label, &fields.answer_kept, answer) } else { answer };
    view! {
        {select(Field::Question, fields.question.label, feedback, questions, ())}
        {answer}
    }
    .into_any()
}

/// In place of the empty fields of a secret that the flow has kept: that it is there, and the fields for another one. What is typed
/// into them counts, so they need no script; nothing has to be typed.
fn typed_already(label: &'static str, said: &KeptWords, fields: AnyView) -> AnyView {
    view! {
        <div class="campo ya-escrita">
            <p class="rotulo">{label}</p>
            <p class="ya-escrita-texto">
                <span class="ya-escrita-marca" aria-hidden="true">"✓"</span>
                <span>{said.typed}</span>
            </p>
            <details class="mas">
                <summary>{said.change}</summary>
                {fields}
            </details>
        </div>
    }
    .into_any()
}

/// The question that is asked, and “Respuesta Secreta”.
pub fn asked_question(feedback: &Feedback, question: SecretQuestion) -> AnyView {
    let fields = &words().fields;
    let input = Input { hint: fields.answer_hint, attributes: InputAttributes::ANSWER, ..Input::default() };
    view! {
        <div class="pregunta">
            <p class="rotulo">{fields.question.label}</p>
            <p class="pregunta-texto">{(fields.questions)(question)}</p>
        </div>
        {text_field(Field::Answer, fields.answer.label, feedback, input)}
    }
    .into_any()
}

/// A key that is there already: “CS Actual”, “Clave Sence”.
pub fn current_key(label: &'static str, feedback: &Feedback, hint: &'static str) -> AnyView {
    let input = Input { hint, attributes: InputAttributes::CURRENT_KEY, width: "medio", ..Input::default() };
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
        hint: words().fields.serial_hint,
        attributes: InputAttributes::CODE,
        width: "medio",
        ..Input::default()
    };
    let label = (words().fields.document)(Kind::Natural);
    text_field_with(Field::Serial, label, feedback, input, (), view! { <SerialHint /> })
}

/// “Email”, “Email Actual”, “Email Registrado”.
pub fn email(of: Labelled, feedback: &Feedback, typed: &str) -> AnyView {
    let Labelled { label, hint } = of;
    let input =
        Input { value: typed.to_owned(), hint, attributes: InputAttributes::EMAIL, ..Input::default() };
    let after = view! {
        <EmailHint />
        {suggestion(typed)}
    };
    text_field_with(Field::Email, label, feedback, input, (), after)
}

/// “¿Quiso decir …?”, below an address that was sent, with a link to where it is corrected, which says what that costs.
pub fn did_you_mean(sent: &Email, fix: String, link: &'static str) -> Option<AnyView> {
    let around = &words().fields.did_you_mean;
    sent.suggestion().map(|meant| {
        view! {
            <p class="sugerencia">
                {around.before} <strong>{meant}</strong> {around.after} " " <a href=fix>{link}</a>
            </p>
        }
        .into_any()
    })
}

/// “¿Quiso decir …?”, below an address that was probably mistyped. The script shows it while somebody types; with its button, which is
/// hidden without script.
fn suggestion(typed: &str) -> impl IntoView + use<> {
    let (meant, fields) = (Email::suggestion_for(typed), &words().fields);
    let none = meant.is_none();
    view! {
        <p class="sugerencia" id="email-sugerencia" role="status" hidden=none>
            {fields.did_you_mean.before} <strong id="email-sugerido">{meant}</strong> {fields.did_you_mean.after} " "
            <button type="button" class="boton-texto" id="email-corregir" hidden="">
                {fields.correct_it}
            </button>
        </p>
    }
}

/// “Celular”, “Celular Actual”, “Celular Nuevo”, with “Sin Celular” below.
pub fn mobile(of: Labelled, feedback: &Feedback, typed: &Typed) -> AnyView {
    let Labelled { label, hint } = of;
    let input = Input {
        value: typed.get(Field::Mobile.name()).to_owned(),
        hint,
        attributes: InputAttributes::PHONE,
        prefix: "+56 9",
        width: "medio",
        ..Input::default()
    };
    view! {
        {text_field_with(Field::Mobile, label, feedback, input, (), view! { <MobileHint /> })}
        {check("sin_celular", words().fields.personal.no_mobile, !typed.get("sin_celular").is_empty())}
    }
    .into_any()
}

/// Whose key is set, for password managers and for the help beside the key: unseen, and never sent.
pub fn account_name(identifier: &Identifier) -> AnyView {
    let name = match identifier {
        Identifier::Rut(_) => Field::Rut,
        Identifier::Nie(_) => Field::Nie,
        Identifier::Document(_) => Field::DocumentNumber,
    };
    view! {
        <input
            id=name.name()
            hidden=""
            autocomplete="username"
            value=identifier.to_string()
            readonly=""
        />
    }
    .into_any()
}

/// “Clave provisoria”, which a phone may take from the SMS.
pub fn provisional_key(feedback: &Feedback) -> AnyView {
    let provisional = &words().recover.provisional;
    let attributes =
        InputAttributes { complete: "one-time-code", capital: "characters", ..InputAttributes::TEXT };
    let input = Input { hint: provisional.hint, attributes, width: "medio", ..Input::default() };
    text_field(Field::CurrentKey, provisional.label, feedback, input)
}

/// A new key, twice, under these labels.
pub fn new_key(
    kind: Kind,
    (label, again): (&'static str, &'static str),
    feedback: &Feedback,
    kept: &Kept,
) -> AnyView {
    let first = Input {
        hint: (words().fields.new_key_hint)(kind),
        attributes: InputAttributes::NEW_KEY,
        width: "medio",
        ..Input::default()
    };
    let second = Input { attributes: InputAttributes::NEW_KEY, width: "medio", ..Input::default() };
    let fields = view! {
        {text_field_with(Field::NewKey, label, feedback, first, (), view! { <KeyHint /> })}
        {text_field_with(Field::NewKeyAgain, again, feedback, second, (), view! { <SameKeyHint /> })}
        <ShowKeys />
    }
    .into_any();
    if kept.has_key() { typed_already(label, &words().fields.key_kept, fields) } else { fields }
}

/// A drawing of a cédula with the place of its number, and the place in words.
fn card(drawing: &'static str, place: &'static str) -> impl IntoView {
    view! {
        <figure>
            <img src=drawing width="160" height="100" alt="" loading="lazy" />
            <figcaption>{place}</figcaption>
        </figure>
    }
}

/// Where the number of the document is found.
pub fn where_is_it(kind: Kind) -> AnyView {
    let fields = &words().fields;
    let (serial, document) = (&fields.where_serial, &fields.where_document);
    match kind {
        Kind::Natural | Kind::Juridica => view! {
            <div class="cedulas">
                <p class="rotulo">{serial.summary}</p>
                {card("/cedula-nueva.svg", serial.new)}
                {card("/cedula-antigua.svg", serial.old)}
            </div>
        }
        .into_any(),
        Kind::Migrante | Kind::Facilitador => view! {
            <details class="mas">
                <summary>{document.summary}</summary>
                <p>{document.text}</p>
            </details>
        }
        .into_any(),
    }
}

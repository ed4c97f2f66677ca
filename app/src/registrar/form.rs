//! The registration form, with the labels of the guides: “Información de Registro”, “Domicilio”, “Datos de Contacto”,
//! “Clave Sence”, captcha. A persona migrante also gives an identity document (M-REG).

use backend::flows::{Flow, Typed};
use domain::company::CompanyKind;
use domain::document::{Country, DocumentKind};
use domain::field::Field;
use domain::flow::Feedback;
use domain::flow::registration::{Registration, Rules};
use domain::kind::Kind;
use leptos::prelude::*;

use crate::captcha;
use crate::ui::personal::{Labels, address, contact, section};
use crate::ui::{Head, List, action, frame, hidden, select, shared_fields};
use crate::wording::kinds::{company_kind, document_kind, identifier_hint, register};
use wording::SecretFields;

/// The form.
pub fn view(rules: Rules<'_>, flow: &Flow<Registration>) -> AnyView {
    let (feedback, typed) = (&flow.feedback, &flow.typed);
    let labels = if rules.asks_company() { Labels::COMPANY } else { Labels::REGISTER };
    let form = view! {
        <p>
            "La Clave Sence le sirve para entrar a los sistemas de SENCE. Necesita un correo electrónico que pueda abrir. \
             Toma unos 5 minutos."
        </p>
        <form method="post" action="/api/registrar/crear" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(rules.kind, "")}
            {identity(feedback, typed, rules)}
            {address(feedback, typed, labels)}
            {contact(feedback, typed, labels)}
            {rules.asks_company().then(|| representative(feedback, typed, rules.asks_serial()))}
            {section("Clave Sence", shared_fields::new_key(rules.kind, "Clave CS", "Repetir Clave CS", feedback))}
            {captcha::part(flow, feedback, "/api/registrar/captcha")}
            {action("Crear Cuenta")}
        </form>
    };
    let head = Head { over: "Regístrese".to_owned(), heading: register(rules.kind), ..Head::default() };
    frame(head.with(SecretFields::AnswerKeyAndLetters), feedback, form)
}

fn identity(feedback: &Feedback, typed: &Typed, rules: Rules<'_>) -> AnyView {
    section(
        "Información de Registro",
        view! {
            {shared_fields::identifier(rules.kind, feedback, typed, identifier_hint(rules.kind))}
            {rules.asks_company().then(|| company(feedback, typed))}
            {(rules.asks_serial() && !rules.asks_company()).then(|| shared_fields::document(rules.kind, feedback, typed))}
            {rules.asks_document().then(|| document(feedback, typed))}
            {rules.birth_date.then(|| shared_fields::birth_date(feedback, typed))}
            {shared_fields::secret_question(feedback, typed)}
        },
    )
    .into_any()
}

/// Name and kind of a company (J-REG).
fn company(feedback: &Feedback, typed: &Typed) -> AnyView {
    let kinds = List {
        value: typed.get(Field::CompanyKind.name()).to_owned(),
        options: CompanyKind::ALL.map(|kind| (kind.id().to_owned(), company_kind(kind).to_owned())).into(),
        ..List::default()
    };
    view! {
        {shared_fields::name(Field::CompanyName, "Razón Social", feedback, typed)}
        {select(Field::CompanyKind, "Tipo de persona jurídica", feedback, kinds, ())}
    }
    .into_any()
}

/// The legal representative of a company (J-REG).
fn representative(feedback: &Feedback, typed: &Typed, serial: bool) -> AnyView {
    let serial = serial.then(|| shared_fields::document(Kind::Juridica, feedback, typed));
    section(
        "Representante Legal",
        view! {
            {shared_fields::representative(feedback, typed)}
            {shared_fields::name(Field::RepresentativeNames, "Nombres Representante Legal", feedback, typed)}
            {serial}
        },
    )
    .into_any()
}

/// The identity document of a persona migrante.
fn document(feedback: &Feedback, typed: &Typed) -> AnyView {
    let kinds = List {
        value: typed.get(Field::DocumentKind.name()).to_owned(),
        options: DocumentKind::ALL.map(|kind| (kind.id().to_owned(), document_kind(kind).to_owned())).into(),
        ..List::default()
    };
    let countries = List {
        value: typed.get(Field::DocumentCountry.name()).to_owned(),
        options: Country::all()
            .map(|country| (country.code().to_owned(), country.name().to_owned()))
            .collect(),
        ..List::default()
    };
    let hint = "Recuerde cuál usó: si un día olvida su clave, le pediremos este número.";
    view! {
        {select(Field::DocumentKind, "Tipo de documento de identidad", feedback, kinds, ())}
        {select(Field::DocumentCountry, "País que lo emitió", feedback, countries, ())}
        {shared_fields::document_number(feedback, typed, hint)}
    }
    .into_any()
}

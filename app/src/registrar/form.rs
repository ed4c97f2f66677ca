//! The registration form, with the labels of the guides: “Información de Registro”, “Domicilio”, “Datos de Contacto”,
//! “Clave Sence”, captcha. A persona migrante also gives an identity document (M-REG).

use backend::flows::{Flow, Typed};
use domain::company::CompanyKind;
use domain::document::{Country, DocumentKind};
use domain::field::Field;
use domain::flow::Say;
use domain::flow::registration::{Registration, Rules};
use domain::kind::Kind;
use leptos::prelude::*;

use crate::captcha;
use crate::ui::personal::{Labels, address, contact, section};
use crate::ui::{Head, List, action, frame, hidden, known, select};
use crate::wording::audience::Secrets;
use crate::wording::kinds::{company_kind, document_kind, identifier_hint, register};

/// The form.
pub fn view(rules: Rules<'_>, flow: &Flow<Registration>) -> AnyView {
    let (say, typed) = (&flow.say, &flow.typed);
    let labels = if rules.asks_company() { Labels::COMPANY } else { Labels::REGISTER };
    let form = view! {
        <p>
            "La Clave Sence le sirve para entrar a los sistemas de SENCE. Necesita un correo electrónico que pueda abrir. \
             Toma unos 5 minutos."
        </p>
        <form method="post" action="/api/registrar/crear" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(rules.kind, "")}
            {identity(say, typed, rules)}
            {address(say, typed, labels)}
            {contact(say, typed, labels)}
            {rules.asks_company().then(|| representative(say, typed, rules.asks_serial()))}
            {section("Clave Sence", known::new_key(rules.kind, "Clave CS", "Repetir Clave CS", say))}
            {captcha::part(flow, say, "/api/registrar/captcha")}
            {action("Crear Cuenta")}
        </form>
    };
    let head = Head { over: "Regístrese".to_owned(), heading: register(rules.kind), ..Head::default() };
    frame(head.with(Secrets::AnswerKeyAndLetters), say, form)
}

fn identity(say: &Say, typed: &Typed, rules: Rules<'_>) -> AnyView {
    section(
        "Información de Registro",
        view! {
            {known::identifier(rules.kind, say, typed, identifier_hint(rules.kind))}
            {rules.asks_company().then(|| company(say, typed))}
            {(rules.asks_serial() && !rules.asks_company()).then(|| known::document(rules.kind, say, typed))}
            {rules.asks_document().then(|| document(say, typed))}
            {rules.birth_date.then(|| known::birth_date(say, typed))}
            {known::secret_question(say, typed)}
        },
    )
    .into_any()
}

/// Name and kind of a company (J-REG).
fn company(say: &Say, typed: &Typed) -> AnyView {
    let kinds = List {
        value: typed.get(Field::CompanyKind.name()).to_owned(),
        options: CompanyKind::ALL.map(|kind| (kind.id().to_owned(), company_kind(kind).to_owned())).into(),
        ..List::default()
    };
    view! {
        {known::name(Field::CompanyName, "Razón Social", say, typed)}
        {select(Field::CompanyKind, "Tipo de persona jurídica", say, kinds, ())}
    }
    .into_any()
}

/// The legal representative of a company (J-REG).
fn representative(say: &Say, typed: &Typed, serial: bool) -> AnyView {
    let serial = serial.then(|| known::document(Kind::Juridica, say, typed));
    section(
        "Representante Legal",
        view! {
            {known::representative(say, typed)}
            {known::name(Field::RepresentativeNames, "Nombres Representante Legal", say, typed)}
            {serial}
        },
    )
    .into_any()
}

/// The identity document of a persona migrante.
fn document(say: &Say, typed: &Typed) -> AnyView {
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
        {select(Field::DocumentKind, "Tipo de documento de identidad", say, kinds, ())}
        {select(Field::DocumentCountry, "País que lo emitió", say, countries, ())}
        {known::document_number(say, typed, hint)}
    }
    .into_any()
}

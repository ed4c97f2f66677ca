//! The registration form, with the labels of the guides: “Información de Registro”, “Domicilio”, “Datos de Contacto”,
//! “Clave Sence”, captcha. A persona migrante also gives an identity document (M-REG).

use backend::flows::{Flow, Typed};
use domain::company::CompanyKind;
use domain::document::Country;
use domain::field::Field;
use domain::flow::Feedback;
use domain::flow::registration::{Registration, Rules};
use domain::kind::Kind;
use leptos::prelude::*;
use wording::SecretFields;

use crate::captcha;
use crate::ui::personal::{address, contact, section};
use crate::ui::{
    Head, List, action_or_back, frame, hidden, select, shared_fields, still_to_type, unfinished,
};
use crate::words::words;

/// The form.
pub fn view(rules: Rules<'_>, flow: &Flow<Registration>) -> AnyView {
    let (feedback, typed, words) = (&flow.feedback, &flow.typed, words());
    let (register, personal) = (&words.register, &words.fields.personal);
    let labels = if rules.asks_company() { &personal.company } else { &personal.register };
    let form = view! {
        <p>{register.lead}</p>
        {unfinished::afterwards()}
        <form method="post" action="/api/registrar/crear" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(rules.kind, "")}
            {identity(flow, rules)}
            {address(feedback, typed, labels)}
            {contact(rules.kind, feedback, typed, labels)}
            {rules.asks_company().then(|| representative(feedback, typed, rules.asks_serial()))}
            {section(register.key_heading, shared_fields::new_key(rules.kind, (register.key, register.key_again), feedback, &flow.kept))}
            {captcha::part(flow, feedback, "/api/registrar/captcha")}
            {action_or_back(register.create, &unfinished::back())}
        </form>
    };
    let head =
        Head { over: register.over.to_owned(), heading: (register.heading)(rules.kind), ..Head::default() };
    frame(head.with(still_to_type(SecretFields::ANSWER_KEY_AND_LETTERS, &flow.kept)), feedback, form)
}

fn identity(flow: &Flow<Registration>, rules: Rules<'_>) -> AnyView {
    let (feedback, typed) = (&flow.feedback, &flow.typed);
    section(
        words().register.identity,
        view! {
            {shared_fields::identifier(rules.kind, feedback, typed, (words().fields.identifier_hint)(rules.kind))}
            {rules.asks_company().then(|| company(feedback, typed))}
            {(rules.asks_serial() && !rules.asks_company()).then(|| shared_fields::document(rules.kind, feedback, typed))}
            {rules.asks_document().then(|| document(feedback, typed))}
            {rules.birth_date.then(|| shared_fields::birth_date(feedback, typed))}
            {shared_fields::secret_question(feedback, typed, &flow.kept)}
        },
    )
    .into_any()
}

/// Name and kind of a company (J-REG).
fn company(feedback: &Feedback, typed: &Typed) -> AnyView {
    let words = words();
    let option = |kind: CompanyKind| (kind.id().to_owned(), (words.kinds.company)(kind).to_owned());
    let kinds = List {
        value: typed.get(Field::CompanyKind.name()).to_owned(),
        options: CompanyKind::ALL.map(option).into(),
        ..List::default()
    };
    view! {
        {shared_fields::name(Field::CompanyName, words.register.company_name, feedback, typed)}
        {select(Field::CompanyKind, words.register.company_kind, feedback, kinds, ())}
    }
    .into_any()
}

/// The legal representative of a company (J-REG).
fn representative(feedback: &Feedback, typed: &Typed, serial: bool) -> AnyView {
    let register = &words().register;
    let serial = serial.then(|| shared_fields::document(Kind::Juridica, feedback, typed));
    section(
        register.representative,
        view! {
            {shared_fields::representative(feedback, typed)}
            {shared_fields::name(Field::RepresentativeNames, register.representative_names, feedback, typed)}
            {serial}
        },
    )
    .into_any()
}

/// The identity document of a persona migrante.
fn document(feedback: &Feedback, typed: &Typed) -> AnyView {
    let words = words();
    let countries = List {
        value: typed.get(Field::DocumentCountry.name()).to_owned(),
        options: Country::all()
            .map(|country| (country.code().to_owned(), country.name().to_owned()))
            .collect(),
        ..List::default()
    };
    view! {
        {shared_fields::document_kind(feedback, typed)}
        {select(Field::DocumentCountry, words.fields.document_country, feedback, countries, ())}
        {shared_fields::document_number(feedback, typed, words.register.document_hint)}
    }
    .into_any()
}

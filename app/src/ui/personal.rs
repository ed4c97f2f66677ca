//! “Domicilio” and “Datos de Contacto”: the parts of a form that registration and update share.

use backend::flows::Typed;
use domain::field::Field;
use domain::flow::Feedback;
use domain::phone::AREA_CODES;
use domain::territory::{comunas_of, regions};
use leptos::prelude::*;

use super::{Input, List, Way, check, options, select, shared_fields, text_field, text_field_with};
use crate::islands::ComunaFilter;

/// A part of a long form, under a heading of its own.
pub fn section(title: &'static str, content: impl IntoView + 'static) -> impl IntoView {
    view! {
        <section class="tramo">
            <h2>{title}</h2>
            {content}
        </section>
    }
}

/// “Domicilio”.
pub fn address(feedback: &Feedback, typed: &Typed, labels: Labels) -> impl IntoView + use<> {
    let text = |name: &str, hint, optional, width| Input {
        value: typed.get(name).to_owned(),
        hint,
        way: Way { complete: "off", ..Way::TEXT },
        optional,
        width,
        ..Input::default()
    };
    let region = List {
        value: typed.get("region").to_owned(),
        options: regions().iter().map(|r| (r.code.to_owned(), r.name.to_owned())).collect(),
        ..List::default()
    };
    let comuna = List {
        value: typed.get("comuna").to_owned(),
        groups: regions()
            .iter()
            .filter_map(|region| {
                let code = domain::territory::RegionCode::parse(region.code).ok()?;
                let items = comunas_of(code).iter().map(|c| (c.code.to_owned(), c.name.to_owned())).collect();
                Some((region.code.to_owned(), region.name.to_owned(), items))
            })
            .collect(),
        ..List::default()
    };
    let street = text("direccion", "Nombre de la calle, pasaje o camino.", false, "");
    section(
        "Domicilio",
        view! {
            {text_field(Field::Street, labels.street, feedback, street)}
            {text_field(Field::StreetNumber, labels.number, feedback, text("numero", "", false, "corto"))}
            <div class="par">
                {text_field(Field::Block, "Block", feedback, text("block", "", true, "corto"))}
                {text_field(Field::Flat, "N° de Departamento", feedback, text("departamento", "", true, "corto"))}
            </div>
            {select(Field::Region, "Región", feedback, region, ())}
            {select(Field::Comuna, "Comuna", feedback, comuna, view! { <ComunaFilter /> })}
        },
    )
}

/// The labels of “Datos de Contacto”, which the guides word otherwise when data is updated (guide 004, section 5).
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    street: &'static str,
    number: &'static str,
    /// A company is written to by mail only.
    by_mail_only: bool,
    email: &'static str,
    email_hint: &'static str,
    mobile: &'static str,
    mobile_hint: &'static str,
}

impl Labels {
    /// Of a registration.
    pub const REGISTER: Self = Self {
        street: "Dirección Particular",
        number: "N° de Dirección Particular",
        by_mail_only: false,
        email: "Email",
        email_hint: "Uno que revise seguido. Por ejemplo: nombre@ejemplo.cl",
        mobile: "Celular",
        mobile_hint: shared_fields::MOBILE_HINT,
    };
    /// Of the registration of a company.
    pub const COMPANY: Self = Self {
        street: "Dirección",
        number: "N° de Dirección",
        by_mail_only: true,
        email_hint: "El correo de la empresa. A él llegarán sus claves. Por ejemplo: nombre@ejemplo.cl",
        ..Self::REGISTER
    };
    /// Of an update.
    pub const UPDATE: Self = Self {
        street: "Dirección Particular",
        number: "N° de Dirección Particular",
        by_mail_only: false,
        email: "Email Actual",
        email_hint: "El que usa hoy.",
        mobile: "Celular Nuevo",
        mobile_hint: "Los 8 números después de +56 9. Si no ha cambiado, déjelo como está.",
    };
}

/// “Datos de Contacto”.
pub fn contact(feedback: &Feedback, typed: &Typed, labels: Labels) -> impl IntoView + use<> {
    let person = (!labels.by_mail_only).then(|| {
        view! {
            {shared_fields::mobile(labels.mobile, feedback, typed.get("celular"), labels.mobile_hint)}
            {check("sin_celular", "Sin Celular", !typed.get("sin_celular").is_empty())}
            {phone(Field::HomePhone, "Teléfono Particular", "area_particular", "Código de área (casa)", feedback, typed)}
        }
    });
    let work = if labels.by_mail_only { "Teléfono" } else { "Teléfono Trabajo" };
    section(
        "Datos de Contacto",
        view! {
            {shared_fields::email(labels.email, feedback, typed.get("email"), labels.email_hint)}
            {person}
            {phone(Field::WorkPhone, work, "area_trabajo", "Código de área (oficina)", feedback, typed)}
        },
    )
}

fn phone(
    field: Field,
    label: &'static str,
    area: &'static str,
    area_label: &'static str,
    feedback: &Feedback,
    typed: &Typed,
) -> AnyView {
    let input = Input {
        value: typed.get(field.name()).to_owned(),
        way: Way { complete: "off", ..Way::PHONE },
        optional: true,
        ..Input::default()
    };
    let codes =
        AREA_CODES.iter().map(|(code, place)| ((*code).to_owned(), format!("{code} {place}"))).collect();
    let lead = view! {
        <select name=area aria-label=area_label class="area">
            <option value="">"Área"</option>
            {options(codes, typed.get(area))}
        </select>
    };
    text_field_with(field, label, feedback, input, lead, ())
}

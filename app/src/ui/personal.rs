//! “Domicilio” and “Datos de Contacto”: the parts of a form that registration and update share.

use backend::flows::Typed;
use domain::field::{Field, FieldError, Reason};
use domain::flow::Feedback;
use domain::kind::Kind;
use domain::phone::AREA_CODES;
use domain::territory::{ComunaCode, RegionCode, comunas_of, regions};
use leptos::prelude::*;
use wording::catalogue::fields::PersonalLabels;

use super::{Input, InputAttributes, List, options, select, shared_fields, text_field, text_field_with};
use crate::islands::ComunaFilter;
use crate::words::words;

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
pub fn address(feedback: &Feedback, typed: &Typed, labels: &'static PersonalLabels) -> impl IntoView + use<> {
    let personal = &words().fields.personal;
    let text = |name: &str, hint, optional, width, complete| Input {
        value: typed.get(name).to_owned(),
        hint,
        attributes: InputAttributes { complete, ..InputAttributes::TEXT },
        optional,
        width,
        ..Input::default()
    };
    // Without codes, which were a tenth of the page: the form sends the names (domain::territory).
    let named = |name: &str| (name.to_owned(), name.to_owned());
    let region = List {
        value: RegionCode::find(typed.get("region")).map_or("", |code| code.region().name).to_owned(),
        options: regions().iter().map(|region| named(region.name)).collect(),
        complete: "address-level1",
        ..List::default()
    };
    let comuna = List {
        value: ComunaCode::find(typed.get("comuna")).map_or("", |code| code.comuna().name).to_owned(),
        complete: "address-level2",
        groups: regions()
            .iter()
            .filter_map(|region| {
                let comunas = comunas_of(RegionCode::parse(region.code).ok()?);
                Some((region.name, comunas.iter().map(|comuna| named(comuna.name)).collect()))
            })
            .collect(),
        ..List::default()
    };
    let street = text("direccion", personal.street_hint, false, "", "address-line1");
    section(
        personal.address,
        view! {
            {text_field(Field::Street, labels.street, feedback, street)}
            {text_field(Field::StreetNumber, labels.number, feedback, text("numero", "", false, "corto", ""))}
            <div class="par">
                {text_field(Field::Block, personal.block, feedback, text("block", "", true, "corto", ""))}
                {text_field(Field::Flat, personal.flat, feedback, text("departamento", "", true, "corto", ""))}
            </div>
            {select(Field::Region, personal.region, feedback, region, ())}
            {select(Field::Comuna, personal.comuna, feedback, comuna, view! { <ComunaFilter /> })}
        },
    )
}

/// “Datos de Contacto”.
pub fn contact(
    kind: Kind,
    feedback: &Feedback,
    typed: &Typed,
    labels: &'static PersonalLabels,
) -> impl IntoView + use<> {
    let personal = &words().fields.personal;
    // A company is written to by mail only.
    let person = (kind != Kind::Juridica).then(|| {
        view! {
            {shared_fields::mobile(labels.mobile, feedback, typed)}
            {phone(Field::HomePhone, personal.home_phone, ("area_particular", personal.home_area), "home tel-local", feedback, typed)}
        }
    });
    section(
        personal.contact,
        view! {
            {shared_fields::email(labels.email, feedback, typed.get("email"))}
            {person}
            {phone(Field::WorkPhone, labels.work_phone, ("area_trabajo", personal.work_area), "work tel-local", feedback, typed)}
        },
    )
}

fn phone(
    field: Field,
    label: &'static str,
    (area, area_label): (&'static str, &'static str),
    complete: &'static str,
    feedback: &Feedback,
    typed: &Typed,
) -> AnyView {
    let input = Input {
        value: typed.get(field.name()).to_owned(),
        attributes: InputAttributes { complete, ..InputAttributes::PHONE },
        optional: true,
        ..Input::default()
    };
    let codes =
        AREA_CODES.iter().map(|(code, place)| ((*code).to_owned(), format!("{code} {place}"))).collect();
    // Said beside the number, and no longer once another code is chosen.
    let of_area = feedback.errors.contains(&FieldError::new(field, Reason::Area)).then(|| field.name());
    let lead = view! {
        <select name=area aria-label=area_label class="area" data-de=of_area>
            <option value="">{words().fields.personal.area}</option>
            {options(codes, typed.get(area))}
        </select>
    };
    text_field_with(field, label, feedback, input, lead, ())
}

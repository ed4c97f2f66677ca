//! The registration form, with the labels of the guides: “Información de Registro”, “Domicilio”, “Datos de Contacto”,
//! “Clave Sence”, captcha.

use backend::flows::{Flow, Typed};
use domain::field::Field;
use domain::flow::Say;
use domain::flow::registration::{RegisterProof, Registration};
use domain::kind::Kind;
use domain::phone::AREA_CODES;
use domain::question::SecretQuestion;
use domain::territory::{comunas_of, regions};
use leptos::prelude::*;

use crate::captcha;
use crate::islands::ComunaFilter;
use crate::ui::{
    Head, Input, List, Way, action, check, frame, hidden, known, options, select, text_field, text_field_with,
};

/// The form.
pub fn view(kind: Kind, flow: &Flow<Registration>, proof: RegisterProof) -> AnyView {
    let (say, typed) = (&flow.say, &flow.typed);
    let form = view! {
        <p>
            "La Clave Sence le sirve para entrar a los sistemas de SENCE. Necesita un correo electrónico que pueda abrir. \
             Toma unos 5 minutos."
        </p>
        <form method="post" action="/api/registrar/crear" novalidate="">
            <button type="submit" class="oculto" tabindex="-1" aria-hidden="true"></button>
            {hidden(kind, "")}
            {identity(say, typed, proof)}
            {address(say, typed)}
            {contact(say, typed)}
            {section("Clave Sence", known::new_key("Clave CS", "Repetir Clave CS", say))}
            {captcha::part(flow, say, "/api/registrar/captcha")}
            {action("Crear Cuenta")}
        </form>
    };
    let head = Head { over: "Regístrese", heading: "Registrar persona natural", step: None };
    frame(head, say, form)
}

fn section(title: &'static str, content: impl IntoView + 'static) -> impl IntoView {
    view! {
        <section class="tramo">
            <h2>{title}</h2>
            {content}
        </section>
    }
}

fn identity(say: &Say, typed: &Typed, proof: RegisterProof) -> impl IntoView + use<> {
    let questions = List {
        value: typed.get("pregunta").to_owned(),
        hint: "Si un día olvida su clave, le haremos esta pregunta.",
        options: SecretQuestion::ALL.iter().map(|q| (q.id().to_owned(), q.text().to_owned())).collect(),
        ..List::default()
    };
    let answer = Input {
        hint: "Algo que recuerde siempre y que otros no sepan.",
        way: Way::ANSWER,
        ..Input::default()
    };
    let serial = (proof == RegisterProof::Serial).then(|| known::serial(say, typed.get("serie")));
    section(
        "Información de Registro",
        view! {
            {known::rut(say, typed.get("rut"), "Como sale en su cédula. Por ejemplo: 12.345.678-5")}
            {serial}
            {select(Field::Question, "Pregunta Secreta", say, questions, ())}
            {text_field(Field::Answer, "Respuesta Secreta", say, answer)}
        },
    )
}

fn address(say: &Say, typed: &Typed) -> impl IntoView + use<> {
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
            {text_field(Field::Street, "Dirección Particular", say, street)}
            {text_field(Field::StreetNumber, "N° de Dirección Particular", say, text("numero", "", false, "corto"))}
            <div class="par">
                {text_field(Field::Block, "Block", say, text("block", "", true, "corto"))}
                {text_field(Field::Flat, "N° de Departamento", say, text("departamento", "", true, "corto"))}
            </div>
            {select(Field::Region, "Región", say, region, ())}
            {select(Field::Comuna, "Comuna", say, comuna, view! { <ComunaFilter /> })}
        },
    )
}

fn contact(say: &Say, typed: &Typed) -> impl IntoView + use<> {
    let hint = "Uno que revise seguido. Por ejemplo: nombre@ejemplo.cl";
    section(
        "Datos de Contacto",
        view! {
            {known::email("Email", say, typed.get("email"), hint)}
            {known::mobile("Celular", say, typed.get("celular"))}
            {check("sin_celular", "Sin Celular", !typed.get("sin_celular").is_empty())}
            {phone(Field::HomePhone, "Teléfono Particular", "area_particular", "Código de área (casa)", say, typed)}
            {phone(Field::WorkPhone, "Teléfono Trabajo", "area_trabajo", "Código de área (oficina)", say, typed)}
        },
    )
}

fn phone(
    field: Field,
    label: &'static str,
    area: &'static str,
    area_label: &'static str,
    say: &Say,
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
    text_field_with(field, label, say, input, lead, ())
}

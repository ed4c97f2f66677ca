//! Which submissions count as the same form: for every form of every flow, exactly those in which every field is the same.

use std::collections::{BTreeMap, BTreeSet};

use backend::form::FormFingerprint;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::tests::read;
use crate::{actualizar, cambiar, correo, facilitador, recuperar, registrar};

/// The fields that a server function reads, by their names in the form.
fn fields_of<F: Serialize + DeserializeOwned>() -> Vec<String> {
    let empty: F = serde_json::from_str("{}").unwrap();
    let fields = serde_json::to_value(empty).unwrap();
    fields.as_object().unwrap().keys().cloned().collect()
}

macro_rules! forms {
    ($($form:ty),+ $(,)?) => { BTreeMap::from([$((<$form as ServerFn>::PATH, fields_of::<$form>())),+]) };
}

/// Every form that is sent without a file, by the path that it is sent to.
fn forms() -> BTreeMap<&'static str, Vec<String>> {
    forms![
        actualizar::validar::ActualizarValidar,
        actualizar::pregunta::ActualizarPregunta,
        actualizar::documento::ActualizarDocumento,
        actualizar::elegir::ActualizarElegir,
        actualizar::datos::ActualizarDatos,
        actualizar::datos::ActualizarCaptcha,
        actualizar::listo::ActualizarCorreo,
        cambiar::validar::CambiarValidar,
        cambiar::clave::CambiarClave,
        cambiar::clave::CambiarProvisoria,
        cambiar::clave::CambiarCaptcha,
        cambiar::faltan::CambiarCompletar,
        cambiar::faltan::CambiarSeguir,
        correo::validar::CorreoValidar,
        facilitador::validar::FacilitadorValidar,
        facilitador::validar::FacilitadorCaptcha,
        facilitador::declaracion::FacilitadorSeguir,
        recuperar::validar::RecuperarValidar,
        recuperar::pregunta::RecuperarPregunta,
        recuperar::representante::RecuperarRepresentante,
        recuperar::documento::RecuperarDocumento,
        recuperar::faltan::RecuperarSeguir,
        recuperar::correo::RecuperarCorreo,
        recuperar::contacto::RecuperarContacto,
        recuperar::confirmar::RecuperarConfirmar,
        recuperar::confirmar::RecuperarCaptcha,
        registrar::crear::RegistrarCrear,
        registrar::crear::RegistrarCaptcha,
        registrar::listo::RegistrarCorreo,
    ]
}

type Fields<'a> = Vec<(&'a str, String)>;

async fn fingerprint(fields: &Fields<'_>) -> FormFingerprint {
    let mut body = form_urlencoded::Serializer::new(String::new());
    read(&body.extend_pairs(fields).finish()).await.1
}

/// The form with one field changed: its first and its last character, its case, what is far behind the rest, nothing in its
/// place, the same field a second time.
fn changed<'a>(form: &Fields<'a>, place: usize) -> Vec<Fields<'a>> {
    let mut others = Vec::new();
    let (name, value) = form[place].clone();
    let texts = [format!("x{value}"), format!("{value}x"), value.to_uppercase(), String::new()];
    for text in texts.into_iter().chain([format!("{value}{}x", " ".repeat(300))]) {
        let mut other = form.clone();
        other[place].1 = text;
        others.push(other);
    }
    let mut without = form.clone();
    without.remove(place);
    let mut twice = form.clone();
    twice.push((name, value));
    others.extend([without, twice]);
    others
}

#[tokio::test]
async fn security_every_field_of_every_form_makes_it_another_form() {
    for (path, names) in forms() {
        let form: Fields<'_> = (names.iter().enumerate())
            .map(|(place, name)| (name.as_str(), format!("valor {place}")))
            .collect();
        let own = fingerprint(&form).await;
        for place in 0..form.len() {
            for other in changed(&form, place) {
                assert_ne!(fingerprint(&other).await, own, "{path}, {}: {other:?}", names[place]);
            }
            let mut swapped = form.clone();
            let next = (place + 1) % form.len();
            (swapped[place].1, swapped[next].1) = (form[next].1.clone(), form[place].1.clone());
            assert_eq!(fingerprint(&swapped).await == own, form.len() == 1, "{path}: swapped values");
        }
        let mut more = form.clone();
        more.push(("otro_campo", String::new()));
        assert_ne!(fingerprint(&more).await, own, "{path}: a field more");
        // The server reads fields by their names; in which order they came changes nothing.
        let reversed: Fields<'_> = form.into_iter().rev().collect();
        assert_eq!(fingerprint(&reversed).await, own, "{path}: another order");
    }
}

/// A new form has to be added to [`forms`].
#[test]
fn no_form_of_a_flow_is_missing_above() {
    let listed: BTreeSet<_> = forms().into_keys().collect();
    let served: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        // “Terminar y borrar” has no field, and is the form of every flow.
        .filter(|path| !path.starts_with("/api/mesa/") && *path != "/api/terminar")
        .collect();
    assert_eq!(listed, served);
}

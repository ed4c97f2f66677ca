//! The texts of SMS: each fits one message, in letters that every telephone has.

use domain::clave::ProvisionalKey;

use super::Facts;
use crate::message::Template;

/// The text for a template. An SMS holds 160 characters of the GSM alphabet, which lacks accented a, i, o and u, so
/// none are used.
pub(super) fn text(template: Template, facts: Facts<'_>) -> String {
    let key = facts.key.map_or("", ProvisionalKey::expose);
    let (duration, who) = (facts.duration(), facts.identifier());
    match template {
        Template::ProvisionalKey => {
            format!(
                "Sr(a) usuario(a), su clave Sence provisoria es: {key}. Vale {duration}. No se la diga a nadie. \
                 Atte. SENCE"
            )
        }
        Template::ContactChanged => {
            "Pidieron enviar su Clave Sence a otro correo y celular. Si no fue usted, llame al 800 80 10 30. \
             Atte. SENCE"
                .to_owned()
        }
        Template::Registered => {
            "Su cuenta Clave Sence fue creada. Si no fue usted, llame al 800 80 10 30. Atte. SENCE".to_owned()
        }
        Template::RegisteredAgain => {
            format!(
                "Usted ya tiene Clave Sence. Alguien quiso registrar su {who} de nuevo; nada cambio. Dudas: \
                 800 80 10 30. Atte. SENCE"
            )
        }
        Template::KeyChanged => {
            "Su Clave Sence fue cambiada. Si no fue usted, llame al 800 80 10 30. Atte. SENCE".to_owned()
        }
        Template::RepresentativeChanged => {
            "Clave Sence: segun el SII, cambio el representante legal de su empresa. Dudas: 800 80 10 30. Atte. SENCE"
                .to_owned()
        }
        Template::RequestFiled => {
            "Recibimos la solicitud de su empresa para un facilitador extranjero. Dudas: 800 80 10 30. Atte. SENCE".to_owned()
        }
        Template::Updated => {
            "Los datos de su Clave Sence fueron actualizados. Si no fue usted, llame al 800 80 10 30. Atte. SENCE"
                .to_owned()
        }
        Template::RequestGranted => {
            format!("SENCE acepto su solicitud {}. El facilitador recibio su clave por correo. Atte. SENCE", facts.request)
        }
        Template::RequestRefused => {
            format!("SENCE rechazo su solicitud {}. El motivo esta en su correo. Atte. SENCE", facts.request)
        }
    }
}

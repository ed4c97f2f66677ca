//! What an SMS says. It holds 160 characters of the GSM alphabet; accented a, i, o, u are not in it, so none are used.

use super::kinds::identifier;
use super::terms::hours;
use crate::catalogue::sms::Sms;
use crate::facts::{HELP_LINE, help_line};

pub(super) const SMS: Sms = Sms {
    provisional_key: |key, duration| {
        format!(
            "{key} es su clave Sence provisoria. Vale {}. Escribala en la pagina donde la pidio. No la diga a nadie. Atte. SENCE",
            hours(duration)
        )
    },
    contact_changed: concat!(
        "Pidieron enviar su Clave Sence a otro correo o celular. Si no fue usted, llame al ",
        help_line!(),
        ". Atte. SENCE"
    ),
    registered: concat!(
        "Recibimos un registro en Clave Sence con este celular. Si no fue usted, llame al ",
        help_line!(),
        ". Atte. SENCE"
    ),
    registered_again: |kind| {
        format!(
            "Usted ya tiene Clave Sence. Alguien quiso registrar su {} de nuevo; todo sigue igual. Dudas: {HELP_LINE}. Atte. SENCE",
            identifier(kind)
        )
    },
    key_changed: concat!(
        "Su Clave Sence fue cambiada. Si no fue usted, llame al ",
        help_line!(),
        ". Atte. SENCE"
    ),
    representative_changed: concat!(
        "Clave Sence: segun el SII, cambio el representante legal de su empresa. Dudas: ",
        help_line!(),
        ". Atte. SENCE"
    ),
    request_filed: concat!(
        "Recibimos la solicitud de su empresa para un facilitador extranjero. Dudas: ",
        help_line!(),
        ". Atte. SENCE"
    ),
    updated: concat!(
        "Los datos de su Clave Sence fueron actualizados. Si no fue usted, llame al ",
        help_line!(),
        ". Atte. SENCE"
    ),
    sign_in_code: concat!(
        "Enviamos a su correo un codigo para ingresar. Si no fue usted, llame al ",
        help_line!(),
        ". Atte. SENCE"
    ),
    request_granted: |number| {
        format!("SENCE aprobo su solicitud {number}. El facilitador recibio su clave por correo. Atte. SENCE")
    },
    request_refused: |number| {
        format!("SENCE rechazo su solicitud {number}. El motivo esta en su correo. Atte. SENCE")
    },
};

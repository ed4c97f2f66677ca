//! Registration.

use super::kinds;
use crate::catalogue::register::Register;
use crate::facts::unbroken_help_line;

pub(super) const REGISTER: Register = Register {
    heading: |kind| format!("Registrar {}", kinds::title(kind).to_lowercase()),
    lead: "La Clave Sence le sirve para entrar a los sistemas de SENCE. Necesita un correo electrónico que pueda abrir. Toma \
           unos 5 minutos.",
    over: "Regístrese",
    identity: "Información de Registro",
    company_name: "Razón Social",
    company_kind: "Tipo de persona jurídica",
    representative: "Representante Legal",
    representative_names: "Nombres Representante Legal",
    document_hint: "Recuerde cuál usó: si un día olvida su clave, le pediremos este número.",
    key_heading: "Clave Sence",
    key: "Clave CS",
    key_again: "Repetir Clave CS",
    create: "Crear Cuenta",
    done_title: "Éxito: registro recibido",
    done: "Recibimos su registro.",
    by_sms: "Le enviaremos un SMS a su celular dentro de los próximos 10 minutos.",
    by_mail: "Le enviaremos un e-Mail dentro de los próximos 10 minutos.",
    no_mail: "Hoy no podemos enviarle más avisos, así que este no llegará. Su registro se recibió igual.",
    sign_in: |kind| {
        format!(
            "Si no tenía Clave Sence, entre a los sistemas de SENCE con su {} y la clave que acaba de elegir.",
            kinds::identifier(kind)
        )
    },
    had_account: |kind| {
        format!(
            "Entonces no cambió: sigue sirviendo la de antes, y la que acaba de elegir no. ¿La olvidó, o creó la cuenta otra persona? \
             Recupérela con {} en ",
            kinds::document(kind)
        )
    },
    had_one: "¿Ya tenía Clave Sence?",
    not_recovered: concat!(". Si no resulta, llame gratis al ", unbroken_help_line!(), "."),
};

//! What a mail says.

use domain::document::DocumentKind;
use domain::flow::update::Changed;
use domain::kind::Kind;

use super::kinds::identifier;
use super::terms::hours;
use crate::catalogue::mail::{
    ContactChanged, KeyChanged, Mail, ProvisionalKey, Registered, RegisteredAgain, RepresentativeChanged,
    RequestFiled, RequestGranted, RequestRefused, SignInCode, Updated,
};
use crate::facts::{HELP_LINE, help_line};

const NOTHING_TO_DO: &str = "Si fue usted, no tiene que hacer nada.";

pub(super) const MAIL: Mail = Mail {
    greeting: |kind, names| match (kind, names) {
        (Kind::Juridica, Some(company)) => format!("Señores {company}:"),
        (Kind::Juridica, None) => "Estimados señores:".to_owned(),
        (Kind::Natural | Kind::Migrante | Kind::Facilitador, Some(names)) => format!("Estimado(a) {names}:"),
        (Kind::Natural | Kind::Migrante | Kind::Facilitador, None) => "Estimado(a) usuario(a):".to_owned(),
    },
    help: concat!("¿Dudas? Llame gratis al ", help_line!(), ", de ", help_hours!(), "."),
    not_me: |kind, recover| match kind {
        Kind::Facilitador => format!("¿No fue usted? Llame ahora gratis al {HELP_LINE}."),
        Kind::Natural | Kind::Migrante | Kind::Juridica => format!(
            "¿No fue usted? Recupere su clave ahora con {} en {recover} y avísenos al {HELP_LINE}.",
            proof(kind)
        ),
    },
    code_works: |days| {
        format!("No es obligatorio. El código vale {days} días y solo sirve para confirmar este correo.")
    },
    footer: "Atentamente,\nSENCE\n\nEste mensaje se envió automáticamente. No lo responda.",
    provisional_key: ProvisionalKey {
        subject: "Su clave provisoria de Clave SENCE",
        key_is: "Su clave provisoria es:",
        validity,
        create: "Cree su nueva clave aquí:",
        create_with: |kind, end| format!("Cree su nueva clave aquí, con {} en {end}:", ending(kind)),
        secret: "No le diga esta clave a nadie. SENCE nunca se la va a pedir.",
        not_asked,
        not_asked_then: |kind| match kind {
            Kind::Facilitador => "Nadie puede usar la clave sin este mensaje.",
            Kind::Natural | Kind::Migrante | Kind::Juridica => {
                "No haga nada: la clave actual sigue sirviendo."
            }
        },
    },
    contact_changed: ContactChanged {
        subject: "Pidieron enviar su Clave SENCE a otro correo",
        what: sent_elsewhere,
        nothing_to_do: |kind| match kind {
            Kind::Facilitador => "Si usted conoce esa solicitud, no tiene que hacer nada.",
            Kind::Natural | Kind::Migrante | Kind::Juridica => NOTHING_TO_DO,
        },
    },
    registered: Registered {
        subject: "Recibimos su registro en Clave SENCE",
        received: |kind| {
            format!(
                "Recibimos un registro con este correo. Si usted no tenía Clave SENCE, ya puede entrar a los sistemas de SENCE \
                 con su {} y la clave que eligió.",
                identifier(kind)
            )
        },
        code_is: "Para confirmar que este correo funciona, use este código:",
        type_code: "Escríbalo en la última página de su registro, o aquí:",
        had_account: |kind, recover| {
            format!(
                "Si usted ya tenía una cuenta, nada cambió: su clave y sus datos siguen siendo los de antes. ¿No puede entrar \
                 con ninguna clave? Recupere su cuenta con {} en:\n{recover}",
                proof(kind)
            )
        },
        secret: "Su clave es personal. No se la diga a nadie.",
        not_me: "¿No se registró usted? Entonces otra persona escribió su correo. No use el código y avísenos.",
    },
    registered_again: RegisteredAgain {
        subject: "Usted ya tiene Clave SENCE",
        nothing_changed: |kind| {
            format!(
                "Alguien intentó crear una cuenta con su {}. Como usted ya tiene una, nada cambió: su clave y sus datos \
                 siguen igual.",
                identifier(kind)
            )
        },
        recover: "Si fue usted y no recuerda su clave, recupérela aquí:",
    },
    key_changed: KeyChanged {
        subject: "Su Clave SENCE fue cambiada",
        works: |kind| match kind {
            // The first key of a facilitator is set in the same way: SENCE grants a provisional one.
            Kind::Facilitador => "Su clave nueva ya funciona. Si tenía otra, dejó de servir.",
            Kind::Natural | Kind::Migrante | Kind::Juridica => {
                "Su clave nueva ya funciona y la anterior dejó de servir."
            }
        },
    },
    representative_changed: RepresentativeChanged {
        subject: "Cambió el representante legal de su empresa",
        what: "Según el Servicio de Impuestos Internos, el representante legal de su empresa es hoy otra persona que la que \
               estaba registrada en Clave SENCE. Actualizamos el registro.",
        meaning: "Desde ahora, para recuperar o cambiar la clave se pide el RUT de esa persona. La clave de la empresa sigue \
                  siendo la misma: si quien la conocía ya no trabaja con usted, cámbiela.",
    },
    request_filed: RequestFiled {
        subject: "Recibimos su solicitud para un facilitador extranjero",
        number_is: "El número de su solicitud es:",
        next: "SENCE la revisará y le responderá a este correo. Guarde el número: se lo pediremos si llama por esta solicitud.",
        not_asked: |change| {
            format!(
                "¿No la pidió su empresa? Alguien conoce su clave: cámbiela ahora en {change} y avísenos al {HELP_LINE}."
            )
        },
    },
    updated: Updated {
        subject: "Sus datos de Clave SENCE fueron actualizados",
        what: updated,
        code_is: "Para confirmar que su correo nuevo funciona, use este código:",
        type_code: "Escríbalo aquí:",
        nothing_to_do: NOTHING_TO_DO,
    },
    sign_in_code: SignInCode {
        subject: "Su código para ingresar con Clave SENCE",
        code_is: |system| {
            format!("Alguien está ingresando a {system} con su Clave SENCE. Si es usted, su código es:")
        },
        type_code: |minutes| {
            format!(
                "Escríbalo en la misma página donde lo pidió. Vale {minutes} minutos y sirve una sola vez."
            )
        },
        secret: "No le diga este código a nadie. SENCE nunca se lo va a pedir por teléfono ni por mensaje.",
    },
    request_granted: RequestGranted {
        subject: "SENCE aprobó su solicitud de Clave SENCE",
        granted: |number| {
            format!("Aprobamos su solicitud {number} de Clave SENCE para un facilitador extranjero.")
        },
        key_sent: "El facilitador recibió en su correo una clave provisoria y cómo crear su clave. Esa clave es personal: la \
                   empresa no la conoce y no debe pedirla.",
    },
    request_refused: RequestRefused {
        subject: "SENCE rechazó su solicitud de Clave SENCE",
        refused: |number| {
            format!("No aprobamos su solicitud {number} de Clave SENCE para un facilitador extranjero.")
        },
        reason_is: "Motivo:",
        again: "Puede corregirlo y hacer una solicitud nueva aquí:",
    },
};

/// What changed, and never to what: the notice also goes to the address of before.
fn updated(Changed { address, email, phones, question }: Changed) -> String {
    let parts = [
        (address, "su dirección"),
        (email, "su correo"),
        (phones, "sus teléfonos"),
        (question, "su pregunta secreta"),
    ];
    let parts: Vec<&str> = parts.into_iter().filter_map(|(changed, part)| changed.then_some(part)).collect();
    let what = match parts.split_last() {
        None => String::new(),
        Some((only, [])) => format!(": {only}"),
        Some((last, first)) => format!(": {} y {last}", first.join(", ")),
    };
    format!("Se actualizaron los datos de su cuenta{what}. Su clave sigue siendo la misma.")
}

fn validity(kind: Kind, duration: i64, until: Option<&str>) -> String {
    let until = until.map_or_else(String::new, |at| format!(", hasta el {at} (hora de Chile)"));
    let if_any = if kind == Kind::Facilitador { ", si tiene una," } else { "" };
    format!(
        "Vale {}{until}, se usa una sola vez y solo sirve para crear su nueva Clave SENCE. Mientras tanto, su clave \
         anterior{if_any} sigue funcionando.",
        hours(duration)
    )
}

fn not_asked(kind: Kind, company: Option<&str>) -> String {
    match (kind, company) {
        (Kind::Facilitador, Some(company)) => {
            format!(
                "La pidió para usted la empresa {company}, y SENCE aprobó la solicitud. ¿No conoce a esa empresa?"
            )
        }
        (Kind::Facilitador, None) => {
            "La pidió para usted una empresa, y SENCE aprobó la solicitud. ¿No conoce a esa empresa?"
                .to_owned()
        }
        (Kind::Natural | Kind::Migrante, _) => "¿No la pidió usted?".to_owned(),
        (Kind::Juridica, _) => "¿No la pidió su empresa?".to_owned(),
    }
}

fn sent_elsewhere(kind: Kind) -> String {
    let elsewhere = match kind {
        Kind::Facilitador => {
            return "Una empresa pidió a SENCE una clave para usted. SENCE aprobó la solicitud y envió la clave provisoria a \
                    otro correo, el que escribió la empresa."
                .to_owned();
        }
        Kind::Juridica => "otro correo",
        Kind::Natural | Kind::Migrante => "otro correo o a otro celular",
    };
    format!(
        "Alguien se identificó con su {} y {}, y pidió que la clave provisoria se enviara a {elsewhere}.",
        identifier(kind),
        proof(kind)
    )
}

/// By what document the holder proves who they are.
fn proof(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "el número de serie de su cédula",
        Kind::Juridica => "la cédula de su representante legal",
        Kind::Migrante | Kind::Facilitador => "el número de su documento de identidad",
    }
}

/// “su pasaporte terminado”, before “en 456”.
fn ending(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "su pasaporte terminado",
        DocumentKind::Card => "su cédula o documento nacional de identidad terminado",
        DocumentKind::Other => "su documento de identidad terminado",
    }
}

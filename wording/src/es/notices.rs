//! What a page says above its form.

use domain::flow::Notice;
use domain::kind::Kind;

use super::form::UNSIGNED;
use super::kinds::document;
use crate::catalogue::notices::Notices;
use crate::facts::unbroken_help_line;
use crate::{Audience, SecretFields};

pub(super) const NOTICES: Notices = Notices { notice };

/// Heading and text of a notice, to whom it is said, above a form with these secrets.
fn notice(notice: Notice, audience: Audience, secrets: SecretFields) -> (&'static str, String) {
    match notice {
        Notice::Expired => (
            "Pasó mucho tiempo",
            match audience {
                Audience::ForFacilitator => {
                    "Por su seguridad, cada trámite se cierra cuando usted lo termina, o después de 15 minutos sin avanzar. Si ya envió el último paso, revise primero \
                     el correo de la empresa. Si no, comience de nuevo: los archivos que subió están guardados por un día."
                }
                _ => {
                    "Por su seguridad, cada trámite se cierra cuando usted lo termina, o después de 15 minutos sin avanzar. Si ya envió el último paso, revise primero \
                     su correo. Si no, comience de nuevo."
                }
            }
            .to_owned(),
        ),
        Notice::ExpiredForm => (
            "Pasó mucho tiempo",
            format!(
                "Pasaron más de 15 minutos sin avanzar, o usted ya terminó este trámite. Si ya lo había enviado, revise primero {}. Si no, \
                 envíelo otra vez. {}",
                match audience {
                    Audience::ForFacilitator => "el correo de la empresa",
                    _ => "su correo",
                },
                still_here(secrets)
            ),
        ),
        Notice::OtherTab => (
            "Usted comenzó otro trámite",
            "Esta página era de un trámite anterior. Siga desde aquí; lo que envió no cambió nada.".to_owned(),
        ),
        Notice::RegistryDown => (
            "El Registro Civil no responde",
            format!(
                "No pudimos revisar {} en este momento. No es un error suyo: intente más tarde. {}",
                if audience.is_company() { "la cédula del representante legal" } else { "su cédula" },
                still_here(secrets)
            ),
        ),
        Notice::TaxRegistryDown => (
            "El Servicio de Impuestos Internos no responde",
            format!(
                "No pudimos revisar quién representa a la empresa en este momento. No es un error suyo: intente más tarde. {}",
                still_here(secrets)
            ),
        ),
        Notice::ForeignRegistryDown => (
            "El registro de documentos extranjeros no responde",
            format!(
                "No pudimos revisar su documento de identidad en este momento. No es un error suyo: intente más tarde. {}",
                still_here(secrets)
            ),
        ),
        Notice::Wait { minutes } => (
            "Demasiados intentos",
            format!(
                "Por seguridad, espere {} y vuelva a intentar. Mientras tanto no revisamos lo que escriba.",
                duration(minutes)
            ),
        ),
        Notice::WaitOrSerial { minutes } => (
            "Demasiados intentos",
            format!(
                "Por seguridad, espere {} para responder otra vez; mientras tanto no revisamos su respuesta. O siga ahora: marque \
                 «No recuerdo la respuesta a mi pregunta secreta» y use {}.",
                duration(minutes),
                document(if audience.is_company() { Kind::Juridica } else { Kind::Natural })
            ),
        ),
        Notice::WaitOrDocument { minutes } => (
            "Demasiados intentos",
            format!(
                "Por seguridad, espere {} para responder otra vez; mientras tanto no revisamos su respuesta. O siga ahora: marque \
                 «No recuerdo la respuesta a mi pregunta secreta» y use el número de su documento de identidad.",
                duration(minutes)
            ),
        ),
        Notice::WaitOrLetters { minutes, of } => (
            "Demasiados intentos",
            format!(
                "{} Escriba {}las letras de abajo, o espere {}.",
                who_tried(of),
                match secrets {
                    SecretFields { key: true, .. } => "su clave y ",
                    SecretFields { answer: true, .. } => "su respuesta y ",
                    _ => "",
                },
                duration(minutes)
            ),
        ),
        Notice::DocumentForNow { minutes } => (
            "Ahora le pedimos un documento",
            format!(
                "Desde su conexión a Internet se hicieron muchas consultas. Por seguridad, ahora no mostramos preguntas secretas. Siga \
                 con {}. Si prefiere responder su pregunta, comience de nuevo en {}.",
                by_document(audience),
                duration(minutes)
            ),
        ),
        Notice::ManyMessages => (
            "Ahora no podemos enviarle la clave",
            format!(
                "Desde su conexión a Internet se pidieron muchos mensajes en la última hora. Puede seguir ahora con {}. Comience \
                 de nuevo en «Recuperar CS» y marque «No recuerdo la respuesta a mi pregunta secreta». Si prefiere, intente otra vez \
                 en una hora.",
                by_document(audience)
            ),
        ),
        Notice::UseDocument => (
            "Demasiadas claves equivocadas hoy",
            format!(
                "Alguien escribió muchas claves equivocadas. Para cuidar su clave, hoy no la revisamos en un navegador \
                 nuevo. Use el navegador donde ya entró con su clave. O siga ahora en «Recuperar CS»: pida una clave con {}.",
                if audience.is_company() {
                    document(Kind::Juridica)
                } else {
                    "su cédula o su documento de identidad. Si es facilitador extranjero, pida otra clave a su empresa"
                }
            ),
        ),
        Notice::StillMissing => (
            "Todavía faltan datos",
            "Complételos en «Actualizar datos» y vuelva a esta página: el trámite seguirá desde aquí.".to_owned(),
        ),
        Notice::DailyCap => (
            "Ya le enviamos varias claves hoy",
            concat!("Revise su correo, también la carpeta de no deseados, y sus SMS: la última clave es la que sirve. Si no le \
             llegó, intente mañana o llame al ", unbroken_help_line!(), ".").to_owned(),
        ),
        Notice::KeysToday => (
            "Su clave ya cambió varias veces hoy",
            format!(
                "Por seguridad, espere 24 horas para cambiarla otra vez. ¿No la cambió usted? Recupérela ahora en «Recuperar CS» con \
                 {}, o llame gratis al {}.",
                if audience.is_company() {
                    "la cédula del representante legal"
                } else {
                    "su documento de identidad (si es facilitador extranjero, pida otra clave a su empresa)"
                },
                unbroken_help_line!()
            ),
        ),
        Notice::NewCaptcha => (
            "La imagen cambió",
            match listed(SecretFields { letters: false, ..secrets }) {
                None => "Escriba las letras de la nueva imagen.".to_owned(),
                Some(lost) => {
                    format!("Escriba las letras de la nueva imagen. Por seguridad, escriba también otra vez {lost}.")
                }
            },
        ),
        Notice::OtherIdentity { of } => (
            if of == Kind::Migrante { "Cambió el NIE" } else { "Cambió el RUT" },
            "Por seguridad, escriba otra vez la respuesta secreta y la clave.".to_owned(),
        ),
        Notice::MostRequests => (
            "Su empresa tiene muchas solicitudes abiertas",
            concat!("Espere a que SENCE responda las anteriores; la respuesta llega al correo de la empresa. Si es urgente, llame al ", unbroken_help_line!(), ".").to_owned(),
        ),
        Notice::MostFiles => (
            "Su empresa subió muchos archivos hoy",
            concat!("Los archivos que no son parte de una solicitud se borran después de un día. Intente mañana o llame al ", unbroken_help_line!(), ".").to_owned(),
        ),
        Notice::Unsigned => (
            UNSIGNED,
            "SENCE no puede aceptar una declaración sin la firma del representante legal. Si no está firmada, presione «Volver a \
             subir la Declaración Jurada», al final de esta página, y suba una foto o el documento escaneado."
                .to_owned(),
        ),
        Notice::Busy => (
            "Hay muchas personas usando el servicio",
            "Espere un minuto e intente de nuevo. Nada cambió.".to_owned(),
        ),
    }
}

/// Why letters are asked for.
fn who_tried(of: Option<Kind>) -> &'static str {
    match of {
        Some(Kind::Natural) => "Hubo muchos intentos con su RUT.",
        Some(Kind::Migrante) => "Hubo muchos intentos con su NIE.",
        Some(Kind::Juridica) => "Hubo muchos intentos con el RUT de la empresa.",
        Some(Kind::Facilitador) => "Hubo muchos intentos con su documento.",
        None => "Desde su conexión a Internet se hicieron muchos intentos.",
    }
}

/// The document that proves who the person is; of a person the kind is not known here.
fn by_document(audience: Audience) -> &'static str {
    if audience.is_company() { document(Kind::Juridica) } else { "su cédula o su documento de identidad" }
}

/// What has to be typed again, in one list.
fn listed(SecretFields { answer, key, letters }: SecretFields) -> Option<String> {
    let answer = match (answer, key) {
        (false, _) => None,
        (true, false) => Some("la respuesta secreta"),
        (true, true) => Some("su respuesta secreta"),
    };
    let parts = [answer, key.then_some("su clave"), letters.then_some("las letras de la imagen")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let (last, first) = parts.split_last()?;
    Some(if first.is_empty() { (*last).to_owned() } else { format!("{} y {last}", first.join(", ")) })
}

/// What is still in the form after it came back, and what is not.
fn still_here(secrets: SecretFields) -> String {
    match listed(secrets) {
        None => "Lo que escribió sigue aquí.".to_owned(),
        Some(_) if secrets == (SecretFields { letters: true, ..SecretFields::NOTHING }) => {
            "Lo que escribió sigue aquí. Solo escriba otra vez las letras de la imagen.".to_owned()
        }
        Some(lost) => format!("Lo demás sigue aquí. Por seguridad, escriba otra vez {lost}."),
    }
}

pub(super) fn duration(minutes: u32) -> String {
    if minutes == 1 { "1 minuto".to_owned() } else { format!("{minutes} minutos") }
}

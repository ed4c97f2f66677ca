//! What a page says above its form.

use domain::flow::Notice;

/// How a notice looks: something went wrong, or something is good to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The person is stopped.
    Stop,
    /// Good to know.
    Info,
}

/// Tone, heading and text of a notice.
#[must_use]
pub fn words(notice: Notice) -> (Tone, &'static str, String) {
    match notice {
        Notice::Expired => (
            Tone::Info,
            "Pasó mucho tiempo",
            "Por su seguridad, el trámite se cerró después de 15 minutos. Comience de nuevo; nada cambió.".to_owned(),
        ),
        Notice::OtherTab => (
            Tone::Info,
            "Usted comenzó otro trámite",
            "Esta página era de un trámite anterior. Siga desde aquí; lo que envió no cambió nada.".to_owned(),
        ),
        Notice::RegistryDown => (
            Tone::Stop,
            "El Registro Civil no responde",
            "No pudimos revisar su cédula en este momento. No es un error suyo: intente más tarde. Lo que escribió \
             sigue aquí."
                .to_owned(),
        ),
        Notice::TaxRegistryDown => (
            Tone::Stop,
            "El Servicio de Impuestos Internos no responde",
            "No pudimos revisar quién representa a la empresa en este momento. No es un error suyo: intente más tarde. Lo que \
             escribió sigue aquí."
                .to_owned(),
        ),
        Notice::Wait { minutes } => (
            Tone::Stop,
            "Demasiados intentos",
            format!("Por seguridad, espere {} y vuelva a intentar.", duration(minutes)),
        ),
        Notice::WaitOrSerial { minutes } => (
            Tone::Stop,
            "Demasiados intentos",
            format!(
                "Por seguridad, espere {} para responder otra vez. O siga ahora: marque «No recuerdo la respuesta a mi \
                 pregunta secreta» y use el número de serie de su cédula.",
                duration(minutes)
            ),
        ),
        Notice::WaitOrDocument { minutes } => (
            Tone::Stop,
            "Demasiados intentos",
            format!(
                "Por seguridad, espere {} para responder otra vez. O siga ahora: marque «No recuerdo la respuesta a mi \
                 pregunta secreta» y use el número de su documento de identidad.",
                duration(minutes)
            ),
        ),
        Notice::StillMissing => (
            Tone::Stop,
            "Todavía faltan datos",
            "Complételos en «Actualizar datos» y vuelva a esta página: el trámite seguirá desde aquí.".to_owned(),
        ),
        Notice::DailyCap => (
            Tone::Stop,
            "Ya le enviamos varias claves hoy",
            "Revise su correo, también la carpeta de no deseados, y sus SMS: la última clave es la que sirve. Si no le \
             llegó, intente mañana o llame al 800 80 10 30."
                .to_owned(),
        ),
        Notice::NewCaptcha => (
            Tone::Info,
            "La imagen cambió",
            "Escriba las letras de la nueva imagen. Si había escrito claves o respuestas, escríbalas otra vez.".to_owned(),
        ),
        Notice::MostRequests => (
            Tone::Stop,
            "Su empresa tiene muchas solicitudes abiertas",
            "Espere a que SENCE responda las anteriores; la respuesta llega al correo de la empresa. Si es urgente, llame al \
             800 80 10 30."
                .to_owned(),
        ),
        Notice::MostFiles => (
            Tone::Stop,
            "Su empresa subió muchos archivos hoy",
            "Los archivos que no son parte de una solicitud se borran después de un día. Intente mañana o llame al \
             800 80 10 30."
                .to_owned(),
        ),
        Notice::Busy => (
            Tone::Stop,
            "Hay muchas personas usando el servicio",
            "Espere un minuto e intente de nuevo. Nada cambió.".to_owned(),
        ),
    }
}

fn duration(minutes: u32) -> String {
    if minutes == 1 { "1 minuto".to_owned() } else { format!("{minutes} minutos") }
}

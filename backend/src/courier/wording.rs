//! The texts of mails and SMS, in Chilean Spanish: the catalogue of the courier.

mod sms;

use domain::clave::ProvisionalKey;
use domain::document::{DocumentKind, ForeignDocument};
use domain::kind::Kind;

use crate::clock::{Millis, chilean_time};
use crate::message::{Message, Recipient, Template};

/// What a message may mention.
#[derive(Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Names of the person, if known.
    pub names: Option<&'a str>,
    /// The provisional key, when one is sent.
    pub key: Option<&'a ProvisionalKey>,
    /// When the provisional key expires (V-TTL).
    pub until: Option<Millis>,
    /// Its validity in hours.
    pub hours: i64,
    /// Base of links, without a final slash.
    pub public_url: &'a str,
    /// Kind of the holder.
    pub kind: Kind,
    /// Number of a request (F-REQ).
    pub request: &'a str,
    /// Why it was refused (F-REVIEW).
    pub reason: &'a str,
    /// Of a facilitator: the document that the key is for. Messages mention only its type and last characters.
    pub document: Option<&'a ForeignDocument>,
    /// Razón Social of the company that requested the key, if known.
    pub company: Option<&'a str>,
}

impl Facts<'_> {
    /// “24 horas”.
    fn duration(&self) -> String {
        if self.hours == 1 { "1 hora".to_owned() } else { format!("{} horas", self.hours) }
    }

    /// What identifies the holder.
    fn identifier(&self) -> &'static str {
        match self.kind {
            Kind::Natural => "RUT",
            Kind::Migrante => "NIE",
            Kind::Juridica => "RUT de empresa",
            Kind::Facilitador => "documento de identidad",
        }
    }

    /// The document with which the holder proves who they are.
    fn proof(&self) -> &'static str {
        match self.kind {
            Kind::Natural => "el número de serie de su cédula",
            Kind::Juridica => "la cédula de su representante legal",
            Kind::Migrante | Kind::Facilitador => "el número de su documento de identidad",
        }
    }
}

const HELP: &str = "¿Dudas? Llame gratis al 800 80 10 30, de lunes a viernes de 9:00 a 18:00.";
const FOOTER: &str = "Atentamente,\nSENCE\n\nEste mensaje se envió automáticamente. No lo responda.";

/// Writes the message of a template for a recipient.
#[must_use]
pub fn compose(template: Template, to: Recipient, facts: Facts<'_>) -> Message {
    let (subject, text) = match to {
        Recipient::Mail(_) => mail(template, facts),
        Recipient::Sms(_) => (String::new(), sms::text(template, facts)),
    };
    Message { template, to, subject, text }
}

fn mail(template: Template, facts: Facts<'_>) -> (String, String) {
    let (url, kind, request) = (facts.public_url, facts.kind.slug(), facts.request);
    let (who, document, duration) = (facts.identifier(), facts.proof(), facts.duration());
    let key = facts.key.map_or("", ProvisionalKey::expose);
    let elsewhere = match facts.kind {
        Kind::Juridica | Kind::Facilitador => "otro correo",
        Kind::Natural | Kind::Migrante => "otro correo y otro celular",
    };
    let until =
        facts.until.map(|at| format!(", hasta el {} (hora de Chile)", chilean_time(at))).unwrap_or_default();
    let not_me = match facts.kind {
        // A facilitator cannot recover the key alone: a company asks for it.
        Kind::Facilitador => "¿No fue usted? Llame ahora gratis al 800 80 10 30.".to_owned(),
        Kind::Natural | Kind::Migrante | Kind::Juridica => format!(
            "¿No fue usted? Recupere su clave ahora con {document} en {url}/recuperar/{kind} y avísenos al \
             800 80 10 30."
        ),
    };
    let asked = match facts.kind {
        Kind::Facilitador => match facts.company {
            Some(company) => {
                format!("La pidió para usted la empresa {company}, y SENCE la otorgó. ¿No la conoce?")
            }
            None => "La pidió para usted una empresa, y SENCE la otorgó. ¿No la conoce?".to_owned(),
        },
        Kind::Natural | Kind::Migrante => "¿No la pidió usted?".to_owned(),
        Kind::Juridica => "¿No la pidió su empresa?".to_owned(),
    };
    let number = facts.request;
    let (subject, paragraphs): (_, Vec<String>) = match template {
        Template::ProvisionalKey => (
            "Su clave provisoria de Clave SENCE",
            vec![
                format!("Su clave provisoria es:\n\n{key}"),
                format!(
                    "Vale {duration}{until}, se usa una sola vez y solo sirve para crear su nueva Clave SENCE. \
                     Mientras tanto, su clave anterior{} sigue funcionando.",
                    if facts.kind == Kind::Facilitador { ", si tiene una," } else { "" }
                ),
                match facts.document {
                    Some(document) => format!(
                        "Cree su nueva clave aquí, con {}:\n{url}/cambiar/{kind}",
                        told_of(document)
                    ),
                    None => format!("Cree su nueva clave aquí:\n{url}/cambiar/{kind}"),
                },
                "No le diga esta clave a nadie. SENCE nunca se la va a pedir.".to_owned(),
                format!("{asked} Nadie puede usarla sin este mensaje. {HELP}"),
            ],
        ),
        Template::ContactChanged => (
            "Pidieron enviar su Clave SENCE a otro correo",
            vec![
                match facts.kind {
                    Kind::Facilitador => {
                        "Una empresa pidió a SENCE una clave para usted. SENCE la otorgó y envió la clave provisoria a \
                         otro correo, el que escribió la empresa."
                            .to_owned()
                    }
                    Kind::Natural | Kind::Migrante | Kind::Juridica => format!(
                        "Alguien se identificó con su {who} y {document}, y pidió que la clave provisoria se enviara \
                         a {elsewhere}."
                    ),
                },
                match facts.kind {
                    Kind::Facilitador => "Si usted conoce esa solicitud, no tiene que hacer nada.".to_owned(),
                    Kind::Natural | Kind::Migrante | Kind::Juridica => {
                        "Si fue usted, no tiene que hacer nada.".to_owned()
                    }
                },
                not_me,
            ],
        ),
        Template::Registered => (
            "Su Clave SENCE está lista",
            vec![
                format!(
                    "Su cuenta fue creada. Desde ahora puede entrar a los sistemas de SENCE con su {who} y la clave \
                     que usted eligió."
                ),
                "Su clave es personal. No se la diga a nadie.".to_owned(),
                not_me,
                HELP.to_owned(),
            ],
        ),
        Template::RegisteredAgain => (
            "Usted ya tiene Clave SENCE",
            vec![
                format!(
                    "Alguien intentó crear una cuenta con su {who}. Como usted ya tiene una, nada cambió: su clave y \
                     sus datos siguen igual."
                ),
                format!("Si fue usted y no recuerda su clave, recupérela aquí:\n{url}/recuperar/{kind}"),
                HELP.to_owned(),
            ],
        ),
        Template::KeyChanged => (
            "Su Clave SENCE fue cambiada",
            vec![
                match facts.kind {
                    // The first key of a facilitator is set in the same way: SENCE grants a provisional one.
                    Kind::Facilitador => "Su clave nueva ya funciona. Si tenía otra, dejó de servir.",
                    Kind::Natural | Kind::Migrante | Kind::Juridica => {
                        "Su clave nueva ya funciona y la anterior dejó de servir."
                    }
                }
                .to_owned(),
                not_me,
                HELP.to_owned(),
            ],
        ),
        Template::RepresentativeChanged => (
            "Cambió el representante legal de su empresa",
            vec![
                "Según el Servicio de Impuestos Internos, el representante legal de su empresa es hoy otra persona que \
                 la que estaba registrada en Clave SENCE. Actualizamos el registro."
                    .to_owned(),
                "Desde ahora, para recuperar o cambiar la clave se pide el RUT de esa persona. La clave de la empresa \
                 sigue siendo la misma: si quien la conocía ya no trabaja con usted, cámbiela."
                    .to_owned(),
                not_me,
                HELP.to_owned(),
            ],
        ),
        Template::RequestFiled => (
            "Recibimos su solicitud para un facilitador extranjero",
            vec![
                format!("El número de su solicitud es:\n\n{request}"),
                "SENCE la revisará y le responderá a este correo. Guarde el número: se lo pediremos si llama por esta \
                 solicitud."
                    .to_owned(),
                format!(
                    "¿No la pidió su empresa? Alguien conoce su clave: cámbiela ahora en {url}/cambiar/{kind} y avísenos al \
                     800 80 10 30."
                ),
            ],
        ),
        Template::Updated => (
            "Sus datos de Clave SENCE fueron actualizados",
            vec![
                "Se actualizaron los datos de su cuenta: su dirección, su correo, sus teléfonos o su pregunta \
                 secreta. Su clave sigue \
                 siendo la misma."
                    .to_owned(),
                "Si fue usted, no tiene que hacer nada.".to_owned(),
                not_me,
                HELP.to_owned(),
            ],
        ),
        Template::RequestGranted => (
            "SENCE aceptó su solicitud de Clave SENCE",
            vec![
                format!("Aceptamos su solicitud {number} de Clave SENCE para un facilitador extranjero."),
                "El facilitador recibió en su correo una clave provisoria y cómo crear su clave. Esa clave es personal: \
                 la empresa no la conoce y no debe pedirla."
                    .to_owned(),
                HELP.to_owned(),
            ],
        ),
        Template::RequestRefused => (
            "SENCE rechazó su solicitud de Clave SENCE",
            vec![
                format!("No aceptamos su solicitud {number} de Clave SENCE para un facilitador extranjero."),
                format!("Motivo:\n{}", facts.reason),
                format!("Puede corregirlo y hacer una solicitud nueva aquí:\n{url}/facilitador"),
                HELP.to_owned(),
            ],
        ),
    };
    let greeting = match (facts.kind, facts.names) {
        (Kind::Juridica, Some(company)) => format!("Señores {company}:"),
        (Kind::Juridica, None) => "Estimados señores:".to_owned(),
        (_, Some(names)) => format!("Estimado(a) {names}:"),
        (_, None) => "Estimado(a) usuario(a):".to_owned(),
    };
    let text = std::iter::once(greeting)
        .chain(paragraphs)
        .chain([FOOTER.to_owned()])
        .collect::<Vec<_>>()
        .join("\n\n");
    (subject.to_owned(), text)
}

/// “su pasaporte terminado en 456”: enough for a person with several documents, and useless to another reader of the
/// mail.
fn told_of(document: &ForeignDocument) -> String {
    let kind = match document.kind() {
        DocumentKind::Passport => "su pasaporte terminado",
        DocumentKind::Card => "su cédula o documento nacional de identidad terminado",
        DocumentKind::Other => "su documento de identidad terminado",
    };
    let number = document.number();
    let end: String = number.chars().skip(number.chars().count().saturating_sub(3)).collect();
    format!("{kind} en {end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::email::Email;
    use domain::phone::Mobile;

    const ALL: [Template; 10] = [
        Template::RequestFiled,
        Template::ProvisionalKey,
        Template::ContactChanged,
        Template::Registered,
        Template::RegisteredAgain,
        Template::KeyChanged,
        Template::Updated,
        Template::RepresentativeChanged,
        Template::RequestGranted,
        Template::RequestRefused,
    ];

    #[test]
    fn n_rec_end_the_mail_greets_and_carries_key_and_link() {
        let key = ProvisionalKey::parse("J53722W1").unwrap();
        let facts = Facts {
            names: Some("Rosa Prueba"),
            key: Some(&key),
            // 28-05-2019, 14:47 UTC: winter in Chile.
            until: Some(1_559_054_820_000),
            hours: 24,
            public_url: "https://clave.ejemplo.cl",
            kind: Kind::Natural,
            ..Facts::default()
        };
        let to = Recipient::Mail(Email::parse("rosa@correo.cl").unwrap());
        let mail = compose(Template::ProvisionalKey, to, facts);
        for part in [
            "Estimado(a) Rosa Prueba:",
            "J53722W1",
            "24 horas, hasta el 28-05-2019 10:47 (hora de Chile)",
            "https://clave.ejemplo.cl/cambiar/natural",
        ] {
            assert!(mail.text.contains(part), "{part}");
        }
        assert!(!mail.subject.contains("J53722W1"));
    }

    #[test]
    fn j_rec_a_company_is_no_person() {
        for template in ALL {
            let to = Recipient::Mail(Email::parse("empresa@correo.cl").unwrap());
            let facts = Facts { names: Some("Capacitación SpA"), kind: Kind::Juridica, ..Facts::default() };
            let mail = compose(template, to, facts);
            assert!(mail.text.starts_with("Señores Capacitación SpA:\n"), "{}", mail.text);
        }
    }

    #[test]
    fn f_review_the_mail_with_the_key_says_for_which_document_and_who_asked() {
        let key = ProvisionalKey::parse("J53722W1").unwrap();
        let document = ForeignDocument::parse("pasaporte", "AB 123.456").unwrap();
        let to = Recipient::Mail(Email::parse("ana@correo.pe").unwrap());
        let facts =
            Facts { document: Some(&document), company: Some("Capacitación SpA"), ..Facts::default() };
        let facts = Facts { key: Some(&key), kind: Kind::Facilitador, ..facts };
        let mail = compose(Template::ProvisionalKey, to, facts);
        for part in ["su pasaporte terminado en 456:", "la empresa Capacitación SpA"] {
            assert!(mail.text.contains(part), "{}", mail.text);
        }
        assert!(!mail.text.contains("3456"), "{}", mail.text);
    }

    #[test]
    fn f_review_no_mail_leads_a_facilitator_where_there_is_nothing() {
        for template in ALL {
            let to = Recipient::Mail(Email::parse("ana@correo.pe").unwrap());
            let facts =
                Facts { kind: Kind::Facilitador, public_url: "https://clave.ejemplo.cl", ..Facts::default() };
            let mail = compose(template, to, facts);
            if template != Template::RegisteredAgain {
                assert!(!mail.text.contains("/recuperar/"), "{}", mail.text);
            }
        }
    }

    #[test]
    fn f_review_the_company_is_told_number_and_reason() {
        let to = Recipient::Mail(Email::parse("empresa@correo.cl").unwrap());
        let facts = Facts { request: "F-AAAA-CCCC", reason: "La firma\nno se lee.", ..Facts::default() };
        let facts = Facts { public_url: "https://clave.ejemplo.cl", kind: Kind::Juridica, ..facts };
        let mail = compose(Template::RequestRefused, to.clone(), facts);
        for part in ["F-AAAA-CCCC", "Motivo:\nLa firma\nno se lee.", "https://clave.ejemplo.cl/facilitador"] {
            assert!(mail.text.contains(part), "{part}");
        }
        assert!(
            !mail.subject.contains("F-AAAA")
                && compose(Template::RequestGranted, to, facts).text.contains("F-AAAA-CCCC")
        );
    }

    #[test]
    fn an_sms_fits_into_one_and_only_one_template_carries_the_key() {
        let key = ProvisionalKey::parse("J53722W1").unwrap();
        for template in ALL {
            let to = Recipient::Sms(Mobile::parse("12345678").unwrap());
            let sms = compose(template, to, Facts { key: Some(&key), hours: 24, ..Facts::default() });
            assert!(sms.text.len() <= 160 && sms.text.is_ascii(), "{}: {}", sms.text.len(), sms.text);
            assert_eq!(sms.text.contains("J53722W1"), template == Template::ProvisionalKey);
        }
    }
}

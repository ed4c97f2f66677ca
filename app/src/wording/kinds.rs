//! The words that differ from one kind of holder to another: everything else on the screens is the same for all.

use domain::company::CompanyKind;
use domain::document::DocumentKind;
use domain::kind::Kind;
use domain::needs::Datum;

use super::labels::kind_title;
use crate::errand::Errand;

/// What a kind is known by, within a sentence.
#[must_use]
pub fn identifier(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "RUT",
        Kind::Juridica => "RUT de empresa",
        Kind::Facilitador => "documento de identidad",
        Kind::Migrante => "NIE",
    }
}

/// Heading of the first step of a recovery.
#[must_use]
pub fn which_identifier(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "¿Cuál es su RUT?",
        Kind::Juridica => "¿Cuál es el RUT de su empresa?",
        Kind::Facilitador => "¿Cuál es su documento de identidad?",
        Kind::Migrante => "¿Cuál es su NIE?",
    }
}

/// Label of the field for it.
#[must_use]
pub fn identifier_label(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Rut",
        Kind::Juridica => "Rut Empresa",
        Kind::Facilitador => "Número de documento de identidad",
        Kind::Migrante => "NIE",
    }
}

/// Where it is found, for the first time that it is asked for.
#[must_use]
pub fn identifier_hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Como sale en su cédula. Por ejemplo: 12.345.678-5",
        Kind::Juridica => "El de la empresa, OTEC u OTIC. Por ejemplo: 76.192.083-9",
        Kind::Migrante => "Su número de identidad extranjero: letras y números, con o sin guion.",
        Kind::Facilitador => "El que escribió la empresa en la solicitud, con o sin puntos y guiones.",
    }
}

/// Which keys count as “CS Actual”, and how a provisional one came.
#[must_use]
pub fn current_key_hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante => {
            "Su clave de hoy, o la clave provisoria que recibió por correo o SMS. Las mayúsculas cuentan."
        }
        Kind::Juridica | Kind::Facilitador => {
            "Su clave de hoy, o la clave provisoria que recibió por correo. Las mayúsculas cuentan."
        }
    }
}

/// The small line over a heading: which errand, for whom.
#[must_use]
pub fn over(errand: Errand, kind: Kind) -> String {
    format!("{} · {}", errand.words(crate::words::words()).menu, kind_title(kind))
}

/// Heading of the registration.
#[must_use]
pub fn register(kind: Kind) -> String {
    format!("Registrar {}", kind_title(kind).to_lowercase())
}

/// Heading of the step that asks for the identity document.
#[must_use]
pub fn document_heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Escriba el número de serie de su cédula",
        Kind::Juridica => "Escriba el número de serie de la cédula del representante legal",
        Kind::Migrante | Kind::Facilitador => "Escriba el número de su documento de identidad",
    }
}

/// The number that proves who one is, within a sentence.
#[must_use]
pub fn document(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "el número de serie de su cédula",
        Kind::Juridica => "el RUT y la cédula del representante legal",
        Kind::Migrante | Kind::Facilitador => "el número de su documento de identidad",
    }
}

/// What a person should have at hand to recover without answer and mail.
#[must_use]
pub fn document_at_hand(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Tenga su cédula a mano, necesitará su número de serie.",
        Kind::Juridica => "Tenga a mano el RUT y la cédula del representante legal.",
        Kind::Migrante | Kind::Facilitador => "Tenga a mano el documento de identidad con que se registró.",
    }
}

/// Label of the field for the identity document's number.
#[must_use]
pub fn document_label(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Juridica => "Número de serie cédula de identidad",
        Kind::Migrante | Kind::Facilitador => "Número de documento de identidad",
    }
}

/// Where the provisional key goes.
#[must_use]
pub fn key_goes_to(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante | Kind::Facilitador => {
            "Le enviaremos una clave provisoria a su correo y a su celular. Mientras tanto, su clave de hoy sigue \
             funcionando."
        }
        Kind::Juridica => {
            "Enviaremos una clave provisoria al correo de la empresa. Mientras tanto, la clave de hoy sigue funcionando."
        }
    }
}

/// What the last page of a recovery says of the mail (guides 002, 004).
/// `to_new`: to an address that was given on the way, and is not the registered one.
#[must_use]
pub fn key_by_mail(kind: Kind, to_new: bool) -> &'static str {
    match kind {
        Kind::Juridica if to_new => {
            "Su clave Sence será enviada al e-Mail de la empresa registrado dentro de los próximos 10 minutos. Es el correo que acaba \
             de indicar."
        }
        Kind::Natural | Kind::Migrante | Kind::Facilitador => {
            "Su clave Sence (CS) será enviada a su e-Mail dentro de los próximos 10 minutos."
        }
        Kind::Juridica => {
            "Su clave Sence será enviada al e-Mail de la empresa registrado dentro de los próximos 10 minutos."
        }
    }
}

/// What became of the key before. A foreign facilitator sets the first one in the same way.
#[must_use]
pub fn former_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Facilitador => "Si tenía otra, ya no sirve.",
        Kind::Natural | Kind::Migrante | Kind::Juridica => "La anterior ya no sirve.",
    }
}

/// Who else is told when the key goes to other contact data; nobody, when there is no other address on file.
#[must_use]
pub fn also_told(kind: Kind, mail_on_file: bool) -> Option<&'static str> {
    match (kind, mail_on_file) {
        (Kind::Juridica, true) => Some("Por seguridad, también avisaremos al correo que estaba registrado."),
        (Kind::Juridica, false) => None,
        (_, true) => {
            Some("Por seguridad, también avisaremos al correo y al celular que estaban registrados.")
        }
        (_, false) => {
            Some("Por seguridad, también avisaremos al celular que estaba registrado, si había uno.")
        }
    }
}

/// Before the RUT of the company whose key is being recovered.
pub const COMPANY: &str = "Empresa:";

/// Link to the first step, for another company; and what it says more to whoever hears the link alone.
pub const OTHER_COMPANY: (&str, &str) = ("Cambiar", " de empresa");

/// Other contact data, within a sentence. A company is written to by mail only.
fn other_contact(kind: Kind) -> &'static str {
    match kind {
        Kind::Juridica | Kind::Facilitador => "otro correo",
        Kind::Natural | Kind::Migrante => "otro correo y otro celular",
    }
}

/// How to give other contact data: only the document earns it.
#[must_use]
pub fn other_mail(kind: Kind) -> String {
    format!(
        "Si en el paso siguiente ve su pregunta secreta, marque «No recuerdo la respuesta a mi pregunta secreta»: así podrá \
         dar {}.",
        other_contact(kind)
    )
}

/// The doubt of whoever answered, and sees an address that is theirs no longer.
pub const MAIL_LOST: &str = "¿Ya no usa ese correo?";

/// Link to the first step.
pub const START_AGAIN: &str = "Comience de nuevo";

/// What to do there.
#[must_use]
pub fn tick_and_prove(kind: Kind) -> String {
    format!(
        "y marque «No recuerdo la respuesta a mi pregunta secreta»: con {} podrá dar {}.",
        document(kind),
        other_contact(kind)
    )
}

/// The document is valid, and there is no account.
#[must_use]
pub fn no_account(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante | Kind::Facilitador => {
            "Su cédula está vigente, pero no hay una cuenta con su RUT. Puede crearla ahora; toma unos 5 minutos."
        }
        Kind::Juridica => {
            "Los datos del representante son correctos, pero la empresa no tiene una cuenta. Puede crearla ahora; toma unos \
             5 minutos."
        }
    }
}

/// A kind of company, in the list on the screen.
#[must_use]
pub fn company_kind(kind: CompanyKind) -> &'static str {
    match kind {
        CompanyKind::Empresa => "Empresa",
        CompanyKind::Otec => "OTEC",
        CompanyKind::Otic => "OTIC",
    }
}

/// A sort of identity document, in the list on the screen.
#[must_use]
pub fn document_kind(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "Pasaporte",
        DocumentKind::Card => "Cédula o documento nacional de identidad",
        DocumentKind::Other => "Otro documento de identidad",
    }
}

/// Something that an account lacks, in a list.
#[must_use]
pub fn datum(datum: Datum) -> &'static str {
    match datum {
        Datum::Question => "su pregunta secreta",
        Datum::Address => "su dirección",
        Datum::Email => "su correo electrónico",
    }
}

/// How a new key must be.
#[must_use]
pub fn new_key_hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use su RUT, su nombre ni claves fáciles."
        }
        Kind::Juridica => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use el RUT ni el nombre de la empresa, ni claves fáciles."
        }
        Kind::Facilitador => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use su documento, su nombre ni claves fáciles."
        }
        Kind::Migrante => {
            "Entre 8 y 10 caracteres. Las mayúsculas cuentan. No use su NIE, su nombre ni claves fáciles."
        }
    }
}

/// Button that goes on by the identity document.
#[must_use]
pub fn go_on_by_document(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Seguir con mi cédula",
        Kind::Migrante | Kind::Facilitador => "Seguir con mi documento",
        Kind::Juridica => "Seguir con el representante legal",
    }
}

/// The doubt of whoever is reached elsewhere by now.
#[must_use]
pub fn changed_contact(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante | Kind::Facilitador => "¿Cambió de correo o de celular?",
        Kind::Juridica => "¿La empresa cambió de correo?",
    }
}

/// Whether a kind has “Actualizar datos”.
#[must_use]
pub fn updates(kind: Kind) -> bool {
    Errand::Update.kinds().contains(&kind)
}

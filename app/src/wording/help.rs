//! “Más información” (A-INFO): what to do for each message that stops a person. The messages link to their answer.

use domain::field::{Field, FieldError, Reason};
use domain::flow::Notice;
use domain::kind::Kind;

use crate::errand::Errand;

/// An answer: its anchor on the page, the message as people would ask about it, what to do, and where.
pub struct Topic {
    /// `id` on the page, and what a message links to.
    pub anchor: &'static str,
    /// The message, or the doubt.
    pub question: &'static str,
    /// What to do. `{horas}` stands for how long a provisional key works.
    pub answer: &'static str,
    /// The errand that helps.
    pub errand: Option<Errand>,
}

const fn answer(
    anchor: &'static str,
    question: &'static str,
    answer: &'static str,
    errand: Option<Errand>,
) -> Topic {
    Topic { anchor, question, answer, errand }
}

/// Every answer, in the order of the page.
pub const TOPICS: &[Topic] = &[
    answer(
        "olvide-clave",
        "No recuerdo mi clave, o me dice que no es correcta",
        "Las mayúsculas y minúsculas cuentan. Si no la recuerda, recupérela: le enviaremos una clave provisoria. La de hoy \
         sigue sirviendo hasta que cree otra.",
        Some(Errand::Recover),
    ),
    answer(
        "olvide-respuesta",
        "No recuerdo la respuesta a mi pregunta secreta",
        "Marque «No recuerdo la respuesta a mi pregunta secreta» y siga. Le pediremos el número de serie de su cédula o, si \
         usted se registró con NIE, el número de su documento de identidad. En «Actualizar datos» podrá elegir otra pregunta. A \
         una empresa le pediremos el RUT y la cédula de su representante legal; para cambiar su pregunta, llame a la mesa de \
         ayuda.",
        Some(Errand::Recover),
    ),
    answer(
        "serie",
        "El número de serie no corresponde a mi cédula",
        "En la cédula nueva está adelante, junto a «NÚMERO DOCUMENTO»; en la antigua, atrás, y comienza con la letra A. Debe \
         ser su cédula vigente: una vencida o reemplazada por otra ya no sirve.",
        None,
    ),
    answer(
        "cedula-bloqueada",
        "Mi cédula aparece bloqueada",
        "El Registro Civil la tiene bloqueada por pérdida, por renovación o por un tiempo. Solo el Registro Civil puede \
         decirle por qué. Con su cédula vigente puede seguir.",
        None,
    ),
    answer(
        "documento",
        "El número de mi documento de identidad no es correcto",
        "Use el número del documento con que se registró: el pasaporte o la cédula de su país. Si lo renovó y el número es \
         otro, llame a la mesa de ayuda.",
        None,
    ),
    answer(
        "registro-civil",
        "El Registro Civil no responde",
        "No es un error suyo y no cuenta como intento. Espere un momento y presione otra vez el botón del final («Validar» o \
         «Crear Cuenta»). Lo que escribió queda en la página durante 15 minutos, menos claves, respuestas y letras de la imagen: \
         por seguridad, esas se escriben otra vez.",
        None,
    ),
    answer(
        "representante",
        "Me dice que la persona no es representante legal de la empresa",
        "Preguntamos al Servicio de Impuestos Internos (SII) quién representa hoy a la empresa. Si hubo un cambio reciente, debe \
         estar informado en el SII; después de eso podrá seguir aquí con el RUT del nuevo representante.",
        None,
    ),
    answer(
        "sii",
        "El Servicio de Impuestos Internos no responde",
        "No es un error suyo y no cuenta como intento. Espere un momento y presione otra vez el botón del final («Validar» o \
         «Crear Cuenta»). Lo que escribió queda en la página durante 15 minutos, menos claves, respuestas y letras de la imagen: \
         por seguridad, esas se escriben otra vez.",
        None,
    ),
    answer(
        "faltan-datos",
        "Me dice que faltan datos en mi cuenta",
        "Su cuenta viene de un sistema anterior y está incompleta. Complete lo que falta en «Actualizar datos»: el trámite \
         sigue después donde quedó.",
        Some(Errand::Update),
    ),
    answer(
        "correo-antiguo",
        "Ya no uso el correo que está registrado",
        "Al recuperar su clave con la cédula o el documento, responda NO cuando le preguntemos si el correo es correcto, y \
         escriba el actual. Si puede validar sus datos en «Actualizar datos», cámbielo ahí.",
        Some(Errand::Update),
    ),
    answer(
        "clave-provisoria",
        "La clave provisoria no funciona",
        "Vale {horas}, se usa una sola vez y solo sirve la última que recibió. Úsela en «Cambiar CS». Si venció, pida otra.",
        Some(Errand::Change),
    ),
    answer(
        "espere",
        "Me dice que espere, que hubo demasiados intentos",
        "Es por su seguridad. La espera termina sola; la pantalla dice cuántos minutos faltan. Su cuenta no queda bloqueada.",
        None,
    ),
    answer(
        "muchas-claves",
        "Me dice que ya me enviaron varias claves hoy",
        "Hay un máximo por día. La última clave que recibió es la que sirve: revise su correo, también «No deseados» o \
         «Spam», y sus SMS.",
        Some(Errand::Change),
    ),
    answer(
        "no-llega",
        "No me llega el mensaje",
        "Puede tardar 10 minutos. Mire también en «No deseados» o «Spam». Si el correo o el celular registrados ya no son \
         suyos, pida la clave de nuevo con su cédula o documento.",
        Some(Errand::Recover),
    ),
    answer(
        "vencio",
        "La página dice que pasó mucho tiempo",
        "Por su seguridad, cada trámite se cierra si pasan 15 minutos sin avanzar. Comience de nuevo: nada cambió.",
        None,
    ),
    answer(
        "clave-facil",
        "No me acepta la clave que elegí",
        "Debe tener entre 8 y 10 caracteres, no llevar su RUT, NIE o nombre, no ser de las más usadas ni una de sus últimas \
         cinco. Mezcle palabras y números que solo usted conozca.",
        None,
    ),
    answer(
        "facilitador",
        "Necesito la clave de un facilitador extranjero",
        "La pide la empresa que lo contrata, con su RUT, su representante legal y su clave. Descarga la Declaración Jurada, la \
         sube firmada y agrega el documento de identidad del facilitador. SENCE responde al correo de la empresa; si acepta, el \
         facilitador recibe en su correo una clave provisoria. Si un día la olvida, la empresa hace otra solicitud.",
        Some(Errand::Facilitator),
    ),
    answer(
        "solicitudes-abiertas",
        "Me dice que la empresa ya tiene solicitudes abiertas",
        "SENCE todavía no responde las anteriores. La respuesta llega al correo de la empresa: revise también «No deseados» o \
         «Spam». Tenga a mano el número de la solicitud si llama a la mesa de ayuda.",
        None,
    ),
    answer(
        "archivo",
        "No me acepta el archivo",
        "Recibimos PDF, JPG o PNG de hasta 5 MB, sin clave y sin programas ni adjuntos. Lo más simple: ponga la hoja sobre una \
         mesa con buena luz y tómele una foto con el teléfono. Si pesa mucho, tómela con menos calidad.",
        None,
    ),
];

/// The answer to a notice, if there is one to read.
#[must_use]
pub fn about(notice: Notice) -> Option<&'static str> {
    Some(match notice {
        Notice::Expired | Notice::OtherTab => "vencio",
        Notice::RegistryDown => "registro-civil",
        Notice::TaxRegistryDown => "sii",
        Notice::Wait { .. } | Notice::WaitOrSerial { .. } | Notice::WaitOrDocument { .. } => "espere",
        Notice::StillMissing => "faltan-datos",
        Notice::DailyCap => "muchas-claves",
        Notice::MostRequests => "solicitudes-abiertas",
        Notice::NewCaptcha | Notice::Busy | Notice::MostFiles | Notice::Unsigned => return None,
    })
}

/// The answer to an error that mending the text may not cure.
#[must_use]
pub fn about_error(error: FieldError) -> Option<&'static str> {
    Some(match (error.field, error.reason) {
        (Field::Serial, Reason::Blocked) => "cedula-bloqueada",
        (Field::Serial, Reason::Wrong) => "serie",
        (Field::DocumentNumber, Reason::Wrong) => "documento",
        (Field::DocumentNumber, Reason::AlreadyAsked) => "solicitudes-abiertas",
        (Field::Declaration | Field::DocumentFile, reason) if reason != Reason::Missing => "archivo",
        (
            Field::CurrentKey,
            Reason::WrongForDocument | Reason::ExpiredAskCompany | Reason::SpentAskCompany,
        ) => "facilitador",
        (Field::Representative, Reason::NotRepresentative) => "representante",
        (Field::Answer, Reason::Wrong) => "olvide-respuesta",
        (Field::CurrentKey, Reason::Wrong | Reason::WrongForNie | Reason::WrongForCompany) => "olvide-clave",
        (Field::CurrentKey, Reason::Expired | Reason::Spent | Reason::OnlyToChange) => "clave-provisoria",
        (Field::BirthDate, Reason::NotTheSame) => "correo-antiguo",
        (Field::NewKey, Reason::Common | Reason::UsedBefore | Reason::ContainsName) => "clave-facil",
        _ => return None,
    })
}

/// What each kind must have (guide 004).
#[must_use]
pub fn requirement(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "RUT chileno, con su cédula de identidad.",
        Kind::Migrante => "NIE, el número de identidad extranjero, y su documento de identidad.",
        Kind::Juridica => "RUT de la empresa, OTEC u OTIC vigente.",
        Kind::Facilitador => "Documento de identidad extranjero, y una empresa que pida la clave por usted.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_info_every_message_that_links_has_its_answer() {
        let minutes = 1;
        let notices = [
            Notice::Expired,
            Notice::OtherTab,
            Notice::RegistryDown,
            Notice::TaxRegistryDown,
            Notice::Wait { minutes },
            Notice::WaitOrSerial { minutes },
            Notice::WaitOrDocument { minutes },
            Notice::StillMissing,
            Notice::DailyCap,
            Notice::MostRequests,
        ];
        let errors = [
            (Field::Serial, Reason::Blocked),
            (Field::Serial, Reason::Wrong),
            (Field::DocumentNumber, Reason::Wrong),
            (Field::DocumentNumber, Reason::AlreadyAsked),
            (Field::Declaration, Reason::FileFormat),
            (Field::CurrentKey, Reason::ExpiredAskCompany),
            (Field::Representative, Reason::NotRepresentative),
            (Field::Answer, Reason::Wrong),
            (Field::CurrentKey, Reason::Wrong),
            (Field::CurrentKey, Reason::Spent),
            (Field::BirthDate, Reason::NotTheSame),
            (Field::NewKey, Reason::Common),
        ];
        let anchors = notices
            .map(about)
            .into_iter()
            .chain(errors.map(|(field, reason)| about_error(FieldError::new(field, reason))));
        for anchor in anchors {
            assert_eq!(TOPICS.iter().filter(|a| Some(a.anchor) == anchor).count(), 1, "{anchor:?}");
        }
    }
}

//! “Más información”.

use super::kinds;
use crate::catalogue::Around;
use crate::catalogue::help::{Answer, Help, Topic, Topics};

pub(super) const HELP: Help = Help {
    title: "Más información",
    what: "Qué es la Clave Sence",
    what_it_is: "Es la clave con la que usted entra a los sistemas de SENCE para hacer trámites y acceder a programas, cursos \
                 y beneficios.",
    personal: "Es personal e intransferible: no se la diga a nadie.",
    not_clave_unica: "No es la ClaveÚnica del Registro Civil: son claves distintas.",
    needs: "Qué necesita",
    need: |kind| format!("{}: {}", kinds::title(kind), kinds::requirement(kind)),
    need_mail: "En todos los casos, un correo electrónico que usted pueda abrir.",
    trouble: "Si algo no resulta",
    hours,
    topics: TOPICS,
    other: Around { before: "¿Otra duda? Llame gratis al ", after: concat!(", de ", help_hours!(), ".") },
};

fn hours(hours: i64) -> String {
    if hours == 1 { "1 hora".to_owned() } else { format!("{hours} horas") }
}

const TOPICS: Topics = Topics {
    forgotten_key: Topic {
        question: "No recuerdo mi clave, o me dice que no es correcta",
        answer: Answer::Plain(
            "Las mayúsculas y minúsculas cuentan. Si no la recuerda, recupérela: le enviaremos una clave provisoria. La de hoy \
         sigue sirviendo hasta que cree otra.",
        ),
    },
    forgotten_answer: Topic {
        question: "No recuerdo la respuesta a mi pregunta secreta",
        answer: Answer::Plain(
            "Marque «No recuerdo la respuesta a mi pregunta secreta» y siga. Le pediremos el número de serie de su cédula o, si \
         usted se registró con NIE, el número de su documento de identidad. En «Actualizar datos» podrá elegir otra pregunta. A \
         una empresa le pediremos el RUT y la cédula de su representante legal; para cambiar su pregunta, llame a la mesa de \
         ayuda.",
        ),
    },
    serial: Topic {
        question: "El número de serie no corresponde a mi cédula",
        answer: Answer::Plain(
            "En la cédula nueva está adelante, junto a «NÚMERO DOCUMENTO»; en la antigua, atrás, y comienza con la letra A. Debe \
         ser su cédula vigente: una vencida o reemplazada por otra ya no sirve.",
        ),
    },
    blocked_card: Topic {
        question: "Mi cédula aparece bloqueada",
        answer: Answer::Plain(
            "El Registro Civil la tiene bloqueada por pérdida, por renovación o por un tiempo. Solo el Registro Civil puede \
         decirle por qué. Con su cédula vigente puede seguir.",
        ),
    },
    document: Topic {
        question: "El número de mi documento de identidad no es correcto",
        answer: Answer::Plain(
            "Use un documento vigente: el pasaporte o la cédula de su país. Si se registró con otro, o si otra persona registró su \
         NIE, llame a la mesa de ayuda.",
        ),
    },
    civil_registry: Topic {
        question: "El Registro Civil no responde",
        answer: Answer::Plain(
            "No es un error suyo y no cuenta como intento. Espere un momento y presione otra vez el botón del final («Validar» o \
         «Crear Cuenta»). Lo que escribió queda en la página durante 15 minutos. Las letras de la imagen se escriben otra vez; la \
         página le dice si también debe escribir la clave o la respuesta.",
        ),
    },
    representative: Topic {
        question: "Me dice que la persona no es representante legal de la empresa",
        answer: Answer::Plain(
            "Preguntamos al Servicio de Impuestos Internos (SII) quién representa hoy a la empresa. Si hubo un cambio reciente, debe \
         estar informado en el SII; después de eso podrá seguir aquí con el RUT del nuevo representante.",
        ),
    },
    tax_registry: Topic {
        question: "El Servicio de Impuestos Internos no responde",
        answer: Answer::Plain(
            "No es un error suyo y no cuenta como intento. Espere un momento y presione otra vez el botón del final («Validar» o \
         «Crear Cuenta»). Lo que escribió queda en la página durante 15 minutos. Las letras de la imagen se escriben otra vez; la \
         página le dice si también debe escribir la clave o la respuesta.",
        ),
    },
    missing_data: Topic {
        question: "Me dice que faltan datos en mi cuenta",
        answer: Answer::Plain(
            "A su cuenta le falta algo: viene de un sistema anterior, o usted la recuperó con un documento y, por \
         seguridad, borramos los datos anteriores. Complétela en «Actualizar datos»: el trámite sigue después donde quedó.",
        ),
    },
    other_person: Topic {
        question: "Otra persona creó una cuenta con mi RUT o con mi NIE",
        answer: Answer::Plain(
            "Recupere la cuenta con su documento de identidad. Entre a «Recuperar CS». Si ve una pregunta secreta, marque «No recuerdo \
         la respuesta a mi pregunta secreta». Si el correo que mostramos no es suyo, elija NO y escriba el suyo. Cuando cree su clave \
         nueva, la otra persona ya no podrá entrar. Si usa NIE y no aceptamos su documento, llame a la mesa de ayuda.",
        ),
    },
    old_mail: Topic {
        question: "Ya no uso el correo que está registrado",
        answer: Answer::Plain(
            "Al recuperar su clave con la cédula o el documento, responda NO cuando le preguntemos si el correo es correcto, y \
         escriba el actual. Si puede validar sus datos en «Actualizar datos», cámbielo ahí.",
        ),
    },
    provisional_key: Topic {
        question: "La clave provisoria no funciona",
        answer: Answer::Within(|hours| {
            format!(
                "Vale {hours}, se usa una sola vez y solo sirve la última que recibió. Úsela en «Cambiar CS». Si venció, pida otra."
            )
        }),
    },
    wait: Topic {
        question: "Me dice que espere, que hubo demasiados intentos",
        answer: Answer::Plain(
            "Es por su seguridad. La espera termina sola; la pantalla dice cuántos minutos faltan. Su cuenta no queda bloqueada.",
        ),
    },
    many_keys: Topic {
        question: "Me dice que ya me enviaron varias claves hoy",
        answer: Answer::Plain(
            "Hay un máximo por día. La última clave que recibió es la que sirve: revise su correo, también «No deseados» o \
         «Spam», y sus SMS.",
        ),
    },
    no_message: Topic {
        question: "No me llega el mensaje",
        answer: Answer::Plain(
            "Puede tardar 10 minutos. Mire también en «No deseados» o «Spam». Si el correo o el celular registrados ya no son \
         suyos, pida la clave de nuevo con su cédula o documento.",
        ),
    },
    expired: Topic {
        question: "La página dice que pasó mucho tiempo",
        answer: Answer::Plain(
            "Por su seguridad, cada trámite se cierra después de 15 minutos sin avanzar. Si ya envió el último paso, revise primero su \
         correo. Si no, siga desde la página que se abrió, o comience de nuevo.",
        ),
    },
    easy_key: Topic {
        question: "No me acepta la clave que elegí",
        answer: Answer::Plain(
            "Debe tener entre 8 y 10 caracteres, no llevar su RUT, NIE o nombre, no ser de las más usadas ni una de sus últimas \
         cinco. Mezcle palabras y números que solo usted conozca.",
        ),
    },
    facilitator: Topic {
        question: "Necesito la clave de un facilitador extranjero",
        answer: Answer::Plain(
            "La pide la empresa que lo contrata, con su RUT, su representante legal y su clave. Descarga la Declaración Jurada, la \
         sube firmada y agrega el documento de identidad del facilitador. SENCE responde al correo de la empresa; si la aprueba, el \
         facilitador recibe en su correo una clave provisoria. Si un día la olvida, la empresa hace otra solicitud.",
        ),
    },
    open_requests: Topic {
        question: "Me dice que la empresa ya tiene solicitudes abiertas",
        answer: Answer::Plain(
            "SENCE todavía no responde las anteriores. La respuesta llega al correo de la empresa: revise también «No deseados» o \
         «Spam». Tenga a mano el número de la solicitud si llama a la mesa de ayuda.",
        ),
    },
    file: Topic {
        question: "No me acepta el archivo",
        answer: Answer::Plain(
            "Recibimos PDF, JPG o PNG de hasta 5 MB, sin clave y sin programas ni adjuntos. Lo más simple: ponga la hoja sobre una \
         mesa con buena luz y tómele una foto con el teléfono. Si pesa mucho, tómela con menos calidad.",
        ),
    },
};

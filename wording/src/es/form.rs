//! What every form and every step of a flow has; pages without a flow.

use crate::catalogue::form::{Captcha, Erase, Failure, Failures, Files, Form, Home, Inbox, Keys};
use crate::catalogue::{Around, Headed, Linked};
use crate::facts::unbroken_help_line;

/// The declaration came back as it was handed out.
pub(super) const UNSIGNED: &str = "El archivo que subió es el formulario sin firmar";

pub(super) const FORM: Form = Form {
    to_correct: "Hay algo que corregir",
    help: "Qué puedo hacer",
    new_tab: "(se abre en otra pestaña)",
    page_name: Around { before: "«", after: "»" },
    go_to: |menu| format!("Ir a {menu}"),
    step: |step, of| format!("Paso {step} de {of}"),
    over: |errand, kind| format!("{errand} · {kind}"),
    error: "Error: ",
    optional: "(opcional)",
    choose: "Seleccione...",
    validate: "Validar",
    go_on: "Continuar",
    back: "Volver",
    systems: "Ir a los sistemas de SENCE (sence.gob.cl)",
    to_start: "Volver al inicio",
    success: "Éxito",
    next: "Qué hacer ahora",
    data_missing: "Faltan datos en su cuenta",
    lacking: "En su cuenta falta:",
    lacking_help: "Por qué falta y qué puedo hacer",
    completed: "Ya los completé: continuar",
    answer_question: "Responda su pregunta secreta",
    forgotten_answer: "No recuerdo la respuesta a mi pregunta secreta",
    remembered: "Recordé mi respuesta: volver a la pregunta",
    forgotten_key: "¿Olvidó su clave? ",
    captcha: Captcha {
        head: Headed {
            heading: "Validación de seguridad anti-Robots",
            text: "Escriba las letras que ve en la imagen o que escucha. Así sabemos que usted es una persona.",
        },
        in_place_of_wait: "Escriba las letras que ve en la imagen o que escucha: así no tiene que esperar.",
        label: "Captcha",
        hint: "Da igual si usa mayúsculas o minúsculas.",
        alt: concat!(
            "Imagen con cinco letras torcidas. Si no puede verla, use «Escuchar las letras», más abajo, o llame al ",
            unbroken_help_line!(),
            "."
        ),
        listen: "Escuchar las letras",
        listen_hint: "Cada letra se dice con una palabra, como «efe, de Felipe». Escriba solo la letra.",
        refresh: "Refrescar",
        working: "Comprobando que usted no es un robot…",
        worked: "Listo: no necesita escribir letras.",
        not_worked: "Esta vez su equipo no pudo comprobarlo solo. Escriba las letras, por favor.",
    },
    erase: Erase {
        hint: "¿Usa un equipo prestado o compartido? Antes de irse, termine aquí: borra su trámite y cierra su sesión.",
        button: "Terminar y borrar",
        done: Headed {
            heading: "Listo",
            text: "Borramos de este equipo su trámite: nadie puede seguirlo desde aquí.",
        },
        close: "Falta un paso si el equipo no es suyo: cierre todas las ventanas del navegador, porque con «Atrás» todavía podría verse algo \
                de lo que escribió. Borre también los archivos que descargó, y los datos que el navegador haya guardado.",
    },
    files: Files {
        hint: "PDF, JPG o PNG, de hasta 5 MB. Con mala conexión puede tardar unos minutos.",
        same_for_declaration: "¿Es para el mismo facilitador? Si es otro, suba una nueva.",
        same_for_document: "¿Es para el mismo facilitador? Si es otro, suba uno nuevo.",
        unsigned: UNSIGNED,
        lost_after: "Si pasan 15 minutos sin enviar este formulario, lo que escribió se pierde. Los archivos que subió \
                     se guardan por un día.",
        jpeg: "foto JPG",
        png: "imagen PNG",
        pdf: "PDF",
        size,
    },
    lost: Headed {
        heading: "No hay conexión con el servicio",
        text: "Lo que escribió sigue aquí. Si se cortó su conexión a Internet, lo enviaremos cuando vuelva. Si no, espere un momento y \
               presione el botón otra vez.",
    },
    keys: Keys { show: "Ver lo que escribo", hide: "Ocultar" },
};

/// “PDF, 340 kB”.
fn size(format: &str, bytes: i64) -> String {
    if bytes < 1_000_000 {
        format!("{format}, {} kB", ((bytes + 500) / 1000).max(1))
    } else {
        let tenths = (bytes + 50_000) / 100_000;
        format!("{format}, {},{} MB", tenths / 10, tenths % 10)
    }
}

pub(super) const FAILURES: Failures = Failures {
    not_found: Failure {
        title: "Página no encontrada",
        head: Headed {
            heading: "No encontramos esta página",
            text: "Revise la dirección o vuelva al inicio y elija su trámite.",
        },
    },
    forbidden: Failure {
        title: "Solicitud rechazada",
        head: Headed {
            heading: "No pudimos recibir este formulario",
            text: "Por seguridad, solo aceptamos formularios enviados desde esta misma página. Vuelva al inicio y \
                   comience de nuevo.",
        },
    },
    unavailable: Failure {
        title: "Intente más tarde",
        head: Headed {
            heading: "Ahora no podemos atenderle",
            text: "No es un error suyo y nada cambió. Espere un minuto, vuelva atrás en su navegador e intente de nuevo.",
        },
    },
    unreadable: Failure {
        title: "No se pudo leer",
        head: Headed {
            heading: "No pudimos leer lo que envió",
            text: "Vuelva atrás, revise lo que escribió e intente de nuevo.",
        },
    },
    request: "Si llama a la mesa de ayuda, diga este código: ",
};

pub(super) const INBOX: Inbox = Inbox {
    head: Headed {
        heading: "Bandeja de demostración",
        text: "Aquí llegan los correos y SMS que el servicio envía en este modo. Recargue la página para ver los nuevos.",
    },
    empty: "Todavía no hay mensajes.",
    sms: "SMS",
    to: "Para: ",
};

pub(super) const HOME: Home = Home {
    title: "Inicio",
    lead: "La clave con la que personas y empresas entran a los sistemas de SENCE para postular a cursos, subsidios y \
           otros beneficios.",
    sign_in: Linked {
        before: "¿Ya tiene su clave? Entre a los sistemas de SENCE en ",
        link: "sence.gob.cl",
        after: ".",
    },
    for_whom: "¿Para quién es la clave?",
};

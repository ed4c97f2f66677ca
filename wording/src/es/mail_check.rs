//! Confirmation of a mail address by the code of a mail.

use domain::kind::Kind;

use crate::catalogue::Around;
use crate::catalogue::mail_check::MailCheck;

pub(super) const MAIL_CHECK: MailCheck = MailCheck {
    heading: "Confirme su correo",
    only_code_left: "Solo falta el código del correo, y no es obligatorio.",
    wrote_to: "Le escribimos a:",
    lead: "El mensaje trae un código. Si lo escribe aquí, sabremos que el correo funciona. No es obligatorio: también puede hacerlo \
           después.",
    lead_later: "Escriba el código que viene en nuestro mensaje. Así sabremos que el correo funciona. No es obligatorio.",
    code: "Código del correo",
    code_hint: "Son 6 letras y números. Da igual si usa mayúsculas o espacios.",
    confirm: "Confirmar correo",
    not_arrived: "¿No llegó en 10 minutos? Mire en «No deseados» o «Spam», y revise que el correo de arriba esté bien escrito.",
    mistyped: Around { before: "¿Está mal escrito? Corríjalo en ", after: " (le pediremos su clave)." },
    correct_in_update: "Corregir en Actualizar datos (le pediremos su clave)",
    correct_in_recover: "Corregir en Recuperar CS (empieza de nuevo)",
    mistyped_company: Around {
        before: "¿Está mal escrito? En ",
        after: " podrá dar otro, con la cédula del representante legal.",
    },
    no_code: "¿No tiene el código?",
    no_code_text: |kind, days| match kind {
        Kind::Juridica => {
            format!(
                "Se lo enviamos cuando registra la empresa. Vale {days} días. Sin él, la clave funciona igual."
            )
        }
        Kind::Natural | Kind::Migrante | Kind::Facilitador => format!(
            "Se lo enviamos cuando se registra, o cuando cambia su correo en «Actualizar datos». Vale {days} días. Sin él, su clave \
             funciona igual."
        ),
    },
    done_title: "Éxito: correo confirmado",
    done: "Correo confirmado: recibe nuestros mensajes.",
    nothing_left: "No tiene que hacer nada más: su clave es la misma.",
    done_heading: "Correo confirmado",
    works: " recibe nuestros mensajes.",
    same_account: "Si ya tenía una cuenta con otro correo, sus datos siguen siendo los de antes.",
    unconfirmed: "sin confirmar",
    nobody_confirmed: "Nadie ha confirmado que este correo recibe mensajes.",
    if_not_opened: "Si no puede abrirlo, ",
};

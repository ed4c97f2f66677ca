//! Recovery of a key.

use domain::kind::Kind;

use super::kinds::document;
use crate::catalogue::fields::Labelled;
use crate::catalogue::recover::Recover;
use crate::catalogue::{Around, Linked};

pub(super) const RECOVER: Recover = Recover {
    which_identifier,
    document_heading,
    key_goes_to,
    changed_contact,
    other_mail: |kind| {
        format!(
            "Si en el paso siguiente ve su pregunta secreta, marque «No recuerdo la respuesta a mi pregunta secreta»: así \
             podrá dar {}. {}",
            other_contact(kind),
            document_at_hand(kind)
        )
    },
    change_before: Around { before: "También puede cambiarlos antes en ", after: "." },
    subject,
    other_subject: "Cambiar",
    other_subject_more,
    if_ticked: |kind| {
        format!(
            "¿No reconoce la pregunta? Revise el {} de arriba, o marque la casilla: le pediremos {}.",
            match kind {
                Kind::Natural | Kind::Juridica => "RUT",
                Kind::Migrante => "NIE",
                Kind::Facilitador => "documento",
            },
            document(kind)
        )
    },
    no_question: |kind| {
        format!(
            "No podemos hacerle una pregunta secreta para {}. Le pedimos {}.",
            match kind {
                Kind::Natural => "este RUT",
                Kind::Juridica => "esta empresa",
                Kind::Migrante => "este NIE",
                Kind::Facilitador => "este documento",
            },
            document(kind)
        )
    },
    who_represents: "¿Quién es el representante legal?",
    representative_checked: "Comprobaremos con el Servicio de Impuestos Internos (SII) que esa persona representa hoy a la \
                             empresa.",
    no_address: "Sin él no sabemos adónde enviar su clave provisoria. Puede seguir así:",
    by_document: |kind| format!("Con {}", document(kind)),
    by_document_text: "Después le preguntaremos a qué correo enviar la clave.",
    go_on_by_document,
    by_key: "Si recuerda su clave",
    by_key_text: Around {
        before: "Complete sus datos en ",
        after: ". Al terminar podrá seguir desde ahí, o aquí mismo:",
    },
    check_mail: "Revise su correo",
    key_goes_here: "Se le enviará una clave al siguiente correo electrónico:",
    sms_goes_here: "Y por SMS a este celular:",
    only_a_part: "Por seguridad, mostramos solo una parte.",
    mail_is_right: "¿El email es correcto?",
    both_are_right: "¿El email es correcto? ¿Y el celular?",
    no_if_not_yours: "Si alguno no es suyo, no puede usarlo o no creó usted esta cuenta, elija NO y escriba los suyos.",
    no_if_mail_not_yours: "Si no es suyo, no puede abrirlo o no creó usted esta cuenta, elija NO y escriba el suyo.",
    yes: "SI",
    no: "NO",
    where_to: "¿Dónde quiere recibir su clave?",
    current_email: "Email Actual",
    current_email_hint: "Uno que usted pueda abrir ahora. Por ejemplo: nombre@ejemplo.cl",
    current_mobile: "Celular Actual",
    replaces,
    also_notified,
    last_step: "Confirme y le enviamos la clave",
    sending_to: "Enviaremos su clave provisoria a:",
    recover: "Recuperar Clave",
    change_address: "Cambiar dónde recibo la clave",
    mail_lost: "¿Ya no usa ese correo?",
    start_again: "Comience de nuevo",
    then_start_again: "comience de nuevo",
    tick_and_prove: |kind| {
        format!(
            " y marque «No recuerdo la respuesta a mi pregunta secreta»: con {} podrá dar {}.",
            document(kind),
            other_contact(kind)
        )
    },
    sent_title: "Éxito: clave enviada",
    sent: "Su clave provisoria va en camino.",
    key_shown: "Se ha generado una clave provisoria, la cual es:",
    valid: Linked {
        before: "Su clave provisoria es ", link: "válida hasta el ", after: " (hora de Chile)."
    },
    by_sms: "Su clave Sence (CS) será enviada por SMS a su celular dentro de los próximos 10 minutos",
    by_mail: key_by_mail,
    by_mail_to_new: Around {
        before: "Su clave Sence será enviada a ",
        after: " dentro de los próximos 10 minutos.",
    },
    note_key: "Anote la clave que ve arriba.",
    find_message: "Busque el mensaje. Si no lo ve en su correo, mire en «No deseados» o «Spam».",
    one_step_left: "Le falta un paso: cree su clave nueva",
    write_key: "Escriba aquí la clave provisoria y siga.",
    write_key_and_representative: "Escriba aquí la clave provisoria y el RUT del representante legal, y siga. Comprobaremos con el SII que \
                                   esa persona representa hoy a la empresa.",
    provisional: Labelled { label: "Clave provisoria", hint: "La que le enviamos: letras y números." },
    elsewhere: "¿Lo hará después o en otro equipo? Use ",
    create_key: "Con la clave provisoria, cree su clave nueva.",
    create_key_button: "Crear mi clave nueva",
    not_arrived: Around {
        before: "¿No le llega? Pida otra en ",
        after: ": le preguntaremos a qué correo enviarla.",
    },
    old_key: "Su clave anterior sigue funcionando hasta que cree la nueva.",
    no_account_title: "No hay cuenta",
    no_account_heading: "Usted todavía no tiene Clave Sence",
    no_account,
    create_account: "Crear mi cuenta",
};

fn subject(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "RUT:",
        Kind::Migrante => "NIE:",
        Kind::Juridica => "Empresa:",
        Kind::Facilitador => "Documento:",
    }
}

fn other_subject_more(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => " de RUT",
        Kind::Migrante => " de NIE",
        Kind::Juridica => " de empresa",
        Kind::Facilitador => " de documento",
    }
}

fn which_identifier(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "¿Cuál es su RUT?",
        Kind::Juridica => "¿Cuál es el RUT de su empresa?",
        Kind::Facilitador => "¿Cuál es su documento de identidad?",
        Kind::Migrante => "¿Cuál es su NIE?",
    }
}

fn document_heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Escriba el número de serie de su cédula",
        Kind::Juridica => "Escriba el número de serie de la cédula del representante legal",
        Kind::Migrante | Kind::Facilitador => "Escriba el número de su documento de identidad",
    }
}

fn document_at_hand(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Tenga su cédula a mano, necesitará su número de serie.",
        Kind::Juridica => "Tenga a mano el RUT y la cédula del representante legal.",
        Kind::Migrante | Kind::Facilitador => "Tenga a mano el documento de identidad con que se registró.",
    }
}

fn key_goes_to(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante | Kind::Facilitador => {
            "Le enviaremos una clave provisoria a su correo y a su celular. Mientras tanto, su clave actual sigue \
             funcionando."
        }
        Kind::Juridica => {
            "Enviaremos una clave provisoria al correo de la empresa. Mientras tanto, la clave actual sigue funcionando."
        }
    }
}

fn key_by_mail(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante | Kind::Facilitador => {
            "Su clave Sence (CS) será enviada a su e-Mail dentro de los próximos 10 minutos"
        }
        Kind::Juridica => {
            "Su clave Sence será enviada al e-Mail de la empresa registrado dentro de los próximos 10 minutos"
        }
    }
}

/// The new data goes on file when the provisional key is used; every telephone number of before is deleted, and of an account whose
/// contact data nobody had proven the address too. A company has no page to give it again.
fn replaces(kind: Kind, mail_on_file: bool) -> &'static str {
    match (kind, mail_on_file) {
        (Kind::Juridica, true) => {
            "Cuando cree la clave nueva, este correo reemplazará en la cuenta al correo y a los teléfonos registrados."
        }
        (Kind::Juridica, false) => {
            "Cuando cree la clave nueva, este correo reemplazará al correo y a los teléfonos que hubiera en la cuenta."
        }
        (_, true) => {
            "Cuando cree su clave nueva, estos datos reemplazarán en su cuenta al correo y a los teléfonos registrados. Puede que deba \
             escribir otra vez su dirección."
        }
        (_, false) => {
            "Cuando cree su clave nueva, estos datos reemplazarán al correo y a los teléfonos que hubiera en su cuenta. Puede que deba \
             escribir otra vez su dirección."
        }
    }
}

fn also_notified(kind: Kind, mail_on_file: bool) -> Option<&'static str> {
    match (kind, mail_on_file) {
        (Kind::Juridica, true) => Some("Por seguridad, también avisaremos al correo que estaba registrado."),
        (Kind::Juridica, false) => {
            Some("Por seguridad, también avisaremos al correo registrado antes, si había uno.")
        }
        (_, true) => {
            Some("Por seguridad, también avisaremos al correo y al celular que estaban registrados.")
        }
        (_, false) => {
            Some("Por seguridad, también avisaremos al correo y al celular registrados antes, si los había.")
        }
    }
}

fn other_contact(kind: Kind) -> &'static str {
    match kind {
        Kind::Juridica | Kind::Facilitador => "otro correo",
        Kind::Natural | Kind::Migrante => "otro correo y otro celular",
    }
}

fn no_account(kind: Kind) -> &'static str {
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

fn go_on_by_document(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Seguir con mi cédula",
        Kind::Migrante | Kind::Facilitador => "Seguir con mi documento",
        Kind::Juridica => "Seguir con el representante legal",
    }
}

fn changed_contact(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural | Kind::Migrante | Kind::Facilitador => "¿Cambió de correo o de celular?",
        Kind::Juridica => "¿La empresa cambió de correo?",
    }
}

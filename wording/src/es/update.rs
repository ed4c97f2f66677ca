//! Update of address and contact data.

use super::kinds::document;
use crate::catalogue::update::Update;

pub(super) const UPDATE: Update = Update {
    check: "Validar Datos",
    lead: "Aquí puede cambiar su dirección, su correo y sus teléfonos.",
    registered_email: "Email Registrado",
    registered_email_hint: "El correo que está en su cuenta.",
    forgotten_email: "¿No recuerda qué correo registró? ",
    why_question: "Por seguridad, para que solo usted pueda cambiar sus datos.",
    if_ticked: |kind| {
        format!("Si marca esta opción, le pediremos {} y podrá elegir otra pregunta.", document(kind))
    },
    why_document: "Para elegir una pregunta secreta nueva, compruebe primero quién es.",
    choose: "Elija su pregunta secreta",
    replaces: "Reemplazará a la pregunta que tenía.",
    none_yet: "Su cuenta no tiene pregunta secreta. Elija una ahora.",
    review: "Revise y actualice sus datos",
    review_text: "Corrija lo que haya cambiado y deje lo demás como está. Le avisaremos por correo; si lo cambia, también al \
                  anterior.",
    done_title: "Éxito: datos actualizados",
    changed: "Sus datos han sido actualizados correctamente.",
    unchanged: "Sus datos ya estaban así. No había nada que cambiar.",
    by_mail: "SENCE enviará una notificación a su e-Mail dentro de los próximos 10 minutos.",
    by_sms: "También le avisaremos por SMS.",
    stopped: "Su trámite quedó esperando. Puede seguir ahora:",
};

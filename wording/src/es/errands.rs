//! What can be done with a key.

use crate::catalogue::errands::{Errand, Errands};
use crate::facts::unbroken_help_line;

pub(super) const ERRANDS: Errands = Errands {
    register: Errand {
        menu: "Regístrese",
        link: "Regístrese aquí",
        resume: "Seguir con mi registro",
        purpose: "Obtenga su clave por primera vez",
    },
    recover: Errand {
        menu: "Recuperar CS",
        link: "Recuperar CS aquí",
        resume: "Seguir con Recuperar CS",
        purpose: "Olvidó su clave y necesita una nueva",
    },
    change: Errand {
        menu: "Cambiar CS",
        link: "Cambie su CS aquí",
        resume: "Seguir con Cambiar CS",
        purpose: "Conoce su clave y quiere otra, o recibió una clave provisoria",
    },
    update: Errand {
        menu: "Actualizar datos",
        link: "Actualice sus datos aquí",
        resume: "Seguir con Actualizar datos",
        purpose: "Cambió de dirección, correo o teléfono",
    },
    facilitator: Errand {
        menu: "Facilitador extranjero",
        link: "Solicitud de CS para facilitador extranjero",
        resume: "Seguir con la solicitud",
        purpose: "Pídala como empresa",
    },
    confirm_mail: Errand {
        menu: "Confirmar correo",
        link: "Confirme su correo aquí",
        resume: "Seguir con Confirmar correo",
        purpose: "Recibió un código en su correo",
    },
    not_for_companies: concat!(
        "Persona Jurídica: para cambiar el correo de una empresa use «Recuperar CS»; para otros datos llame al ",
        unbroken_help_line!(),
        "."
    ),
};

//! Change of a key.

use domain::flow::update::UpdateProof;
use domain::kind::Kind;

use super::kinds;
use crate::catalogue::Around;
use crate::catalogue::change::Change;

pub(super) const CHANGE: Change = Change {
    check: "Validar Datos",
    ask_company: "¿Olvidó su clave? Pida a su empresa que haga una nueva solicitud para facilitador extranjero.",
    complete: "Complételo ahora, sin escribir su clave otra vez. Después seguirá con el cambio de clave donde quedó.",
    choose: "Elija su clave nueva",
    was_provisional: |system| match system {
        Some(system) => {
            format!("Esa clave era provisoria. Cree ahora su clave nueva; después sigue a {system}.")
        }
        None => "Esa clave era provisoria. Cree ahora su clave nueva.".to_owned(),
    },
    key: "CS Nueva",
    key_again: "Repetir CS Nueva",
    change: "Cambiar Clave",
    done_title: "Éxito: clave cambiada",
    done: "Su clave fue cambiada.",
    sign_in: |kind| {
        format!(
            "Desde ahora entre a los sistemas de SENCE con su {} y su clave nueva. {}",
            kinds::identifier(kind),
            former_key(kind)
        )
    },
    by_sms: "Le avisaremos por SMS dentro de los próximos 10 minutos.",
    by_mail: "Le avisaremos por e-Mail dentro de los próximos 10 minutos.",
    question_deleted: "Por seguridad, borramos la pregunta secreta que había.",
    choose_question: |kind, proof| Around {
        before: "Elija una nueva en ",
        after: match (proof, kind) {
            (UpdateProof::Key, _) => ", con su clave nueva, y revise ahí su dirección.",
            (UpdateProof::BirthDate, Kind::Natural) => {
                ", con su fecha de nacimiento, su correo y el número de serie de su cédula. Revise ahí su dirección."
            }
            (UpdateProof::BirthDate, Kind::Migrante | Kind::Juridica | Kind::Facilitador) => {
                ", con su fecha de nacimiento, su correo y el número de su documento de identidad. Revise ahí su dirección."
            }
        },
    },
    recover_by_representative: "Si olvida la clave, recupérela con la cédula de su representante legal.",
};

fn former_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Facilitador => "Si tenía otra, ya no sirve.",
        Kind::Natural | Kind::Migrante | Kind::Juridica => "La anterior ya no sirve.",
    }
}

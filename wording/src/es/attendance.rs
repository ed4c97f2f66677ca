//! Attendance at e-learning courses.

use domain::rce::glosa::Glosa;

use crate::catalogue::Headed;
use crate::catalogue::attendance::Attendance;

pub(super) const ATTENDANCE: Attendance = Attendance {
    enter: "Marque su entrada al curso",
    leave: "Marque su salida del curso",
    comes_from: |host, course| {
        format!(
            "Es para el curso {course}. Al terminar volverá a {host}. Escriba su clave solo en esta página: el curso no la verá."
        )
    },
    run: "Marca la persona con RUN",
    not_you: "¿No es su RUN? No escriba su clave: vuelva al curso.",
    limits: |tries| {
        let tries = if tries == 1 { "1 intento".to_owned() } else { format!("{tries} intentos") };
        format!("Tiene {tries}. Esta página sirve 3 minutos desde que la abrió.")
    },
    then: "Con la clave nueva, entre otra vez desde su curso.",
    back: "Volver al curso",
    entered: Headed { heading: "Su entrada quedó marcada", text: "Ya puede seguir con su curso." },
    left: Headed { heading: "Su salida quedó marcada", text: "Ya puede cerrar su curso." },
    not_entered: "No se marcó su entrada",
    not_left: "No se marcó su salida",
    reason: |glosa| match glosa {
        Glosa::Key => {
            "Faltó la clave correcta de este RUN. Si la olvidó, vaya a «Recuperar CS» y después entre otra vez desde su curso."
        }
        Glosa::TimeOver => "Pasaron más de 3 minutos. Vuelva al curso y marque otra vez.",
        Glosa::NotOnCourse => "Su RUN no está en la lista de este curso. Avise a su OTEC.",
        Glosa::OtherRun => "La clave es de otra persona.",
        Glosa::Dates => "Hoy no es un día de este curso, según sus fechas. Avise a su OTEC.",
        Glosa::Over => "Este curso terminó o se anuló.",
        Glosa::Internal | Glosa::NotRecorded | Glosa::NotStored => {
            "Falló algo de nuestra parte. Vuelva al curso y marque otra vez."
        }
        Glosa::Organism | Glosa::TokenOfOther | Glosa::TokenRevoked | Glosa::TokenUnknown => {
            "No pudimos comprobar qué OTEC lo pide. Avise a su OTEC."
        }
        Glosa::NotVerified | Glosa::CloseUrl => {
            "No es la sesión que usted abrió. Vuelva al curso y marque su entrada otra vez."
        }
        Glosa::NotElearning
        | Glosa::OtherOtec
        | Glosa::OtherCodSence
        | Glosa::CodSence
        | Glosa::CodigoCurso
        | Glosa::Line => "Los datos del curso no corresponden. Avise a su OTEC.",
        Glosa::Missing
        | Glosa::UrlMissing
        | Glosa::UrlRetoma
        | Glosa::UrlError
        | Glosa::Run
        | Glosa::RutOtec => "El curso envió datos que faltan o que no sirven. Avise a su OTEC.",
    },
    codes: |codes| format!("Código para su OTEC: {codes}"),
    going: |host| format!("Volvemos a {host}. Si no se abre, presione «Continuar»."),
    stranger: |host| {
        format!(
            "No sabemos de quién es la página {host}. Si no la conoce, cierre esta ventana. «Continuar» lo lleva ahí."
        )
    },
    go_on: "Continuar",
    nowhere: "El curso no dijo a qué página volver. Ciérrelo, y avise a su OTEC.",
    expired: Headed {
        heading: "Esta página venció",
        text: "Se acabó su tiempo, o la abrió en otro navegador. Si no alcanzó a marcar, marque otra vez desde su curso.",
    },
    here: Headed {
        heading: "Esta dirección es para los cursos",
        text: "Aquí las aulas virtuales de las OTEC envían a sus estudiantes a marcar su asistencia. Si usted es estudiante, \
               entre desde su curso.",
    },
};

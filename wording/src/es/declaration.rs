//! The “Declaración Jurada”. Plain and respectful; no law and no article is quoted, because none was given to us.

use domain::company::CompanyKind;

use crate::catalogue::declaration::{Company, Declaration, Declared, Facilitator, Signature};
use crate::facts::HELP_LINE;

pub(super) const DECLARATION: Declaration = Declaration {
    document_title: "Declaración Jurada: Solicitud de Clave SENCE para facilitador extranjero",
    creator: "Clave SENCE",
    institution: "Servicio Nacional de Capacitación y Empleo (SENCE)",
    title: "Declaración Jurada",
    subtitle: "Solicitud de Clave SENCE para facilitador extranjero",
    prepared: |day, month, year| format!("Formulario preparado el {day} de {} de {year}", month_name(month)),
    company: Company {
        heading: "1. Empresa que solicita la clave",
        name: "Razón Social",
        rut: "Rut Empresa",
        kind_label: "Tipo",
        kind: |kind| match kind {
            CompanyKind::Empresa => "Empresa",
            CompanyKind::Otec => "OTEC (organismo técnico de capacitación)",
            CompanyKind::Otic => "OTIC (organismo técnico intermedio para capacitación)",
        },
        representative: "Representante Legal",
        representative_rut: "Rut Representante Legal",
        by_hand: "Complete a mano:",
    },
    declared: Declared {
        heading: "2. Declaración",
        under_oath: "Como representante legal de la empresa señalada en la sección 1, declaro bajo juramento, ante el \
                     Servicio Nacional de Capacitación y Empleo, que:",
        items: [
            (
                "a)",
                "La persona señalada en la sección 3 es facilitador o facilitadora de esta empresa, y para ella se solicita \
                 una Clave SENCE.",
            ),
            ("b)", "Los datos de esta declaración y los que se escriban en la solicitud son verdaderos."),
            (
                "c)",
                "El documento de identidad que se adjunta a la solicitud es verdadero y pertenece a esa persona.",
            ),
            (
                "d)",
                "La Clave SENCE es personal e intransferible: la usará solo esa persona, y así se le informó.",
            ),
            (
                "e)",
                "La empresa avisará a SENCE en cuanto esa persona deje de ser su facilitador o facilitadora.",
            ),
        ],
    },
    facilitator: Facilitator {
        heading: "3. Facilitador extranjero",
        how: "Complete a mano, con letra imprenta; nombres y número, tal como están en el documento.",
        names: "Nombres y apellidos del facilitador",
        document_kind: "Tipo de documento",
        document_number: "Número de documento",
        document_country: "País que emitió el documento",
        email: "Correo electrónico",
    },
    signature: Signature {
        heading: "4. Firma",
        place: "Lugar",
        day: "Fecha",
        signed_by: "Firma del representante legal",
        rut: |rut| format!("Rut {rut}"),
    },
    next_step: "Firme, escanee o fotografíe esta hoja y súbala en «Subir solicitud».",
    // The number keeps to one line.
    help: || format!("Consultas: {}, {}.", HELP_LINE.replace(' ', "\u{a0}"), help_hours!()),
};

fn month_name(month: i8) -> &'static str {
    match month {
        1 => "enero",
        2 => "febrero",
        3 => "marzo",
        4 => "abril",
        5 => "mayo",
        6 => "junio",
        7 => "julio",
        8 => "agosto",
        9 => "septiembre",
        10 => "octubre",
        11 => "noviembre",
        _ => "diciembre",
    }
}

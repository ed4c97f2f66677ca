//! Every sentence of the form. Plain and respectful; no law or article is quoted, because we were given none.

use domain::company::CompanyKind;
use jiff::civil::Date;

/// The title in the window and in the list of files.
pub(super) const DOCUMENT_TITLE: &str =
    "Declaración Jurada: Solicitud de Clave SENCE para facilitador extranjero";
/// The program named as creator.
pub(super) const CREATOR: &str = "Clave SENCE";

pub(super) const INSTITUTION: &str = "Servicio Nacional de Capacitación y Empleo (SENCE)";
pub(super) const TITLE: &str = "Declaración Jurada";
pub(super) const SUBTITLE: &str = "Solicitud de Clave SENCE para facilitador extranjero";

pub(super) const COMPANY: &str = "1. Empresa que solicita la clave";
pub(super) const COMPANY_NAME: &str = "Razón Social";
pub(super) const COMPANY_RUT: &str = "Rut Empresa";
pub(super) const COMPANY_KIND: &str = "Tipo";
pub(super) const REPRESENTATIVE: &str = "Representante Legal";
pub(super) const REPRESENTATIVE_RUT: &str = "Rut Representante Legal";
/// Label of the line for writing unknown data by hand.
pub(super) const BY_HAND: &str = "Complete a mano:";

pub(super) const DECLARATION: &str = "2. Declaración";
pub(super) const UNDER_OATH: &str = "Como representante legal de la empresa señalada en la sección 1, declaro bajo \
     juramento, ante el Servicio Nacional de Capacitación y Empleo, que:";
/// The declared statements, each with its letter.
pub(super) const DECLARED: [(&str, &str); 5] = [
    (
        "a)",
        "La persona señalada en la sección 3 es facilitador o facilitadora de esta empresa, y para ella se solicita \
         una Clave SENCE.",
    ),
    ("b)", "Los datos de esta declaración y los que se escriban en la solicitud son verdaderos."),
    ("c)", "El documento de identidad que se adjunta a la solicitud es verdadero y pertenece a esa persona."),
    ("d)", "La Clave SENCE es personal e intransferible: la usará solo esa persona, y así se le informó."),
    ("e)", "La empresa avisará a SENCE en cuanto esa persona deje de ser su facilitador o facilitadora."),
];

pub(super) const FACILITATOR: &str = "3. Facilitador extranjero";
pub(super) const FACILITATOR_HOW: &str =
    "Complete a mano, con letra imprenta; nombres y número, tal como están en el documento.";
pub(super) const FACILITATOR_NAMES: &str = "Nombres y apellidos del facilitador";
pub(super) const DOCUMENT_KIND: &str = "Tipo de documento";
pub(super) const DOCUMENT_NUMBER: &str = "Número de documento";
pub(super) const DOCUMENT_COUNTRY: &str = "País que emitió el documento";
pub(super) const EMAIL: &str = "Correo electrónico";

pub(super) const SIGNATURE: &str = "4. Firma";
pub(super) const PLACE: &str = "Lugar";
pub(super) const DAY: &str = "Fecha";
pub(super) const SIGNED_BY: &str = "Firma del representante legal";

pub(super) const NEXT_STEP: &str = "Firme, escanee o fotografíe esta hoja y súbala en «Subir solicitud».";
pub(super) const HELP: &str = "Consultas: 800\u{a0}80\u{a0}10\u{a0}30, lunes a viernes de 9:00 a 18:00.";

/// The kind of company, with the meaning of its abbreviation.
pub(super) fn company_kind(kind: CompanyKind) -> &'static str {
    match kind {
        CompanyKind::Empresa => "Empresa",
        CompanyKind::Otec => "OTEC (organismo técnico de capacitación)",
        CompanyKind::Otic => "OTIC (organismo técnico intermedio para capacitación)",
    }
}

/// “Rut 12.345.678-5”, under the line of the signature.
pub(super) fn rut(rut: domain::rut::Rut) -> String {
    format!("Rut {rut}")
}

/// “Formulario preparado el 21 de noviembre de 2026”.
pub(super) fn prepared(date: Date) -> String {
    let month = match date.month() {
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
    };
    format!("Formulario preparado el {} de {month} de {}", date.day(), date.year())
}

//! Labels, titles and texts of the pages.

use domain::kind::Kind;

/// Name of the service.
pub const SERVICE: &str = "Clave Sence (CS)";
/// Help line.
pub const HELP_LINE: &str = "800 80 10 30";
/// Hours of the help line.
pub const HELP_HOURS: &str = "lunes a viernes de 9:00 a 18:00";

/// So many hours.
#[must_use]
pub fn duration(hours: i64) -> String {
    if hours == 1 { "1 hora".to_owned() } else { format!("{hours} horas") }
}

/// A kind as the front page names it.
#[must_use]
pub fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Persona Natural",
        Kind::Migrante => "Persona Migrante",
        Kind::Juridica => "Persona Jurídica",
        Kind::Facilitador => "Facilitador extranjero",
    }
}

/// What stands in brackets behind the name of a kind.
#[must_use]
pub fn kind_detail(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "con cédula de identidad nacional",
        Kind::Migrante => "con NIE",
        Kind::Juridica => "Empresa | OTEC | OTIC",
        Kind::Facilitador => "con documento de identidad extranjero",
    }
}

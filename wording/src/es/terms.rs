//! Words that mails and SMS share.

use domain::kind::Kind;

/// “24 horas”.
pub(super) fn hours(hours: i64) -> String {
    if hours == 1 { "1 hora".to_owned() } else { format!("{hours} horas") }
}

/// By what the holder is known.
pub(super) fn identifier(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "RUT",
        Kind::Migrante => "NIE",
        Kind::Juridica => "RUT de empresa",
        Kind::Facilitador => "documento de identidad",
    }
}

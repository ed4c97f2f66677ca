//! Words that mails and SMS share.

/// “24 horas”.
pub(super) fn hours(hours: i64) -> String {
    if hours == 1 { "1 hora".to_owned() } else { format!("{hours} horas") }
}

//! What `clave-sence officers` says to the operator: the words of the catalogue around names, keys and times.

use backend::clock::chilean_time;
use backend::service::officers::Proofs;
use backend::store::officers::OfficerRow;
use domain::officer::OfficerName;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use serde_json::json;
use wording::catalogue::commands::OfficerProofs;

use crate::words::words;

/// Key and second factor, for the officer who gets them.
pub(super) fn proofs(name: &OfficerName, proofs: &Proofs, uri: &str) -> String {
    let code = picture(uri).map_or_else(String::new, |picture| format!("{picture}\n\n"));
    (words().officers.proofs)(&OfficerProofs {
        name: name.as_str(),
        key: &proofs.key,
        code: &code,
        secret: &proofs.totp.base32(),
        uri,
    })
}

/// The URI as a QR code, light on dark as terminals are.
fn picture(uri: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(uri, EcLevel::L).ok()?;
    Some(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}

/// Every officer.
pub(super) fn list(officers: &[OfficerRow], json: bool) -> String {
    if json {
        let officers: Vec<_> = officers
            .iter()
            .map(|officer| {
                json!({
                    "name": officer.name,
                    "may_decide": officer.may_decide,
                    "created_at": officer.created_at,
                    "disabled_at": officer.disabled_at,
                })
            })
            .collect();
        return json!({ "officers": officers }).to_string();
    }
    if officers.is_empty() {
        return words().officers.nobody.to_owned();
    }
    let lines: Vec<_> = officers.iter().map(line).collect();
    lines.join("\n")
}

fn line(officer: &OfficerRow) -> String {
    let words = &words().officers;
    let may = if officer.may_decide { words.decides } else { words.looks };
    let state = match officer.disabled_at {
        Some(at) => (words.disabled_since)(&chilean_time(at)),
        None => (words.since)(&chilean_time(officer.created_at)),
    };
    format!("{:<32}  {may:<9}  {state}", officer.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_the_list_says_who_may_what() {
        let officer = |name: &str, may_decide, disabled_at| OfficerRow {
            id: 1,
            name: name.to_owned(),
            key_hash: "$argon2id$secreto".to_owned(),
            totp: Vec::new(),
            may_decide,
            // 28-05-2019, 14:47 UTC: standard time in Chile, UTC−4.
            created_at: 1_559_054_820_000,
            disabled_at,
        };
        let officers = [officer("ana", true, None), officer("luis", false, Some(1_559_054_820_000))];
        let text = list(&officers, false);
        let lines: Vec<_> =
            text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(lines[0], "ana resuelve desde el 28-05-2019 10:47");
        assert_eq!(lines[1], "luis solo mira deshabilitado el 28-05-2019 10:47");
        for text in [text, list(&officers, true)] {
            assert!(!text.contains("argon2"));
        }
        assert!(list(&[], false).contains("officers add"));
    }

    #[test]
    fn f_review_the_qr_code_fits_into_a_terminal() {
        let uri = "otpauth://totp/Clave%20SENCE:ana.rojas?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
                   &issuer=Clave%20SENCE&algorithm=SHA1&digits=6&period=30";
        let picture = picture(uri).unwrap();
        assert!(picture.lines().all(|line| line.chars().count() <= 80));
        assert!(picture.lines().count() <= 30, "{}", picture.lines().count());
    }
}

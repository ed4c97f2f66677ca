//! What `clave-sence officers` says to the operator, in Spanish.

use backend::clock::chilean_time;
use backend::service::officers::Proofs;
use backend::store::officers::OfficerRow;
use domain::officer::{OfficerName, OfficerNameError};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use serde_json::json;

/// Why a text is not the name of an officer.
pub(super) fn no_name(error: OfficerNameError) -> &'static str {
    match error {
        OfficerNameError::Length => "El usuario debe tener entre 3 y 32 caracteres.",
        OfficerNameError::Characters => {
            "El usuario lleva solo letras de la a a la z sin tilde, números, puntos y guiones, y comienza y termina en letra o \
             número."
        }
        OfficerNameError::Reserved => "El usuario «consola» es el de estos comandos. Elija otro.",
    }
}

/// There is one of this name.
pub(super) fn taken(name: &OfficerName) -> String {
    format!("Ya existe el usuario «{name}». Para darle otra clave use: clave-sence officers reset {name}")
}

/// There is none of this name.
pub(super) fn unknown(name: &OfficerName) -> String {
    format!("No existe el usuario «{name}».")
}

/// It is done.
pub(super) fn disabled(name: &OfficerName) -> String {
    format!("El usuario «{name}» ya no puede entrar. Sus sesiones se cerraron.")
}

/// It was done before.
pub(super) fn disabled_before(name: &OfficerName) -> String {
    format!("El usuario «{name}» ya estaba deshabilitado.")
}

/// Key and second factor, for whoever gets them.
pub(super) fn proofs(name: &OfficerName, proofs: &Proofs, uri: &str) -> String {
    let code = picture(uri).map_or_else(String::new, |picture| format!("{picture}\n\n"));
    format!(
        "Usuario: {name}\nClave:   {}\n\nCódigo: lea este QR con una aplicación de códigos (TOTP) del teléfono del funcionario, o \
         escriba ahí el secreto.\n\n{code}Secreto: {}\nEnlace:  {uri}\n\nEntréguelo ahora por un medio seguro: no se vuelve a \
         mostrar.",
        *proofs.key,
        *proofs.totp.base32(),
    )
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
        return "Todavía no hay usuarios. Para agregar uno: clave-sence officers add NOMBRE".to_owned();
    }
    let lines: Vec<_> = officers.iter().map(line).collect();
    lines.join("\n")
}

fn line(officer: &OfficerRow) -> String {
    let may = if officer.may_decide { "resuelve" } else { "solo mira" };
    let state = match officer.disabled_at {
        Some(at) => format!("deshabilitado el {}", chilean_time(at)),
        None => format!("desde el {}", chilean_time(officer.created_at)),
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
            // 28-05-2019, 14:47 UTC: winter in Chile.
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

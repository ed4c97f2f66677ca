//! The words about files that are sent.

/// What may be sent.
pub const FILE_HINT: &str = "PDF, JPG o PNG, de hasta 5 MB. Con mala conexión puede tardar unos minutos.";

/// Beside a declaration of an earlier flow.
pub const SAME_FOR_DECLARATION: &str = "¿Es para el mismo facilitador? Si es otro, suba una nueva.";

/// Beside a document of an earlier flow.
pub const SAME_FOR_DOCUMENT: &str = "¿Es para el mismo facilitador? Si es otro, suba uno nuevo.";

/// The declaration came back as it was handed out.
pub const UNSIGNED: &str = "El archivo que subió es el formulario sin firmar";

/// What is kept, and for how long.
pub const LOST_AFTER: &str = "Si pasan 15 minutos sin enviar este formulario, lo que escribió se pierde. Los archivos que subió \
                              se guardan por un día.";

/// “PDF, 340 kB”.
#[must_use]
pub fn format_and_size(format: &str, bytes: i64) -> String {
    let format = match format {
        "jpeg" => "foto JPG",
        "png" => "imagen PNG",
        _ => "PDF",
    };
    if bytes < 1_000_000 {
        format!("{format}, {} kB", ((bytes + 500) / 1000).max(1))
    } else {
        let tenths = (bytes + 50_000) / 100_000;
        format!("{format}, {},{} MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_req_a_size_is_said_as_people_say_it() {
        assert_eq!(format_and_size("pdf", 339_600), "PDF, 340 kB");
        assert_eq!(format_and_size("jpeg", 5_242_880), "foto JPG, 5,2 MB");
        assert_eq!(format_and_size("png", 1_000_000), "imagen PNG, 1,0 MB");
    }
}

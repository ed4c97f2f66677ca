//! What the import says to the operator, in Spanish. No sentence has a value of the file in it.

use backend::hashing::UnfitHash;
use backend::import::{Column, Counts, Fault, HeaderError, ImportError, Refusal, Why};
use wording::{Audience, Locale};

/// The header of the report of refused rows.
pub(super) const REPORT_HEADER: &str = "linea,columna,motivo";

/// The line of the report for a refused row: its columns and reasons side by side.
pub(super) fn report_line(refusal: &Refusal) -> String {
    let mut columns: Vec<&str> = refusal.faults.iter().filter_map(|f| f.column).map(Column::name).collect();
    columns.dedup();
    let reasons: Vec<String> = refusal.faults.iter().map(reason).collect();
    // Our own sentences hold quotes like «these» only, and never a line's end.
    format!("{},{},\"{}\"", refusal.line, columns.join(" "), reasons.join(" "))
}

/// With its column in front, where a row has several.
fn reason(fault: &Fault) -> String {
    match fault.column {
        Some(column) => format!("{}: {}", column.name(), why(fault.why)),
        None => why(fault.why).to_owned(),
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::LineTooLong => "La línea es demasiado larga (más de 64 KiB).",
        Why::NotUtf8 => "La línea no está en UTF-8. Si el archivo viene de Excel, pruebe con --latin1.",
        Why::Control => "La línea tiene caracteres de control: no es texto.",
        Why::Quote => "Hay una comilla que no se cierra en la misma línea.",
        Why::FieldCount => "La línea no tiene tantos campos como el encabezado.",
        Why::UnknownKind => "El tipo debe ser natural, migrante o juridica.",
        Why::OtherIdentifier => {
            "Una persona natural o jurídica lleva solo rut y una migrante solo nie. Deje este en blanco."
        }
        Why::OnlyPeople => "Una persona jurídica no lleva este dato. Déjelo en blanco.",
        Why::OnlyCompanies => "Solo una persona jurídica lleva este dato. Déjelo en blanco.",
        Why::Duplicate => "Una línea anterior de este archivo tiene el mismo RUT o NIE.",
        Why::Field(error) => (Locale::Es.catalogue().errors.sentence)(error, Audience::Command),
        Why::Hash(unfit) => hash(unfit),
        Why::NamesTooLong => "Los nombres son muy largos. Caben 100 caracteres.",
        Why::UnknownCompanyKind => "El tipo de empresa debe ser empresa, otec u otic.",
        Why::UnknownQuestion => "No hay pregunta con ese nombre. Vea la lista en docs/importar.md.",
        Why::UnknownComuna => "No hay comuna con ese código ni con ese nombre.",
        Why::UnknownDocumentKind => "El tipo de documento debe ser pasaporte, cedula u otro.",
        Why::UnknownCountry => "El país va con su código ISO de dos letras, como VE, y no puede ser Chile.",
        Why::Incomplete => "Está en blanco y debe ir junto con otra columna que no lo está.",
    }
}

fn hash(unfit: UnfitHash) -> &'static str {
    match unfit {
        UnfitHash::UnknownScheme => {
            "No se reconoce cómo se cifró la clave. Sirven argon2id, argon2i, bcrypt, PBKDF2 y ASP.NET Identity."
        }
        UnfitHash::Malformed => "La clave cifrada está dañada o incompleta.",
        UnfitHash::TooCheap => {
            "La clave se cifró con tan pocas vueltas que no protege. Deje la columna en blanco."
        }
        UnfitHash::TooDear => "Comprobar esta clave cifrada tomaría demasiado. Deje la columna en blanco.",
        UnfitHash::Lengths => "La sal o el resultado de la clave cifrada son muy cortos o muy largos.",
    }
}

/// Why nothing was imported, or not all.
pub(super) fn failure(error: &ImportError) -> String {
    match error {
        ImportError::Header(error) => format!("{} No se cambió nada.", header(error)),
        ImportError::Read(error) => format!("no se pudo seguir leyendo el archivo: {error}. {AGAIN}"),
        ImportError::Report(error) => {
            format!("no se pudo escribir el archivo de filas rechazadas: {error}. {AGAIN}")
        }
        ImportError::Store(error) => format!("falló la base de datos: {error}. {AGAIN}"),
        ImportError::System => format!("el sistema no entregó números al azar o detuvo el programa. {AGAIN}"),
    }
}

const AGAIN: &str = "Lo que ya se importó queda; al repetir el comando, sigue con lo que falta.";

fn header(error: &HeaderError) -> String {
    match error {
        HeaderError::Empty => "el archivo está vacío.".to_owned(),
        HeaderError::Utf16 => "el archivo está en UTF-16. Guárdelo como CSV UTF-8.".to_owned(),
        HeaderError::Utf8Marked => "el archivo dice que está en UTF-8: quite --latin1.".to_owned(),
        HeaderError::Line(reason) => format!("no se pudo leer la primera línea. {}", why(*reason)),
        HeaderError::NoHeader => {
            "la primera línea debe ser el encabezado, con los nombres de las columnas (docs/importar.md)."
                .to_owned()
        }
        HeaderError::Unknown(names) => format!(
            "hay columnas que no se conocen: {}. Quítelas o corrija su nombre.",
            names.iter().map(|name| format!("«{name}»")).collect::<Vec<_>>().join(", ")
        ),
        HeaderError::Twice(name) => format!("la columna «{name}» está dos veces."),
        HeaderError::NoIdentifier => "falta la columna «rut», o «tipo» y «nie».".to_owned(),
    }
}

/// The sum at the end.
pub(super) fn summary(counts: Counts, seconds: f64, dry_run: bool) -> String {
    let created = if dry_run { "se crearían" } else { "creadas" };
    let end = if dry_run { "\nEnsayo: no se cambió nada en la base de datos." } else { "" };
    format!(
        "leídas: {}\n{created}: {}\nya existían: {}\nrechazadas: {}\n{seconds:.1} segundos, {:.0} filas por segundo{end}",
        counts.rows,
        counts.created,
        counts.present,
        counts.refused,
        counts.rows as f64 / seconds.max(0.001),
    )
}

/// Where the refused rows are told.
pub(super) fn refused_in(file: &std::path::Path) -> String {
    format!("Las filas rechazadas, con su línea y motivo, están en {}", file.display())
}

/// How far it has come, as a line.
pub(super) fn so_far(counts: Counts, of: u64) -> String {
    let share =
        (100 * counts.bytes).checked_div(of).map_or(String::new(), |share| format!("{} %, ", share.min(100)));
    format!("{share}leídas {}, creadas {}, rechazadas {}", counts.rows, counts.created, counts.refused)
}

/// What stands beside the bar.
pub(super) fn beside_the_bar(counts: Counts) -> String {
    format!("{} filas, {} creadas, {} rechazadas", counts.rows, counts.created, counts.refused)
}

/// The file to import cannot be opened.
pub(super) fn cannot_open(error: &std::io::Error) -> String {
    format!("no se pudo abrir el archivo: {error}")
}

/// `--refused` names the file that is to be imported.
pub(super) const SAME_FILE: &str = "el archivo de filas rechazadas no puede ser el mismo que se importa.";

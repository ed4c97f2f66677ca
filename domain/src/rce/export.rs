//! The rows of attendance as a CSV file (RFC 4180).

use jiff::civil::DateTime;

use super::answer::date_time;
use super::session::Session;

/// The columns of the export.
pub const COLUMNS: [&str; 10] = [
    "id_sesion_sence",
    "servicio",
    "rut_otec",
    "run_alumno",
    "linea",
    "cod_sence",
    "codigo_curso",
    "id_sesion_alumno",
    "inicio",
    "cierre",
];

impl Session {
    /// Its row, with `opened` and `closed` in the time of Chile; `cierre` is blank while it is open.
    #[must_use]
    pub fn row(&self, opened: DateTime, closed: Option<DateTime>) -> [String; 10] {
        [
            self.id().as_str().to_owned(),
            self.service().word().to_owned(),
            self.otec().plain(),
            self.run().plain(),
            self.line().word().to_owned(),
            self.cod_sence().to_owned(),
            self.codigo_curso().to_owned(),
            inert(self.student().as_str()),
            date_time(opened),
            closed.map(date_time).unwrap_or_default(),
        ]
    }
}

/// A text of a caller, which no spreadsheet takes for a formula.
fn inert(text: &str) -> String {
    let mark = if text.trim_start().starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("{mark}{text}")
}

/// A line of the file, with its end.
#[must_use]
pub fn line<T: AsRef<str>>(fields: &[T]) -> String {
    let quoted = |text: &str| {
        if text.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let fields: Vec<String> = fields.iter().map(|field| quoted(field.as_ref())).collect();
    format!("{}\r\n", fields.join(","))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::attendance::tests::{opened, opened_of};
    use super::*;

    #[test]
    fn l_rce_a_session_is_a_row_of_the_export() {
        let (open, close) = (date(2026, 12, 1).at(9, 0, 0, 0), date(2026, 12, 1).at(10, 30, 0, 0));
        let (session, _) = opened();
        assert_eq!(
            line(&session.row(open, Some(close))),
            "01234567-89AB-CDEF-0123-456789ABCDEF,rce,76192083-9,12345678-5,3,1237123456,1234567,sesion-1,\
             2026-12-01 09:00:00,2026-12-01 10:30:00\r\n"
        );
        assert!(line(&session.row(open, None)).ends_with("2026-12-01 09:00:00,\r\n"));
        assert_eq!(line(&COLUMNS).split(',').count(), COLUMNS.len());
    }

    #[test]
    fn security_l_rce_what_a_caller_sent_is_neither_a_formula_nor_a_column() {
        for (sent, written) in [
            ("=1+1", "'=1+1"),
            (" @x", "' @x"),
            ("-1", "'-1"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("=a,\"b", "\"'=a,\"\"b\""),
        ] {
            let (session, _) = opened_of(&[("IdSesionAlumno", sent)]);
            let row = line(&session.row(date(2026, 12, 1).at(9, 0, 0, 0), None));
            assert!(row.contains(&format!(",1234567,{written},2026")), "{row}");
        }
    }
}

//! Fuzz targets of what browsers send (docs/security.md#proof). Each property is beside the code that it is of.

use fuzz::{QUICK, Target, texts};

use crate::{asistencia, routes, web};

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "form",
        run: routes::fuzzing::form,
        seeds: || {
            texts(&[
                "rut=11.111.111-1&clave=Boldo-72&pagina=x",
                "a=1&a=2&=x&A=y",
                "nombres=A%00na+%c3%b1%ff&b=%",
                "&&=&&",
            ])
        },
        short: QUICK,
    },
    Target {
        name: "rce",
        run: asistencia::fuzzing::rce,
        seeds: || {
            texts(&[asistencia::fuzzing::SEED, "UrlError=https://a.cl/&CodSence=%22%3E%3Cb%3E&RunAlumno='x"])
        },
        short: QUICK,
    },
    Target { name: "multipart", run: web::fuzzing::multipart, seeds: web::fuzzing::seeds, short: 600 },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_withstands_a_short_run() {
        fuzz::short_runs(TARGETS);
    }
}

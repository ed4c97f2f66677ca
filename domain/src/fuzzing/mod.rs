//! Fuzz targets of every parser of this crate (docs/security.md#proof).
//!
//! Beside “no panic”: what a parser gave is accepted again and means the same, however it is shown or stored; and none of it
//! holds a line break or another control character, which could break out of a mail's head or a log.

mod forms;
mod newtypes;
mod people;

use fuzz::{QUICK, Target, texts};

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "rut",
        run: newtypes::rut,
        seeds: || {
            texts(&["12.345.678-5", "11111111-1", " 7.654.321-K", "1000005-K", "100.000-9", "01004-04"])
        },
        short: QUICK,
    },
    Target {
        name: "nie",
        run: newtypes::nie,
        seeds: || texts(&["EX-123456", "^[A-Z]{2}[0-9]+\nEX-123456", "[0-9]{5}\n12.345"]),
        short: QUICK,
    },
    Target {
        name: "serial",
        run: newtypes::serial,
        seeds: || texts(&["A123456789", "123.456.789", "ab12cd34e"]),
        short: QUICK,
    },
    Target {
        name: "names",
        run: people::names,
        seeds: || texts(&["Ana  María Ñúñez", "Quillay.cl SpA", "O'Higgins-Díaz\t2", "www.a.cl"]),
        short: QUICK,
    },
    Target {
        name: "email",
        run: people::email,
        seeds: || texts(&["ana.rojas@gmail.com", " a+b@EXAMPLE.cl ", "o'x{}~@a-b.co"]),
        short: QUICK,
    },
    Target {
        name: "telephone",
        run: people::telephone,
        seeds: || {
            texts(&[
                "12345678",
                "+56 9 1234 5678",
                "2\n2123 4567",
                "32\n123.4567",
                "+51 987 654 321",
                "0051987654321",
            ])
        },
        short: QUICK,
    },
    Target {
        name: "key",
        run: people::key,
        seeds: || {
            texts(&[
                "Boldo-72",
                "J53722W1",
                " j53722w1 ",
                "ñandú 93é\n12.345.678-5\nAna Rojas",
                "Rojas2024\n\nAna ROJAS",
            ])
        },
        short: QUICK,
    },
    Target {
        name: "answer",
        run: people::answer,
        seeds: || texts(&["Ñuñoa, año 1990", "N\u{303}un\u{303}oa", "İSTANBUL ß"]),
        short: QUICK,
    },
    Target {
        name: "date",
        run: people::date,
        seeds: || texts(&["01-12-1992", "1/2/1990", "1992-12-01", "29.02.2000", "31 12 1899"]),
        short: QUICK,
    },
    Target {
        name: "document",
        run: newtypes::document,
        seeds: || {
            texts(&[
                "pasaporte\nPE\nAB-123456",
                "cedula\nAR\n12.345.678",
                "otro\nVE\nv12345",
                "pasaporte:AB123456\n\n",
            ])
        },
        short: QUICK,
    },
    Target {
        name: "identifier",
        run: newtypes::identifier,
        seeds: || {
            texts(&[
                "natural\n\n12.345.678-5",
                "migrante\n\nEX-123456",
                "facilitador\npasaporte\nAB123456",
                "juridica\n\n76.192.083-9",
            ])
        },
        short: QUICK,
    },
    Target {
        name: "address",
        run: forms::address,
        seeds: || texts(&["Los Aromos\n123\nB\n4\n13\n13101", "Avenida  Ñuble\nS/N\n\n\n16\n16101"]),
        short: QUICK,
    },
    Target {
        name: "company",
        run: forms::company,
        seeds: || {
            texts(&["Quillay SpA\nempresa\n11.111.111-1\nAna Rojas", "OTEC Boldo\notec\n12345678-5\nJuan"])
        },
        short: QUICK,
    },
    Target {
        name: "motive",
        run: forms::motive,
        seeds: || texts(&["Falta la firma.\r\n\r\n\r\nVuelva\ta  subirla.", "El documento no se lee"]),
        short: QUICK,
    },
    Target {
        name: "words",
        run: forms::words,
        seeds: || {
            texts(&[
                "F-7K3M-49RD",
                "ana.rojas-2",
                "f7k3m49rd",
                "a7k-3mr",
                "natural",
                "pais-favorito",
                "PE",
                "13101",
                "13",
                "123456",
            ])
        },
        short: QUICK,
    },
    Target {
        name: "contact",
        run: forms::contact,
        seeds: || texts(&["a@b.cl\n12345678", "ana@gmail.com\n+56912345678"]),
        short: QUICK,
    },
    Target { name: "flow", run: forms::flow, seeds: forms::stored_flows, short: QUICK },
];

/// Whether a text could break out of the line that it stands in.
fn breaks_line(text: &str) -> bool {
    text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_withstands_a_short_run() {
        fuzz::short_runs(TARGETS);
    }

    #[test]
    fn names_of_targets_differ() {
        let names: std::collections::HashSet<_> = TARGETS.iter().map(|target| target.name).collect();
        assert_eq!(names.len(), TARGETS.len());
    }
}

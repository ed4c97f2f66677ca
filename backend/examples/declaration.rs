//! Writes the Declaración Jurada into a folder, for ordinary and for extreme data, so that people can look at it and a
//! PDF/UA checker can read it (`tests/pdfua/README.md`):
//!
//!     cargo run -p backend --example declaration -- FOLDER

use std::path::PathBuf;

use backend::declaration::{Declaration, pdf};
use domain::company::CompanyKind;
use domain::rut::Rut;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(&folder)?;
    let ordinary = Declaration {
        company: Rut::parse("76192083-9")?,
        company_name: "Capacitación Ñandú & Cía. Ltda.",
        company_kind: Some(CompanyKind::Otec),
        representative: Rut::parse("9868503-0")?,
        representative_names: Some("María José Núñez Ibáñez"),
        date: jiff::civil::date(2026, 11, 21),
    };
    let bare = Declaration { company_kind: None, representative_names: None, ..ordinary };
    let wide = "W".repeat(120);
    let long = Declaration {
        company_name: &wide,
        company_kind: Some(CompanyKind::Otic),
        representative_names: Some(&wide),
        ..ordinary
    };
    let odd = Declaration {
        company_name: "Uno\r\n\u{202e}Dos\u{200f} 🦀👩\u{200d}👧 (x)\\) <script> سلام שלום 漢字 x\u{302} \0\u{feff}\u{fffe}\u{e000}",
        representative_names: Some("Þórður Łukasz Ždanov Nguyễn Ωμέγα Привет ‱ Jose\u{301}"),
        ..ordinary
    };
    for (name, declaration) in [("ordinary", ordinary), ("bare", bare), ("long", long), ("odd", odd)] {
        std::fs::write(folder.join(name).with_extension("pdf"), pdf(&declaration)?)?;
    }
    Ok(())
}

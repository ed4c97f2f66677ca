//! Registro Civil from a CSV file with the columns `run,serie,estado,nombre`; `estado` is `vigente`, `no_vigente` or
//! `bloqueado`. The file is read again when it changes; while it is missing or malformed the registry is down.

use std::collections::HashMap;
use std::path::PathBuf;

use domain::flow::CivilAnswer;
use domain::rut::Rut;
use domain::serial::DocumentSerial;
use serde::Deserialize;

use super::file::{Line, Watched};

/// A file adapter. Clones share the content.
#[derive(Clone)]
pub struct CivilFile(Watched<Documents>);

type Documents = HashMap<(Rut, String), (State, Option<String>)>;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Vigente,
    NoVigente,
    Bloqueado,
}

#[derive(Deserialize)]
struct Row {
    run: String,
    serie: String,
    estado: State,
    nombre: Option<String>,
}

impl CivilFile {
    /// An adapter for the file at `path`, which need not exist yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(Watched::new(path, "civil"))
    }

    pub(super) async fn check(&self, run: Rut, serial: &DocumentSerial) -> CivilAnswer {
        let Some(documents) = self.0.content(documents).await else { return CivilAnswer::TechnicalFailure };
        match documents.get(&(run, serial.as_str().to_owned())) {
            Some((State::Vigente, name)) => CivilAnswer::Valid { name: name.clone() },
            Some((State::NoVigente, _)) => CivilAnswer::NotValid,
            Some((State::Bloqueado, _)) => CivilAnswer::Blocked,
            None => CivilAnswer::NoSuchData,
        }
    }
}

fn documents(rows: Vec<Line<Row>>) -> Result<Documents, u64> {
    let read = |row: Row| {
        let serial = DocumentSerial::parse(&row.serie).ok()?;
        let name = super::name(row.nombre);
        Some(((Rut::parse(&row.run).ok()?, serial.as_str().to_owned()), (row.estado, name)))
    };
    rows.into_iter().map(|(line, row)| read(row).ok_or(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_civil_file_answers_follow_the_file() {
        let folder = std::env::temp_dir().join(format!("civil-{}", crate::secrets::random_id().unwrap()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("civil.csv");
        let registry = CivilFile::new(path.clone());
        let ask = async |run: &str, serial: &str| {
            registry.check(Rut::parse(run).unwrap(), &DocumentSerial::parse(serial).unwrap()).await
        };
        assert_eq!(ask("11111111-1", "A123456789").await, CivilAnswer::TechnicalFailure, "no file");
        std::fs::write(
            &path,
            "run,serie,estado,nombre\n11.111.111-1,A123456789,vigente,Rosa Prueba\n\
             11111111-1,123456789,no_vigente,\n12345678-5,bcd123456,bloqueado,\n",
        )
        .unwrap();
        let name = Some("Rosa Prueba".to_owned());
        assert_eq!(ask("11111111-1", "a 123 456 789").await, CivilAnswer::Valid { name });
        assert_eq!(ask("11111111-1", "123456789").await, CivilAnswer::NotValid);
        assert_eq!(ask("12345678-5", "BCD123456").await, CivilAnswer::Blocked);
        assert_eq!(ask("12345678-5", "A123456789").await, CivilAnswer::NoSuchData, "another's serial");
        for (number, malformed) in
            ["1,2,quizas,", "NULL,A123456789,vigente,", "11111111-1,N/A,vigente,"].into_iter().enumerate()
        {
            let rest = " ".repeat(number);
            std::fs::write(&path, format!("run,serie,estado,nombre\n{malformed}{rest}\n")).unwrap();
            assert_eq!(ask("11111111-1", "A123456789").await, CivilAnswer::TechnicalFailure, "{malformed}");
        }
        std::fs::write(&path, "RUN;Serie;Estado;Nombre\r\n11.111.111-1;A123456789;VIGENTE;NULL\r\n").unwrap();
        assert_eq!(ask("11111111-1", "A123456789").await, CivilAnswer::Valid { name: None });
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

//! Registro Civil from a CSV file with the columns `run,serie,estado,nombre`; `estado` is `vigente`, `no_vigente` or
//! `bloqueado`. The file is read again when it changes; while it is missing or malformed the registry is down.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use domain::flow::CivilAnswer;
use domain::rut::Rut;
use domain::serial::DocumentSerial;
use serde::Deserialize;

/// A file adapter. Clones share what was read.
#[derive(Debug, Clone)]
pub struct CivilFile {
    path: PathBuf,
    read: Arc<Mutex<Option<Read>>>,
}

type Documents = HashMap<(Rut, String), (State, Option<String>)>;

#[derive(Debug, Clone)]
struct Read {
    version: (SystemTime, u64),
    documents: Arc<Documents>,
}

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
        Self { path, read: Arc::default() }
    }

    pub(super) async fn check(&self, run: Rut, serial: &DocumentSerial) -> CivilAnswer {
        let (file, key) = (self.clone(), (run, serial.as_str().to_owned()));
        let documents = tokio::task::spawn_blocking(move || file.documents()).await.ok().flatten();
        let Some(documents) = documents else { return CivilAnswer::TechnicalFailure };
        match documents.get(&key) {
            Some((State::Vigente, name)) => CivilAnswer::Valid { name: name.clone() },
            Some((State::NoVigente, _)) => CivilAnswer::NotValid,
            Some((State::Bloqueado, _)) => CivilAnswer::Blocked,
            None => CivilAnswer::NoSuchData,
        }
    }

    /// The documents of the file as it is now; none when it cannot be read.
    fn documents(&self) -> Option<Arc<Documents>> {
        let down = |what: &str| tracing::error!(registry = "civil", "the file {what}: the registry is down");
        let Ok(meta) = std::fs::metadata(&self.path) else {
            down("is not there");
            return None;
        };
        let version = (meta.modified().ok()?, meta.len());
        let mut read = self.read.lock().ok()?;
        if let Some(known) = read.as_ref().filter(|known| known.version == version) {
            return Some(Arc::clone(&known.documents));
        }
        let Some(documents) = self.parse() else {
            down("is malformed");
            return None;
        };
        let documents = Arc::new(documents);
        *read = Some(Read { version, documents: Arc::clone(&documents) });
        Some(documents)
    }

    fn parse(&self) -> Option<Documents> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(&self.path).ok()?;
        let mut documents = HashMap::new();
        for row in reader.deserialize::<Row>() {
            let row = row.ok()?;
            let serial = DocumentSerial::parse(&row.serie).ok()?;
            let name = row.nombre.filter(|name| !name.is_empty());
            documents.insert((Rut::parse(&row.run).ok()?, serial.as_str().to_owned()), (row.estado, name));
        }
        Some(documents)
    }
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
        std::fs::write(&path, "run,serie,estado,nombre\n1,2,quizas,\n").unwrap();
        assert_eq!(ask("11111111-1", "A123456789").await, CivilAnswer::TechnicalFailure, "malformed");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

//! A `Backend` as the server builds it, with a clock that can be moved and a registry file that can be rewritten.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use backend::captcha::Drawings;
use backend::clock::{Clock, MovableClock};
use backend::courier::{Courier, DemoMessage, Inbox, Transports};
use backend::files::{self, Files};
use backend::flow_locks::FlowLocks;
use backend::hashing::Hasher;
use backend::limits::Limits;
use backend::registry::{CivilFile, CivilRegistry, ForeignDocuments, ForeignFile, TaxFile, TaxRegistry};
use backend::secrets::Secrets;
use backend::service::Backend;
use backend::service::decoys::Decoys;
use backend::service::rce::Rce;
use backend::service::signing::SigningKeys;
use backend::settings::Settings;
use backend::store::{Engine, Store};
use domain::flow::update::UpdateProof;
use tokio::sync::Notify;

use super::database::Database;
use super::folder::Folder;
use super::people::{Company, Migrant, Person};

/// The secret of the configuration.
pub(crate) const SECRET: &[u8] = b"una clave larga que nadie usa fuera de las pruebas";

/// The back of one test, on a database of its own.
pub(crate) struct TestBackend {
    pub(crate) backend: Backend,
    pub(crate) clock: Arc<MovableClock>,
    pub(crate) folder: Folder,
    pub(crate) database: Database,
}

impl Deref for TestBackend {
    type Target = Backend;

    fn deref(&self) -> &Backend {
        &self.backend
    }
}

impl TestBackend {
    pub(crate) async fn open(engine: Engine) -> Self {
        let (database, folder) = (Database::new(engine).await, Folder::new());
        let clock = Arc::new(MovableClock::default());
        let backend = build(&database, &folder, Arc::clone(&clock), SECRET).await;
        Self { backend, clock, folder, database }
    }

    /// The process ends and starts again on the same database, with this secret.
    pub(crate) async fn restart_with(self, secret: &[u8]) -> Self {
        let Self { backend, clock, folder, database } = self;
        backend.store.close().await;
        drop(backend);
        let backend = build(&database, &folder, Arc::clone(&clock), secret).await;
        Self { backend, clock, folder, database }
    }

    /// Another process on the same database, with the same secret, clock and registries.
    pub(crate) async fn another_instance(&self) -> Backend {
        build(&self.database, &self.folder, Arc::clone(&self.clock), SECRET).await
    }

    /// The process ends and starts again on the same database.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(SECRET).await
    }

    /// “Actualizar datos” asks for date of birth and mail in place of the key (V-UPD).
    pub(crate) fn by_birth_date(mut self) -> Self {
        self.backend.settings.update_proof = UpdateProof::BirthDate;
        self
    }

    /// Hashes as the service does, at its cost.
    pub(crate) fn hashing_for_real(mut self) -> Self {
        self.backend.hasher = Hasher::new(2, 1000).unwrap();
        self
    }

    /// Hashes as many keys at once as come, so that requests reach the store together.
    pub(crate) fn hashing_at_once(mut self) -> Self {
        self.backend.hasher = Hasher::worthless(16, 1000, PAUSE).unwrap();
        self
    }

    /// Registro Civil knows the valid documents of these people, and of nobody else.
    pub(crate) fn civil_knows(&self, people: &[&Person]) {
        let rows: Vec<_> = people.iter().map(|person| (*person, "vigente")).collect();
        self.civil_says(&rows);
    }

    /// Registro Civil says this of the documents of these people.
    pub(crate) fn civil_says(&self, rows: &[(&Person, &str)]) {
        let mut text = String::from("run,serie,estado,nombre\n");
        for (person, state) in rows {
            text.push_str(&format!("{},{},{state},{}\n", person.rut, person.serial, person.names));
        }
        std::fs::write(self.folder.path().join("civil.csv"), text).unwrap();
    }

    /// Registro Civil does not answer.
    pub(crate) fn civil_is_down(&self) {
        let _ = std::fs::remove_file(self.folder.path().join("civil.csv"));
    }

    /// SII names these representatives of these companies, and nobody else.
    pub(crate) fn tax_says(&self, rows: &[(&Company, &Person)]) {
        let mut text = String::from("rut_empresa,razon_social,rut_representante\n");
        for (company, person) in rows {
            text.push_str(&format!("{},{},{}\n", company.rut, company.person.names, person.rut));
        }
        std::fs::write(self.folder.path().join("sii.csv"), text).unwrap();
    }

    /// SII names the representatives of these companies.
    pub(crate) fn tax_knows(&self, companies: &[&Company]) {
        let rows: Vec<_> = companies.iter().map(|company| (*company, &company.representative)).collect();
        self.tax_says(&rows);
    }

    /// There is a registry of foreign documents, and it says this of the documents of these people.
    pub(crate) fn foreign_documents_say(&mut self, rows: &[(&Migrant, &str)]) {
        let mut text = String::from("nie,tipo,pais,numero,estado,nombre\n");
        for (migrant, state) in rows {
            text.push_str(&format!(
                "{},pasaporte,VE,{},{state},{}\n",
                migrant.nie, migrant.document, migrant.names
            ));
        }
        let path = self.folder.path().join("documentos.csv");
        std::fs::write(&path, text).unwrap();
        if self.backend.foreign_documents.is_none() {
            self.backend.foreign_documents = Some(ForeignDocuments::File(ForeignFile::new(path)));
        }
    }

    /// The registry of foreign documents does not answer.
    pub(crate) fn foreign_documents_are_down(&self) {
        let _ = std::fs::remove_file(self.folder.path().join("documentos.csv"));
    }

    /// SII does not answer.
    pub(crate) fn tax_is_down(&self) {
        let _ = std::fs::remove_file(self.folder.path().join("sii.csv"));
    }

    /// A courier that delivers by these ways.
    pub(crate) fn courier(&self, ways: Transports) -> Courier {
        let clock: Arc<dyn Clock> = Arc::<MovableClock>::clone(&self.clock);
        Courier::new(self.store.clone(), self.secrets.clone(), clock, ways, Arc::clone(&self.wake))
    }

    /// Delivers what waits, and gives every letter that came since the last call.
    pub(crate) async fn messages(&self) -> Vec<DemoMessage> {
        let inbox = self.folder.path().join("bandeja");
        let courier = self.courier(Transports::local(inbox.clone()));
        while courier.round().await.unwrap() > 0 {}
        let letters = Inbox::new(inbox.clone()).newest(1000).await;
        let _ = std::fs::remove_dir_all(inbox);
        letters
    }
}

/// How long a hash takes, about as in the service.
const PAUSE: Duration = Duration::from_millis(20);

async fn build(database: &Database, folder: &Folder, clock: Arc<MovableClock>, secret: &[u8]) -> Backend {
    let settings = Settings { public_url: "https://clave.ejemplo.cl".to_owned(), ..Settings::default() };
    let store = Store::open(&database.url(), 8).await.unwrap();
    let secrets = Secrets::derive(secret).unwrap();
    Backend {
        limits: Limits::new(store.clone(), secrets.clone(), settings.tries_per_address),
        decoys: Decoys::default(),
        store,
        secrets,
        // Thousands of keys are hashed in these tests; those about what a hash costs call `hashing_for_real`.
        hasher: Hasher::worthless(2, 1000, PAUSE).unwrap(),
        clock,
        civil: CivilRegistry::File(CivilFile::new(folder.path().join("civil.csv"))),
        foreign_documents: None,
        tax: TaxRegistry::File(TaxFile::new(folder.path().join("sii.csv"))),
        rce: Rce::default(),
        files: Files::Folder(files::Folder::new(folder.path().join("archivos"))),
        settings,
        wake: Arc::new(Notify::new()),
        drawings: Drawings::default(),
        flow_locks: FlowLocks::default(),
        signing: SigningKeys::default(),
    }
}

//! Foreign identity documents from a CSV file with the columns `nie,tipo,pais,numero,estado,nombre`; `tipo` is `pasaporte`, `cedula`
//! or `otro`, `pais` a code of two letters, `estado` is `vigente` or `no_vigente`. The file is read again when it changes; while it
//! is missing or malformed the registry is down.

use std::collections::HashMap;
use std::path::PathBuf;

use domain::document::{Country, DocumentKind, DocumentNumber};
use domain::flow::ForeignAnswer;
use domain::nie::{Nie, NiePattern};
use serde::Deserialize;

use super::file::{Line, Watched};

/// A file adapter. Clones share the content.
#[derive(Clone)]
pub struct ForeignFile(Watched<Documents>);

/// By NIE and number: a person may have several documents, and two countries may have given one number.
type Documents = HashMap<(String, String), Vec<Document>>;

struct Document {
    kind: DocumentKind,
    country: Country,
    state: State,
    name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Vigente,
    NoVigente,
}

#[derive(Deserialize)]
struct Row {
    nie: String,
    tipo: String,
    pais: String,
    numero: String,
    estado: State,
    nombre: Option<String>,
}

impl ForeignFile {
    /// An adapter for the file at `path`, which need not exist yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(Watched::new(path, "foreign"))
    }

    pub(super) async fn check(
        &self,
        nie: &Nie,
        number: &DocumentNumber,
        issued: Option<(DocumentKind, Country)>,
    ) -> ForeignAnswer {
        let Some(documents) = self.0.content(documents).await else { return ForeignAnswer::TechnicalFailure };
        let key = (nie.as_str().to_owned(), number.expose().to_owned());
        let known = documents.get(&key).map_or(&[][..], Vec::as_slice);
        let fits = |document: &&Document| {
            issued.is_none_or(|(kind, country)| document.kind == kind && document.country == country)
        };
        let mut fitting = known.iter().filter(fits).peekable();
        if fitting.peek().is_none() {
            return ForeignAnswer::NoSuchData;
        }
        match fitting.find(|document| document.state == State::Vigente) {
            Some(document) => ForeignAnswer::Valid { name: document.name.clone() },
            None => ForeignAnswer::NotValid,
        }
    }
}

fn documents(rows: Vec<Line<Row>>) -> Result<Documents, u64> {
    let mut documents = Documents::new();
    for (line, row) in rows {
        let (key, document) = document(row).ok_or(line)?;
        documents.entry(key).or_default().push(document);
    }
    Ok(documents)
}

/// NIE and number of a row, and the document.
fn document(row: Row) -> Option<((String, String), Document)> {
    let nie = Nie::parse(&row.nie, &NiePattern::any()).ok()?;
    let number = DocumentNumber::parse(&row.numero).ok()?;
    let document = Document {
        kind: DocumentKind::parse(&row.tipo)?,
        country: Country::parse(&row.pais)?,
        state: row.estado,
        name: super::name(row.nombre),
    };
    Some(((nie.as_str().to_owned(), number.expose().to_owned()), document))
}

//! Where the registries are: files, or HTTP.

use std::path::{Path, PathBuf};

use backend::registry::{
    CivilFile, CivilRegistry, CourseFile, ForeignDocuments, ForeignFile, HttpRegistry, TaxFile, TaxRegistry,
};
use backend::service::rce::Rce;
use domain::rce::fields::Loopback;

use super::{ConfigError, Raw, text};

/// Where a registry is: a file, or behind HTTP.
enum Place {
    File(PathBuf),
    Http(HttpRegistry),
}

/// The registry of a key, with the bearer token of another; in the demo a sample file.
fn registry(
    raw: &Raw,
    (key, token): (&'static str, &str),
    sample: Option<PathBuf>,
) -> Result<Place, ConfigError> {
    match (text(raw, key), sample) {
        (Some(place), _) => match place.strip_prefix("file:") {
            Some(path) => Ok(Place::File(path.into())),
            None if place.starts_with("http://") || place.starts_with("https://") => {
                Ok(Place::Http(HttpRegistry::new(place, text(raw, token))))
            }
            None => Err(ConfigError::Value(key, "must be file:PATH.csv or http(s)://…")),
        },
        (None, Some(sample)) => Ok(Place::File(sample)),
        (None, None) => Err(ConfigError::Required(key, "file:PATH.csv or http(s)://…")),
    }
}

/// Registro Civil.
pub(super) fn civil(raw: &Raw, demo: bool, data: &Path) -> Result<CivilRegistry, ConfigError> {
    let sample = demo.then(|| crate::demo::civil_registry(data));
    Ok(match registry(raw, ("civil_registry", "civil_registry_token"), sample)? {
        Place::File(path) => CivilRegistry::File(CivilFile::new(path)),
        Place::Http(http) => CivilRegistry::Http(http),
    })
}

/// SII.
pub(super) fn tax(raw: &Raw, demo: bool, data: &Path) -> Result<TaxRegistry, ConfigError> {
    let sample = demo.then(|| crate::demo::tax_registry(data));
    Ok(match registry(raw, ("tax_registry", "tax_registry_token"), sample)? {
        Place::File(path) => TaxRegistry::File(TaxFile::new(path)),
        Place::Http(http) => TaxRegistry::Http(http),
    })
}

/// Attendance, with its list of courses; off unless it is configured. Answers go to this machine in the demo only.
pub(super) fn attendance(raw: &Raw, demo: bool) -> Result<Rce, ConfigError> {
    let Some(place) = text(raw, "rce_courses") else { return Ok(Rce::default()) };
    let path = place.strip_prefix("file:").filter(|path| !path.is_empty());
    let path = path.ok_or(ConfigError::Value("rce_courses", "must be file:PATH.csv"))?;
    let loopback = if demo { Loopback::Allowed } else { Loopback::Refused };
    Ok(Rce::at(CourseFile::new(path.into()), loopback))
}

/// The registry of foreign documents; none unless it is configured.
pub(super) fn foreign_documents(raw: &Raw) -> Result<Option<ForeignDocuments>, ConfigError> {
    if text(raw, "foreign_documents").is_none() {
        return Ok(None);
    }
    Ok(Some(match registry(raw, ("foreign_documents", "foreign_documents_token"), None)? {
        Place::File(path) => ForeignDocuments::File(ForeignFile::new(path)),
        Place::Http(http) => ForeignDocuments::Http(http),
    }))
}

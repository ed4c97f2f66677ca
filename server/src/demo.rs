//! What the demo makes for itself in its data folder: a secret, registry files with invented people and companies.

use std::io;
use std::path::{Path, PathBuf};

/// Invented people; the README tells of them.
const CIVIL_REGISTRY: &str = include_str!("../demo/registro-civil.csv");
/// Invented companies, represented by the invented people.
const TAX_REGISTRY: &str = include_str!("../demo/sii.csv");

/// Makes the data folder and the sample registries, where they are missing.
pub(crate) fn prepare(data: &Path) -> io::Result<()> {
    backend::owner_only::create_folder(data)?;
    for (registry, sample) in [(civil_registry(data), CIVIL_REGISTRY), (tax_registry(data), TAX_REGISTRY)] {
        if !registry.exists() {
            std::fs::write(registry, sample)?;
        }
    }
    Ok(())
}

/// Where the sample of SII is.
pub(crate) fn tax_registry(data: &Path) -> PathBuf {
    data.join("sii.csv")
}

/// Where the sample registry is.
pub(crate) fn civil_registry(data: &Path) -> PathBuf {
    data.join("registro-civil.csv")
}

/// Where the local inbox is.
pub(crate) fn inbox(data: &Path) -> PathBuf {
    data.join("bandeja")
}

/// The secret of this data folder, made at the first start, so that flows and messages outlive a restart.
pub(crate) fn secret(data: &Path) -> io::Result<Vec<u8>> {
    let path = data.join("secreto");
    match std::fs::read(&path) {
        Ok(secret) if secret.len() >= 32 => return Ok(secret),
        _ => {}
    }
    let parts = [backend::secrets::random_token(), backend::secrets::random_token()];
    let secret = parts.into_iter().collect::<Result<Vec<_>, _>>().map_err(io::Error::other)?.concat();
    write_private(&path, secret.as_bytes())?;
    Ok(secret.into_bytes())
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)?
        .write_all(bytes)
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::write(path, bytes)
}

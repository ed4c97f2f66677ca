//! Where uploaded files are kept: a folder, or an object storage that speaks S3.

use std::path::{Path, PathBuf};

use backend::files::{Bucket, Files, FilesError, Folder, ObjectFiles};
use http::Uri;

use super::{ConfigError, Raw, text};

/// What `files` must be.
const PLACE: &str = "must be folder:PATH or s3://BUCKET[/PREFIX]";

/// Reads `files` and what belongs to it; in the demo a folder in `data`.
pub(super) fn files(raw: &Raw, demo: bool, data: &Path) -> Result<Files, ConfigError> {
    let Some(place) = text(raw, "files") else {
        if demo {
            return Ok(Files::Folder(Folder::new(data.join("archivos"))));
        }
        return Err(ConfigError::Required("files", "folder:PATH or s3://BUCKET[/PREFIX]"));
    };
    match (place.strip_prefix("folder:"), place.strip_prefix("s3://")) {
        (Some(path), _) if !path.is_empty() => Ok(Files::Folder(Folder::new(path))),
        (_, Some(place)) => object(raw, demo, place),
        _ => Err(ConfigError::Value("files", PLACE)),
    }
}

/// Files in the bucket of `s3://PLACE`.
fn object(raw: &Raw, demo: bool, place: &str) -> Result<Files, ConfigError> {
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let prefix = prefix.trim_end_matches('/');
    let letters = |text: &str, more: &str| {
        text.bytes().all(|b| b.is_ascii_alphanumeric() || more.as_bytes().contains(&b))
    };
    if !(3..=63).contains(&bucket.len()) || !letters(bucket, ".-") {
        return Err(ConfigError::Value("files", PLACE));
    }
    let segment = |part: &str| !["", ".", ".."].contains(&part) && letters(part, "._-");
    if !prefix.is_empty() && !prefix.split('/').all(segment) {
        return Err(ConfigError::Value(
            "files",
            "its prefix may have letters, digits, . _ - and / between them",
        ));
    }
    let region = text(raw, "files_s3_region").unwrap_or("us-east-1");
    if !letters(region, "-") {
        return Err(ConfigError::Value("files_s3_region", "must be a name such as us-east-1"));
    }
    let needed = |key| text(raw, key).ok_or(ConfigError::Value(key, "is needed when files is s3://…"));
    let bucket = Bucket {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        endpoint: endpoint(raw, demo)?,
        region: region.to_owned(),
        key_id: needed("files_s3_key_id")?.to_owned(),
        secret: needed("files_s3_secret")?.to_owned(),
    };
    let spool =
        text(raw, "files_spool").map_or_else(|| std::env::temp_dir().join("clave-sence"), PathBuf::from);
    // The two errors that are left: everything else was checked above.
    ObjectFiles::new(bucket, Folder::new(spool)).map(Files::Object).map_err(|error| {
        let why = match error {
            FilesError::NotBuilt => "s3:// is not in this build: `cargo xtask build --release` has it",
            _ => "cannot be reached by TLS: this machine has no certificates that it trusts",
        };
        ConfigError::Value("files", why)
    })
}

/// `files_s3_endpoint`: `http(s)://HOST[:PORT]`, in production without TLS only on this machine.
fn endpoint(raw: &Raw, demo: bool) -> Result<Option<String>, ConfigError> {
    let Some(text) = text(raw, "files_s3_endpoint") else { return Ok(None) };
    let wrong = || ConfigError::Value("files_s3_endpoint", "must be http(s)://HOST[:PORT]");
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(wrong()) };
    let bare = uri.path() == "/" && uri.query().is_none() && !text.contains('@');
    if !bare || host.is_empty() || !["http", "https"].contains(&scheme) {
        return Err(wrong());
    }
    if scheme == "http" && !demo && !is_loopback(host) {
        return Err(ConfigError::Forbidden(
            "files_s3_endpoint",
            "must be https, but for one on this machine",
        ));
    }
    Ok(Some(text.trim_end_matches('/').to_owned()))
}

/// Whether a host of a URL is this machine.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

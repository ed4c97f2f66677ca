//! Compressed once here, so that the server never has to.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use anyhow::{Context, Result};

/// Kinds of files that gain from it; pictures and fonts are compressed as they are.
const TEXTUAL: [&str; 10] = ["css", "html", "js", "json", "map", "svg", "txt", "wasm", "webmanifest", "xml"];

/// Writes `FILE.br` and `FILE.gz` beside a textual file where they are smaller than it is.
pub(crate) fn beside(file: &Path) -> Result<()> {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if !TEXTUAL.contains(&extension) {
        return Ok(());
    }
    let raw = fs::read(file).with_context(|| format!("read {}", file.display()))?;
    for (suffix, small) in [("br", brotli(&raw)), ("gz", gzip(&raw))] {
        let small = small.with_context(|| format!("compress {}", file.display()))?;
        if small.len() < raw.len() {
            let path = with_suffix(file, suffix);
            fs::write(&path, small).with_context(|| format!("write {}", path.display()))?;
        }
    }
    Ok(())
}

/// `FILE.SUFFIX`, keeping the extension it has.
pub(crate) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: raw.len(),
        ..BrotliEncoderParams::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &raw[..], &mut small, &params)?;
    Ok(small)
}

fn gzip(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(raw)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_forms_unpack_to_the_same() -> std::io::Result<()> {
        let raw = b"clave clave clave clave clave clave clave".repeat(20);
        let (mut from_br, mut from_gz) = (Vec::new(), Vec::new());
        brotli::BrotliDecompress(&mut brotli(&raw)?.as_slice(), &mut from_br)?;
        flate2::read::GzDecoder::new(gzip(&raw)?.as_slice()).read_to_end(&mut from_gz)?;
        assert_eq!(from_br, raw);
        assert_eq!(from_gz, raw);
        Ok(())
    }

    #[test]
    fn the_suffix_comes_after_the_extension() {
        assert_eq!(with_suffix(Path::new("a/main.css"), "br"), Path::new("a/main.css.br"));
    }
}

//! How large the site is, and whether that is within what was promised.

use std::fs;
use std::path::Path;

use crate::compress::with_suffix;
use crate::manifest::Manifest;
use anyhow::{Context, Result, bail};

/// What starter, glue and WebAssembly may weigh together, compressed with brotli (docs/decisions/0008).
const SCRIPT_BUDGET: u64 = 60_000;

/// What the proof of work may weigh: its script, its worker and their WebAssembly (docs/decisions/0015).
const WORK_BUDGET: u64 = 25_000;

/// Prints each file's size and fails when the scripts are over budget.
pub(crate) fn report(site: &Path, manifest: &Manifest) -> Result<()> {
    println!("{:>10} {:>10}", "bytes", "brotli");
    for file in &manifest.files {
        let (raw, small) = sizes_of(&site.join(file))?;
        println!("{raw:>10} {small:>10}  {file}");
    }
    let sum = |files: &[&String]| -> Result<u64> {
        files.iter().map(|file| Ok(sizes_of(&site.join(file))?.1)).sum()
    };
    let script = sum(&[&manifest.js, &manifest.glue, &manifest.wasm])?;
    let work = sum(&manifest.work.each_ref())?;
    println!("Starter, glue and WebAssembly: {script} of {SCRIPT_BUDGET} bytes (brotli)");
    println!("Proof of work: {work} of {WORK_BUDGET} bytes (brotli)");
    within_budget("starter, glue and WebAssembly", script, SCRIPT_BUDGET)?;
    within_budget("the proof of work", work, WORK_BUDGET)
}

/// Bytes as they are, and as they go over the wire where brotli is understood.
fn sizes_of(file: &Path) -> Result<(u64, u64)> {
    let raw = fs::metadata(file).with_context(|| format!("read {}", file.display()))?.len();
    let small = fs::metadata(with_suffix(file, "br")).map_or(raw, |about| about.len());
    Ok((raw, small))
}

fn within_budget(what: &str, bytes: u64, budget: u64) -> Result<()> {
    if bytes <= budget {
        return Ok(());
    }
    bail!("too heavy: {what}, {bytes} bytes with brotli, {} over the budget of {budget}", bytes - budget)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_kept_to_the_byte() {
        assert!(within_budget("the site", SCRIPT_BUDGET, SCRIPT_BUDGET).is_ok());
        let why =
            within_budget("the site", SCRIPT_BUDGET + 7, SCRIPT_BUDGET).err().map(|why| why.to_string());
        assert!(why.is_some_and(|why| why.contains("7 over the budget")));
    }
}

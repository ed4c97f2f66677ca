//! `site-builder ROOT WASM PROOF WORK OUT`: makes the site, ready to be served, in the empty folder OUT.
//!
//! ROOT is the repository, WASM the compiled `frontend`, PROOF the compiled `work`, WORK a folder for what is made on the way. `cargo xtask site`
//! compiles both and starts this. The order matters for scripts that name other files: the hashes of those come first.

#![expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]

mod bind;
mod compress;
mod css;
mod js;
mod manifest;
mod names;
mod sizes;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bind::{Bound, Loaded};
use manifest::Manifest;

/// The style sheets: of pages that lead to others, of flows, of the officers' desk (docs/decisions/0002).
const SHEETS: [&str; 3] = ["entry", "flow", "desk"];

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [root, wasm, proof, work, out] = arguments.as_slice() else {
        bail!("usage: site-builder ROOT WASM PROOF WORK OUT");
    };
    let manifest = fill(root, (wasm, proof), work, out)?;
    sizes::report(out, &manifest)
}

fn fill(root: &Path, (wasm, proof): (&Path, &Path), work: &Path, out: &Path) -> Result<Manifest> {
    let mut manifest = Manifest::default();

    println!("Bundling style");
    for stem in SHEETS {
        let css = css::bundle(&root.join(format!("style/{stem}.css")))?;
        manifest.css.push(put(out, stem, "css", css.as_bytes())?);
    }

    println!("Binding the WebAssembly to JavaScript");
    let bound = bind::bind(wasm, work, "clave_sence", Loaded::ByImport)?;
    manifest.wasm = put(out, "clave_sence_bg", "wasm", &bound.wasm)?;
    manifest.glue = put(out, "clave_sence", "js", js::squeeze(&bound.glue).as_bytes())?;

    manifest.work = put_work(root, &bind::bind(proof, work, "trabajo", Loaded::ByWorker)?, out)?;

    let [work, ..] = &manifest.work;
    let named = [("__GLUE__", manifest.glue.as_str()), ("__WASM__", &manifest.wasm), ("__WORK__", work)];
    let starter = js::fill_in(&script(root, "arranque")?, &named)?;
    manifest.js = put(out, "arranque", "js", starter.as_bytes())?;

    // Files with names of their own, such as robots.txt; the server looks for them in one folder only.
    for entry in fs::read_dir(root.join("public")).context("list public")? {
        let entry = entry.context("list public")?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().is_file() {
            fs::copy(entry.path(), out.join(&name)).with_context(|| format!("copy public/{name}"))?;
            manifest.files.push(name);
        }
    }

    println!("Compressing");
    manifest.list_the_hashed();
    for file in &manifest.files {
        compress::beside(&out.join(file))?;
    }
    fs::write(out.join(manifest::FILE), manifest.to_json()).context("write the manifest")?;
    Ok(manifest)
}

/// Writes the proof of work beside the captcha: its script, its worker, the WebAssembly of that.
fn put_work(root: &Path, bound: &Bound, out: &Path) -> Result<[String; 3]> {
    let wasm = put(out, "trabajo_bg", "wasm", &bound.wasm)?;
    let tail = js::fill_in(&script(root, "obrero")?, &[("__WASM__", &wasm)])?;
    let worker = put(out, "obrero", "js", (js::squeeze(&bound.glue) + &tail).as_bytes())?;
    let page = js::fill_in(&script(root, "trabajo")?, &[("__WORKER__", &worker)])?;
    Ok([put(out, "trabajo", "js", page.as_bytes())?, worker, wasm])
}

/// A script of `frontend`, squeezed.
fn script(root: &Path, name: &str) -> Result<String> {
    let source = root.join(format!("frontend/{name}.js"));
    let script = fs::read_to_string(&source).with_context(|| format!("read {}", source.display()))?;
    Ok(js::squeeze(&script))
}

/// Writes `STEM.HASH.EXTENSION` and returns that name.
fn put(out: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
    let name = names::with_hash(stem, extension, bytes);
    fs::write(out.join(&name), bytes).with_context(|| format!("write {name}"))?;
    Ok(name)
}

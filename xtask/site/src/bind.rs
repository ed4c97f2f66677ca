//! Gives the compiled WebAssembly its JavaScript.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// How the JavaScript is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// As a module that is imported.
    ByImport,
    /// As the script of a worker, which every browser with workers can start.
    ByWorker,
}

/// What wasm-bindgen makes of the compiled crate.
pub(crate) struct Bound {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// The JavaScript that loads the module and calls the browser for it.
    pub(crate) glue: String,
}

/// Runs wasm-bindgen on `compiled`, under this name; `work` is emptied and filled with what it writes.
///
/// # Errors
/// The module cannot be read or bound, or a crate brings JavaScript snippets of its own.
pub(crate) fn bind(compiled: &Path, work: &Path, name: &str, loaded: Loaded) -> Result<Bound> {
    if work.exists() {
        fs::remove_dir_all(work).with_context(|| format!("empty {}", work.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(name).typescript(false);
    // The starter always says where the module is: a default would name it without its hash.
    bindgen.omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let bindgen = match loaded {
        Loaded::ByImport => bindgen.web(true),
        Loaded::ByWorker => bindgen.no_modules(true),
    };
    bindgen.and_then(|bindgen| bindgen.generate(work)).context("bind the WebAssembly")?;
    if work.join("snippets").exists() {
        bail!("a crate brings JavaScript snippets of its own; the site has no place for them");
    }
    let read = |file: String| fs::read(work.join(&file)).with_context(|| format!("read {file}"));
    let wasm = read(format!("{name}_bg.wasm"))?;
    let glue = String::from_utf8(read(format!("{name}.js"))?).context("read the glue")?;
    Ok(Bound { wasm, glue })
}

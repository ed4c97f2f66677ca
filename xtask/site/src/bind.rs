//! Gives the compiled WebAssembly its JavaScript.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// The name of the module, before hash and extension.
const NAME: &str = "clave_sence";

/// What wasm-bindgen makes of the compiled crate.
pub(crate) struct Bound {
    /// The module, `clave_sence_bg.wasm`.
    pub(crate) wasm: Vec<u8>,
    /// The JavaScript that loads the module and calls the browser for it, `clave_sence.js`.
    pub(crate) glue: String,
}

/// Runs wasm-bindgen on `compiled`; `work` is emptied and filled with what it writes.
///
/// # Errors
/// The module cannot be read or bound, or a crate brings JavaScript snippets of its own.
pub(crate) fn bind(compiled: &Path, work: &Path) -> Result<Bound> {
    if work.exists() {
        fs::remove_dir_all(work).with_context(|| format!("empty {}", work.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(NAME).typescript(false);
    // The starter always says where the module is: a default would name it without its hash.
    bindgen.omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(work)).context("bind the WebAssembly")?;
    if work.join("snippets").exists() {
        bail!("a crate brings JavaScript snippets of its own; the site has no place for them");
    }
    let read = |name: String| fs::read(work.join(&name)).with_context(|| format!("read {name}"));
    let wasm = read(format!("{NAME}_bg.wasm"))?;
    let glue = String::from_utf8(read(format!("{NAME}.js"))?).context("read the glue")?;
    Ok(Bound { wasm, glue })
}

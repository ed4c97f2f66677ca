//! The WebAssembly: compiled by cargo, then given its JavaScript by wasm-bindgen.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use super::debian;
use super::toolchain::{self, TARGET, Way};
use crate::failure::{Doing, Failure, Result};
use crate::places::Places;
use crate::process::{cargo, run};

/// The name of the module, before hash and extension.
const NAME: &str = "clave_sence";

/// What wasm-bindgen makes of the compiled crate.
pub(super) struct Bound {
    /// The module, `clave_sence_bg.wasm`.
    pub(super) wasm: Vec<u8>,
    /// The JavaScript that loads it and speaks for it, `clave_sence.js`.
    pub(super) glue: String,
}

/// Compiles `frontend` and binds it.
pub(super) fn build(places: &Places) -> Result<Bound> {
    let (mut build, target_dir) = match toolchain::choose()? {
        Way::Installed | Way::Rustup => {
            let mut build = cargo();
            build.arg("build");
            (build, places.target.join("wasm"))
        }
        Way::Debian => (debian::cargo_build(), places.target.join("wasm-debian")),
    };
    let compiled = compile(&mut build, &places.root, &target_dir)?;
    bind(&compiled, &places.target.join("wasm-bound"))
}

fn compile(build: &mut Command, root: &Path, target_dir: &Path) -> Result<PathBuf> {
    println!("Compiling the browser's part with {}", build.get_program().display());
    build.current_dir(root).args(["--package", "frontend", "--lib", "--profile", "wasm", "--target", TARGET]);
    run(build.arg("--target-dir").arg(target_dir))?;
    Ok(target_dir.join(TARGET).join("wasm").join("frontend.wasm"))
}

fn bind(compiled: &Path, out: &Path) -> Result<Bound> {
    println!("Binding it to JavaScript");
    if out.exists() {
        fs::remove_dir_all(out).doing(format!("empty {}", out.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(NAME).typescript(false);
    // The starter always says where the module is: a default would name it without its hash.
    bindgen.omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(out)).doing("bind the WebAssembly")?;
    if out.join("snippets").exists() {
        return Err(Failure::new(
            "a crate brings JavaScript snippets of its own; the site has no place for them",
        ));
    }
    let read = |name: String| fs::read(out.join(&name)).doing(format!("read {name}"));
    let wasm = read(format!("{NAME}_bg.wasm"))?;
    let glue = String::from_utf8(read(format!("{NAME}.js"))?).doing("read the glue")?;
    Ok(Bound { wasm, glue })
}

//! `cargo xtask site`: the browser's part, from Rust and CSS to files ready to be served.
//!
//! Here it is decided whether to build, and with which compiler; `site-builder` (`xtask/site`) makes the files.

mod debian;
mod stamp;
mod toolchain;
mod wasm;

pub(crate) use toolchain::{TARGET, has_target as has_wasm_target};

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::{Doing, Result};
use crate::places::{Places, short};
use crate::process::{cargo, run};

/// The file in the site's folder that holds the hash of what it was built from.
const STAMP: &str = ".stamp";

/// Whether the site is there, made from the sources as they are now.
pub(crate) fn is_up_to_date(places: &Places) -> Result<bool> {
    let stamp = stamp::of_sources(&places.root)?;
    Ok(fs::read_to_string(places.site().join(STAMP)).is_ok_and(|old| old == stamp))
}

/// Builds the site unless it is up to date; fails when it is over budget.
pub(crate) fn build(places: &Places) -> Result<()> {
    let site = places.site();
    if is_up_to_date(places)? {
        println!("The browser's part in {} is up to date.", short(&places.root, &site));
        return Ok(());
    }
    let stamp = stamp::of_sources(&places.root)?;
    let wasm = wasm::build(places)?;
    // Made aside and put in place whole: a failed build leaves what was there.
    let fresh = places.target.join("site-new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).doing(format!("empty {}", fresh.display()))?;
    }
    fs::create_dir_all(&fresh).doing(format!("make {}", fresh.display()))?;
    fill(places, &wasm, &fresh)?;
    fs::write(fresh.join(STAMP), stamp).doing("write the stamp")?;
    if site.exists() {
        fs::remove_dir_all(&site).doing(format!("remove the old {}", site.display()))?;
    }
    fs::rename(&fresh, &site).doing(format!("put {} in place", site.display()))
}

/// Compiles `site-builder`; it is needed once the WebAssembly is there, and can be compiled meanwhile.
pub(crate) fn compile_builder(places: &Places) -> Result<()> {
    run(cargo().current_dir(&places.root).args(["build", "--package", "site-builder"]))
}

fn fill(places: &Places, wasm: &Path, out: &Path) -> Result<()> {
    compile_builder(places)?;
    let mut builder = Command::new(places.debug("site-builder"));
    run(builder.arg(&places.root).arg(wasm).arg(places.target.join("wasm-bound")).arg(out))
}

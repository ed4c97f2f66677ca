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

/// Beside the site's folder: the hash of all sources that it was built from. Not in it, for the server is compiled anew when
/// a file in it changes.
const STAMP: &str = "site.stamp";

/// The same of what `site-builder` makes it from: the compiled WebAssembly and the files that it reads.
const PARTS: &str = "site.parts";

/// Whether the site is there, made from the sources as they are now.
pub(crate) fn is_up_to_date(places: &Places) -> Result<bool> {
    Ok(is_stamped(places, STAMP, &stamp::of_sources(&places.root)?))
}

/// Builds the site unless it is up to date; fails when it is over budget.
pub(crate) fn build(places: &Places) -> Result<()> {
    let site = places.site();
    let stamp = stamp::of_sources(&places.root)?;
    if is_stamped(places, STAMP, &stamp) {
        println!("The browser's part in {} is up to date.", short(&places.root, &site));
        return Ok(());
    }
    let wasm = wasm::build(places)?;
    let parts = stamp::of_parts(&places.root, &[&wasm.frontend, &wasm.work])?;
    // Most changes of a page change nothing of the WebAssembly.
    if !is_stamped(places, PARTS, &parts) {
        // Made aside and put in place whole: a failed build leaves what was there.
        let fresh = places.target.join("site-new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).doing(format!("empty {}", fresh.display()))?;
        }
        fs::create_dir_all(&fresh).doing(format!("make {}", fresh.display()))?;
        fill(places, &wasm, &fresh)?;
        if site.exists() {
            fs::remove_dir_all(&site).doing(format!("remove the old {}", site.display()))?;
        }
        fs::rename(&fresh, &site).doing(format!("put {} in place", site.display()))?;
        fs::write(places.target.join(PARTS), parts).doing("write what the site was made from")?;
    }
    fs::write(places.target.join(STAMP), stamp).doing("write the stamp")
}

fn is_stamped(places: &Places, file: &str, stamp: &str) -> bool {
    places.site().is_dir() && fs::read_to_string(places.target.join(file)).is_ok_and(|old| old == stamp)
}

/// Compiles `site-builder`; it is needed once the WebAssembly is there, and can be compiled meanwhile.
pub(crate) fn compile_builder(places: &Places) -> Result<()> {
    run(cargo().current_dir(&places.root).args(["build", "--package", "site-builder"]))
}

fn fill(places: &Places, wasm: &wasm::Modules, out: &Path) -> Result<()> {
    compile_builder(places)?;
    let mut builder = Command::new(places.debug("site-builder"));
    builder.arg(&places.root).arg(&wasm.frontend).arg(&wasm.work);
    run(builder.arg(places.target.join("wasm-bound")).arg(out))
}

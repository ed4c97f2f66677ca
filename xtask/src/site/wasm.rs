//! Compiles `frontend` to WebAssembly.

use std::path::PathBuf;

use super::debian;
use super::toolchain::{self, TARGET, Way};
use crate::failure::Result;
use crate::places::Places;
use crate::process::{cargo, run};

/// Compiles `frontend`; returns where the module lies.
pub(super) fn build(places: &Places) -> Result<PathBuf> {
    let (mut build, target_dir) = match toolchain::choose()? {
        Way::Installed | Way::Rustup => {
            let mut build = cargo();
            build.arg("build");
            (build, places.target.join("wasm"))
        }
        Way::Debian => (debian::cargo_build(), places.target.join("wasm-debian")),
    };
    println!("Compiling the browser's part with {}", build.get_program().display());
    build.current_dir(&places.root).args(["--package", "frontend", "--lib", "--profile", "wasm"]);
    run(build.args(["--target", TARGET, "--target-dir"]).arg(&target_dir))?;
    Ok(target_dir.join(TARGET).join("wasm").join("frontend.wasm"))
}

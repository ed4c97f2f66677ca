//! Compiles `frontend` and `work` to WebAssembly.

use std::path::PathBuf;

use super::debian;
use super::toolchain::{self, TARGET, Way};
use crate::failure::Result;
use crate::places::Places;
use crate::process::{cargo, run};

/// Where the compiled modules lie.
pub(super) struct Modules {
    /// Of `frontend`.
    pub(super) frontend: PathBuf,
    /// Of `work`, the proof of work beside the captcha.
    pub(super) work: PathBuf,
}

/// Compiles both.
pub(super) fn build(places: &Places) -> Result<Modules> {
    let (mut build, target_dir) = match toolchain::choose()? {
        Way::Installed | Way::Rustup => {
            let mut build = cargo();
            build.arg("build");
            (build, places.target.join("wasm"))
        }
        Way::Debian => (debian::cargo_build(), places.target.join("wasm-debian")),
    };
    println!("Compiling the browser's part with {}", build.get_program().display());
    build.current_dir(&places.root).args([
        "--package",
        "frontend",
        "--package",
        "work",
        "--lib",
        "--profile",
        "wasm",
    ]);
    run(build.args(["--target", TARGET, "--target-dir"]).arg(&target_dir))?;
    let built = target_dir.join(TARGET).join("wasm");
    Ok(Modules { frontend: built.join("frontend.wasm"), work: built.join("work.wasm") })
}

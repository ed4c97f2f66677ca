//! The suites that are cargo's: formatting, lints, and the tests of all crates.

use std::path::PathBuf;
use std::process::Command;

use super::failed::Failed;
use super::tally::Tally;
use crate::failure::{Failure, Result};
use crate::places::Places;
use crate::process::{answer_of, cargo, find, run, run_reading};
use crate::server::{SITE_DIR, beside_the_site};
use crate::{site, tools};

/// What proptest draws its inputs from.
const SEED: &str = "PROPTEST_RNG_SEED";

/// Is everything formatted?
pub(super) fn fmt(places: &Places) -> Result<()> {
    run(in_root(places).args(["fmt", "--all", "--check"]))
}

/// Is everything free of warnings, the browser's part too where this toolchain can build it?
///
/// Clippy's compiler builds what the tests then run, so that nothing is compiled once for its lints and once more for its
/// tests.
pub(super) fn clippy(places: &Places) -> Result<()> {
    build(places)?;
    run(linted(places)?.args(["build", "--all-targets"]).args(TOOLS))?;
    if !site::has_wasm_target() {
        println!("No lints for the browser's part: this toolchain has no wasm target.");
        return Ok(());
    }
    // With the dependencies that the site was built from.
    let mut browser = linted(places)?;
    browser.args([
        "build",
        "--package",
        "frontend",
        "--package",
        "work",
        "--lib",
        "--profile",
        "wasm",
        "--target",
        site::TARGET,
    ]);
    run(browser.arg("--target-dir").arg(places.target.join("wasm")))
}

/// Our crates, with everything in them.
const APPLICATION: [&str; 14] = [
    "-p",
    "fuzz",
    "-p",
    "domain",
    "-p",
    "wording",
    "-p",
    "backend",
    "-p",
    "app",
    "-p",
    "server",
    "--features",
    "server/s3",
];

/// The crates that build the others. They run apart: together, the features that both want of a crate would be united, and
/// what `cargo xtask run` has built would be built once more.
const TOOLS: [&str; 4] = ["-p", "xtask", "-p", "site-builder"];

/// Builds the site, the server and its tests, with Clippy's lints.
pub(super) fn build(places: &Places) -> Result<()> {
    let all = || run(linted(places)?.args(["build", "--all-targets"]).args(APPLICATION));
    beside_the_site(places, all)?;
    all()
}

/// The tests of all crates.
pub(super) fn tests(places: &Places, failed: &mut Failed) -> Result<Tally> {
    // The server's tests read the site that it embeds.
    build(places)?;
    let mut application = linted(places)?;
    // Most tests of the store wait, for servers that hang or for PostgreSQL: more of them at once cost nothing.
    application.env("RUST_TEST_THREADS", "6");
    // The same code gets the same verdict: a rare input is looked for by a run with another seed, not by luck in CI.
    if std::env::var_os(SEED).is_none() {
        application.env(SEED, "20261121");
    }
    application.args(["test", "--no-fail-fast"]).args(APPLICATION);
    match tools::postgres() {
        Ok(bin) => {
            application.env("CS_PG_BIN", bin);
        }
        Err(why) => println!("{why}"),
    }
    let mut own = linted(places)?;
    own.args(["test", "--no-fail-fast"]).args(TOOLS);
    Ok([count(&mut application, failed)?, count(&mut own, failed)?].into_iter().sum())
}

/// `cargo` that compiles our crates with `clippy-driver`, which is the compiler with Clippy's lints; a warning is an error.
/// `cargo clippy` does the same, but for checks only.
fn linted(places: &Places) -> Result<Command> {
    let sysroot = answer_of(Command::new("rustc").args(["--print", "sysroot"]));
    let driver = sysroot.map(|sysroot| PathBuf::from(sysroot).join("bin/clippy-driver"));
    let driver = driver.filter(|driver| driver.is_file()).or_else(|| find("clippy-driver"));
    let driver =
        driver.ok_or_else(|| Failure::new("this Rust has no Clippy: run `rustup component add clippy`"))?;
    let mut cargo = in_root(places);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", driver);
    // How `cargo clippy` hands over what is behind `--`.
    cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    Ok(cargo)
}

fn count(tests: &mut Command, failed: &mut Failed) -> Result<Tally> {
    let mut tally = Tally::default();
    let status = run_reading(tests, |line| {
        tally.add_cargo_line(line);
        failed.add_cargo_line(line);
    })?;
    Ok(tally.with_verdict(status.success()))
}

fn in_root(places: &Places) -> Command {
    let mut cargo = cargo();
    cargo.current_dir(&places.root);
    if places.site().is_dir() {
        cargo.env(SITE_DIR, places.site());
    }
    cargo
}

//! The suites that are cargo's: formatting, lints, and the tests of all crates.

use std::process::Command;

use super::tally::Tally;
use crate::failure::Result;
use crate::places::Places;
use crate::process::{cargo, run, run_reading};
use crate::server::SITE_DIR;
use crate::{site, tools};

/// What proptest draws its inputs from.
const SEED: &str = "PROPTEST_RNG_SEED";

/// Is everything formatted?
pub(super) fn fmt(places: &Places) -> Result<()> {
    run(in_root(places).args(["fmt", "--all", "--check"]))
}

/// Is everything free of warnings, the browser's part too where this toolchain can build it?
pub(super) fn clippy(places: &Places) -> Result<()> {
    run(in_root(places).args(["clippy", "--all-targets", "--", "-D", "warnings"]))?;
    if !site::has_wasm_target() {
        println!("No lints for the browser's part: this toolchain has no wasm target.");
        return Ok(());
    }
    // In the same target folder: macros and build scripts are there already.
    let mut browser = in_root(places);
    browser.args(["clippy", "--package", "frontend", "--target", site::TARGET]);
    run(browser.args(["--", "-D", "warnings"]))
}

/// The tests of all crates.
///
/// Ours run apart: together, the features both want of a crate would be united, and everything
/// that `cargo xtask` and `cargo xtask build` have built would be built once more.
pub(super) fn tests(places: &Places) -> Result<Tally> {
    // The server's tests read the site that it embeds.
    site::build(places)?;
    let mut application = in_root(places);
    // Most tests of the store wait, for servers that hang or for PostgreSQL: more of them at once cost nothing.
    application.env("RUST_TEST_THREADS", "6");
    // The same code gets the same verdict: a rare input is looked for by a run with another seed, not by luck in CI.
    if std::env::var_os(SEED).is_none() {
        application.env(SEED, "20261121");
    }
    application.args([
        "test",
        "--no-fail-fast",
        "-p",
        "domain",
        "-p",
        "backend",
        "-p",
        "app",
        "-p",
        "server",
    ]);
    match tools::postgres() {
        Ok(bin) => {
            application.env("CS_PG_BIN", bin);
        }
        Err(why) => println!("{why}"),
    }
    let mut own = in_root(places);
    own.args(["test", "--no-fail-fast", "-p", "xtask"]);
    Ok([count(&mut application)?, count(&mut own)?].into_iter().sum())
}

fn count(tests: &mut Command) -> Result<Tally> {
    let mut tally = Tally::default();
    let status = run_reading(tests, |line| tally.add_cargo_line(line))?;
    Ok(tally.with_verdict(status.success()))
}

fn in_root(places: &Places) -> Command {
    let mut cargo = cargo();
    cargo.current_dir(&places.root).env(SITE_DIR, places.site());
    cargo
}

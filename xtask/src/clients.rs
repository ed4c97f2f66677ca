//! `cargo xtask clients`: programs that others wrote sign people in with our endpoints, in a browser, on both engines.
//!
//! What they are and what each does is in `end2end/clients` and `end2end/tests/clients.spec.ts`. Python's packages come into a folder of
//! their own below `target`, Apache from Debian. The Rust client openidconnect is tried by a test of `server`: its crates change the features of
//! those of the service, so it is built apart.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::failure::Result;
use crate::places::Places;
use crate::process::{cargo, run, run_within};
use crate::{debian, server, tools};

/// Builds, installs and tries all clients. Prints a row for each: client, version, engine, what was exercised, result.
pub(crate) fn try_all(places: &Places) -> Result<()> {
    server::build(places, false)?;
    let folder = places.end2end();
    tools::npm_ci(&folder)?;
    let browser = tools::test_browser()?;
    debian::need(&["apache2", "libapache2-mod-auth-openidc", "python3-venv"], "clients of others")?;
    let python = python(places)?;
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright.current_dir(&folder).args(["test", "clients", "--reporter=line", "--workers=1"]);
    playwright.args(["--project=con-script", "--project=con-script-pg"]);
    playwright
        .env("CS_CLIENTS_PYTHON", python)
        .env("CS_CHROMIUM", browser)
        .env("CS_BIN", places.server(false));
    run_within(&mut playwright, Duration::from_secs(900))?;
    let mut rust = cargo();
    rust.current_dir(&places.root).args([
        "test",
        "--package",
        "server",
        "--features",
        "s3,clients",
        "client_library",
    ]);
    run(rust.env("CARGO_TARGET_DIR", places.target.join("clients-rust")))
}

/// A Python with the packages of `end2end/clients/requirements.txt`.
fn python(places: &Places) -> Result<PathBuf> {
    let environment = places.target.join("clients-python");
    let python = environment.join("bin/python");
    if !python.is_file() {
        run_within(Command::new("python3").args(["-m", "venv"]).arg(&environment), Duration::from_secs(120))?;
    }
    let wanted = places.end2end().join("clients/requirements.txt");
    let mut install = Command::new(&python);
    install
        .args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--requirement"])
        .arg(wanted);
    run_within(&mut install, Duration::from_secs(600))?;
    Ok(python)
}

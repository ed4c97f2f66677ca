//! Building and starting the server, `clave-sence`.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::places::{Places, short};
use crate::process::{become_program, cargo, run as run_command};
use crate::site;

/// Where the server's build script finds the site to embed.
pub(crate) const SITE_DIR: &str = "CS_SITE_DIR";

/// Settings of this tool, which the server would refuse as unknown settings of its own.
const OURS: [&str; 5] = [SITE_DIR, "CS_WASM_TOOLCHAIN", "CS_CHROMIUM", "CS_BIN", "CS_PG_BIN"];

/// Builds site and server.
pub(crate) fn build(places: &Places, release: bool) -> Result<()> {
    site::build(places)?;
    build_only(places, release)?;
    println!("Built {}", short(&places.root, &places.server(release)));
    Ok(())
}

/// Builds the server around the site that is there.
pub(crate) fn build_only(places: &Places, release: bool) -> Result<()> {
    println!("Compiling the server");
    let mut build = cargo();
    build.current_dir(&places.root).env(SITE_DIR, places.site()).args(["build", "--package", "server"]);
    if release {
        build.arg("--release");
    }
    run_command(&mut build)
}

/// Builds, then becomes the server in demo mode. Returns only when that fails.
pub(crate) fn run(places: &Places, listen: Option<String>, data: Option<PathBuf>, release: bool) -> Failure {
    if let Err(why) = build(places, release) {
        return why;
    }
    let mut server = command(places, release);
    server.arg("serve").arg("--data").arg(data.unwrap_or_else(|| places.root.join("var")));
    if env::var_os("CS_MODE").is_none() {
        server.env("CS_MODE", "demo");
    }
    match listen {
        Some(listen) => server.env("CS_LISTEN", listen),
        None if env::var_os("CS_LISTEN").is_none() => server.env("CS_LISTEN", "127.0.0.1:3000"),
        None => &mut server,
    };
    become_program(&mut server)
}

/// Builds for release, then becomes the benchmark, which starts that binary. Returns only when that fails.
pub(crate) fn bench(places: &Places, arguments: &[String]) -> Failure {
    if let Err(why) = build(places, true) {
        return why;
    }
    println!("Compiling the benchmark");
    let mut compile = cargo();
    compile.current_dir(&places.root).env(SITE_DIR, places.site());
    compile.args(["build", "--release", "--package", "server", "--example", "bench"]);
    if let Err(why) = run_command(&mut compile) {
        return why;
    }
    become_program(Command::new(places.benchmark()).args(arguments))
}

/// The server's binary with the environment passed through, less what is only ours.
pub(crate) fn command(places: &Places, release: bool) -> Command {
    let mut server = Command::new(places.server(release));
    for name in OURS {
        server.env_remove(name);
    }
    server
}

//! Building and starting the server, `clave-sence`.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use crate::failure::{Failure, Result};
use crate::places::{Places, short};
use crate::process::{become_program, cargo, run as run_command};
use crate::site;

/// Where the server's build script finds the site to embed.
pub(crate) const SITE_DIR: &str = "CS_SITE_DIR";

/// Settings of this tool, which the server would refuse as unknown settings of its own.
const OURS: [&str; 5] = [SITE_DIR, "CS_WASM_TOOLCHAIN", "CS_CHROMIUM", "CS_BIN", "CS_PG_BIN"];

/// How the server is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// For the demo: a debug build without uploads in an object storage.
    Demo,
    /// For production, with everything.
    Release,
}

impl Build {
    fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Demo }
    }

    /// `cargo build` of the server, with the site that is there; without one it has no site.
    fn cargo(self, places: &Places) -> Command {
        let mut build = cargo();
        build.current_dir(&places.root).args(["build", "--package", "server"]);
        if self == Self::Release {
            build.args(["--release", "--features", "s3"]);
        }
        if places.site().is_dir() {
            build.env(SITE_DIR, places.site());
        }
        build
    }
}

/// Builds site and server.
pub(crate) fn build(places: &Places, release: bool) -> Result<()> {
    let build = Build::of(release);
    beside_the_site(places, || run_command(&mut build.cargo(places)))?;
    println!("Compiling the server");
    run_command(&mut build.cargo(places))?;
    println!("Built {}", short(&places.root, &places.server(release)));
    Ok(())
}

/// Builds the site, and compiles `more` beside it: neither keeps two cores busy alone, for much of its time is spent in a
/// single crate. What embeds the site is compiled once more afterwards, by the caller; that is one crate.
pub(crate) fn beside_the_site(places: &Places, more: impl FnOnce() -> Result<()>) -> Result<()> {
    if site::is_up_to_date(places)? {
        return site::build(places);
    }
    thread::scope(|scope| {
        let site = scope.spawn(|| site::build(places));
        let compiled = site::compile_builder(places);
        if compiled.is_ok() {
            // It may fail only because files of the site are exchanged under it. What is really wrong, the caller's build finds again.
            let _ = more();
        }
        let site = site.join().unwrap_or_else(|_| Err(Failure::new("building the site panicked")));
        site.and(compiled)
    })
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
    compile.args(["build", "--release", "--package", "server", "--features", "s3", "--example", "bench"]);
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

//! What is taken from Debian's packages when a machine lacks it and we are allowed to install.

use std::process::Command;
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::process::{answer_of, find, run_within};

/// Is this Debian or one of its kin?
pub(crate) fn is_debian() -> bool {
    find("apt-get").is_some() && find("dpkg-query").is_some()
}

/// Installs those of `packages` that are missing; `what_for` completes "needed for …".
///
/// Installs only as root; anybody else gets an error with the command to run.
pub(crate) fn need(packages: &[&str], what_for: &str) -> Result<()> {
    if !is_debian() {
        return Err(Failure::new(format!(
            "{what_for}: this machine has no apt-get to install {}",
            packages.join(" ")
        )));
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() {
        return Err(Failure::new(format!(
            "{what_for}: Debian packages are missing, and only root may install them. Run this, then try again:\n    sudo apt-get update && sudo apt-get install --no-install-recommends {}",
            missing.join(" ")
        )));
    }
    println!("Installing Debian packages for {what_for}: {}", missing.join(" "));
    if let Err(why) = run_within(apt_get().args(["-qq", "update"]), Duration::from_secs(300)) {
        println!("The package lists could not be renewed ({why}); trying with the lists that are there.");
    }
    let mut install = apt_get();
    install.args(["-qq", "install", "-y", "--no-install-recommends"]).args(&missing);
    run_within(&mut install, Duration::from_secs(1200))
        .map_err(|why| Failure::new(format!("{what_for}: {why}. Are Debian's packages reachable from here?")))
}

fn apt_get() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    for option in [
        "DPkg::Lock::Timeout=120",
        "Acquire::http::Timeout=20",
        "Acquire::https::Timeout=20",
        "Acquire::Retries=1",
        "Dpkg::Use-Pty=0",
    ] {
        apt.args(["-o", option]);
    }
    apt
}

fn is_installed(package: &str) -> bool {
    let state = answer_of(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]));
    state.as_deref() == Some("installed")
}

fn is_root() -> bool {
    answer_of(Command::new("id").arg("-u")).as_deref() == Some("0")
}

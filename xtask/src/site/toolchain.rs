//! Which compiler builds for the browser: the current one, or where it lacks the wasm target, rustup
//! or Debian's packages help out.
//!
//! Some machines reach rustup's servers, some only the package registries: neither is relied on, and
//! [`SETTING`] forces each way so that all three can be tested on one machine.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::debian;
use crate::failure::{Failure, Result};
use crate::process::{answer_of, find, run_within};

/// The environment variable that forces one way: `installed`, `rustup` or `debian`.
pub(super) const SETTING: &str = "CS_WASM_TOOLCHAIN";

/// The target triple of the browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// `rustup target add` downloads about 20 MB; where nothing answers it would try much longer.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// A way to a compiler for [`TARGET`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The current toolchain has the target.
    Installed,
    /// rustup adds the target to the current toolchain.
    Rustup,
    /// Debian's rustc-web, which builds the standard library from source.
    Debian,
}

/// What is known about the machine before anything is tried.
#[derive(Debug, Clone, Copy)]
struct Machine {
    has_target: bool,
    has_rustup: bool,
    is_debian: bool,
}

/// Finds a way that works, trying those that fit this machine one after the other.
pub(super) fn choose() -> Result<Way> {
    let forced = env::var(SETTING).ok();
    let machine = Machine {
        has_target: has_target(),
        has_rustup: find("rustup").is_some(),
        is_debian: debian::is_debian(),
    };
    let ways = ways(forced.as_deref(), machine)?;
    let mut refused = Vec::new();
    for (place, way) in ways.iter().enumerate() {
        match prepare(*way) {
            Ok(()) => return Ok(*way),
            Err(why) => {
                if place + 1 < ways.len() {
                    println!("{why}; trying another way");
                }
                refused.push(why.to_string());
            }
        }
    }
    Err(Failure::new(format!("no compiler for {TARGET}; what was tried:\n  - {}", refused.join("\n  - "))))
}

/// Does the current toolchain (of rustup or not) have the target's standard library?
pub(crate) fn has_target() -> bool {
    answer_of(Command::new("rustc").args(["--print", "sysroot"]))
        .is_some_and(|sysroot| PathBuf::from(sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

/// The ways worth trying, best first.
fn ways(forced: Option<&str>, machine: Machine) -> Result<Vec<Way>> {
    match forced.unwrap_or_default() {
        "" if machine.has_target => Ok(vec![Way::Installed]),
        "" => {
            let mut ways = Vec::new();
            ways.extend(machine.has_rustup.then_some(Way::Rustup));
            ways.extend(machine.is_debian.then_some(Way::Debian));
            if ways.is_empty() {
                return Err(Failure::new(format!(
                    "this Rust cannot build for {TARGET}, and there is neither rustup nor Debian's apt-get to help. Install Rust with rustup and run `rustup target add {TARGET}`."
                )));
            }
            Ok(ways)
        }
        "installed" => Ok(vec![Way::Installed]),
        "rustup" => Ok(vec![Way::Rustup]),
        "debian" => Ok(vec![Way::Debian]),
        other => Err(Failure::new(format!("{SETTING} is `{other}`; it may be installed, rustup or debian"))),
    }
}

fn prepare(way: Way) -> Result<()> {
    match way {
        Way::Installed if has_target() => Ok(()),
        Way::Installed => {
            Err(Failure::new(format!("{SETTING}=installed, but this toolchain has no {TARGET}")))
        }
        Way::Rustup => {
            println!("Asking rustup for {TARGET} (at most {} s)", RUSTUP_LIMIT.as_secs());
            run_within(Command::new("rustup").args(["target", "add", TARGET]), RUSTUP_LIMIT)?;
            if has_target() {
                Ok(())
            } else {
                Err(Failure::new(format!(
                    "rustup is content, yet `rustc` has no {TARGET}: is another Rust first in the search path?"
                )))
            }
        }
        Way::Debian => debian::need(&super::debian::PACKAGES, "building for the browser"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: Machine = Machine { has_target: false, has_rustup: false, is_debian: false };

    fn chosen(forced: Option<&str>, machine: Machine) -> Option<Vec<Way>> {
        ways(forced, machine).ok()
    }

    #[test]
    fn a_target_at_hand_is_taken_and_nothing_else_tried() {
        let machine = Machine { has_target: true, has_rustup: true, is_debian: true };
        assert_eq!(chosen(None, machine), Some(vec![Way::Installed]));
        assert_eq!(chosen(Some(""), machine), Some(vec![Way::Installed]));
    }

    #[test]
    fn without_it_rustup_comes_before_debian() {
        let machine = Machine { has_rustup: true, is_debian: true, ..BARE };
        assert_eq!(chosen(None, machine), Some(vec![Way::Rustup, Way::Debian]));
        assert_eq!(chosen(None, Machine { has_rustup: true, ..BARE }), Some(vec![Way::Rustup]));
        assert_eq!(chosen(None, Machine { is_debian: true, ..BARE }), Some(vec![Way::Debian]));
    }

    #[test]
    fn without_a_toolchain_the_message_says_what_to_install() {
        let why = ways(None, BARE).err().map(|why| why.to_string()).unwrap_or_default();
        assert!(why.contains("rustup target add wasm32-unknown-unknown"), "{why}");
    }

    #[test]
    fn the_setting_forces_one_way_whatever_the_machine_has() {
        let machine = Machine { has_target: true, has_rustup: true, is_debian: true };
        assert_eq!(chosen(Some("installed"), BARE), Some(vec![Way::Installed]));
        assert_eq!(chosen(Some("rustup"), machine), Some(vec![Way::Rustup]));
        assert_eq!(chosen(Some("debian"), machine), Some(vec![Way::Debian]));
        assert_eq!(chosen(Some("nix"), machine), None);
    }
}

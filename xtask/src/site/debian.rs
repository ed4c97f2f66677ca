//! Building for the browser with Debian's `rustc-web`, which has no wasm target but the source of
//! the standard library: cargo builds that too, for size.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What that takes: compiler, cargo, the library's source, LLVM's tools, and the linker.
pub(super) const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/// Building std is unstable, hence RUSTC_BOOTSTRAP. A panic ends the page's wasm in any case, so
/// neither its message nor its place needs to be carried along.
const RUSTFLAGS: &str = "-Cpanic=immediate-abort -Zunstable-options -Zlocation-detail=none";

/// Debian's cargo with all that takes, up to the package to build.
pub(super) fn cargo_build() -> Command {
    let mut cargo = Command::new("/usr/bin/cargo");
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_another_toolchain(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    cargo.env("PATH", debian_first()).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", RUSTFLAGS);
    cargo.args(["build", "-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"]);
    cargo
}

/// The search path with `/usr/bin` first, so that cargo finds Debian's rustc and `rust-lld`.
fn debian_first() -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let first = PathBuf::from("/usr/bin");
    let rest = env::split_paths(&path).filter(|dir| dir != Path::new("/usr/bin")).collect::<Vec<_>>();
    env::join_paths(std::iter::once(first).chain(rest)).unwrap_or(path)
}

/// Variables that rustup's cargo set for us, or that a person set for it: with them Debian's cargo
/// would start the wrong compiler, or that one would load the wrong libraries. How registries are
/// reached is the person's setting and stays.
fn is_of_another_toolchain(name: &str) -> bool {
    const KEPT: [&str; 5] =
        ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_"];
    if KEPT.iter().any(|kept| name.starts_with(kept)) {
        return false;
    }
    const DROPPED: [&str; 6] = ["CARGO", "RUSTUP_", "RUSTC", "RUSTDOC", "RUSTFLAGS", "RUST_RECURSION_COUNT"];
    DROPPED.iter().any(|dropped| name.starts_with(dropped)) || matches!(name, "LD_LIBRARY_PATH" | "OUT_DIR")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_rustup_reaches_debians_cargo() {
        for name in [
            "CARGO",
            "RUSTUP_TOOLCHAIN",
            "RUSTUP_HOME",
            "RUSTC",
            "RUSTC_WRAPPER",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_TARGET_DIR",
            "LD_LIBRARY_PATH",
        ] {
            assert!(is_of_another_toolchain(name), "{name}");
        }
    }

    #[test]
    fn the_ways_to_the_registries_stay() {
        for name in [
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_HTTP_PROXY",
            "CARGO_REGISTRIES_X_INDEX",
            "HOME",
            "PATH",
        ] {
            assert!(!is_of_another_toolchain(name), "{name}");
        }
    }

    #[test]
    fn debians_programs_come_first_and_once() {
        let path: Vec<PathBuf> = env::split_paths(&debian_first()).collect();
        assert_eq!(path.first().map(PathBuf::as_path), Some(Path::new("/usr/bin")));
        assert_eq!(path.iter().filter(|dir| *dir == Path::new("/usr/bin")).count(), 1);
    }
}

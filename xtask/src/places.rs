//! Where things lie: the repository's root and what is built below `target/`.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Doing, Result};

/// The folders the tasks work in. All paths are absolute.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The repository's root, where the workspace's `Cargo.toml` is.
    pub(crate) root: PathBuf,
    /// Cargo's target folder: `CARGO_TARGET_DIR`, or `target/` in the root.
    pub(crate) target: PathBuf,
}

impl Places {
    /// Finds the root from where this crate lies, as cargo says at run time, or said when building.
    pub(crate) fn find() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.parent().unwrap_or(&here).to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => env::current_dir().doing("find the current folder")?.join(dir),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The browser's part, ready to be served or embedded.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// A program of ours, as a debug build.
    pub(crate) fn debug(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The server's binary.
    pub(crate) fn server(&self, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target.join(profile).join(format!("clave-sence{}", env::consts::EXE_SUFFIX))
    }

    /// The benchmark, an example of the server's, built for release.
    pub(crate) fn benchmark(&self) -> PathBuf {
        self.target.join("release/examples").join(format!("bench{}", env::consts::EXE_SUFFIX))
    }

    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }
}

/// A path as a person in the root would type it.
pub(crate) fn short<'a>(root: &Path, path: &'a Path) -> std::path::Display<'a> {
    path.strip_prefix(root).unwrap_or(path).display()
}

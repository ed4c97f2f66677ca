//! What the site was built from, as one hash: when it did not change, neither does the site.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};

use super::toolchain;
use crate::failure::{Doing, Result};
use crate::process::answer_of;

/// Everything that can change the site, relative to the root.
const SOURCES: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "domain", "app", "work", "frontend", "style", "public", "xtask/site"];

/// What `site-builder` reads beside the WebAssembly, and itself.
const PARTS: [&str; 6] =
    ["frontend/arranque.js", "frontend/trabajo.js", "frontend/obrero.js", "style", "public", "xtask/site"];

/// The hash over all sources, the compiler and the chosen way to the wasm target.
pub(super) fn of_sources(root: &Path) -> Result<String> {
    let setting = env::var(toolchain::SETTING).unwrap_or_default();
    let compiler = answer_of(Command::new("rustc").arg("-vV")).unwrap_or_default();
    hash(root, &[setting.as_bytes(), compiler.as_bytes()], &SOURCES)
}

/// The hash over the compiled WebAssembly and what else the site is made of.
pub(super) fn of_parts(root: &Path, modules: &[&Path]) -> Result<String> {
    let read = |module: &&Path| fs::read(module).doing(format!("read {}", module.display()));
    let modules = modules.iter().map(read).collect::<Result<Vec<_>>>()?;
    hash(root, &modules.iter().map(Vec::as_slice).collect::<Vec<_>>(), &PARTS)
}

fn hash(root: &Path, first: &[&[u8]], sources: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        // With its length before it, so that no two different lists of parts read the same.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    for part in first {
        add(part);
    }
    for source in sources {
        let path = root.join(source);
        let files = if path.is_file() { vec![String::new()] } else { files_below(&path)? };
        for file in files {
            let path = if file.is_empty() { path.clone() } else { path.join(&file) };
            add(source.as_bytes());
            add(file.as_bytes());
            add(&fs::read(&path).doing(format!("read {}", path.display()))?);
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// All files below a folder, as sorted relative paths with `/`; hidden ones are left out, and a
/// folder that is not there has none.
fn files_below(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, "", &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).doing(format!("list {}", folder.display()))? {
        let entry = entry.doing(format!("list {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &relative, files)?;
        } else {
            files.push(relative);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository in small, removed when the test ends.
    struct Sources(std::path::PathBuf);

    impl Sources {
        fn new(name: &str) -> std::io::Result<Self> {
            let root = env::temp_dir().join(format!("xtask-stamp-{name}-{}", std::process::id()));
            fs::create_dir_all(root.join("public/img"))?;
            fs::write(root.join("Cargo.toml"), "")?;
            fs::write(root.join("Cargo.lock"), "")?;
            fs::write(root.join("public/robots.txt"), "robots")?;
            fs::write(root.join("public/img/a.svg"), "svg")?;
            fs::write(root.join("public/.hidden"), "swap file")?;
            Ok(Self(root))
        }
    }

    impl Drop for Sources {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn files_are_listed_sorted_and_without_hidden_ones() -> Result<(), Box<dyn std::error::Error>> {
        let sources = Sources::new("list")?;
        assert_eq!(files_below(&sources.0.join("public"))?, ["img/a.svg", "robots.txt"]);
        assert!(files_below(&sources.0.join("nothing"))?.is_empty());
        Ok(())
    }

    #[test]
    fn the_parts_change_with_the_wasm_and_not_with_the_rust_code() -> Result<(), Box<dyn std::error::Error>> {
        let sources = Sources::new("parts")?;
        let wasm = sources.0.join("frontend.wasm");
        fs::write(&wasm, "one")?;
        let first = of_parts(&sources.0, &[&wasm])?;
        fs::write(sources.0.join("Cargo.lock"), "other")?;
        assert_eq!(of_parts(&sources.0, &[&wasm])?, first);
        fs::write(&wasm, "two")?;
        assert_ne!(of_parts(&sources.0, &[&wasm])?, first);
        Ok(())
    }

    #[test]
    fn the_stamp_changes_with_content_and_with_names_only() -> Result<(), Box<dyn std::error::Error>> {
        let sources = Sources::new("change")?;
        let first = of_sources(&sources.0)?;
        assert_eq!(of_sources(&sources.0)?, first);
        fs::write(sources.0.join("public/.hidden"), "other")?;
        assert_eq!(of_sources(&sources.0)?, first);
        fs::write(sources.0.join("public/robots.txt"), "other")?;
        let second = of_sources(&sources.0)?;
        assert_ne!(second, first);
        fs::rename(sources.0.join("public/robots.txt"), sources.0.join("public/humans.txt"))?;
        assert_ne!(of_sources(&sources.0)?, second);
        Ok(())
    }
}

//! Reads `Cargo.lock`, as cargo writes it.

use std::fs;

use crate::failure::{Doing, Result};
use crate::places::Places;

/// A package of the lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// SHA-256 of what the registry has; none for our own crates.
    pub(crate) checksum: Option<String>,
    /// What it uses: `name`, or `name version` where there are several.
    pub(crate) uses: Vec<String>,
}

impl Package {
    /// The packages that this one uses.
    pub(crate) fn dependencies<'a>(&'a self, all: &'a [Self]) -> impl Iterator<Item = &'a Self> {
        self.uses.iter().filter_map(|used| {
            let mut words = used.split(' ');
            let (name, version) = (words.next()?, words.next());
            all.iter().find(|package| {
                package.name == name && version.is_none_or(|version| package.version == version)
            })
        })
    }
}

/// The packages of the workspace's lock file.
pub(crate) fn read(places: &Places) -> Result<Vec<Package>> {
    let file = places.root.join("Cargo.lock");
    let text = fs::read_to_string(&file).doing(format!("read {}", file.display()))?;
    Ok(parse(&text))
}

/// The packages of a lock file.
pub(crate) fn parse(text: &str) -> Vec<Package> {
    text.split("[[package]]").skip(1).filter_map(package).collect()
}

fn package(block: &str) -> Option<Package> {
    let value = |key: &str| {
        let line =
            block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'));
        line.map(str::to_owned)
    };
    let uses =
        block.lines().filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\",")).map(str::to_owned);
    Some(Package {
        name: value("name")?,
        version: value("version")?,
        checksum: value("checksum"),
        uses: uses.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_with_what_they_use() {
        let text = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"x\"\nchecksum = \"ff\"\ndependencies = [\n \"b 2.0.0\",\n]\n\n\
                    [[package]]\nname = \"b\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"b\"\nversion = \"2.0.0\"\n";
        let packages = parse(text);
        assert_eq!(packages.len(), 3);
        assert_eq!((packages[0].checksum.as_deref(), packages[1].checksum.as_deref()), (Some("ff"), None));
        let used: Vec<_> =
            packages[0].dependencies(&packages).map(|package| package.version.as_str()).collect();
        assert_eq!(used, ["2.0.0"]);
    }
}

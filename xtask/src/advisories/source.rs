//! Where advisories come from: the copy in the source, or a clone of RustSec's database.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::versions::Requirement;
use crate::failure::{Doing, Failure, Result};

/// What a crate is that nobody maintains.
pub(super) const UNMAINTAINED: &str = "unmaintained";

/// An advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advisory {
    pub(super) id: String,
    pub(super) package: String,
    /// `fault`, or what the database calls it: `unsound`, `unmaintained`, `notice`.
    pub(super) sort: String,
    pub(super) patched: Vec<Requirement>,
    pub(super) unaffected: Vec<Requirement>,
    pub(super) about: String,
}

/// The copy in the source.
pub(super) struct Copy {
    pub(super) advisories: Vec<Advisory>,
    /// Names of the crates that were looked up.
    pub(super) looked: BTreeSet<String>,
}

impl Copy {
    /// The one that this program was compiled with.
    pub(super) fn of_source() -> Result<Self> {
        Self::parse(include_str!("copy.txt"))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut copy = Self { advisories: Vec::new(), looked: BTreeSet::new() };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(names) = line.strip_prefix("looked ") {
                copy.looked.extend(names.split_whitespace().map(str::to_owned));
                continue;
            }
            let advisory =
                row(line).ok_or_else(|| Failure::new(format!("the copy of the advisories: {line}")))?;
            copy.advisories.push(advisory);
        }
        Ok(copy)
    }
}

fn row(line: &str) -> Option<Advisory> {
    let mut columns = line.split('|').map(str::trim);
    let mut next = || columns.next().map(str::to_owned);
    let ranges = |text: String| -> Option<Vec<Requirement>> {
        text.split(';').map(str::trim).filter(|range| !range.is_empty()).map(Requirement::parse).collect()
    };
    Some(Advisory {
        id: next()?,
        package: next()?,
        sort: next()?,
        patched: ranges(next()?)?,
        unaffected: ranges(next()?)?,
        about: next()?,
    })
}

/// The advisories of a clone of the database on crates of these names.
pub(super) fn database(folder: &Path, names: &BTreeSet<&str>) -> Result<Vec<Advisory>> {
    let crates = folder.join("crates");
    if !crates.is_dir() {
        return Err(Failure::new(format!("{} is no clone of RustSec's advisory-db", folder.display())));
    }
    let mut advisories = Vec::new();
    for name in names {
        let Ok(entries) = fs::read_dir(crates.join(name)) else { continue };
        for file in entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|file| file.extension().is_some_and(|end| end == "md"))
        {
            let text = fs::read_to_string(&file).doing(format!("read {}", file.display()))?;
            let read =
                page(&text).ok_or_else(|| Failure::new(format!("{} cannot be read", file.display())))?;
            advisories.extend(read);
        }
    }
    advisories.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(advisories)
}

/// The advisory of a page of the database; nothing in it when it was withdrawn, None when it cannot be read.
fn page(text: &str) -> Option<Option<Advisory>> {
    let (_, rest) = text.split_once("```toml")?;
    let (head, rest) = rest.split_once("```")?;
    let value = |key: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?;
        Some(line.trim().trim_matches('"').to_owned())
    };
    let (_, versions) = head.split_once("[versions]")?;
    let ranges = |key: &str| -> Option<Vec<Requirement>> {
        let Some((_, list)) = versions.split_once(&format!("\n{key} = [")) else { return Some(Vec::new()) };
        let (list, _) = list.split_once(']')?;
        list.split('"').skip(1).step_by(2).map(Requirement::parse).collect()
    };
    if value("withdrawn").is_some() {
        return Some(None);
    }
    Some(Some(Advisory {
        id: value("id")?,
        package: value("package")?,
        sort: value("informational").unwrap_or_else(|| "fault".to_owned()),
        patched: ranges("patched")?,
        unaffected: ranges("unaffected")?,
        about: rest.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2099-0001\"\npackage = \"x\"\ndate = \"2099-01-01\"\n\n[versions]\n# a remark\n\
                        patched = [\">= 1.2\",\n  \"^0.3.4\"]\n```\n\n# What it is\n\nText.\n";

    #[test]
    fn a_page_of_the_database_is_read() {
        let advisory = page(PAGE).unwrap().unwrap();
        assert_eq!(
            (advisory.id.as_str(), advisory.package.as_str(), advisory.about.as_str()),
            ("RUSTSEC-2099-0001", "x", "What it is")
        );
        assert_eq!(
            (advisory.patched.len(), advisory.unaffected.len(), advisory.sort.as_str()),
            (2, 0, "fault")
        );
        let withdrawn = PAGE.replace("date", "withdrawn");
        assert_eq!(page(&withdrawn), Some(None));
        assert_eq!(page("# no front matter"), None);
    }

    #[test]
    fn a_clone_of_the_database_is_read_by_crate() {
        let folder = std::env::temp_dir().join(format!("advisories-{}", std::process::id()));
        let of_crate = folder.join("crates").join("x");
        fs::create_dir_all(&of_crate).unwrap();
        fs::write(of_crate.join("RUSTSEC-2099-0001").with_extension("md"), PAGE).unwrap();
        let found = database(&folder, &BTreeSet::from(["x", "y"])).map(|found| found.len()).ok();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, Some(1));
        assert!(database(&folder, &BTreeSet::new()).is_err());
    }

    #[test]
    fn a_row_that_cannot_be_read_is_an_error() {
        for line in ["RUSTSEC-1 | x", "RUSTSEC-1 | x | fault | about 1.0 | | y"] {
            assert!(Copy::parse(line).is_err(), "{line}");
        }
    }
}

//! The suite `docs`: everything that code, docs and tests cite inside the repository exists.
//!
//! | module | what it does |
//! |---|---|
//! | [`cited`] | finds what a text cites: requirement ids, guides, paths, sections, outside pages |
//! | [`missing`] | says whether it exists |
//! | [`requirements`] | reads `docs/requirements.md`, and checks that its ids are tested |
//! | [`asvs`] | checks the rows and the counts of `docs/asvs.md` |
//!
//! Each finding names file, line and what is missing.

mod asvs;
mod cited;
mod missing;
mod requirements;
#[cfg(test)]
mod tests;

use crate::failure::{Failure, Result};
use crate::places::Places;
use cited::Patterns;
use requirements::Requirements;

use super::tally::Tally;
use super::tree::{Text, Tree};

/// Files that are not checked, and why.
const EXEMPT: [(&str, &str); 2] = [
    (
        "backend/migrations/",
        "sqlx compares checksums: a released migration never changes, not even a comment",
    ),
    ("xtask/src/suites/docs/tests.rs", "its samples are wrong on purpose"),
];

/// A citation that leads nowhere, or a row that is wrong.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(text: &Text, line: usize, what: impl Into<String>) -> Self {
        Self { file: text.path.clone(), line, what: what.into() }
    }
}

/// Checks the repository: one test, or as many failures as there are findings.
pub(super) fn run(places: &Places) -> Result<Tally> {
    let tree = Tree::read(&places.root)?;
    let (checked, mut findings) = check(&tree)?;
    findings.extend(asvs::check(&tree)?);
    for Finding { file, line, what } in &findings {
        println!("{file}:{line}: {what}");
    }
    println!("{checked} files checked, {} findings", findings.len());
    Ok(Tally { passed: u64::from(findings.is_empty()), failed: findings.len() as u64 })
}

/// How many files were read, and everything wrong with them.
fn check(tree: &Tree) -> Result<(usize, Vec<Finding>)> {
    let patterns =
        Patterns::new().ok_or_else(|| Failure::new("a pattern of the suite `docs` is malformed"))?;
    let page = tree.text(requirements::PAGE);
    let page = page.ok_or_else(|| Failure::new(format!("there is no {}", requirements::PAGE)))?;
    let known = Requirements::read(page);
    let mut checked = 0;
    let mut findings = known.untested(page, tree, &patterns);
    for text in &tree.texts {
        if EXEMPT.iter().any(|(path, _)| text.path.starts_with(path)) {
            continue;
        }
        checked += 1;
        for (line, citation) in patterns.citations(text) {
            if let Some(what) = citation.missing(tree, &known, text) {
                findings.push(Finding::new(text, line, what));
            }
        }
    }
    findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok((checked, findings))
}

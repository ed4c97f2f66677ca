//! The suite `layers`: imports point one way (docs/ARCHITECTURE.md#the-parts).
//!
//! | module | what it does |
//! |---|---|
//! | [`source`] | strips comments and strings from Rust, and lists the paths that the rest names |
//! | [`modules`] | ties each path to the file that it leads to, and finds circles between modules |
//! | [`crates`] | which crate may depend on which, and where SQL may be |
//!
//! **What counts as a circle.** Two sibling modules, each with all that lies below it, that import each other, directly or by
//! way of other siblings. So `store` and `courier` make a circle when `store/outbox.rs` imports `message.rs` and
//! `courier/mod.rs` imports `store`. A module and what lies below it are one unit: children may name items of their parent,
//! and the parent those of its children. A re-export counts as the file that it comes from. Tests in files of their own are
//! not read; tests inside a file count as the file.

mod crates;
mod modules;
mod source;
#[cfg(test)]
mod tests;

use crate::failure::Result;
use crate::places::Places;
use modules::Crate;

use super::tally::Tally;
use super::tree::{Text, Tree};

/// Checks the repository: one test, or as many failures as there are findings.
pub(super) fn run(places: &Places) -> Result<Tally> {
    let tree = Tree::read(&places.root)?;
    let (files, findings) = check(&tree);
    for finding in &findings {
        println!("{finding}");
    }
    println!("{files} files read, {} imports or circles against the layers", findings.len());
    Ok(Tally { passed: u64::from(findings.is_empty()), failed: findings.len() as u64 })
}

/// How many files were read, and everything that is against the layers.
fn check(tree: &Tree) -> (usize, Vec<String>) {
    let mut findings = crates::upward(tree);
    findings.extend(crates::misplaced_sql(tree));
    let mut files = 0;
    for root in roots(tree) {
        let read = Crate::read(tree, root);
        files += read.files();
        findings.extend(read.circles());
    }
    (files, findings)
}

/// The folder of each crate, example or binary: where `lib.rs` or `main.rs` lies. Tests are left out.
fn roots(tree: &Tree) -> Vec<&str> {
    let folder = |text: &Text| -> Option<usize> {
        let (folder, name) = text.path.rsplit_once('/')?;
        (matches!(name, "lib.rs" | "main.rs") && !folder.contains("/tests/")).then_some(folder.len())
    };
    let mut roots: Vec<_> = tree.texts.iter().filter_map(|text| text.path.get(..folder(text)?)).collect();
    roots.dedup();
    roots
}

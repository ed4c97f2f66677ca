//! Whether what a text cites exists.

use super::cited::Citation;
use super::requirements::{PAGE, Requirements};
use crate::suites::tree::{Text, Tree};

impl Citation {
    /// What is missing, in words; None if it exists.
    pub(super) fn missing(&self, tree: &Tree, known: &Requirements, from: &Text) -> Option<String> {
        match self {
            Self::Requirement(id) => (!known.has(id)).then(|| format!("{id} is no requirement of {}", PAGE)),
            Self::Guide(number) => {
                (!known.has_guide(number)).then(|| format!("guide {number} is not in the table of {}", PAGE))
            }
            Self::Outside(name) => {
                Some(format!("{name} is a page that readers of the repository do not have"))
            }
            Self::Path(path) => (!tree.leads(path)).then(|| format!("`{path}` leads to no file or folder")),
            Self::Page(path, section) => match tree.page(path, from) {
                None => Some(format!("{path} does not exist")),
                Some(page) => no_section(tree, page, section.as_deref()),
            },
            Self::Decision(number) => {
                let start = format!("docs/decisions/{number}-");
                let exists = tree.files.iter().any(|file| file.starts_with(&start));
                (!exists).then(|| format!("there is no decision {number}"))
            }
            Self::Link(target, section) => {
                let path =
                    if target.is_empty() { Some(from.path.clone()) } else { Tree::linked(from, target) };
                match path.filter(|path| tree.has(path)) {
                    None => Some(format!("the link to {target} leads to no file or folder")),
                    Some(page) => no_section(tree, &page, section.as_deref()),
                }
            }
            Self::Name(name) => {
                let lost = name.split("::").find(|part| !tree.names.contains(*part))?;
                Some(format!("`{name}`: the code has no {lost}"))
            }
        }
    }
}

fn no_section(tree: &Tree, page: &str, section: Option<&str>) -> Option<String> {
    let section = section?;
    (!tree.has_section(page, section)).then(|| format!("{page} has no section #{section}"))
}

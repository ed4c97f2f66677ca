//! Reads `docs/requirements.md`: a section `### ID` per requirement, which says *Built.* or *Not built yet.* and, if it
//! is built, lists its tests in backticks after “Tests:”.

use super::Finding;
use super::cited::Patterns;
use crate::suites::tree::{Text, Tree};

/// The document of the requirements.
pub(super) const PAGE: &str = "docs/requirements.md";

const BUILT: &str = "*Built.*";
const NOT_BUILT: &str = "*Not built yet.*";

/// All requirements and guides.
#[derive(Debug, Default)]
pub(super) struct Requirements {
    requirements: Vec<Requirement>,
    guides: Vec<String>,
}

/// One requirement.
#[derive(Debug)]
struct Requirement {
    id: String,
    /// The line of its heading.
    line: usize,
    body: String,
}

impl Requirements {
    /// Reads the page. Guides are the rows of a table that begin with three digits.
    pub(super) fn read(page: &Text) -> Self {
        let mut known = Self::default();
        let mut open = false;
        for (line, content) in (1..).zip(page.content.lines()) {
            if let Some(id) = content.strip_prefix("### ") {
                known.requirements.push(Requirement { id: id.trim().to_owned(), line, body: String::new() });
                open = true;
            } else if content.starts_with('#') {
                open = false;
            } else if let Some(last) = known.requirements.last_mut().filter(|_| open) {
                last.body.push_str(content);
                last.body.push('\n');
            } else if let Some(number) = content.strip_prefix("| ").and_then(|row| row.get(..3))
                && number.chars().all(|c| c.is_ascii_digit())
            {
                known.guides.push(number.to_owned());
            }
        }
        known
    }

    /// Whether there is a requirement of this id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.requirements.iter().any(|requirement| requirement.id == id)
    }

    /// Whether there is a guide of this number.
    pub(super) fn has_guide(&self, number: &str) -> bool {
        self.guides.iter().any(|guide| guide == number)
    }

    /// Requirements without a state, built ones without tests, and listed tests that do not name their requirement.
    pub(super) fn untested(&self, page: &Text, tree: &Tree, patterns: &Patterns) -> Vec<Finding> {
        let mut findings = Vec::new();
        for requirement in &self.requirements {
            let id = &requirement.id;
            let mut add = |what: String| findings.push(Finding::new(page, requirement.line, what));
            match (requirement.body.contains(BUILT), requirement.body.contains(NOT_BUILT)) {
                (true, false) => {}
                (false, true) => continue,
                _ => {
                    add(format!("{id} says neither or both of “{BUILT}” and “{NOT_BUILT}”"));
                    continue;
                }
            }
            let tests = requirement.tests();
            if tests.is_empty() {
                add(format!("{id} is built and lists no test"));
            }
            for path in tests {
                match tree.text(path) {
                    None => add(format!("{id}: there is no test `{path}`")),
                    Some(test) if !is_test(test) => add(format!("{id}: `{path}` has no tests")),
                    Some(test) if !names(test, id, patterns) => {
                        add(format!("{id}: `{path}` does not name it"));
                    }
                    Some(_) => {}
                }
            }
        }
        findings
    }
}

impl Requirement {
    /// The paths in backticks after “Tests:”.
    fn tests(&self) -> Vec<&str> {
        let (_, list) = self.body.split_once("Tests:").unwrap_or_default();
        list.split('`').skip(1).step_by(2).collect()
    }
}

/// Whether a file holds tests.
fn is_test(text: &Text) -> bool {
    text.is(".spec.ts")
        || text.path.contains("/tests/")
        || text.is("tests.rs")
        || text.content.contains("#[cfg(test)]")
}

/// Whether a test file names a requirement: by its id, or by a function whose name begins with it (`n_rec_1_`).
fn names(test: &Text, id: &str, patterns: &Patterns) -> bool {
    let function = format!("fn {}_", id.to_lowercase().replace('-', "_"));
    test.content.contains(&function) || patterns.requirements(&test.content).contains(id)
}

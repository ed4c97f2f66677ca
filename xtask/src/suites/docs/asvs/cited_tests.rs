//! Whether the tests that a cell names exist.
//!
//! A cell holds functions in backticks; test files in backticks; after the file of a browser test, parts of the titles of its tests in
//! “quotes”; or one of [`NO_TEST`], where no test can be run.

use std::collections::HashSet;

use crate::suites::tree::Tree;

/// What stands in place of a test. The page says what each means.
const NO_TEST: [&str; 3] = ["page", "build", "absence"];

/// The test functions of the repository.
pub(super) struct TestNames<'a>(HashSet<&'a str>);

impl<'a> TestNames<'a> {
    /// Finds them: functions with an attribute that makes them tests, and those that a macro runs on both engines.
    pub(super) fn of(tree: &'a Tree) -> Self {
        let mut names = HashSet::new();
        for text in tree.texts.iter().filter(|text| text.is(".rs")) {
            let (mut marked, mut in_macro) = (false, false);
            for line in text.content.lines().map(str::trim) {
                in_macro |= line.starts_with("on_both_engines!");
                if in_macro {
                    names.extend(line.split(|c: char| !c.is_alphanumeric() && c != '_'));
                    in_macro = !line.ends_with("];");
                } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                    marked = true;
                } else if let Some(name) = function(line)
                    && std::mem::take(&mut marked)
                {
                    names.insert(name);
                }
            }
        }
        Self(names)
    }

    /// What a cell names and is no test, in words.
    pub(super) fn missing(&self, cell: &str, tree: &Tree) -> Vec<String> {
        let mut missing = Vec::new();
        let mut files = Vec::new();
        for word in in_backticks(cell) {
            if Tree::is_path(word) {
                let found: Vec<_> = tree.texts_at(word).filter(|text| holds_tests(&text.content)).collect();
                if found.is_empty() {
                    missing.push(format!("names `{word}`, which holds no tests"));
                }
                files.extend(found);
            } else if !self.0.contains(word) {
                missing.push(format!("names `{word}`, which is no test"));
            }
        }
        for title in quoted(cell) {
            let names = |line: &str| line.contains("test(") && line.contains(title);
            if !files.iter().any(|file| file.content.lines().any(names)) {
                missing.push(format!("names “{title}”, which is no test of a file in the cell"));
            }
        }
        if in_backticks(cell).next().is_none() && !NO_TEST.contains(&cell) {
            missing.push(format!("has “{cell}” in place of a test"));
        }
        missing
    }
}

/// The words in backticks.
pub(super) fn in_backticks(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The texts in “quotes”.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('“').skip(1).filter_map(|rest| rest.split_once('”')).map(|(title, _)| title)
}

/// The name of the function that begins on a line.
fn function(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

/// Whether a file holds tests.
fn holds_tests(content: &str) -> bool {
    ["#[test]", "#[tokio::test", "on_both_engines![", "test('", "test(`"]
        .iter()
        .any(|mark| content.contains(mark))
}

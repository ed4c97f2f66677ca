//! Checks `docs/asvs.md`: every requirement of OWASP ASVS 5.0.0 has one row under its chapter, with its level and a state; what is
//! met names a file and a test; the tests exist; the counts at the top are those of the rows.

mod cited_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::Finding;
use crate::failure::{Failure, Result};
use crate::suites::tree::{Text, Tree};
use cited_tests::TestNames;

/// The page of the table.
const PAGE: &str = "docs/asvs.md";

/// The levels of the requirements: a line per section.
const LEVELS: &str = include_str!("levels.txt");

/// Stands in a cell where there is nothing to say.
const NOTHING: &str = "–";

/// How far a requirement is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Met,
    Partly,
    NotMet,
    NotApplicable,
}

impl State {
    /// In the order of the columns of the counts.
    const ALL: [Self; 4] = [Self::Met, Self::Partly, Self::NotMet, Self::NotApplicable];

    fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::NotMet => "not met",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// A row of a requirement.
#[derive(Debug)]
struct Row<'a> {
    line: usize,
    /// The chapter whose heading it stands under.
    chapter: &'a str,
    number: &'a str,
    level: &'a str,
    asks: &'a str,
    state: &'a str,
    how: &'a str,
    test: &'a str,
}

/// Everything that is wrong with the page.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let page = tree.text(PAGE).ok_or_else(|| Failure::new(format!("there is no {PAGE}")))?;
    let mut findings = Vec::new();
    let rows = rows(page, &mut findings);
    findings.extend(unlisted(page, &rows));
    let names = TestNames::of(tree);
    for row in &rows {
        findings.extend(row.faults(tree, &names).into_iter().map(|what| row.finding(page, &what)));
    }
    findings.extend(wrong_counts(page, &rows));
    Ok(findings)
}

/// The level of each requirement of the standard.
fn levels() -> BTreeMap<String, char> {
    let mut levels = BTreeMap::new();
    for line in LEVELS.lines().filter(|line| !line.starts_with('#')) {
        let (section, digits) = line.split_once(' ').unwrap_or((line, ""));
        levels.extend((1..).zip(digits.chars()).map(|(place, level)| (format!("{section}.{place}"), level)));
    }
    levels
}

/// The cells of a row of a table; none for another line.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inside = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split('|').map(str::trim).collect())
}

/// Whether a text is a number such as `6.2.11`.
fn is_number(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The rows of the requirements. One with another number of cells is a finding.
fn rows<'a>(page: &'a Text, findings: &mut Vec<Finding>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut chapter = "";
    for (line, content) in (1..).zip(page.content.lines()) {
        if let Some(heading) = content.strip_prefix("## ") {
            chapter = heading.strip_prefix('V').and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        }
        let Some(cells) = cells(content).filter(|cells| cells.first().is_some_and(|first| is_number(first)))
        else {
            continue;
        };
        let [number, level, asks, state, how, test] = cells[..] else {
            findings.push(Finding::new(page, line, format!("a row of {} cells in place of 6", cells.len())));
            continue;
        };
        rows.push(Row { line, chapter, number, level, asks, state, how, test });
    }
    rows
}

/// Requirements without a row, with several, or in the wrong place; and rows of none.
fn unlisted(page: &Text, rows: &[Row<'_>]) -> Vec<Finding> {
    let mut left = levels();
    let mut findings = Vec::new();
    for row in rows {
        let mut add = |what: &str| findings.push(row.finding(page, what));
        match left.remove(row.number) {
            None => add("is no requirement of the standard, or has a row above"),
            Some(level) if row.level != level.to_string() => add(&format!("has level {level}")),
            Some(_) => {}
        }
        if row.number.split('.').next() != Some(row.chapter) {
            add("stands under the heading of another chapter");
        }
    }
    findings.extend(left.keys().map(|number| Finding::new(page, 1, format!("{number} has no row"))));
    findings
}

impl Row<'_> {
    fn finding(&self, page: &Text, what: &str) -> Finding {
        Finding::new(page, self.line, format!("{} {what}", self.number))
    }

    fn state(&self) -> Option<State> {
        State::ALL.into_iter().find(|state| state.words() == self.state)
    }

    /// What is wrong with the cells of this row, its number and level apart.
    fn faults(&self, tree: &Tree, names: &TestNames<'_>) -> Vec<String> {
        let mut faults = Vec::new();
        let Some(state) = self.state() else {
            return vec![format!("has the state “{}”", self.state)];
        };
        if [self.asks, self.how, self.test].iter().any(|cell| cell.is_empty()) || self.how == NOTHING {
            faults.push("has an empty cell".to_owned());
        }
        let tested = self.test != NOTHING;
        match state {
            State::Met | State::Partly if !cites_a_file(self.how) => {
                faults.push(format!("is {} and names no file", self.state));
            }
            State::Met if !tested => faults.push("is met and names no test".to_owned()),
            State::NotMet | State::NotApplicable if tested => {
                faults.push(format!("is {} and names a test", self.state));
            }
            _ => {}
        }
        if tested {
            faults.extend(names.missing(self.test, tree));
        }
        faults
    }
}

/// Whether a cell names a file: a path in backticks, or a link.
fn cites_a_file(cell: &str) -> bool {
    cell.contains("](") || cited_tests::in_backticks(cell).any(Tree::is_path)
}

/// The rows of the counts that do not say what is on the page.
fn wrong_counts(page: &Text, rows: &[Row<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, level) in [("L1", Some("1")), ("L2", Some("2")), ("L3", Some("3")), ("all", None)] {
        let counted: Vec<_> =
            rows.iter().filter(|row| level.is_none_or(|level| row.level == level)).collect();
        let of_state = |state| counted.iter().filter(|row| row.state() == Some(state)).count();
        let counts = std::iter::once(counted.len()).chain(State::ALL.into_iter().map(of_state));
        let right: Vec<_> = counts.map(|count| count.to_string()).collect();
        let row = (1..).zip(page.content.lines()).find_map(|(line, content)| {
            let cells = cells(content).filter(|cells| cells.first() == Some(&name))?;
            Some((line, cells))
        });
        let right = format!("| {name} | {} |", right.join(" | "));
        match row {
            Some((_, cells)) if format!("| {} |", cells.join(" | ")) == right => {}
            Some((line, _)) => findings.push(Finding::new(page, line, format!("the counts are {right}"))),
            None => findings.push(Finding::new(page, 1, format!("there is no row of counts {right}"))),
        }
    }
    findings
}

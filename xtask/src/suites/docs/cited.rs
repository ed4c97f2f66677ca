//! What a text cites, line by line.

use std::collections::BTreeSet;

use regex_lite::Regex;

use crate::suites::tree::{Text, Tree};

/// Pages of the people who ordered this software. Readers of the repository do not have them, so nothing may cite
/// them. In lower case, so that this list is not itself a citation.
const OUTSIDE: [&str; 9] =
    ["spec", "design", "style", "security", "login", "owner", "operate", "screens", "bugs"];

/// Something that a text says exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Citation {
    /// A requirement: `N-REG`.
    Requirement(String),
    /// A guide: `guide 004`.
    Guide(String),
    /// A page from outside the repository.
    Outside(String),
    /// A path in backticks.
    Path(String),
    /// A page, perhaps a section of it: `docs/security.md#the-web`.
    Page(String, Option<String>),
    /// The number of a decision: `decisions/0005`.
    Decision(String),
    /// A link of a page, relative to it.
    Link(String, Option<String>),
    /// A name of the code in backticks: `Store::begin`, a long test name.
    Name(String),
}

/// The patterns of all kinds of citations.
pub(super) struct Patterns {
    requirement: Regex,
    request_number: Regex,
    guides: Regex,
    backticks: Regex,
    page: Regex,
    decision: Regex,
    link: Regex,
    name: Regex,
}

impl Patterns {
    /// None if one of them is malformed.
    pub(super) fn new() -> Option<Self> {
        let new = |pattern: &str| Regex::new(pattern).ok();
        Some(Self {
            // One letter, a dash, a word in capitals; perhaps a number or END; perhaps a range, `M-REC-1…3`.
            requirement: new(r"\b([ADFHIJLMNORV]-[A-Z]{2,}(?:-(?:[A-Z]+|[0-9]+))?)(?:…([0-9]))?\b")?,
            request_number: new(r"\bF-[0-9A-Z]{4}(?:-[0-9A-Z]{4})?\b")?,
            guides: new(r"\b[Gg]uides? ([0-9]{3}(?:(?:, | and |, and )[0-9]{3})*)\b")?,
            backticks: new(r"`([^`]+)`")?,
            page: new(r"((?:[\w.-]+/)*[\w-]+\.md)(?:#([\w-]+))?")?,
            decision: new(r"\b[Dd]ecisions?[/ ]([0-9]{4})\b")?,
            link: new(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")?,
            // A path of names; a type of two words or more; a function of four words or more, as only tests have.
            name: new(r"^(?:\w+(?:::\w+)+|(?:[A-Z][a-z0-9]+){2,}|[a-z0-9]+(?:_[a-z0-9]+){3,})$")?,
        })
    }

    /// Everything that a text cites, with line numbers.
    pub(super) fn citations(&self, text: &Text) -> Vec<(usize, Citation)> {
        let mut found = Vec::new();
        let is_page = text.is(".md");
        let mut in_code = false;
        for (number, line) in (1..).zip(text.content.lines()) {
            let is_fence = is_page && line.trim_start().starts_with("```");
            in_code ^= is_fence;
            if is_fence || in_code {
                continue;
            }
            let mut add = |citation| found.push((number, citation));
            self.words(line, is_page, &mut add);
            if is_page {
                self.prose(line, &mut add);
                for link in self.link.captures_iter(if line.contains("](") { line } else { "" }) {
                    let target = link[1].to_owned();
                    if !target.contains(':') {
                        add(Citation::Link(target, link.get(2).map(|section| section.as_str().to_owned())));
                    }
                }
            } else if let Some(comment) = comment_of(line) {
                self.prose(comment, &mut add);
            }
        }
        found
    }

    /// Every requirement that a text cites.
    pub(super) fn requirements(&self, content: &str) -> BTreeSet<String> {
        content.lines().filter(|line| may_name_a_requirement(line)).flat_map(|line| self.ids(line)).collect()
    }

    fn ids(&self, content: &str) -> BTreeSet<String> {
        let numbers: Vec<_> = self.request_number.find_iter(content).map(|number| number.range()).collect();
        let mut ids = BTreeSet::new();
        for found in self.requirement.captures_iter(content) {
            let at = found.get(0).map_or(0, |whole| whole.start());
            if numbers.iter().any(|number| number.contains(&at)) {
                continue;
            }
            let id = &found[1];
            ids.insert(id.to_owned());
            let last = found.get(2).and_then(|last| last.as_str().parse::<u8>().ok());
            let first = id.rsplit('-').next().and_then(|first| first.parse::<u8>().ok());
            if let (Some(first), Some(last)) = (first, last) {
                let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
                ids.extend((first..=last).map(|number| format!("{stem}{number}")));
            }
        }
        ids
    }

    /// Adds the citations that count anywhere in a line, in strings too. The patterns are slow in a debug build, so each runs only on lines
    /// that hold what it cannot do without.
    fn words(&self, line: &str, is_page: bool, add: &mut impl FnMut(Citation)) {
        self.requirements(line).into_iter().for_each(|id| add(Citation::Requirement(id)));
        let having = |part: &str| if line.contains(part) { line } else { "" };
        for guides in self.guides.captures_iter(having("uide")) {
            for number in guides[1].split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()) {
                add(Citation::Guide(number.to_owned()));
            }
        }
        for decision in self.decision.captures_iter(having("ecision")) {
            add(Citation::Decision(decision[1].to_owned()));
        }
        // In pages, code in backticks may hold such a word, as SQL does.
        let quoting = is_page && line.contains('`');
        let plain = if quoting { self.backticks.replace_all(line, "") } else { line.into() };
        for word in plain.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if word.bytes().all(|b| b.is_ascii_uppercase()) && OUTSIDE.contains(&&*word.to_ascii_lowercase())
            {
                add(Citation::Outside(word.to_owned()));
            }
        }
        let unlinked = self.link.replace_all(having(".md"), "]");
        for page in self.page.captures_iter(&unlinked) {
            let section = page.get(2).map(|section| section.as_str().to_owned());
            add(Citation::Page(page[1].to_owned(), section));
        }
    }

    /// What counts in pages and comments only: words in backticks.
    fn prose(&self, line: &str, add: &mut impl FnMut(Citation)) {
        let quoting = if line.contains('`') { line } else { "" };
        for word in self.backticks.captures_iter(quoting) {
            let word = &word[1];
            if Tree::is_path(word) {
                add(Citation::Path(word.to_owned()));
            } else if self.name.is_match(word) {
                add(Citation::Name(word.to_owned()));
            }
        }
    }
}

/// Whether a line has a capital, a dash and a capital in a row, as every id has.
fn may_name_a_requirement(line: &str) -> bool {
    line.as_bytes()
        .windows(3)
        .any(|three| three[1] == b'-' && three[0].is_ascii_uppercase() && three[2].is_ascii_uppercase())
}

/// The comment of a line of code, if it has one.
fn comment_of(line: &str) -> Option<&str> {
    let start = line.trim_start();
    if ["//", "/*", "* ", "#", "--"].iter().any(|mark| start.starts_with(mark)) {
        return Some(start);
    }
    [" // ", " # ", " -- ", " /* "].iter().find_map(|mark| line.split_once(mark)).map(|(_, comment)| comment)
}

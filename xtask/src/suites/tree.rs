//! The repository's files, and where a path that somebody wrote leads.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::failure::{Doing, Result};

/// Folders that hold no source: builds, packages, data of a run.
const SKIPPED: [&str; 6] = ["target", "node_modules", "var", "test-results", "playwright-report", ".git"];

/// What is read as text. Other files count only as something that a path may lead to.
const TEXTS: [&str; 8] = [".rs", ".ts", ".js", ".toml", ".sql", ".css", ".md", ".java"];

/// What looks like a file of the repository and is none: the operator's configuration, what the build makes, a package,
/// a method of the browser tests.
const NO_FILES: [&str; 4] = ["clave-sence.toml", "clave_sence.js", "sql.js", "Service.sql"];

/// Folders of the root that a path in backticks may begin with.
const ROOTS: [&str; 14] = [
    "app", "backend", "docs", "domain", "end2end", "frontend", "fuzz", "public", "server", "style", "work",
    "xtask", ".ci", ".cargo",
];

/// Names that stand for any name, as in `app/src/recuperar/STEP.rs`.
const PLACEHOLDERS: [&str; 2] = ["STEP", "NAME"];

/// Ends of names that make a word in backticks a path.
const ENDINGS: [&str; 9] = [".rs", ".ts", ".js", ".css", ".sql", ".toml", ".md", ".txt", ".java"];

/// A text file.
#[derive(Debug)]
pub(super) struct Text {
    /// Relative to the root, with `/`.
    pub(super) path: String,
    pub(super) content: String,
}

impl Text {
    /// Whether the name ends with this.
    pub(super) fn is(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// The folder, with its `/` at the end; empty for the root.
    fn folder(&self) -> &str {
        self.path.rfind('/').map_or("", |end| &self.path[..=end])
    }
}

/// All files of the repository.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Every file, relative to the root, sorted.
    pub(super) files: Vec<String>,
    pub(super) texts: Vec<Text>,
    /// Every word of the code: names of functions, types, modules, tables.
    pub(super) names: HashSet<String>,
}

impl Tree {
    /// Reads everything below `root` but what is built or installed there.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.add(root, "")?;
        tree.files.sort();
        tree.texts.sort_by(|a, b| a.path.cmp(&b.path));
        tree.collect_names();
        Ok(tree)
    }

    /// Collects the words of the code, comments left out.
    pub(super) fn collect_names(&mut self) {
        let code =
            self.texts.iter().filter(|text| [".rs", ".sql", ".toml", ".ts"].iter().any(|end| text.is(end)));
        let lines =
            code.flat_map(|text| text.content.lines()).filter(|line| !line.trim_start().starts_with("//"));
        let words = lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
        self.names = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
        // A module is named by its file.
        let stems = self.files.iter().filter_map(|file| file.rsplit('/').next()?.split('.').next());
        self.names.extend(stems.map(str::to_owned).collect::<Vec<_>>());
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(folder).doing(format!("read {}", folder.display()))? {
            let entry = entry.doing(format!("read {}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().doing(format!("look at {path}"))?;
            if SKIPPED.iter().any(|skipped| name == *skipped || name.starts_with("target-")) {
                continue;
            }
            if kind.is_dir() {
                self.add(&entry.path(), &format!("{path}/"))?;
            } else if kind.is_file() {
                if TEXTS.iter().any(|ending| path.ends_with(ending)) {
                    let content = fs::read_to_string(entry.path()).doing(format!("read {path}"))?;
                    self.texts.push(Text { path: path.clone(), content });
                }
                self.files.push(path);
            }
        }
        Ok(())
    }

    /// The text at a path.
    pub(super) fn text(&self, path: &str) -> Option<&Text> {
        self.texts.iter().find(|text| text.path == path)
    }

    /// Whether a word in backticks is meant as a path: it begins with a folder of the root, or ends like a file.
    pub(super) fn is_path(word: &str) -> bool {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_./-{},*".contains(c);
        if !word.chars().all(allowed)
            || word.starts_with('/')
            || word.starts_with('.') && !word.starts_with(".c")
        {
            return false;
        }
        let (first, rest) = word.split_once('/').unwrap_or((word, ""));
        let in_root =
            ROOTS.contains(&first) && !rest.is_empty() || word.ends_with('/') && ROOTS.contains(&first);
        in_root || ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
    }

    /// Whether a path leads to a file or folder: from the root, or, for the short form such as `service/proofs.rs`, as the end of a longer path. `{a,b}` stands for both, `*` for any part of a
    /// name, and [`PLACEHOLDERS`] for any name.
    pub(super) fn leads(&self, path: &str) -> bool {
        alternatives(path).iter().all(|path| {
            let path = path.trim_end_matches('/');
            NO_FILES.contains(&path) || self.files.iter().any(|file| leads_to(file, path))
        })
    }

    /// The texts that a path without braces leads to, as in [`Tree::leads`].
    pub(super) fn texts_at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Text> {
        self.texts.iter().filter(move |text| leads_to(&text.path, path))
    }

    /// The page that a text cites by `path`: from the root, else from the folder of the text, else by the short form.
    pub(super) fn page(&self, path: &str, from: &Text) -> Option<&str> {
        let near = Self::linked(from, path).unwrap_or_default();
        let exact = self
            .files
            .iter()
            .find(|file| *file == path)
            .or_else(|| self.files.iter().find(|file| **file == near));
        exact.or_else(|| self.files.iter().find(|file| leads_to(file, path))).map(String::as_str)
    }

    /// The file that a link of a page leads to, relative to the page; None if it leaves the repository.
    pub(super) fn linked(from: &Text, target: &str) -> Option<String> {
        let mut parts: Vec<&str> = from.folder().split('/').filter(|part| !part.is_empty()).collect();
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Some(parts.join("/"))
    }

    /// Whether there is exactly this file, or a folder of this name.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| file == path || file.starts_with(&format!("{path}/")))
    }

    /// Whether a page has a heading with this anchor.
    pub(super) fn has_section(&self, page: &str, anchor: &str) -> bool {
        self.text(page).is_some_and(|page| {
            let mut in_code = false;
            page.content.lines().any(|line| {
                in_code ^= line.starts_with("```");
                !in_code && line.starts_with('#') && anchor_of(line.trim_start_matches('#')) == anchor
            })
        })
    }
}

/// The anchor of a heading, as forges make it.
fn anchor_of(heading: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == ' ';
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| kept(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Each path that braces stand for: x{a,b} is xa and xb.
fn alternatives(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else {
        return vec![path.to_owned()];
    };
    let (inside, after) = rest.split_once('}').unwrap_or((rest, ""));
    inside.split(',').map(|one| format!("{before}{one}{after}")).collect()
}

/// Whether `file`, or an end of it, is `path` or lies below it.
fn leads_to(file: &str, path: &str) -> bool {
    begins(file, path) || file.match_indices('/').any(|(at, _)| begins(&file[at + 1..], path))
}

/// Whether `file` is `path` or lies below it, name by name.
fn begins(file: &str, path: &str) -> bool {
    let mut names = file.split('/');
    path.split('/').all(|wanted| names.next().is_some_and(|name| fits(name, wanted)))
}

/// Whether a name is what was written: the same; with `*` in it, what is before and after; a placeholder, any.
fn fits(name: &str, wanted: &str) -> bool {
    if let Some((before, after)) = wanted.split_once('*') {
        return name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after);
    }
    let (stem, ending) = wanted.split_at(wanted.find('.').unwrap_or(wanted.len()));
    name == wanted || PLACEHOLDERS.contains(&stem) && name.ends_with(ending)
}

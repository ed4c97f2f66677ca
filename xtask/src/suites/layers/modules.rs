//! The modules of a crate, what each imports, and the circles among them.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{self, Named};
use crate::suites::tree::{Text, Tree};

/// A module by its names below the root of the crate.
type Path = Vec<String>;

/// An import of one file from another.
#[derive(Debug)]
struct Edge {
    from: Path,
    to: Path,
    /// `file:line: path`, for people.
    shown: String,
}

/// The modules of one crate.
#[derive(Debug, Default)]
pub(super) struct Crate {
    /// The folder of its root.
    root: String,
    modules: BTreeSet<Path>,
    edges: Vec<Edge>,
}

impl Crate {
    /// Reads all that lies below `root`, but for files of tests.
    pub(super) fn read(tree: &Tree, root: &str) -> Self {
        let mut files: BTreeMap<Path, (&Text, Vec<Named>)> = BTreeMap::new();
        for text in &tree.texts {
            if let Some(path) = module_of(root, &text.path) {
                files.insert(path, (text, source::paths(&text.content)));
            }
        }
        let modules: BTreeSet<_> = files.keys().cloned().collect();
        let imports = Imports::new(&modules, &files);
        let mut edges = Vec::new();
        for (from, (text, named)) in &files {
            for named in named {
                let target = imports.home(&absolute(from, named, &modules), 0);
                let Some(to) = target.filter(|to| to != from) else { continue };
                let shown = format!("{}:{}: {}", text.path, named.line, named.path.join("::"));
                edges.push(Edge { from: from.clone(), to, shown });
            }
        }
        Self { root: root.to_owned(), modules, edges }
    }

    /// How many files it has.
    pub(super) fn files(&self) -> usize {
        self.modules.len()
    }

    /// Each circle between siblings, with the imports that make it.
    pub(super) fn circles(&self) -> Vec<String> {
        // For each parent: which child imports which, by way of which import.
        let mut levels: BTreeMap<&[String], BTreeMap<(&str, &str), &str>> = BTreeMap::new();
        for edge in &self.edges {
            let common = edge.from.iter().zip(&edge.to).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (edge.from.get(common), edge.to.get(common)) {
                let level = levels.entry(edge.from.get(..common).unwrap_or_default()).or_default();
                level.entry((from, to)).or_insert(&edge.shown);
            }
        }
        levels.iter().flat_map(|(parent, imports)| self.circles_of(parent, imports)).collect()
    }

    fn circles_of(&self, parent: &[String], imports: &BTreeMap<(&str, &str), &str>) -> Vec<String> {
        let names: BTreeSet<&str> = imports.keys().map(|(from, _)| *from).collect();
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            names.iter().map(|name| (*name, reachable(name, imports))).collect();
        let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|found| found.contains(to));
        let mut circles: Vec<BTreeSet<&str>> = Vec::new();
        for name in names.iter().filter(|name| reaches(name, name)) {
            let circle = names.iter().copied().filter(|other| reaches(name, other) && reaches(other, name));
            let circle = circle.collect();
            if !circles.contains(&circle) {
                circles.push(circle);
            }
        }
        let folder = [std::slice::from_ref(&self.root), parent].concat().join("/");
        let lines = circles.iter().map(|circle| {
            let inside =
                imports.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
            let inside: Vec<_> = inside.map(|(_, shown)| format!("\n    {shown}")).collect();
            let names: Vec<_> = circle.iter().copied().collect();
            format!("{folder}: a circle between {}:{}", names.join(", "), inside.concat())
        });
        lines.collect()
    }
}

/// All that `start` imports, directly or by others.
fn reachable<'a>(start: &str, imports: &BTreeMap<(&'a str, &'a str), &str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        for (_, to) in imports.keys().filter(|(from, _)| *from == name) {
            if found.insert(*to) {
                open.push(to);
            }
        }
    }
    found
}

/// The module of a file below the root of a crate; None for a file of tests, and for what is no Rust.
fn module_of(root: &str, file: &str) -> Option<Path> {
    let inner = file.strip_prefix(root)?.strip_prefix('/')?.strip_suffix(".rs")?;
    let mut names: Path = inner.split('/').map(str::to_owned).collect();
    let last = names.last()?;
    if last == "tests" || last.ends_with("_tests") {
        return None;
    }
    if last == "mod" || names.len() == 1 && matches!(last.as_str(), "lib" | "main") {
        names.pop();
    }
    Some(names)
}

/// The path from the root of the crate. One that begins with neither `crate`, `self`, `super` nor a child of its module leads
/// out of the crate, or to what an import brought in, and is empty.
fn absolute(file: &[String], named: &Named, modules: &BTreeSet<Path>) -> Path {
    let mut base = [file, &named.within].concat();
    let mut rest = named.path.as_slice();
    match rest.first().map(String::as_str) {
        Some("crate") => {
            base.clear();
            rest = rest.get(1..).unwrap_or_default();
        }
        Some("self" | "super") => {
            while let Some("self" | "super") = rest.first().map(String::as_str) {
                if rest.first().is_some_and(|first| first == "super") {
                    base.pop();
                }
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        Some(first) if modules.contains(&[base.as_slice(), &[first.to_owned()]].concat()) => {}
        _ => return Path::new(),
    }
    base.extend_from_slice(rest);
    base
}

/// What the imports of each module name: `use step::Found` makes `Found` of this module a name for `step::Found`.
struct Imports<'a> {
    modules: &'a BTreeSet<Path>,
    names: BTreeMap<Path, Path>,
}

impl<'a> Imports<'a> {
    fn new(modules: &'a BTreeSet<Path>, files: &BTreeMap<Path, (&Text, Vec<Named>)>) -> Self {
        let mut names = BTreeMap::new();
        for (file, (_, named)) in files {
            for named in named.iter().filter(|named| named.within.is_empty()) {
                let Some(name) = named.import.as_ref().filter(|name| !name.is_empty()) else { continue };
                let target = absolute(file, named, modules);
                if !target.is_empty() {
                    names.insert([file.as_slice(), std::slice::from_ref(name)].concat(), target);
                }
            }
        }
        Self { modules, names }
    }

    /// The module in which a path is at home: re-exports are followed. None for the root, which is above all.
    fn home(&self, path: &[String], depth: usize) -> Option<Path> {
        let whole =
            (0..=path.len()).rev().find(|end| self.modules.contains(path.get(..*end).unwrap_or_default()))?;
        let (module, rest) = path.split_at(whole);
        if let Some(first) = rest.first()
            && let Some(target) = self.names.get(&[module, std::slice::from_ref(first)].concat())
            && depth < 8
        {
            return self.home(&[target, rest.get(1..).unwrap_or_default()].concat(), depth + 1);
        }
        (!module.is_empty()).then(|| module.to_vec())
    }
}

//! Which crate may depend on which, and where SQL may be.

use super::source;
use crate::suites::tree::Tree;

/// Our crates, each with those of ours that it may depend on. One that is not listed may depend on none.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("fuzz", &[]),
    ("domain", &["fuzz"]),
    ("wording", &["domain"]),
    ("work", &[]),
    ("backend", &["fuzz", "domain", "wording", "work"]),
    ("app", &["fuzz", "domain", "wording", "backend"]),
    ("frontend", &["domain", "app"]),
    ("server", &["fuzz", "domain", "wording", "backend", "app"]),
    ("fuzz/engine", &["fuzz", "domain", "backend", "app"]),
    ("xtask", &[]),
];

/// Libraries of one layer, each with the crates that may depend on it.
const ONLY_IN: [(&str, &[&str]); 7] = [
    ("leptos", &["app", "frontend", "server"]),
    ("leptos_axum", &["app", "server"]),
    ("axum", &["app", "server", "fuzz/engine"]),
    ("tower", &["app", "server"]),
    ("tower-http", &["app", "server"]),
    ("http", &["app", "server"]),
    ("sqlx", &["backend"]),
];

/// Where queries are.
const STORE: &str = "backend/src/store/";

/// The one type of sqlx that the rest of `backend` may name: a transaction of the store that is handed on.
const CONNECTION: &str = "AnyConnection";

/// Dependencies, those of tests among them, that point up; and libraries outside their layer.
pub(super) fn upward(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for manifest in tree.texts.iter().filter(|text| text.is("/Cargo.toml")) {
        let krate = manifest.path.trim_end_matches("/Cargo.toml");
        let allowed = MAY_USE.iter().find(|(name, _)| *name == krate).map_or(&[][..], |(_, allowed)| allowed);
        let mut section = "";
        for (number, line) in (1..).zip(manifest.content.lines()) {
            let line = line.trim();
            if line.starts_with('[') {
                section = line.trim_matches(['[', ']']);
                // `[dependencies.axum]` names it in the heading.
                if let Some((kind, name)) = section.split_once("dependencies.") {
                    let place = format!("{}:{number}", manifest.path);
                    findings.extend(
                        against(krate, allowed, name, kind.starts_with("dev")).map(|why| place + &why),
                    );
                }
            } else if section.ends_with("dependencies")
                && let Some((name, _)) = line.split_once('=')
            {
                let name = name.split('.').next().unwrap_or_default().trim();
                let place = format!("{}:{number}", manifest.path);
                let for_tests = section.starts_with("dev");
                findings.extend(against(krate, allowed, name, for_tests).map(|why| place + &why));
            }
        }
    }
    findings
}

/// Why `krate` may not depend on `name`. A library of another layer may serve its tests.
fn against(krate: &str, allowed: &[&str], name: &str, for_tests: bool) -> Option<String> {
    if MAY_USE.iter().any(|(ours, _)| *ours == name) && !allowed.contains(&name) {
        return Some(format!(": {krate} may not depend on {name}"));
    }
    let (_, only) = ONLY_IN.iter().find(|(library, _)| *library == name)?;
    (!for_tests && !only.contains(&krate))
        .then(|| format!(": {name} belongs to {}, not to {krate}", only.join(", ")))
}

/// Paths of sqlx outside the store.
pub(super) fn misplaced_sql(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    let sources = tree.texts.iter().filter(|text| text.is(".rs") && text.path.contains("/src/"));
    for text in sources.filter(|text| !text.path.starts_with(STORE)) {
        for named in source::paths(&text.content) {
            let is_sql = named.path.first().is_some_and(|first| first == "sqlx");
            if is_sql && named.path.get(1).is_none_or(|name| name != CONNECTION) {
                let path = named.path.join("::");
                findings.push(format!("{}:{}: {path} belongs to {STORE}", text.path, named.line));
            }
        }
    }
    findings
}

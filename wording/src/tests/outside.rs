//! No sentence is in a component. The walk in the pseudo-language finds all of them; this finds most without a server.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn components_have_no_sentence_of_their_own() {
    let mut found = Vec::new();
    for file in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/src"))) {
        let text = fs::read_to_string(&file).unwrap();
        let shown = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        for literal in literals(shown).into_iter().filter(|literal| is_sentence(literal)) {
            found.push(format!("{}: {literal}", file.display()));
        }
    }
    assert!(found.is_empty(), "these belong into the catalogue:\n{}", found.join("\n"));
}

#[test]
fn a_sentence_has_accents_or_begins_with_a_capital() {
    let source =
        "// \"Otra página\"\na(\"Página\", \"boton-claro\", '\"', \"Volver a \\\n entrar\", \"SELECT\")";
    let found: Vec<_> = literals(source).into_iter().filter(|literal| is_sentence(literal)).collect();
    assert_eq!(found, ["Página", "Volver a \\\n entrar"]);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The string literals of a source, without those in comments.
fn literals(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("\\\"", "").replace("'\"'", "");
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Letters that only Spanish has, or a capital and a space.
fn is_sentence(literal: &str) -> bool {
    literal.contains(|c| "áéíóúñÁÉÍÓÚÑ¿¡«".contains(c))
        || (literal.starts_with(char::is_uppercase) && literal.contains(' '))
}

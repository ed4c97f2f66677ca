//! `manifest.json`: tells the server which files make up the site and what they are called today.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::failure::{Doing, Failure, Result};

/// Its name in the site's folder.
pub(super) const FILE: &str = "manifest.json";

/// The site's files, by name relative to its folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The starter: the one script a page names.
    pub(super) js: String,
    /// wasm-bindgen's JavaScript, imported by the starter.
    pub(super) glue: String,
    /// The WebAssembly, fetched by the starter.
    pub(super) wasm: String,
    /// The style sheet.
    pub(super) css: String,
    /// All files to serve, these four included; their `.br` and `.gz` forms are not listed.
    pub(super) files: Vec<String>,
}

impl Manifest {
    /// Adds the four files with a hash in their name to the list of all, and sorts it.
    pub(super) fn list_the_hashed(&mut self) {
        self.files.extend([&self.js, &self.glue, &self.wasm, &self.css].map(String::clone));
        self.files.sort();
    }

    pub(super) fn to_json(&self) -> String {
        let Self { js, glue, wasm, css, files } = self;
        format!("{:#}\n", json!({ "js": js, "glue": glue, "wasm": wasm, "css": css, "files": files }))
    }

    /// Reads it from the site's folder.
    pub(super) fn read(site: &Path) -> Result<Self> {
        let path = site.join(FILE);
        let text = fs::read_to_string(&path).doing(format!("read {}", path.display()))?;
        Self::parse(&text)
            .ok_or_else(|| Failure::new(format!("{} is not as this xtask writes it", path.display())))
    }

    fn parse(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let name = |value: &Value| value.as_str().map(str::to_owned);
        let files = json["files"].as_array()?.iter().map(name).collect::<Option<_>>()?;
        Some(Self {
            js: name(&json["js"])?,
            glue: name(&json["glue"])?,
            wasm: name(&json["wasm"])?,
            css: name(&json["css"])?,
            files,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written() {
        let mut manifest = Manifest {
            js: "a.js".into(),
            glue: "g.js".into(),
            wasm: "w.wasm".into(),
            css: "m.css".into(),
            files: vec!["robots.txt".into()],
        };
        manifest.list_the_hashed();
        assert_eq!(manifest.files, ["a.js", "g.js", "m.css", "robots.txt", "w.wasm"]);
        assert_eq!(Manifest::parse(&manifest.to_json()), Some(manifest));
        assert_eq!(Manifest::parse("{}"), None);
    }
}

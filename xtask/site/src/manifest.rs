//! `manifest.json`: lists the files of the site with their current names, for the server.

use serde_json::json;

/// Its name in the site's folder.
pub(crate) const FILE: &str = "manifest.json";

/// The site's files, by name relative to its folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// The starter: the one script a page names.
    pub(crate) js: String,
    /// wasm-bindgen's JavaScript, imported by the starter.
    pub(crate) glue: String,
    /// The WebAssembly, fetched by the starter.
    pub(crate) wasm: String,
    /// The proof of work beside the captcha: the script of the page, its worker, the WebAssembly of that.
    pub(crate) work: [String; 3],
    /// The style sheets.
    pub(crate) css: Vec<String>,
    /// All files to serve, these included; their `.br` and `.gz` forms are not listed.
    pub(crate) files: Vec<String>,
}

impl Manifest {
    /// Adds the files with a hash in their name to the list of all, and sorts it.
    pub(crate) fn list_the_hashed(&mut self) {
        self.files.extend([&self.js, &self.glue, &self.wasm].map(String::clone));
        self.files.extend(self.css.iter().cloned());
        self.files.extend(self.work.clone());
        self.files.sort();
    }

    pub(crate) fn to_json(&self) -> String {
        let Self { js, glue, wasm, work, css, files } = self;
        let named = json!({ "js": js, "glue": glue, "wasm": wasm, "work": work, "css": css, "files": files });
        format!("{named:#}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashed_files_are_listed_among_all() {
        let mut manifest = Manifest {
            js: "a.js".into(),
            glue: "g.js".into(),
            wasm: "w.wasm".into(),
            work: ["t.js".into(), "o.js".into(), "t.wasm".into()],
            css: vec!["m.css".into()],
            files: vec!["robots.txt".into()],
        };
        manifest.list_the_hashed();
        assert_eq!(
            manifest.files,
            ["a.js", "g.js", "m.css", "o.js", "robots.txt", "t.js", "t.wasm", "w.wasm"]
        );
        let read: serde_json::Value = serde_json::from_str(&manifest.to_json()).unwrap_or_default();
        assert_eq!((read["css"][0].as_str(), read["files"][4].as_str()), (Some("m.css"), Some("robots.txt")));
    }
}

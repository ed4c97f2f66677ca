//! JavaScript: comments and indentation out, the names of the hashed files in.

use anyhow::{Result, bail};

/// Takes out comments on lines of their own, indentation and empty lines.
///
/// Compressed, that is nearly all a minifier would gain on wasm-bindgen's output, and it needs no
/// parser: a text where a string may span lines is given back as it is.
pub(crate) fn squeeze(source: &str) -> String {
    let spans_lines = |line: &str| line.matches('`').count() % 2 == 1 || line.ends_with('\\');
    if source.lines().any(spans_lines) {
        return source.to_owned();
    }
    let mut squeezed = String::with_capacity(source.len());
    let mut in_comment = false;
    for line in source.lines().map(str::trim) {
        if !in_comment && line.starts_with("/*") {
            in_comment = true;
        }
        if in_comment {
            // What follows a block comment on its last line would be lost: there is never anything.
            in_comment = !line.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            squeezed.push_str(line);
            squeezed.push('\n');
        }
    }
    squeezed
}

/// Puts the names of files where a script has a placeholder for each, such as `__WASM__`.
pub(crate) fn fill_in(script: &str, files: &[(&str, &str)]) -> Result<String> {
    let mut filled = script.to_owned();
    for (placeholder, file) in files {
        if !filled.contains(placeholder) {
            bail!("a script of frontend has no {placeholder}");
        }
        filled = filled.replace(placeholder, &format!("./{file}"));
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_and_code_stays() {
        let source = "/**\n * Says hello.\n */\nfunction f() {\n    // why\n    const url = \"http://x\"; // kept\n\n    /* one line */\n    return `${url}`;\n}\n";
        assert_eq!(
            squeeze(source),
            "function f() {\nconst url = \"http://x\"; // kept\nreturn `${url}`;\n}\n"
        );
    }

    #[test]
    fn a_template_over_several_lines_is_not_touched() {
        let source = "const t = `\n    // not a comment\n`;\n";
        assert_eq!(squeeze(source), source);
    }

    #[test]
    fn the_starter_names_both_files() -> Result<()> {
        let filled = fill_in(
            "import i from \"__GLUE__\"; i(\"__WASM__\")",
            &[("__GLUE__", "g.1.js"), ("__WASM__", "w.2.wasm")],
        )?;
        assert_eq!(filled, "import i from \"./g.1.js\"; i(\"./w.2.wasm\")");
        assert!(fill_in("import \"__GLUE__\"", &[("__WASM__", "w")]).is_err());
        Ok(())
    }
}

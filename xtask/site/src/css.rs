//! One style sheet out of a file of `style` and what it imports, minified.

use std::fs;
use std::path::Path;

use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Features, Targets};

use anyhow::{Context, Result};

/// The oldest browsers that the page should look right in: iOS 12 is the last of phones from 2013,
/// and Chrome is newer than this on every Android since 5. Without a list, lightningcss writes the
/// shortest notation, however new. Any older Safari or Chrome would cost a great deal: one-sided
/// logical margins then become one rule per direction of writing, with all its languages.
const OLDEST: Browsers = Browsers {
    // Android's own browser; since Android 5 that is Chrome.
    android: None,
    chrome: Some(version(80, 0)),
    edge: Some(version(80, 0)),
    firefox: Some(version(68, 0)),
    ie: None,
    ios_saf: Some(version(12, 2)),
    opera: None,
    safari: Some(version(12, 1)),
    samsung: Some(version(13, 0)),
};

/// What is not rewritten, because its stand-in is several times as long and little is lost without.
const LEFT_ALONE: Features =
    Features::IsSelector.union(Features::LightDark).union(Features::FontFamilySystemUi);

const fn version(major: u32, minor: u32) -> u32 {
    major << 16 | minor << 8
}

/// Joins the file with what it imports, written so that [`OLDEST`] understands it.
///
/// # Errors
/// A file that cannot be read, or CSS that cannot be parsed.
pub(crate) fn bundle(main: &Path) -> Result<String> {
    let joined = join(main)?;
    // Errors of the parser borrow the text, and a failure is to outlive it.
    let parsed = StyleSheet::parse(&joined, ParserOptions::default()).map_err(|error| error.to_string());
    let mut sheet =
        parsed.map_err(anyhow::Error::msg).with_context(|| format!("parse {}", main.display()))?;
    let targets = Targets { browsers: Some(OLDEST), include: Features::empty(), exclude: LEFT_ALONE };
    sheet
        .minify(MinifyOptions { targets, ..MinifyOptions::default() })
        .with_context(|| format!("minify {}", main.display()))?;
    let printed = sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() });
    Ok(printed.with_context(|| format!("print {}", main.display()))?.code)
}

/// The text of a file with every line `@import "FILE";` replaced by that file. Our sheets import whole files, one level
/// deep; the parser's own bundler would bring 30 more crates.
fn join(main: &Path) -> Result<String> {
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("read {}", path.display()));
    let mut joined = String::new();
    for line in read(main)?.lines() {
        match line.trim().strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";")) {
            Some(name) => joined.push_str(&read(&main.with_file_name(name))?),
            None => joined.push_str(line),
        }
        joined.push('\n');
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn imports_are_taken_in_and_white_space_left_out() -> Result<(), Box<dyn std::error::Error>> {
        let dir = std::env::temp_dir().join(format!("xtask-css-{}", std::process::id()));
        fs::create_dir_all(&dir)?;
        fs::write(
            dir.join("main.css"),
            "@import \"base.css\";\nmain { color: #ff0000; }\n@media (min-width: 600px) { main { color: blue } }",
        )?;
        fs::write(dir.join("base.css"), "/* base */\nbody { margin: 0px; }\n")?;
        let css = bundle(&dir.join("main.css"));
        let missing = bundle(&dir.join("none.css"));
        fs::remove_dir_all(&dir)?;
        // As written, not in the range notation of 2022 that would be a byte shorter.
        assert_eq!(css?, "body{margin:0}main{color:red}@media (min-width:600px){main{color:#00f}}");
        assert!(missing.is_err());
        Ok(())
    }
}

//! Makes the pseudo-language `qps` from the Spanish sources: the same Rust, with every string literal disguised. Letters
//! become look-alikes outside ASCII and each literal is in `⟦ ⟧`, so a page in `qps` shows every text that did not come
//! from the catalogue, and every sentence that was cut. Placeholders of `format!` stay as they are.
//!
//! All files of `src/es` become one, because `include!` cannot find modules beside a file in `OUT_DIR`.
#![expect(clippy::expect_used, clippy::panic, reason = "cargo shows why a build script failed")]

use std::fs;
use std::iter::Peekable;
use std::path::Path;
use std::str::Chars;

/// What stands for A–Z and a–z.
const CAPITALS: &str = "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŘŠŢÛṼŴẊÝŽ";
const SMALL: &str = "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž";

fn main() {
    println!("cargo::rerun-if-changed=src/es");
    println!("cargo::rerun-if-changed=build.rs");
    let source = module(Path::new("src/es"), "mod.rs");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("qps.rs"), disguised(&source).replace("ES: Catalogue", "QPS: Catalogue"))
        .expect("OUT_DIR can be written");
}

/// The text of a module with the modules that it declares put in their places.
fn module(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let folder = match file {
        "mod.rs" => folder.to_owned(),
        _ => folder.join(file.trim_end_matches(".rs")),
    };
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        let declared = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
        if let Some(name) = declared {
            whole.push_str(&format!("mod {name} {{\n{}}}\n", module(&folder, &format!("{name}.rs"))));
        } else if !line.starts_with("//!") && !line.starts_with("#![") {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    whole
}

/// Rust with its string literals disguised. It knows comments, characters and plain string literals; the language files
/// hold nothing else.
fn disguised(source: &str) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                chars.by_ref().find(|c| *c == '\n');
                out.push('\n');
            }
            '\'' => {
                out.push(c);
                // A character with an escape; `'"'` is two characters long; all else may be a lifetime.
                if let Some('\\' | '"') = chars.peek() {
                    out.extend(chars.by_ref().take(2));
                }
            }
            '"' => literal(&mut chars, &mut out),
            _ => out.push(c),
        }
    }
    out
}

/// A string literal, from behind its opening quote to its closing one.
fn literal(chars: &mut Peekable<Chars<'_>>, out: &mut String) {
    let (mut text, mut letters) = (String::new(), false);
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => {
                text.push(c);
                text.extend(chars.next());
            }
            '{' if chars.peek() != Some(&'{') => {
                text.push(c);
                for inside in chars.by_ref() {
                    text.push(inside);
                    if inside == '}' {
                        break;
                    }
                }
            }
            _ => {
                let other = look_alike(c);
                letters |= other != c;
                text.push(other);
            }
        }
    }
    let (before, after) = if letters { ("⟦", "⟧") } else { ("", "") };
    out.push_str(&format!("\"{before}{text}{after}\""));
}

fn look_alike(c: char) -> char {
    let (from, to) = match c {
        'A'..='Z' => ('A', CAPITALS),
        'a'..='z' => ('a', SMALL),
        _ => return c,
    };
    to.chars().nth(c as usize - from as usize).unwrap_or(c)
}

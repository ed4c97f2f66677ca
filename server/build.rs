//! Puts the site (wasm, its glue, pictures) into the binary: every file of the folder `CS_SITE_DIR`, which `cargo xtask`
//! sets. Without it the binary has no site and serves plain pages, which is enough for unit tests and `cargo check`.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=CS_SITE_DIR");
    let mut code = String::from("pub(super) static FILES: &[File] = &[\n");
    // One style sheet for each kind of page (docs/decisions/0002).
    let mut sheets = [("entry", String::new()), ("flow", String::new()), ("desk", String::new())];
    let mut starter = String::new();
    if let Some(folder) = env::var_os("CS_SITE_DIR") {
        let folder = Path::new(&folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut names: Vec<String> = fs::read_dir(folder)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| folder.join(name).is_file() && !name.starts_with('.') && name != "manifest.json")
            .collect();
        names.sort();
        for name in &names {
            if name.ends_with(".br") || name.ends_with(".gz") {
                continue;
            }
            let path = |ending: &str| folder.join(format!("{name}{ending}"));
            let include = |ending: &str| {
                let path = path(ending);
                if path.exists() { format!("Some(include_bytes!({path:?}))") } else { "None".to_owned() }
            };
            let plain = path("");
            if let Some((_, sheet)) = sheets.iter_mut().find(|(stem, _)| {
                name.strip_prefix(*stem).is_some_and(|rest| rest.starts_with('.')) && name.ends_with(".css")
            }) {
                *sheet = format!("include_str!({plain:?})");
                continue;
            }
            if name.starts_with("arranque.") {
                starter = name.clone();
            }
            let (br, gz) = (include(".br"), include(".gz"));
            let _ = writeln!(
                code,
                "    File {{ name: {name:?}, plain: include_bytes!({plain:?}), br: {br}, gz: {gz} }},"
            );
        }
    }
    let _ = writeln!(code, "];\npub(super) static STARTER: &str = {starter:?};");
    for (stem, sheet) in &sheets {
        if sheet.is_empty() && env::var_os("CS_SITE_DIR").is_some() {
            return Err(io::Error::other(format!("CS_SITE_DIR has no {stem}.*.css")));
        }
        let sheet = if sheet.is_empty() { "\"\"" } else { sheet };
        let _ = writeln!(code, "pub(super) static {}: &str = {sheet};", stem.to_uppercase());
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("site.rs"), code)
}

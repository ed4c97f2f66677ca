//! `cargo xtask site`: the browser's part, from Rust and CSS to files ready to be served.
//!
//! The order matters only for the starter: it names the other two files, so their hashes come first.

mod compress;
mod css;
mod debian;
mod js;
mod manifest;
mod names;
mod sizes;
mod stamp;
mod toolchain;
mod wasm;

pub(crate) use toolchain::{TARGET, has_target as has_wasm_target};

use std::fs;
use std::path::Path;

use crate::failure::{Doing, Result};
use crate::places::{Places, short};
use manifest::Manifest;

/// The file in the site's folder that tells from what it was built.
const STAMP: &str = ".stamp";

/// Builds the site unless it is there already, made from the same sources; tells its sizes and
/// fails when they are over budget.
pub(crate) fn build(places: &Places) -> Result<()> {
    let site = places.site();
    let stamp = stamp::of_sources(&places.root)?;
    if fs::read_to_string(site.join(STAMP)).is_ok_and(|old| old == stamp) {
        println!("The browser's part in {} is up to date.", short(&places.root, &site));
    } else {
        // Made aside and put in place whole: a failed build leaves what was there.
        let fresh = places.target.join("site-new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).doing(format!("empty {}", fresh.display()))?;
        }
        fs::create_dir_all(&fresh).doing(format!("make {}", fresh.display()))?;
        fill(places, &fresh)?;
        write(&fresh.join(STAMP), stamp.as_bytes())?;
        if site.exists() {
            fs::remove_dir_all(&site).doing(format!("remove the old {}", site.display()))?;
        }
        fs::rename(&fresh, &site).doing(format!("put {} in place", site.display()))?;
    }
    sizes::report(&site, &Manifest::read(&site)?)
}

fn fill(places: &Places, out: &Path) -> Result<()> {
    let mut manifest = Manifest::default();

    println!("Bundling style/main.css");
    manifest.css = put(out, "main", "css", css::bundle(&places.root.join("style/main.css"))?.as_bytes())?;

    let bound = wasm::build(places)?;
    manifest.wasm = put(out, "clave_sence_bg", "wasm", &bound.wasm)?;
    manifest.glue = put(out, "clave_sence", "js", js::squeeze(&bound.glue).as_bytes())?;

    let source = places.root.join("frontend/arranque.js");
    let starter = fs::read_to_string(&source).doing(format!("read {}", source.display()))?;
    let starter = js::fill_in(&js::squeeze(&starter), &manifest.glue, &manifest.wasm)?;
    manifest.js = put(out, "arranque", "js", starter.as_bytes())?;

    for path in stamp::files_below(&places.root.join("public"))? {
        let from = places.root.join("public").join(&path);
        let bytes = fs::read(&from).doing(format!("read {}", from.display()))?;
        write(&out.join(&path), &bytes)?;
        manifest.files.push(path);
    }

    println!("Compressing");
    manifest.list_the_hashed();
    for file in &manifest.files {
        compress::beside(&out.join(file))?;
    }
    write(&out.join(manifest::FILE), manifest.to_json().as_bytes())
}

/// Writes `STEM.HASH.EXTENSION` and gives that name.
fn put(out: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
    let name = names::with_hash(stem, extension, bytes);
    write(&out.join(&name), bytes)?;
    Ok(name)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).doing(format!("make {}", folder.display()))?;
    }
    fs::write(path, bytes).doing(format!("write {}", path.display()))
}

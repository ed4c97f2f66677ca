//! `cargo xtask bom`: the bill of materials, every package of `Cargo.lock` and of the browser tests' `package-lock.json`, as
//! CycloneDX 1.5. The same lock files give the same bytes: there is no date in it and no random number.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::failure::{Doing, Failure, Result};
use crate::lock::{self, Package};
use crate::places::{Places, short};
use crate::process::{answer_of, cargo};

/// Licence expressions by name and version.
type Licences = BTreeMap<(String, String), String>;

/// Writes `target/bom.cdx.json`.
pub(crate) fn write(places: &Places) -> Result<()> {
    let packages = lock::read(places)?;
    let licences = licences_of(&metadata(places)?);
    let npm = places.end2end().join("package-lock.json");
    let npm = fs::read_to_string(&npm).doing(format!("read {}", npm.display()))?;
    let bom = bom(&packages, &licences, &npm_components(&npm)?);
    let text = serde_json::to_string_pretty(&bom).doing("write JSON")?;
    let file = places.target.join("bom.cdx.json");
    fs::write(&file, text + "\n").doing(format!("write {}", file.display()))?;
    let count = bom.get("components").and_then(Value::as_array).map_or(0, Vec::len);
    println!("{count} components in {}", short(&places.root, &file));
    Ok(())
}

/// What `cargo metadata` says. It may have to fetch packages that only other systems need, to read their licences.
fn metadata(places: &Places) -> Result<Value> {
    let mut command: Command = cargo();
    command.current_dir(&places.root).args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--all-features",
    ]);
    let text = answer_of(&mut command).ok_or_else(|| {
        Failure::new(
            "`cargo metadata --locked` failed; is Cargo.lock up to date, and the registry reachable?",
        )
    })?;
    serde_json::from_str(&text).doing("read what cargo metadata says")
}

fn licences_of(metadata: &Value) -> Licences {
    let packages = metadata.get("packages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |package: &Value, key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
    let licence = |package: &Value| {
        // Older manifests write “or” as a slash.
        let expression = text(package, "license")?.replace(" / ", "/").replace('/', " OR ");
        Some(((text(package, "name")?, text(package, "version")?), expression))
    };
    packages.iter().filter_map(licence).collect()
}

/// The whole document.
fn bom(packages: &[Package], licences: &Licences, npm: &[Value]) -> Value {
    let mut components: Vec<Value> = packages.iter().map(|package| component(package, licences)).collect();
    components.extend_from_slice(npm);
    let reference = |component: &Value| component.get("bom-ref").map(ToString::to_string);
    components.sort_by_key(reference);
    let mut dependencies: Vec<Value> = packages
        .iter()
        .map(|package| {
            let mut used: Vec<_> = package.dependencies(packages).map(purl).collect();
            used.sort();
            json!({ "ref": purl(package), "dependsOn": used })
        })
        .collect();
    dependencies.sort_by_key(|dependency| dependency.get("ref").map(ToString::to_string));
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": { "type": "application", "bom-ref": "clave-sence", "name": "clave-sence" } },
        "components": components,
        "dependencies": dependencies,
    })
}

fn component(package: &Package, licences: &Licences) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(package),
        "purl": purl(package),
        "name": package.name,
        "version": package.version,
        "scope": "required",
    });
    if let Some(checksum) = &package.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(expression) = licences.get(&(package.name.clone(), package.version.clone())) {
        component["licenses"] = json!([{ "expression": expression }]);
    }
    component
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

/// The packages of the browser tests, of which none is in the product.
fn npm_components(lock: &str) -> Result<Vec<Value>> {
    let lock: Value = serde_json::from_str(lock).doing("read package-lock.json")?;
    let packages = lock.get("packages").and_then(Value::as_object);
    let packages = packages.ok_or_else(|| Failure::new("package-lock.json has no packages"))?;
    let text = |about: &Value, key: &str| about.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(packages
        .iter()
        .filter_map(|(path, about)| {
            let (_, name) = path.rsplit_once("node_modules/")?;
            let version = text(about, "version")?;
            let purl = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
            let mut component = json!({
                "type": "library",
                // One package may be there twice, in two folders.
                "bom-ref": format!("{purl}#{path}"),
                "purl": purl,
                "name": name,
                "version": version,
                "scope": "excluded",
            });
            if let Some(digest) =
                text(about, "integrity").and_then(|integrity| hexadecimal(integrity.strip_prefix("sha512-")?))
            {
                component["hashes"] = json!([{ "alg": "SHA-512", "content": digest }]);
            }
            if let Some(licence) = text(about, "license") {
                component["licenses"] = json!([{ "expression": licence }]);
            }
            Some(component)
        })
        .collect())
}

/// Base64 as hexadecimal digits.
fn hexadecimal(base64: &str) -> Option<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut text) = (0_u32, 0, String::new());
    for letter in base64.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        bits = ((bits << 6) | u32::try_from(value).ok()?) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            write!(text, "{:02x}", (bits >> count) & 0xff).ok()?;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NPM: &str = r#"{"packages":{"":{"name":"x"},"node_modules/@a/b":{"version":"1.2.3","license":"MIT","integrity":"sha512-/wA="}}}"#;

    fn places() -> Places {
        Places::find().unwrap()
    }

    #[test]
    fn every_package_of_the_lock_file_is_in_it_once() {
        let text = fs::read_to_string(places().root.join("Cargo.lock")).unwrap();
        let packages = lock::parse(&text);
        let bom = bom(&packages, &Licences::new(), &[]);
        let components = bom["components"].as_array().unwrap();
        let mut named: Vec<_> =
            components.iter().map(|one| (one["name"].clone(), one["version"].clone())).collect();
        named.dedup();
        assert_eq!(named.len(), text.matches("[[package]]").count());
        let from_registry = components
            .iter()
            .filter(|one| one["hashes"][0]["content"].as_str().is_some_and(|hash| hash.len() == 64));
        assert_eq!(from_registry.count(), text.matches("\nchecksum = ").count());
        let edges = bom["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["dependsOn"].as_array().unwrap().len());
        assert_eq!(edges.sum::<usize>(), text.lines().filter(|line| line.starts_with(" \"")).count());
    }

    #[test]
    fn the_same_lock_files_give_the_same_bytes() {
        let packages = lock::read(&places()).unwrap();
        let reversed: Vec<_> = packages.iter().rev().cloned().collect();
        let npm = npm_components(NPM).unwrap();
        assert_eq!(bom(&packages, &Licences::new(), &npm), bom(&reversed, &Licences::new(), &npm));
    }

    #[test]
    fn licences_and_hashes_are_written_as_the_standard_has_them() {
        let metadata =
            json!({ "packages": [{ "name": "a", "version": "1.0.0", "license": "MIT/Apache-2.0" }] });
        let licences = licences_of(&metadata);
        let package =
            Package { name: "a".to_owned(), version: "1.0.0".to_owned(), checksum: None, uses: Vec::new() };
        assert_eq!(component(&package, &licences)["licenses"][0]["expression"], "MIT OR Apache-2.0");
        let npm = npm_components(NPM).unwrap();
        assert_eq!(npm.len(), 1);
        assert_eq!(npm[0]["purl"], "pkg:npm/%40a/b@1.2.3");
        assert_eq!(npm[0]["hashes"][0]["content"], "ff00");
    }
}

//! The tools that tests need beside Rust: a Chromium, PostgreSQL's server, Node's packages.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::debian;
use crate::failure::{Doing, Failure, Result};
use crate::process::{find, run_within};

const BROWSERS: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Where Debian puts the engine of Chromium without its windows.
const HEADLESS_SHELL: &str = "/usr/bin/chromium-headless-shell";

/// The browser for tests: `CS_CHROMIUM`; or Debian's headless shell, which needs about half of the processor time of
/// Chromium; or any other browser that is found; or, where none is, the headless shell or Chromium, installed now.
pub(crate) fn test_browser() -> Result<PathBuf> {
    if let Some(named) = named_browser()? {
        return Ok(named);
    }
    let shell = PathBuf::from(HEADLESS_SHELL);
    if shell.is_file() {
        return Ok(shell);
    }
    if let Some(found) = browser_at_hand() {
        if debian::is_debian() {
            println!(
                "With the package chromium-headless-shell the browser tests are faster than with this one."
            );
        }
        return Ok(found);
    }
    match debian::need(&["chromium-headless-shell"], "browser tests") {
        Ok(()) if shell.is_file() => Ok(shell),
        // Some relatives of Debian have no such package.
        _ => chromium(),
    }
}

/// A whole Chromium or Chrome: `CS_CHROMIUM`, or one where systems put it, or Debian's, installed now.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(named) = named_browser()? {
        return Ok(named);
    }
    if let Some(found) = browser_at_hand() {
        return Ok(found);
    }
    debian::need(&["chromium"], "a browser").map_err(|why| {
        Failure::new(format!("no Chromium or Chrome found ({why}). Install one, or name one in CS_CHROMIUM."))
    })?;
    browser_at_hand()
        .ok_or_else(|| Failure::new("Debian's chromium was installed, and yet no browser was found"))
}

/// The browser that `CS_CHROMIUM` names, if it names one.
fn named_browser() -> Result<Option<PathBuf>> {
    match env::var_os("CS_CHROMIUM").map(PathBuf::from) {
        Some(named) if !named.is_file() => {
            Err(Failure::new(format!("CS_CHROMIUM names {}, and there is no such file", named.display())))
        }
        named => Ok(named),
    }
}

fn browser_at_hand() -> Option<PathBuf> {
    let in_path = ["chromium", "google-chrome", "google-chrome-stable"];
    BROWSERS
        .iter()
        .map(PathBuf::from)
        .find(|file| file.is_file())
        .or_else(|| in_path.into_iter().find_map(find))
}

/// The folder with PostgreSQL's `initdb` and `postgres`, installed from Debian if need be.
pub(crate) fn postgres() -> Result<PathBuf> {
    if let Some(found) = postgres_at_hand() {
        return Ok(found);
    }
    debian::need(&["postgresql"], "tests of the store on PostgreSQL").map_err(|why| {
        Failure::new(format!(
            "no PostgreSQL server found ({why}). Install it, with initdb in the search path."
        ))
    })?;
    postgres_at_hand()
        .ok_or_else(|| Failure::new("Debian's postgresql was installed, and yet there is no initdb"))
}

fn postgres_at_hand() -> Option<PathBuf> {
    if let Some(initdb) = find("initdb") {
        return initdb.parent().map(Path::to_path_buf);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
    folders.retain(|bin| bin.join("initdb").is_file());
    // The newest: names are version numbers of equal length for as long as this will matter.
    folders.sort();
    folders.pop()
}

/// Installs what `package-lock.json` in `folder` says, unless that was done since it last changed.
pub(crate) fn npm_ci(folder: &Path) -> Result<()> {
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|about| about.modified()).ok();
    let lock = changed("package-lock.json")
        .ok_or_else(|| Failure::new(format!("there is no package-lock.json in {}", folder.display())))?;
    if changed("node_modules/.package-lock.json").is_some_and(|done| done >= lock) {
        return Ok(());
    }
    println!("Installing the npm packages of {}", folder.display());
    run_within(npm()?.current_dir(folder).args(["ci"]), NPM_LIMIT).map_err(unreachable_npm)
}

/// Installs one npm package of one version in a folder of its own and gives the package's folder.
pub(crate) fn npm_package(folder: &Path, name: &str, version: &str) -> Result<PathBuf> {
    let package = folder.join("node_modules").join(name);
    if fs::read_to_string(package.join("package.json"))
        .is_ok_and(|json| version_in(&json) == Some(version.to_owned()))
    {
        return Ok(package);
    }
    println!("Installing the npm package {name} {version} in {}", folder.display());
    fs::create_dir_all(folder).doing(format!("make {}", folder.display()))?;
    let mut install = npm()?;
    install.current_dir(folder).arg("install").arg("--prefix").arg(folder);
    install.args(["--no-save", "--no-package-lock", "--ignore-scripts"]);
    run_within(install.arg(format!("{name}@{version}")), NPM_LIMIT).map_err(unreachable_npm)?;
    Ok(package)
}

const NPM_LIMIT: Duration = Duration::from_secs(600);

fn npm() -> Result<Command> {
    if find("npm").is_none() {
        return Err(Failure::new("npm was not found. Install Node.js (20 or newer) with npm."));
    }
    let mut npm = Command::new("npm");
    // We bring our own browser; Playwright's download of one would only fail or wait.
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    for (setting, value) in [
        ("loglevel", "error"),
        ("fetch_retries", "1"),
        ("fetch_timeout", "60000"),
        ("audit", "false"),
        ("fund", "false"),
    ] {
        npm.env(format!("npm_config_{setting}"), value);
    }
    Ok(npm)
}

fn unreachable_npm(why: Failure) -> Failure {
    Failure::new(format!("{why}. Is the npm registry reachable from here?"))
}

fn version_in(package_json: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(package_json).ok()?;
    Some(json.get("version")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_an_installed_package_is_read() {
        assert_eq!(version_in(r#"{"name":"x","version":"1.2.3"}"#).as_deref(), Some("1.2.3"));
        assert_eq!(version_in("{}"), None);
        assert_eq!(version_in("not json"), None);
    }
}

//! The end-to-end tests: Playwright drives a Chromium against the debug build.

use std::fs;
use std::process::Command;
use std::time::Duration;

use super::cargo;
use super::failed::Failed;
use super::tally::Tally;
use crate::failure::{Doing, Failure, Result};
use crate::places::Places;
use crate::process::run_within;
use crate::tools;

/// No run of the browser tests is worth waiting longer for.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Builds the server, installs packages and browser, and runs all projects.
pub(super) fn run(places: &Places, failed: &mut Failed) -> Result<Tally> {
    cargo::build(places)?;
    let folder = places.end2end();
    tools::npm_ci(&folder)?;
    let browser = tools::test_browser()?;

    let report = places.target.join("e2e-report.json");
    if report.exists() {
        fs::remove_file(&report).doing(format!("remove the old {}", report.display()))?;
    }
    println!("Running the browser tests with {}", browser.display());
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright.current_dir(&folder).args(["test", "--reporter=line,json"]);
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    playwright.env("CS_CHROMIUM", browser).env("CS_BIN", places.server(false));
    let ended = run_within(&mut playwright, LIMIT);
    if let Err(why) = &ended {
        println!("{why}");
    }
    let text = fs::read_to_string(&report).doing("read Playwright's report")?;
    failed.add_playwright(&text);
    let tally =
        Tally::of_playwright(&text).ok_or_else(|| Failure::new("Playwright's report has no counts"))?;
    Ok(tally.with_verdict(ended.is_ok()))
}

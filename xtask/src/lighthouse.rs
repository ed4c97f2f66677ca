//! `cargo xtask lighthouse`: an audit of one page, as a phone on a slow network sees it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::{Doing, Failure, Result};
use crate::places::Places;
use crate::process::{run_within, terminate};
use crate::{server, tools};

/// The last line of versions that runs on Node 20.
const VERSION: &str = "12.8.2";

/// A page with a form, an island and the style sheet: as heavy as any.
const PAGE: &str = "/recuperar/natural";

/// The score out of 100 that each category must reach.
const MIN_SCORES: [(&str, u64); 4] =
    [("performance", 95), ("accessibility", 100), ("best-practices", 100), ("seo", 0)];

const CHROME_FLAGS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/// Builds for release, serves in demo mode on a free port and audits [`PAGE`].
pub(crate) fn audit(places: &Places) -> Result<()> {
    let chromium = tools::chromium()?;
    let lighthouse = tools::npm_package(&places.target.join("npm-lighthouse"), "lighthouse", VERSION)?;
    server::build(places, true)?;

    let data = places.target.join("lighthouse-data");
    if data.exists() {
        fs::remove_dir_all(&data).doing(format!("empty {}", data.display()))?;
    }
    fs::create_dir_all(&data).doing(format!("make {}", data.display()))?;
    let served = Served::start(places, &data)?;
    let report = places.target.join("lighthouse.json");
    println!("Auditing {PAGE} with Lighthouse {VERSION}");
    let mut run = Command::new("node");
    run.arg(lighthouse.join("cli/index.js")).arg(format!("http://{}{PAGE}", served.address));
    run.args(["--quiet", "--output=json", &format!("--chrome-flags={CHROME_FLAGS}")]);
    run.arg(format!("--only-categories={}", MIN_SCORES.map(|(name, _)| name).join(",")));
    run.arg(format!("--output-path={}", report.display())).env("CHROME_PATH", chromium);
    run_within(&mut run, Duration::from_secs(300))?;
    drop(served);

    let text = fs::read_to_string(&report).doing("read Lighthouse's report")?;
    check_scores(&text)
}

/// Prints the scores and fails when one is too low.
fn check_scores(report: &str) -> Result<()> {
    let report: Value = serde_json::from_str(report).doing("read Lighthouse's report")?;
    let mut too_low = Vec::new();
    for (name, least) in MIN_SCORES {
        let score = report["categories"][name]["score"].as_f64();
        let score =
            score.ok_or_else(|| Failure::new(format!("Lighthouse gave no score for {name}")))? * 100.0;
        println!("{name:>16} {score:>4.0}  (at least {least})");
        if score.round() < least as f64 {
            too_low.push(name);
            print_what_is_wrong(&report, name);
        }
    }
    if too_low.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("Lighthouse's score is too low for {}", too_low.join(", "))))
    }
}

/// Names the audits of a category that did not pass in full.
fn print_what_is_wrong(report: &Value, category: &str) {
    let references = report["categories"][category]["auditRefs"].as_array();
    for reference in references.into_iter().flatten() {
        let audit = &report["audits"][reference["id"].as_str().unwrap_or_default()];
        if audit["score"].as_f64().is_some_and(|score| score < 1.0) {
            let shown = audit["displayValue"].as_str().unwrap_or_default();
            println!("{:>18}{} {shown}", "- ", audit["title"].as_str().unwrap_or_default());
        }
    }
}

/// The server while it is audited; ended when dropped, so that no error leaves it running.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(places: &Places, data: &Path) -> Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.doing("find a free port")?.to_string();
        let mut server = server::command(places, true);
        server.arg("serve").arg("--data").arg(data).env("CS_MODE", "demo").env("CS_LISTEN", &address);
        let child = server.spawn().doing("start the server")?;
        let mut served = Self { child, address };
        let started = Instant::now();
        while !is_alive(&served.address) {
            if let Ok(Some(status)) = served.child.try_wait() {
                return Err(Failure::new(format!("the server ended before it was ready ({status})")));
            }
            if started.elapsed() > Duration::from_secs(30) {
                return Err(Failure::new("the server was not ready within 30 s"));
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(served)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        terminate(&mut self.child);
    }
}

/// Does `GET /salud` answer 200?
fn is_alive(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /salud HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    ask().is_ok_and(|answer| answer.ends_with(" 200"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(performance: f64, accessibility: f64) -> String {
        serde_json::json!({ "categories": {
            "performance": { "score": performance }, "accessibility": { "score": accessibility },
            "best-practices": { "score": 1 }, "seo": { "score": 0.5 },
        } })
        .to_string()
    }

    #[test]
    fn scores_are_held_against_what_was_promised() {
        assert!(check_scores(&report(0.95, 1.0)).is_ok());
        let why = check_scores(&report(0.94, 0.98)).err().map(|why| why.to_string());
        assert_eq!(why.as_deref(), Some("Lighthouse's score is too low for performance, accessibility"));
    }

    #[test]
    fn a_report_without_scores_is_an_error() {
        assert!(check_scores("{}").is_err());
        assert!(check_scores("").is_err());
    }
}

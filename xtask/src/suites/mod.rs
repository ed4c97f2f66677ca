//! `cargo xtask test`: every suite, one after the other, counted.
//!
//! All suites run even when an earlier one failed, and the last line is the sum: `N passed, N failed`.

mod advisories;
mod cargo;
mod docs;
mod e2e;
mod failed;
mod layers;
mod tally;
mod tree;

use std::process::ExitCode;
use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::places::Places;
use crate::site;
use failed::Failed;
use tally::Tally;

/// A part of the tests that can be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    Fmt,
    Docs,
    Layers,
    Advisories,
    Site,
    Clippy,
    Cargo,
    E2e,
}

impl Suite {
    /// In the order they run: the quick first. `clippy` builds the site beside what it lints; `site` checks it again, alone.
    const ALL: [Self; 8] = [
        Self::Fmt,
        Self::Docs,
        Self::Layers,
        Self::Advisories,
        Self::Clippy,
        Self::Site,
        Self::Cargo,
        Self::E2e,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Docs => "docs",
            Self::Layers => "layers",
            Self::Advisories => "advisories",
            Self::Site => "site",
            Self::Clippy => "clippy",
            Self::Cargo => "cargo",
            Self::E2e => "e2e",
        }
    }

    /// The suite of a name as `--only` takes it.
    pub(crate) fn parse(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|suite| suite.name() == name);
        found.ok_or_else(|| {
            Failure::new(format!(
                "there is no suite `{name}`; there are fmt, docs, layers, advisories, site, clippy, cargo and e2e"
            ))
        })
    }

    /// What failed tests say goes into `failed` as well.
    fn run(self, places: &Places, failed: &mut Failed) -> Result<Tally> {
        match self {
            Self::Fmt => cargo::fmt(places).map(Tally::one),
            Self::Docs => docs::run(places),
            Self::Layers => layers::run(places),
            Self::Advisories => advisories::run(places),
            Self::Site => site::build(places).map(Tally::one),
            Self::Clippy => cargo::clippy(places).map(Tally::one),
            Self::Cargo => cargo::tests(places, failed),
            Self::E2e => e2e::run(places, failed),
        }
    }
}

/// Runs one suite or all, and prints what came of it.
pub(crate) fn run(places: &Places, only: Option<Suite>) -> ExitCode {
    let (mut rows, mut failed) = (Vec::new(), Failed::default());
    for suite in Suite::ALL.into_iter().filter(|suite| only.is_none_or(|only| only == *suite)) {
        println!("\n== {}", suite.name());
        let started = Instant::now();
        let tally = suite.run(places, &mut failed).unwrap_or_else(|why| {
            println!("{}: {why}", suite.name());
            Tally { passed: 0, failed: 1 }
        });
        rows.push((suite, tally, started.elapsed()));
    }
    failed.print();
    println!("\n{:>8} {:>7} {:>7} {:>9}", "suite", "passed", "failed", "time");
    for (suite, tally, time) in &rows {
        println!("{:>8} {:>7} {:>7} {:>7.1} s", suite.name(), tally.passed, tally.failed, time.as_secs_f32());
    }
    let sum: Tally = rows.iter().map(|(_, tally, _)| *tally).sum();
    println!("{sum}");
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! `cargo xtask mutants`: does a test of `domain` notice when its code is changed? By `cargo-mutants`, in parts that can be run one
//! by one and at different times; what counts as a mutant is in `.cargo/mutants.toml`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::failure::{Doing, Failure, Result};
use crate::places::{Places, short};
use crate::process::{answer_of, cargo};

/// The version whose report is read here.
const VERSION: &str = "27.0.0";

/// What the tests get to know while a mutant is tried: few orders of the steps of each flow instead of 100,000, the same for every
/// mutant, and no files of those that failed.
const TESTS: [(&str, &str); 3] = [
    ("PROPTEST_CASES", "500"),
    ("PROPTEST_RNG_SEED", "20261121"),
    ("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true"),
];

/// The short run of the fuzz targets takes as long as all other tests. Without it, and with fewer orders, less is noticed, so the
/// share is at worst too low.
const LEFT_OUT: &str = "every_target_withstands_a_short_run";

/// Mutants by what became of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    caught: u64,
    missed: u64,
    timeout: u64,
    unviable: u64,
}

impl Count {
    /// What a report says; none if the run was broken off, or the tests failed before anything was changed.
    fn of(report: &Value) -> Option<Self> {
        let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or_default();
        let ended = report.get("end_time").is_some_and(Value::is_string);
        (ended && count("total_mutants") > 0).then(|| Self {
            caught: count("caught"),
            missed: count("missed"),
            timeout: count("timeout"),
            unviable: count("unviable"),
        })
    }

    fn add(&mut self, more: &Self) {
        self.caught += more.caught;
        self.missed += more.missed;
        self.timeout += more.timeout;
        self.unviable += more.unviable;
    }

    /// Those that compile. One that runs for ever is noticed.
    fn viable(&self) -> u64 {
        self.caught + self.missed + self.timeout
    }
}

/// Runs all mutants, or those of the part `I/N`; then sums up the parts of `N` that were run to their end so far.
pub(crate) fn run(places: &Places, shard: Option<&str>) -> Result<()> {
    if answer_of(cargo().args(["mutants", "--version"])).is_none() {
        return Err(Failure::new(format!(
            "cargo-mutants is not installed. Install it with `cargo install --locked cargo-mutants@{VERSION}`"
        )));
    }
    let folder = places.target.join("mutants");
    let part = Part::of(shard);
    let output = folder.join(part.folder());
    fs::create_dir_all(&output).doing(format!("make {}", output.display()))?;
    let mut mutants = cargo();
    mutants.current_dir(&places.root).args(["mutants", "--package", "domain", "--output"]).arg(&output);
    // One place for what is compiled: the next part finds the crates of others as this one left them.
    mutants.env("CARGO_TARGET_DIR", folder.join("build")).envs(TESTS);
    if let Some(shard) = shard {
        mutants.args(["--shard", shard]);
    }
    mutants.args(["--", "--", "--skip", LEFT_OUT]);
    let status = mutants.status().doing("start cargo mutants")?;
    // Missed mutants and those that ran for ever; the report says which. Anything else is no result.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        return Err(Failure::new(format!("cargo mutants gave no result ({status})")));
    }
    let (parts, sum) = sum(&folder, &part)?;
    println!(
        "{parts} of {} parts: {} of {} viable mutants were noticed ({} of them by running for ever), {} did not compile",
        part.parts,
        sum.caught + sum.timeout,
        sum.viable(),
        sum.timeout,
        sum.unviable
    );
    println!(
        "Those that were not noticed are in {}",
        short(&places.root, &output.join("mutants.out/missed.txt"))
    );
    Ok(())
}

/// What is run at once.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    number: String,
    /// How many there are.
    parts: String,
}

impl Part {
    /// From `I/N`; everything is one part.
    fn of(shard: Option<&str>) -> Self {
        let (number, parts) = shard.and_then(|shard| shard.split_once('/')).unwrap_or(("0", "1"));
        Self { number: number.to_owned(), parts: parts.to_owned() }
    }

    fn folder(&self) -> String {
        format!("part-{}{}", self.number, self.siblings())
    }

    /// How the folder of every part of as many ends: parts of another number have the same mutants.
    fn siblings(&self) -> String {
        format!("-of-{}", self.parts)
    }
}

/// How many parts of as many as `part` have a report, and their sum.
fn sum(folder: &Path, part: &Part) -> Result<(u64, Count)> {
    let (mut parts, mut sum) = (0, Count::default());
    for entry in fs::read_dir(folder).doing("read the reports")?.flatten() {
        if !entry.file_name().to_string_lossy().ends_with(&part.siblings()) {
            continue;
        }
        let Ok(text) = fs::read_to_string(entry.path().join("mutants.out/outcomes.json")) else { continue };
        let report: Value = serde_json::from_str(&text).doing("read a report of cargo mutants")?;
        if let Some(count) = Count::of(&report) {
            sum.add(&count);
            parts += 1;
        }
    }
    Ok((parts, sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As cargo-mutants 27 writes it, with what is not read here left out.
    fn report() -> Value {
        serde_json::json!({
            "outcomes": [],
            "total_mutants": 13, "missed": 1, "caught": 8, "timeout": 1, "unviable": 3, "success": 0,
            "start_time": "2026-11-30T03:30:00Z", "end_time": "2026-11-30T03:40:00Z",
            "cargo_mutants_version": "27.0.0"
        })
    }

    #[test]
    fn reports_of_parts_add_up() {
        let part = Count::of(&report()).unwrap();
        let mut sum = Count::default();
        sum.add(&part);
        sum.add(&part);
        assert_eq!(sum, Count { caught: 16, missed: 2, timeout: 2, unviable: 6 });
        assert_eq!(sum.viable(), 20);
    }

    #[test]
    fn a_report_without_an_end_or_of_failing_tests_counts_for_nothing() {
        for (name, value) in [("end_time", Value::Null), ("total_mutants", 0.into())] {
            let mut report = report();
            report[name] = value;
            assert_eq!(Count::of(&report), None, "{name}");
        }
    }

    #[test]
    fn parts_of_another_number_are_not_counted() {
        let part = Part::of(Some("1/2"));
        assert_eq!(part.folder(), "part-1-of-2");
        assert_eq!(Part::of(None).folder(), "part-0-of-1");
        let folder = std::env::temp_dir().join(format!("xtask-mutants-{}", std::process::id()));
        for part in ["part-0-of-2", "part-1-of-2", "part-0-of-1", "part-0-of-12"] {
            let output = folder.join(part).join("mutants.out");
            fs::create_dir_all(&output).unwrap();
            fs::write(output.join("outcomes.json"), report().to_string()).unwrap();
        }
        let (parts, sum) = sum(&folder, &part).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((parts, sum.viable()), (2, 20));
    }
}

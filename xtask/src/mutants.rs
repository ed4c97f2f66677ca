//! `cargo xtask mutants`: does a test of `domain` notice when its code is changed? By `cargo-mutants`, in parts that can be run one
//! by one and at different times; what counts as a mutant is in `.cargo/mutants.toml`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::failure::{Doing, Failure, Result};
use crate::places::{Places, short};
use crate::process::{answer_of, cargo};

/// The version whose report is read here.
const VERSION: &str = "27";

/// Mutants by what became of them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    caught: u64,
    missed: u64,
    timeout: u64,
    unviable: u64,
}

impl Count {
    /// What a report says.
    fn of(report: &Value) -> Self {
        let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or_default();
        Self {
            caught: count("caught"),
            missed: count("missed"),
            timeout: count("timeout"),
            unviable: count("unviable"),
        }
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

/// Runs all mutants, or those of the part `I/N`; then sums up every part that was run so far.
pub(crate) fn run(places: &Places, shard: Option<&str>) -> Result<()> {
    if answer_of(cargo().args(["mutants", "--version"])).is_none() {
        return Err(Failure::new(format!(
            "cargo-mutants is not installed. Install it with `cargo install --locked cargo-mutants@{VERSION}`"
        )));
    }
    let part = shard.map_or_else(|| "all".to_owned(), |shard| format!("part-{}", shard.replace('/', "-of-")));
    let folder = places.target.join("mutants");
    let output = folder.join(&part);
    fs::create_dir_all(&output).doing(format!("make {}", output.display()))?;
    let mut mutants = cargo();
    mutants.current_dir(&places.root).args(["mutants", "--package", "domain", "--output"]).arg(&output);
    if let Some(shard) = shard {
        mutants.args(["--shard", shard]);
    }
    // It fails when a mutant was missed; the report says which.
    mutants.status().doing("start cargo mutants")?;
    let (parts, sum) = sum(&folder)?;
    println!(
        "{parts} parts: {} of {} viable mutants were noticed ({} of them by running for ever), {} did not compile",
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

/// All parts that have a report, and their sum.
fn sum(folder: &Path) -> Result<(u64, Count)> {
    let (mut parts, mut sum) = (0, Count::default());
    for entry in fs::read_dir(folder).doing("read the reports")?.flatten() {
        let Ok(text) = fs::read_to_string(entry.path().join("mutants.out/outcomes.json")) else { continue };
        let report: Value = serde_json::from_str(&text).doing("read a report of cargo mutants")?;
        sum.add(&Count::of(&report));
        parts += 1;
    }
    Ok((parts, sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_parts_add_up() {
        let report =
            serde_json::json!({ "caught": 8, "missed": 1, "timeout": 1, "unviable": 3, "outcomes": [] });
        let mut sum = Count::of(&report);
        sum.add(&Count::of(&report));
        assert_eq!(sum, Count { caught: 16, missed: 2, timeout: 2, unviable: 6 });
        assert_eq!(sum.viable(), 20);
    }
}

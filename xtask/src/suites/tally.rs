//! Counting: what cargo and Playwright report, as passed and failed.

use std::fmt;
use std::iter::Sum;

use serde_json::Value;

/// How many tests passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Tally {
    /// A check that has no tests inside passed.
    pub(super) fn one(_done: ()) -> Self {
        Self { passed: 1, failed: 0 }
    }

    /// Adds what a line of `cargo test` says, if it is the one that closes a test binary:
    /// `test result: ok. 12 passed; 0 failed; 0 ignored; …`
    pub(super) fn add_cargo_line(&mut self, line: &str) {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        let (_, counts) = result.split_once(". ").unwrap_or_default();
        for part in counts.split(';') {
            match part.trim().split_once(' ') {
                Some((count, "passed")) => self.passed += count.parse::<u64>().unwrap_or_default(),
                Some((count, "failed")) => self.failed += count.parse::<u64>().unwrap_or_default(),
                _ => {}
            }
        }
    }

    /// Reads Playwright's JSON report. A test that passed only when repeated has failed, and so has
    /// a run in which something broke outside the tests. `None` when the report is not one.
    pub(super) fn of_playwright(report: &str) -> Option<Self> {
        let report: Value = serde_json::from_str(report).ok()?;
        let stats = report.get("stats")?;
        let count = |name: &str| stats.get(name).and_then(Value::as_u64);
        let outside = report.get("errors").and_then(Value::as_array).map_or(0, Vec::len);
        let failed = count("unexpected")? + count("flaky")? + u64::try_from(outside).unwrap_or(u64::MAX);
        Some(Self { passed: count("expected")?, failed })
    }

    /// For a program that says it failed, although its count knows of no failure, or of no test.
    pub(super) fn with_verdict(mut self, success: bool) -> Self {
        if self.failed == 0 && (!success || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, one| Self {
            passed: sum.passed + one.passed,
            failed: sum.failed + one.failed,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn results_of_several_test_binaries_add_up() {
        let mut sum = Tally::default();
        for line in [
            "running 3 tests",
            "test rut::tests::dv ... ok",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 1.23s",
            "   Doc-tests domain",
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        ] {
            sum.add_cargo_line(line);
        }
        assert_eq!(sum, tally(16, 2));
    }

    #[test]
    fn in_playwrights_report_flaky_is_failed_and_skipped_is_neither() {
        let report = r#"{"errors":[],"stats":{"expected":5,"skipped":2,"unexpected":1,"flaky":1}}"#;
        assert_eq!(Tally::of_playwright(report), Some(tally(5, 2)));
        let broken =
            r#"{"errors":[{"message":"x"}],"stats":{"expected":0,"skipped":0,"unexpected":0,"flaky":0}}"#;
        assert_eq!(Tally::of_playwright(broken), Some(tally(0, 1)));
        assert_eq!(Tally::of_playwright("{}"), None);
    }

    #[test]
    fn a_failure_without_a_count_is_one_and_so_is_a_run_without_tests() {
        assert_eq!(tally(3, 0).with_verdict(true), tally(3, 0));
        assert_eq!(tally(3, 0).with_verdict(false), tally(3, 1));
        assert_eq!(tally(3, 2).with_verdict(false), tally(3, 2));
        assert_eq!(tally(0, 0).with_verdict(true), tally(0, 1));
    }

    #[test]
    fn the_last_line_is_the_one_that_ci_reads() {
        let sum: Tally = [tally(1, 0), tally(41, 2)].into_iter().sum();
        assert_eq!(sum.to_string(), "42 passed, 2 failed");
    }
}

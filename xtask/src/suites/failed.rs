//! What failed tests said, repeated at the end of a run: who has only the end of the output finds it there.

use serde_json::Value;

/// The most failed tests that are repeated, and the most lines of each.
const MOST: (usize, usize) = (12, 14);

/// What failed tests said, in the order in which they failed.
#[derive(Debug, Default)]
pub(super) struct Failed {
    tests: Vec<String>,
    /// Between `failures:` and the names that follow, where `cargo test` prints what each test said.
    reading: bool,
}

impl Failed {
    /// Reads a line of `cargo test`.
    pub(super) fn add_cargo_line(&mut self, line: &str) {
        if line.starts_with("---- ") && line.ends_with(" stdout ----") {
            self.reading = true;
            self.tests.push(line.trim_matches(['-', ' ']).trim_end_matches(" stdout").to_owned());
        } else if line == "failures:" || line.starts_with("test result: ") {
            self.reading = false;
        } else if self.reading
            && !line.is_empty()
            && let Some(test) = self.tests.last_mut()
        {
            *test = format!("{test}\n{line}");
        }
    }

    /// Reads Playwright's JSON report, as far as it is one.
    pub(super) fn add_playwright(&mut self, report: &str) {
        let Ok(report) = serde_json::from_str::<Value>(report) else { return };
        for suite in list(&report, "suites") {
            self.add_suite(suite);
        }
        self.tests.extend(list(&report, "errors").map(|error| text(error, "message").to_owned()));
    }

    fn add_suite(&mut self, suite: &Value) {
        for spec in list(suite, "specs") {
            let name = format!("{}:{} {}", text(spec, "file"), spec["line"], text(spec, "title"));
            for test in
                list(spec, "tests").filter(|test| ["unexpected", "flaky"].contains(&text(test, "status")))
            {
                let errors = list(test, "results").flat_map(|result| list(result, "errors"));
                let said = errors.map(|error| without_colors(text(error, "message"))).collect::<Vec<_>>();
                self.tests.push(format!("[{}] {name}\n{}", text(test, "projectName"), said.join("\n")));
            }
        }
        for inner in list(suite, "suites") {
            self.add_suite(inner);
        }
    }

    /// Prints what there is, cut where it is long.
    pub(super) fn print(&self) {
        let (tests, lines) = MOST;
        for test in self.tests.iter().take(tests) {
            println!();
            for line in test.lines().filter(|line| !line.trim().is_empty()).take(lines) {
                println!("{}", line.chars().take(300).collect::<String>());
            }
        }
        if let Some(more) = self.tests.len().checked_sub(tests).filter(|more| *more > 0) {
            println!("\nand {more} more");
        }
    }
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value[name].as_array().into_iter().flatten()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// Without the escape sequences that colour a terminal.
fn without_colors(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |sum, part| sum + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tests_of_cargo_said_is_kept_and_their_names_at_the_end_are_not() {
        let mut failed = Failed::default();
        let said = "test a::b ... FAILED\n\nfailures:\n\n---- a::b stdout ----\n\nthread 'a::b' panicked at x.rs:1\nleft: 1\n\
                    \n\nfailures:\n    a::b\n\ntest result: FAILED. 0 passed; 1 failed\nanother line";
        said.lines().for_each(|line| failed.add_cargo_line(line));
        assert_eq!(failed.tests, ["a::b\nthread 'a::b' panicked at x.rs:1\nleft: 1"]);
    }

    #[test]
    fn what_browser_tests_said_is_found_in_the_report_at_any_depth() {
        let mut failed = Failed::default();
        failed.add_playwright(
            r#"{"errors":[{"message":"outside"}],"suites":[{"specs":[],"suites":[{"specs":[
                {"title":"t","file":"a.spec.ts","line":7,"tests":[
                    {"projectName":"p","status":"unexpected","results":[{"errors":[{"message":"\u001b[31mred\u001b[39m"}]}]},
                    {"projectName":"q","status":"expected","results":[{"errors":[]}]}]}]}]}]}"#,
        );
        assert_eq!(failed.tests, ["[p] a.spec.ts:7 t\nred", "outside"]);
        failed.add_playwright("no report");
        assert_eq!(failed.tests.len(), 2);
    }
}

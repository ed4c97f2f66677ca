//! `cargo xtask fuzz`: every fuzz target under libFuzzer, coverage guided (docs/security.md#proof).
//!
//! The stable compiler can instrument: `-C passes=sancov-module` is what the sanitizers of a nightly would pass too. Only our own
//! crates are instrumented, by this tool in the place of cargo's workspace wrapper, so that no third-party crate is compiled
//! again. New inputs are kept in `target/fuzz/corpus`, and every run starts from them.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::failure::{Doing, Failure, Result};
use crate::places::{Places, short};
use crate::process::{cargo, run as run_command};

/// Set for the compiler only, so that this tool knows that it is its wrapper.
const WRAPPER: &str = "CS_FUZZ_COMPILER";

/// Crates that are instrumented: by the names that the compiler gets.
const INSTRUMENTED: [&str; 5] = ["domain", "wording", "backend", "app", "fuzz_engine"];

/// What makes the compiler count each edge and report each comparison, as `cargo fuzz` passes it.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// Crates whose parsers are run, optimised a little: ten times as many inputs.
const OPTIMISED: [&str; 3] = ["domain", "wording", "backend"];

/// How much is run, of all targets together.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Most minutes.
    pub(crate) minutes: Option<u64>,
    /// Most inputs.
    pub(crate) inputs: Option<u64>,
    /// Names of targets; none for all.
    pub(crate) targets: Vec<String>,
}

impl Plan {
    /// When neither minutes nor inputs are named.
    const MINUTES: u64 = 10;

    /// The bounds of one target out of so many, as libFuzzer takes them.
    fn bounds(&self, targets: usize) -> Vec<String> {
        let share = |all: u64| (all / (targets as u64).max(1)).max(1);
        let minutes = self.minutes.or(self.inputs.is_none().then_some(Self::MINUTES));
        let seconds = minutes.map(|minutes| format!("-max_total_time={}", share(minutes.saturating_mul(60))));
        seconds.into_iter().chain(self.inputs.map(|inputs| format!("-runs={}", share(inputs)))).collect()
    }
}

/// Compiles, in the place of cargo's wrapper, if that is what this process was started for.
pub(crate) fn as_compiler() -> Option<ExitCode> {
    env::var_os(WRAPPER)?;
    let mut arguments = env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    rustc.args(&arguments);
    if is_instrumented(&arguments) {
        rustc.args(COVERAGE);
    }
    let success = rustc.status().is_ok_and(|status| status.success());
    Some(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the compiler is asked for one of our crates; build scripts have other names.
fn is_instrumented(arguments: &[OsString]) -> bool {
    let mut pairs = arguments.windows(2);
    pairs.any(|pair| matches!(pair, [flag, name] if flag == "--crate-name" && INSTRUMENTED.iter().any(|own| name == own)))
}

/// Builds the engine and runs the targets. Fails when one was stopped by an input.
pub(crate) fn run(places: &Places, plan: &Plan) -> Result<()> {
    build(places)?;
    let engine = places.debug("fuzz-engine");
    let folder = places.target.join("fuzz");
    let seeds = folder.join("seeds");
    let _ = fs::remove_dir_all(&seeds);
    run_command(Command::new(&engine).env("CS_FUZZ_SEEDS", &seeds))?;
    let targets = chosen(&seeds, &plan.targets)?;
    let bounds = plan.bounds(targets.len());
    println!("{:>14} {:>12} {:>10} {:>8}", "target", "inputs", "per second", "corpus");
    let (mut sum, mut stopped) = (0, Vec::new());
    for target in targets {
        let ran = run_target(&engine, &folder, &target, &bounds)?;
        sum += ran.inputs;
        println!("{target:>14} {:>12} {:>10} {:>8}", ran.inputs, ran.per_second, ran.corpus);
        if let Some(why) = ran.stopped {
            println!("{why}");
            stopped.push(target);
        }
    }
    println!("{sum} inputs; with earlier runs {}", remember(&folder, sum)?);
    if stopped.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "stopped by an input: {}. It is in {}",
        stopped.join(", "),
        short(&places.root, &folder.join("crashes"))
    )))
}

fn build(places: &Places) -> Result<()> {
    let own = env::current_exe().doing("find this program")?;
    let mut build = cargo();
    build.current_dir(&places.root).env(WRAPPER, "1").env("RUSTC_WORKSPACE_WRAPPER", own);
    build.args(["build", "--package", "fuzz-engine", "--features", "libfuzzer"]);
    for name in OPTIMISED {
        build.arg("--config").arg(format!("profile.dev.package.{name}.opt-level=1"));
    }
    run_command(&mut build)
}

/// The targets to run: those named, or all; each has a folder of seeds.
fn chosen(seeds: &Path, named: &[String]) -> Result<Vec<String>> {
    let entries = fs::read_dir(seeds).doing("read the seeds")?.flatten();
    let mut all: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    all.sort();
    match named.iter().find(|name| !all.contains(name)) {
        Some(unknown) => {
            Err(Failure::new(format!("there is no target `{unknown}`; there are {}", all.join(", "))))
        }
        None if named.is_empty() => Ok(all),
        None => Ok(named.to_vec()),
    }
}

/// What came of a target.
struct Ran {
    inputs: u64,
    per_second: u64,
    corpus: usize,
    /// What libFuzzer said when an input stopped it.
    stopped: Option<String>,
}

fn run_target(engine: &Path, folder: &Path, target: &str, bounds: &[String]) -> Result<Ran> {
    let corpus = folder.join("corpus").join(target);
    let crashes = folder.join("crashes");
    for made in [&corpus, &crashes] {
        fs::create_dir_all(made).doing(format!("make {}", made.display()))?;
    }
    let mut command = Command::new(engine);
    command.env("CS_FUZZ_TARGET", target).args(bounds);
    command.args(["-max_len=4096", "-timeout=20", "-rss_limit_mb=1500", "-print_final_stats=1"]);
    command.arg(prefix(&crashes, target)).arg(&corpus).arg(folder.join("seeds").join(target));
    let output = command.output().doing(format!("start {}", engine.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(Ran {
        inputs: statistic(&said, "number_of_executed_units"),
        per_second: statistic(&said, "average_exec_per_sec"),
        corpus: fs::read_dir(&corpus).map_or(0, Iterator::count),
        stopped: (!output.status.success()).then(|| end_of(&said)),
    })
}

fn prefix(crashes: &Path, target: &str) -> OsString {
    let mut prefix = OsString::from("-artifact_prefix=");
    prefix.push(crashes.join(format!("{target}-")));
    prefix
}

/// A number of libFuzzer's final report.
fn statistic(said: &str, name: &str) -> u64 {
    let line =
        said.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
}

/// The last lines, without those of the progress.
fn end_of(said: &str) -> String {
    let lines: Vec<_> = said.lines().filter(|line| !line.starts_with(['#', '\t'])).collect();
    lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
}

/// Adds to the count of all runs in this target folder, and returns it.
fn remember(folder: &Path, inputs: u64) -> Result<u64> {
    let file: PathBuf = folder.join("inputs");
    let before = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
    let all = before.unwrap_or(0_u64).saturating_add(inputs);
    fs::write(&file, all.to_string()).doing(format!("write {}", file.display()))?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(minutes: Option<u64>, inputs: Option<u64>) -> Vec<String> {
        Plan { minutes, inputs, targets: Vec::new() }.bounds(20)
    }

    #[test]
    fn minutes_and_inputs_are_shared_by_the_targets() {
        assert_eq!(bounds(None, None), ["-max_total_time=30"]);
        assert_eq!(bounds(Some(40), None), ["-max_total_time=120"]);
        assert_eq!(bounds(None, Some(10_000_000)), ["-runs=500000"]);
        assert_eq!(bounds(Some(1), Some(10)), ["-max_total_time=3", "-runs=1"]);
    }

    #[test]
    fn only_our_crates_are_instrumented_and_no_build_script() {
        let asked =
            |name: &str| is_instrumented(&["--crate-name", name, "--edition=2024"].map(OsString::from));
        assert!(asked("domain") && asked("fuzz_engine"));
        assert!(!asked("serde") && !asked("build_script_build") && !asked("___"));
        assert!(!is_instrumented(&["-vV".into()]));
    }

    #[test]
    fn the_final_report_is_read() {
        let said = "#2\tINITED\nDone 8 runs in 1 second(s)\nstat::number_of_executed_units: 12345\nstat::average_exec_per_sec:     678\n";
        assert_eq!(statistic(said, "number_of_executed_units"), 12_345);
        assert_eq!(statistic(said, "average_exec_per_sec"), 678);
        assert_eq!(statistic(said, "peak_rss_mb"), 0);
        assert_eq!(end_of("#1\tx\nthread panicked\n"), "thread panicked");
    }
}

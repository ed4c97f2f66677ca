//! What a person may type after `cargo xtask`.

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::fuzz::Plan;
use crate::suites::Suite;

/// The help of the whole tool.
pub(crate) const HELP: &str = "\
Everything one does with Clave SENCE's source, for people and CI.

cargo xtask site [--release]       build the browser's part into target/site
cargo xtask build [--release]      site and server: target/debug/clave-sence or target/release/clave-sence
cargo xtask run [--listen ADDR] [--data DIR] [--release]
                                   build, then serve in demo mode (ADDR is 127.0.0.1:3000, DIR is var/)
cargo xtask test [--only SUITE]    all that CI runs; SUITE is fmt, docs, layers, advisories, site, clippy,
                                   cargo or e2e
                                   (docs: every requirement, page, section and file that is cited exists)
cargo xtask bench [ARGS]           build for release and measure; ARGS go to `clave-sence bench`
cargo xtask lighthouse             audit a page of the release build with Lighthouse
cargo xtask clients                clients of OpenID Connect that others wrote (Authlib, Django, Apache) sign people
                                   in, on both engines; installs them
cargo xtask fuzz [--minutes N] [--inputs N] [TARGET…]
                                   feed every parser with inputs found by coverage, so many minutes and inputs in all
                                   (10 minutes); crashes and corpus are in target/fuzz
cargo xtask advisories [--database DIR]
                                   known faults of the packages in Cargo.lock, by the copy in the source, or by a
                                   clone of RustSec's advisory-db
cargo xtask bom                    the bill of materials, CycloneDX, in target/bom.cdx.json
cargo xtask mutants [--shard I/N]  change the code of `domain` and see whether its tests notice; one of N parts

The browser's part is the same for debug and release, and is built only when its sources changed.

Settings in the environment:
  CS_WASM_TOOLCHAIN  installed, rustup or debian: force one way to a compiler for wasm32
                     (unset: what is installed; else rustup adds the target; else Debian's rustc-web)
  CS_CHROMIUM        the browser for test and lighthouse
  CS_*               `run` passes the server's own settings through
";

/// A task with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Site,
    Build { release: bool },
    Run { listen: Option<String>, data: Option<PathBuf>, release: bool },
    Test { only: Option<Suite> },
    Bench { arguments: Vec<String> },
    Lighthouse,
    Clients,
    Fuzz(Plan),
    Bom,
    Advisories { database: Option<PathBuf> },
    Mutants { shard: Option<String> },
}

impl Task {
    /// Reads the arguments, the program's name left out.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut arguments = arguments.into_iter();
        let Some(name) = arguments.next() else {
            return Ok(Self::Help);
        };
        if name == "bench" {
            return Ok(Self::Bench { arguments: arguments.collect() });
        }
        let allowed: &[&str] = match name.as_str() {
            "site" | "build" => &["--release"],
            "run" => &["--listen", "--data", "--release"],
            "test" => &["--only"],
            "lighthouse" | "bom" | "clients" => &[],
            "fuzz" => &["--minutes", "--inputs", TARGET],
            "advisories" => &["--database"],
            "mutants" => &["--shard"],
            "help" | "--help" | "-h" => return Ok(Self::Help),
            other => {
                return Err(Failure::new(format!(
                    "there is no task `{other}`; `cargo xtask --help` lists them"
                )));
            }
        };
        let Some(options) = Options::read(&name, allowed, arguments)? else {
            return Ok(Self::Help);
        };
        let Options { release, listen, data, only, minutes, inputs, database, shard, targets } = options;
        Ok(match name.as_str() {
            "site" => Self::Site,
            "build" => Self::Build { release },
            "run" => Self::Run { listen, data, release },
            "test" => Self::Test { only },
            "fuzz" => Self::Fuzz(Plan { minutes, inputs, targets }),
            "bom" => Self::Bom,
            "clients" => Self::Clients,
            "advisories" => Self::Advisories { database },
            "mutants" => Self::Mutants { shard },
            _ => Self::Lighthouse,
        })
    }
}

#[derive(Default)]
struct Options {
    release: bool,
    listen: Option<String>,
    data: Option<PathBuf>,
    only: Option<Suite>,
    minutes: Option<u64>,
    inputs: Option<u64>,
    database: Option<PathBuf>,
    shard: Option<String>,
    targets: Vec<String>,
}

/// Stands for words without `--` in the list of what a task allows.
const TARGET: &str = "TARGET";

impl Options {
    /// Reads `--name`, `--name value`, `--name=value` and, where they are allowed, plain words; `None` when help is asked for.
    fn read(
        task: &str,
        allowed: &[&str],
        mut arguments: impl Iterator<Item = String>,
    ) -> Result<Option<Self>> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            if argument == "--help" || argument == "-h" {
                return Ok(None);
            }
            if allowed.contains(&TARGET) && !argument.starts_with('-') {
                options.targets.push(argument);
                continue;
            }
            let (name, given) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            if !allowed.contains(&name) {
                return Err(Failure::new(format!(
                    "`cargo xtask {task}` knows no `{argument}`; see `cargo xtask --help`"
                )));
            }
            if name == "--release" {
                options.release = true;
                continue;
            }
            let value = given.or_else(|| arguments.next()).filter(|value| !value.is_empty());
            let value = value.ok_or_else(|| Failure::new(format!("{name} needs a value")))?;
            options.set(name, value)?;
        }
        Ok(Some(options))
    }

    fn set(&mut self, name: &str, value: String) -> Result<()> {
        let number = || value.parse().map_err(|_| Failure::new(format!("{name} needs a number")));
        match name {
            "--listen" => self.listen = Some(value),
            "--data" => self.data = Some(PathBuf::from(value)),
            "--minutes" => self.minutes = Some(number()?),
            "--inputs" => self.inputs = Some(number()?),
            "--database" => self.database = Some(PathBuf::from(value)),
            "--shard" => self.shard = Some(value),
            _ => self.only = Some(Suite::parse(&value)?),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<Task> {
        Task::parse(line.split_whitespace().map(str::to_owned)).ok()
    }

    #[test]
    fn options_come_in_any_order_and_both_forms() {
        let task = Task::Run { listen: Some("127.0.0.1:0".into()), data: Some("d".into()), release: true };
        assert_eq!(parse("run --data d --release --listen=127.0.0.1:0"), Some(task));
        assert_eq!(parse("run"), Some(Task::Run { listen: None, data: None, release: false }));
        assert_eq!(parse("site --release"), Some(Task::Site));
        assert_eq!(parse("test --only e2e"), Some(Task::Test { only: Some(Suite::E2e) }));
        assert_eq!(parse("test --only=docs"), Some(Task::Test { only: Some(Suite::Docs) }));
        let plan = Plan { minutes: Some(5), inputs: None, targets: vec!["rut".to_owned(), "nie".to_owned()] };
        assert_eq!(parse("fuzz rut --minutes 5 nie"), Some(Task::Fuzz(plan)));
        assert_eq!(parse("mutants --shard 1/8"), Some(Task::Mutants { shard: Some("1/8".to_owned()) }));
    }

    #[test]
    fn what_a_task_does_not_know_is_refused() {
        for line in [
            "deploy",
            "site --listen 1",
            "run --listen",
            "run --data=",
            "test --only all",
            "lighthouse now",
            "fuzz --minutes x",
            "bom all",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn help_is_given_wherever_it_is_asked_for() {
        for line in ["", "help", "--help", "run --help", "test -h"] {
            assert_eq!(parse(line), Some(Task::Help), "{line}");
        }
    }

    #[test]
    fn the_server_reads_the_benchmarks_arguments() {
        let arguments = vec!["--help".to_owned(), "x".to_owned()];
        assert_eq!(parse("bench --help x"), Some(Task::Bench { arguments }));
    }
}

//! Starting other programs: with a bound on the time, or reading along, or taking our place.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Doing, Failure, Result};

/// Runs to the end and fails unless the program says success.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = name_of(command);
    let status = command.status().doing(format!("start {name}"))?;
    check_exit(&name, status)
}

/// Like [`run`], but ends the program when it takes longer than `limit`.
///
/// For whatever talks to a network: where nothing answers, a person waits no longer than this.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let name = name_of(command);
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().doing(format!("start {name}"))?;
    loop {
        if let Some(status) = child.try_wait().doing(format!("wait for {name}"))? {
            return check_exit(&name, status);
        }
        if started.elapsed() > limit {
            terminate(&mut child);
            return Err(Failure::new(format!(
                "{name} gave no result within {} s and was ended",
                limit.as_secs()
            )));
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Asks a child to end, and after five seconds makes it.
pub(crate) fn terminate(child: &mut std::process::Child) {
    if cfg!(unix) {
        // The standard library has no SIGTERM; a program that is asked can end its own children.
        let _ = Command::new("kill").arg(child.id().to_string()).status();
        for _ in 0..50 {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Runs to the end, shows each line of its standard output and hands it to `see`.
pub(crate) fn run_reading(command: &mut Command, mut see: impl FnMut(&str)) -> Result<ExitStatus> {
    let name = name_of(command);
    let mut child = command.stdout(Stdio::piped()).spawn().doing(format!("start {name}"))?;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n') {
            let line = line.doing(format!("read what {name} says"))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            see(&line);
        }
    }
    child.wait().doing(format!("wait for {name}"))
}

/// What a quick program prints, trimmed; nothing if it cannot be started or fails.
pub(crate) fn answer_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Becomes the program, so that signals and the exit code are its own. Returns only on failure.
pub(crate) fn become_program(command: &mut Command) -> Failure {
    let name = name_of(command);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Failure::new(format!("could not start {name}: {}", command.exec()))
    }
    #[cfg(not(unix))]
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(cause) => Failure::new(format!("could not start {name}: {cause}")),
    }
}

/// Where a program lies in the search path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// `cargo` without the variables that the outer `cargo xtask` set for our own package: build scripts that
/// watch those variables would run anew at every change between the two.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    for (name, _) in env::vars_os().filter(|(name, _)| is_about_our_package(name)) {
        cargo.env_remove(name);
    }
    cargo
}

fn is_about_our_package(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    name == "OUT_DIR" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

fn check_exit(name: &str, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name} failed ({status})"))) }
}

fn name_of(command: &Command) -> String {
    let mut words = vec![
        PathBuf::from(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned(),
    ];
    words.extend(command.get_args().take(3).map(|arg| arg.to_string_lossy().into_owned()));
    format!("`{}`", words.join(" "))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_slow_program_is_ended() {
        let started = Instant::now();
        let result = run_within(Command::new("sleep").arg("60"), Duration::from_millis(200));
        assert!(result.is_err_and(|why| why.to_string().contains("`sleep 60` gave no result")));
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_failing_program_is_named() {
        let why = run(&mut Command::new("false")).err().map(|why| why.to_string());
        assert_eq!(why.as_deref(), Some("`false` failed (exit status: 1)"));
    }

    #[test]
    fn lines_are_handed_over_with_the_exit_code() {
        let mut seen = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two; exit 3"]);
        let status = run_reading(&mut command, |line| seen.push(line.to_owned()));
        assert_eq!(seen, ["one", "two"]);
        assert_eq!(status.ok().and_then(|status| status.code()), Some(3));
    }
}

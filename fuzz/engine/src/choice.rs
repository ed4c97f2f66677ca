//! Which target libFuzzer runs.

use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use fuzz::Target;

/// The target that the environment names.
static CHOSEN: OnceLock<Target> = OnceLock::new();

fn targets() -> impl Iterator<Item = Target> {
    [domain::fuzzing::TARGETS, backend::fuzzing::TARGETS, app::fuzzing::TARGETS, crate::fuzzing::TARGETS]
        .into_iter()
        .flatten()
        .copied()
}

/// Finds the target, or writes the seeds of all and ends the process.
pub(crate) fn prepare() {
    if let Some(folder) = std::env::var_os("CS_FUZZ_SEEDS") {
        let written = write_seeds(Path::new(&folder));
        if let Err(why) = &written {
            let _ = writeln!(std::io::stderr(), "cannot write the seeds: {why}");
        }
        std::process::exit(i32::from(written.is_err()));
    }
    let name = std::env::var("CS_FUZZ_TARGET").unwrap_or_default();
    match targets().find(|target| target.name == name) {
        Some(target) => drop(CHOSEN.set(target)),
        None => {
            let _ = writeln!(std::io::stderr(), "there is no target `{name}`");
            std::process::exit(2);
        }
    }
}

/// Writes the seeds of each target into a folder of its name.
fn write_seeds(folder: &Path) -> std::io::Result<()> {
    for target in targets() {
        let folder = folder.join(target.name);
        std::fs::create_dir_all(&folder)?;
        for (number, seed) in (target.seeds)().into_iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}

/// Feeds the target.
pub(crate) fn run(input: &[u8]) {
    if let Some(target) = CHOSEN.get() {
        (target.run)(input);
    }
}

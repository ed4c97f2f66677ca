//! Fuzz targets: what one is, and its short run in the ordinary tests.
//!
//! Each crate lists its own targets in a module `fuzzing`, which exists in its tests and with its feature `fuzzing`. `cargo xtask
//! fuzz` runs them under libFuzzer (`fuzz/engine`), which finds new inputs by coverage. Here the same targets get a few
//! thousand inputs that are the same in every run: the seeds, the starts of each, and random changes of them.

mod mutate;

use std::borrow::Cow;

use mutate::Mutator;

/// A parser or writer that is fed with arbitrary bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Feeds it with an input. Panics when a property does not hold.
    pub run: fn(&[u8]),
    /// Inputs to start from: good ones, and those that once were trouble.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Changed inputs of a short run, and at most so many starts of each seed.
    pub short: u32,
}

/// [`Target::short`] of most targets, which take microseconds for an input.
pub const QUICK: u32 = 2_000;

/// Seeds that are texts.
#[must_use]
pub fn texts(seeds: &[&str]) -> Vec<Vec<u8>> {
    seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect()
}

/// The input as a text; what is not UTF-8 becomes U+FFFD, as in a form.
#[must_use]
pub fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// The input as so many texts, one a line; missing ones are empty, and the last one has all that is left.
#[must_use]
pub fn lines<const N: usize>(text: &str) -> [&str; N] {
    let mut parts = text.splitn(N, '\n');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// A short run of each of these targets.
///
/// # Panics
/// When one of them does; the input is printed then.
pub fn short_runs(targets: &[Target]) {
    for target in targets {
        short_run(target);
    }
}

/// Runs a target with its seeds, starts of each seed, and [`Target::short`] changed ones. Returns the number of inputs.
///
/// # Panics
/// When the target does; the input is printed then.
pub fn short_run(target: &Target) -> u64 {
    let seeds = (target.seeds)();
    let mut inputs = 0;
    let mut run = |input: &[u8]| {
        let _shown = ShownOnPanic { target: target.name, input };
        (target.run)(input);
        inputs += 1;
    };
    run(&[]);
    for seed in &seeds {
        run(seed);
        let starts = usize::try_from(target.short / 10).unwrap_or(usize::MAX).max(1);
        let step = seed.len().div_ceil(starts).max(1);
        (0..seed.len()).step_by(step).filter_map(|end| seed.get(..end)).for_each(&mut run);
    }
    let mut mutator = Mutator::new(target.name, seeds);
    for _ in 0..target.short {
        run(&mutator.next());
    }
    inputs
}

/// Prints the input while a panic passes by.
struct ShownOnPanic<'a> {
    target: &'a str,
    input: &'a [u8],
}

impl Drop for ShownOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("fuzz target {}, input b\"{}\"", self.target, self.input.escape_ascii());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    static LONGEST: AtomicUsize = AtomicUsize::new(0);

    fn never(input: &[u8]) {
        LONGEST.fetch_max(input.len(), Ordering::Relaxed);
    }

    fn fails_at_two_quotes(input: &[u8]) {
        assert!(!input.windows(2).any(|pair| pair == b"\"\""));
    }

    #[test]
    fn a_short_run_feeds_seeds_their_starts_and_changes() {
        let target = Target { name: "never", run: never, seeds: || texts(&["abcd", "ef"]), short: QUICK };
        assert_eq!(short_run(&target), u64::from(QUICK) + 1 + 5 + 3);
        assert!(LONGEST.load(Ordering::Relaxed) > 4, "no input was longer than the seeds");
    }

    #[test]
    fn a_short_run_finds_a_simple_fault() {
        let target =
            Target { name: "quotes", run: fails_at_two_quotes, seeds: || texts(&["a\"b"]), short: QUICK };
        assert!(std::panic::catch_unwind(|| short_run(&target)).is_err());
    }

    #[test]
    fn lines_are_as_many_as_asked_for() {
        assert_eq!(lines("a\nb\nc"), ["a", "b\nc"]);
        assert_eq!(lines("a"), ["a", "", ""]);
    }
}

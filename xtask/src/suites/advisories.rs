//! The suite `advisories`: no package of `Cargo.lock` has a known fault.

use super::tally::Tally;
use crate::advisories;
use crate::failure::Result;
use crate::places::Places;

/// Compares the lock file with the copy of advisories in the source.
pub(super) fn run(places: &Places) -> Result<Tally> {
    let found = advisories::check(places, None)?;
    Ok(Tally { passed: u64::from(found == 0), failed: found })
}

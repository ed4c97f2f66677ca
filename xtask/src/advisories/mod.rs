//! `cargo xtask advisories`: known faults of the packages in `Cargo.lock`.
//!
//! RustSec's database is not in the package registries, so `copy.txt` has what was copied of it, with its date and source, and
//! the names that were looked up. With a clone of the database every package is compared. Faults and unsound code fail the check;
//! a crate that nobody maintains any more is named only.

mod source;
mod versions;

use std::collections::BTreeSet;
use std::path::Path;

use crate::failure::{Failure, Result};
use crate::lock::{self, Package};
use crate::places::Places;
use source::{Advisory, Copy};
use versions::{Requirement, Version};

/// Faults that cannot be used against this service, with why. Each is taken out as soon as a version without it exists.
const ACCEPTED: [(&str, &str); 1] = [(
    "RUSTSEC-2023-0071",
    "a key that is made once; ring signs, and nothing is decrypted (docs/decisions/0020-sign-in.md)",
)];

/// Prints what is known, and fails when it is a fault.
pub(crate) fn run(places: &Places, database: Option<&Path>) -> Result<()> {
    match check(places, database)? {
        0 => Ok(()),
        found => Err(Failure::new(format!("{found} known faults; raise those packages in Cargo.lock"))),
    }
}

/// Prints what is known, and returns the number of faults.
pub(crate) fn check(places: &Places, database: Option<&Path>) -> Result<u64> {
    let packages = lock::read(places)?;
    let names: BTreeSet<_> = packages
        .iter()
        .filter(|package| package.checksum.is_some())
        .map(|package| package.name.as_str())
        .collect();
    let (advisories, looked) = match database {
        Some(folder) => (source::database(folder, &names)?, names.len()),
        None => {
            let copy = Copy::of_source()?;
            let looked = names.iter().filter(|name| copy.looked.contains(**name)).count();
            (copy.advisories, looked)
        }
    };
    let mut faults = 0;
    for (package, advisory) in affected(&packages, &advisories) {
        println!(
            "{} {}: {} ({}) {}",
            package.name, package.version, advisory.id, advisory.sort, advisory.about
        );
        match ACCEPTED.iter().find(|(id, _)| *id == advisory.id) {
            Some((_, why)) => println!("  accepted: {why}"),
            None => faults += u64::from(advisory.sort != source::UNMAINTAINED),
        }
    }
    println!(
        "{} advisories; {looked} of {} crates were looked up; {faults} faults",
        advisories.len(),
        names.len()
    );
    if database.is_none() {
        println!(
            "The copy of the advisories is of 2026-11-29. A clone of the database checks all: --database DIR"
        );
    }
    Ok(faults)
}

/// Each package with each advisory that its version falls under.
fn affected<'a>(packages: &'a [Package], advisories: &'a [Advisory]) -> Vec<(&'a Package, &'a Advisory)> {
    let pairs =
        packages.iter().flat_map(|package| advisories.iter().map(move |advisory| (package, advisory)));
    pairs.filter(|(package, advisory)| package.checksum.is_some() && is_affected(package, advisory)).collect()
}

/// Whether a version is neither patched nor one that was never at fault. One that cannot be read counts as affected.
fn is_affected(package: &Package, advisory: &Advisory) -> bool {
    let within = |ranges: &[Requirement]| {
        Version::parse(&package.version)
            .is_some_and(|version| ranges.iter().any(|range| range.holds(&version)))
    };
    package.name == advisory.package && !within(&advisory.patched) && !within(&advisory.unaffected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str) -> Package {
        Package { name: name.into(), version: version.into(), checksum: Some("ff".into()), uses: Vec::new() }
    }

    fn ids(name: &str, version: &str) -> Vec<String> {
        let copy = Copy::of_source().unwrap();
        let packages = [package(name, version)];
        affected(&packages, &copy.advisories).iter().map(|(_, advisory)| advisory.id.clone()).collect()
    }

    #[test]
    fn security_versions_at_fault_are_found_and_patched_ones_are_not() {
        assert_eq!(ids("rustls", "0.23.44"), ["RUSTSEC-2026-0285"]);
        assert!(ids("rustls", "0.23.45").is_empty());
        assert_eq!(ids("rustls", "0.22.3"), ["RUSTSEC-2024-0336"]);
        assert!(ids("rustls", "0.22.4").is_empty());
        assert_eq!(ids("rand", "0.10.0"), ["RUSTSEC-2026-0097"]);
        assert_eq!(ids("rand", "0.8.5"), ["RUSTSEC-2026-0097"]);
        assert!(["0.6.5", "0.8.6", "0.9.3"].iter().all(|version| ids("rand", version).is_empty()));
        assert_eq!(ids("rustls-webpki", "0.104.0-alpha.6"), ["RUSTSEC-2026-0104"]);
        assert_eq!(ids("h2", "0.3.26"), ["RUSTSEC-2026-0258"]);
        assert_eq!(ids("paste", "1.0.15"), ["RUSTSEC-2024-0436"]);
        assert_eq!(ids("slab", "no version"), ["RUSTSEC-2025-0047"]);
        assert_eq!(ids("rsa", "0.9.10"), ["RUSTSEC-2023-0071"]);
        assert!(ids("domain", "0.1.0").is_empty());
    }

    #[test]
    fn security_no_package_of_the_lock_file_has_a_known_fault() {
        assert_eq!(check(&Places::find().unwrap(), None).unwrap(), 0);
    }

    #[test]
    fn security_a_fault_that_is_accepted_is_one_that_the_lock_file_has() {
        let packages = lock::read(&Places::find().unwrap()).unwrap();
        let copy = Copy::of_source().unwrap();
        let found = affected(&packages, &copy.advisories);
        for (id, _) in ACCEPTED {
            assert!(found.iter().any(|(_, advisory)| advisory.id == id), "{id} is no longer needed");
        }
    }

    #[test]
    fn every_advisory_of_the_copy_is_about_a_crate_that_was_looked_up() {
        let copy = Copy::of_source().unwrap();
        assert!(copy.advisories.len() >= 26);
        for advisory in &copy.advisories {
            assert!(copy.looked.contains(&advisory.package), "{}", advisory.id);
        }
    }
}

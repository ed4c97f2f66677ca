//! Fuzz targets of what reads and writes for the outside (docs/security.md#proof). Each property is beside the code that it is of.

use fuzz::{QUICK, Target, texts};

use crate::{courier, declaration, files, hashing, import};

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "inspection",
        run: files::fuzzing::inspection,
        seeds: files::fuzzing::seeds,
        short: QUICK,
    },
    Target { name: "import", run: import::fuzzing::import, seeds: import::fuzzing::seeds, short: 200 },
    Target { name: "message", run: courier::fuzzing::message, seeds: courier::fuzzing::seeds, short: 200 },
    Target { name: "key-hash", run: key_hash, seeds: key_hashes, short: QUICK },
    // A sheet takes milliseconds.
    Target {
        name: "declaration",
        run: declaration::fuzzing::sheet,
        seeds: declaration::fuzzing::seeds,
        short: 20,
    },
];

/// A key hash of an older system.
fn key_hash(input: &[u8]) {
    let stored = fuzz::text(input);
    // Only hashes of bounded cost are supported, so none may be longer than any real one.
    assert!(hashing::check_supported(&stored).is_err() || stored.len() <= 1_024, "{} bytes", stored.len());
}

fn key_hashes() -> Vec<Vec<u8>> {
    texts(&[
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "$2b$10$abcdefghijklmnopqrstuuxyzabcdefghijklmnopqrstuvwxyz012345",
        // 60 bytes, as a library expects of bcrypt, and not all of them ASCII.
        "$2b$10$abcdefghijklmnopqrstu\u{f1}xyzabcdefghijklmnopqrstuvwxyz0",
        "pbkdf2_sha256$120000$salt$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "$pbkdf2-sha256$29000$c2FsdHNhbHQ$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "AAABAgMEBQYHCAkKCwwNDg/CBu1qM2lWisWIdjBFmxTt50vWQVomNZ1rxNTqyzQCPg==",
        "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw==",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_withstands_a_short_run() {
        fuzz::short_runs(TARGETS);
    }

    #[test]
    fn the_seeds_of_key_hashes_are_read() {
        let read =
            key_hashes().iter().filter(|seed| hashing::check_supported(&fuzz::text(seed)).is_ok()).count();
        assert!(read >= 3, "{read} are read");
    }
}

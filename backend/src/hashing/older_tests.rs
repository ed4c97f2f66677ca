//! Which hashes are accepted. The tests of [`super::super::Hasher`] verify that accepted hashes are computed correctly,
//! with [`VECTORS`].

use super::*;

/// Hashes of `Quillay7x`, all made by other programs.
pub(in crate::hashing) const VECTORS: [&str; 18] = [
    // bcrypt 4.3 of PyPI, `hashpw(key, gensalt(5, prefix))`; `$2y$` is PHP's name for `$2b$`.
    "$2a$05$JnfsXzYSS9PHqJzrBuTPXOIc1xIfIWrfhjhSNYyOqr1BnALUVNfQa",
    "$2b$05$uIdGyHtNP2mneVLYSF9ukOAjg3WBqDrwnamy7kWj6jnRmNx6vEVpO",
    "$2y$05$P9PKw3mWWWJGoJHUB2ym3uPITp2uizSv7mqysm7PnAoN367SN/cdi",
    // passlib 1.7.4, `pbkdf2_…using(rounds=1000, salt=bytes(range(16))).hash(key)`.
    "$pbkdf2$1000$AAECAwQFBgcICQoLDA0ODw$wgbtajNpVorFiHYwRZsU7edL1kE",
    "$pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw$r1nSWWygO.6YwwxVK/q9N.BZxGh.929lPCLntH.brLg",
    "$pbkdf2-sha512$1000$AAECAwQFBgcICQoLDA0ODw$652SpJwmJ51uWJx2KGLxck6g6vz7RzlQfpyLAA72LPL8EvrKnafGQB1BOB6eo9UUHuS1ydkOZI.sOYePPzJJOg",
    // Python's `hashlib.pbkdf2_hmac(…, key, bytes(range(16)), 2000, 32)`, written by hand as PHC strings.
    "$pbkdf2-sha1$i=2000,l=32$AAECAwQFBgcICQoLDA0ODw$cKdZlR4SnBpOZ7JWyuyBARgV4jr0/VNAXq7/vwr9Cyk",
    "$pbkdf2-sha256$i=2000,l=32$AAECAwQFBgcICQoLDA0ODw$34ZsdZPf/PP7rPyXcYvxfcOPYWbNIQSAzgzYRHHtrKo",
    "$pbkdf2-sha512$i=2000,l=32$AAECAwQFBgcICQoLDA0ODw$UZd6s5m4AWkpMBxr7d1LznWPdSdqwUOY0XI4MPGGNWM",
    "$pbkdf2-sha256$i=2000$AAECAwQFBgcICQoLDA0ODw==$34ZsdZPf/PP7rPyXcYvxfcOPYWbNIQSAzgzYRHHtrKo=",
    // ASP.NET Identity v3 with each function, then v2: `struct.pack(">III", prf, 10000, 16)` and hashlib.
    "AQAAAAAAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9QmGhF7giWygRBz3cjpcnoKPVmz6M8Znw1cwR0nRCo8w==",
    "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9pJKbFdmP7L5iJgJp7nPWVyrmdTyba6FYFGwIalHCTVQ==",
    "AQAAAAIAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/TfItsLs2eqcfwU3B4hAXr8mLfVRAjuPvEoe6ojmAQ5Q==",
    "AAABAgMEBQYHCAkKCwwNDg/CBu1qM2lWisWIdjBFmxTt50vWQVomNZ1rxNTqyzQCPg==",
    // argon2-cffi of PyPI (the reference library in C); 24 bytes, two lanes; the last two are version 16, one lane.
    "$argon2i$v=19$m=64,t=3,p=2$AAECAwQFBgcICQoLDA0ODw$wGhwAcE2dD0aV0Yy0X1rUO+MkefIvQox",
    "$argon2id$v=19$m=64,t=3,p=2$AAECAwQFBgcICQoLDA0ODw$2RfBLeqTgWxHtQwQtYGY81ivrmotk/+o",
    "$argon2i$v=16$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$CMGtVHS6Q5IUFw73vnlkNwgzVTyr5+zha1ppesnXLL8",
    "$argon2i$m=64,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$CMGtVHS6Q5IUFw73vnlkNwgzVTyr5+zha1ppesnXLL8",
];

#[test]
fn a_import_every_known_scheme_is_accepted() {
    for hash in VECTORS {
        assert_eq!(check_supported(hash), Ok(()), "{hash}");
    }
}

#[test]
fn a_import_too_cheap_or_too_expensive_hashes_are_refused() {
    let salted = |front: &str| format!("{front}$AAECAwQFBgcICQoLDA0ODw$wGhwAcE2dD0aV0Yy0X1rUO+MkefIvQox");
    let bcrypt = |cost: &str| format!("$2b${cost}$uIdGyHtNP2mneVLYSF9ukOAjg3WBqDrwnamy7kWj6jnRmNx6vEVpO");
    for (hash, verdict) in [
        (bcrypt("03"), Err(UnfitHash::TooCheap)),
        (bcrypt("04"), Ok(())),
        (bcrypt("14"), Ok(())),
        (bcrypt("15"), Err(UnfitHash::TooExpensive)),
        (salted("$pbkdf2-sha256$999"), Err(UnfitHash::TooCheap)),
        (salted("$pbkdf2-sha256$2000000"), Ok(())),
        (salted("$pbkdf2-sha256$2000001"), Err(UnfitHash::TooExpensive)),
        (salted("$pbkdf2-sha256$99999999999999"), Err(UnfitHash::TooExpensive)),
        (salted("$argon2id$v=19$m=262144,t=10,p=16"), Ok(())),
        (salted("$argon2id$v=19$m=262145,t=1,p=1"), Err(UnfitHash::TooExpensive)),
        (salted("$argon2id$v=19$m=64,t=11,p=1"), Err(UnfitHash::TooExpensive)),
        (salted("$argon2id$v=19$m=1024,t=1,p=17"), Err(UnfitHash::TooExpensive)),
    ] {
        assert_eq!(check_supported(&hash), verdict, "{hash}");
    }
}

#[test]
fn a_import_malformed_hashes_are_refused_with_their_reason() {
    use UnfitHash::{Lengths, Malformed, UnknownScheme};
    let long = format!("$argon2id${}", "x".repeat(1000));
    for (hash, reason) in [
        ("Quillay7x", UnknownScheme),
        ("5f4dcc3b5aa765d61d8327deb882cf99", UnknownScheme),
        ("$1$salt$qJH7.N4xYta3aEG/dfqo/0", UnknownScheme),
        ("$argon2d$v=19$m=64,t=3,p=2$AAECAwQFBgcICQoLDA0ODw$/8gPXqVlNeb6w3dYVao3uTgKLrDJQnH2", UnknownScheme),
        ("AgAAAAEAACcQAAAAEAAB", UnknownScheme),
        (
            "AQAAAAMAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9pJKbFdmP7L5iJgJp7nPWVyrmdTyba6FYFGwIalHCTVQ==",
            UnknownScheme,
        ),
        ("AQAAAAEAACcQ/////wABAgMEBQYHCAkKCwwNDg9pJKbFdmP7L5iJgJp7nPWVyrmdTyba6FYFGwIalHCTVQ==", Malformed),
        ("AQAAAAEA", Malformed),
        ("$2b$10$short", Malformed),
        ("$2b$1x$uIdGyHtNP2mneVLYSF9ukOAjg3WBqDrwnamy7kWj6jnRmNx6vEVpO", Malformed),
        ("$2b$+9$uIdGyHtNP2mneVLYSF9ukOAjg3WBqDrwnamy7kWj6jnRmNx6vEVpO", Malformed),
        ("$argon2id$nonsense", Malformed),
        ("$argon2id$v=19$m=64,t=3,p=2$AAECAwQFBgcICQoLDA0ODw", Malformed),
        ("$pbkdf2-sha256$$AAECAwQFBgcICQoLDA0ODw$34ZsdZPf/PP7rPyXcYvxfcOPYWbNIQSAzgzYRHHtrKo", Malformed),
        (
            "$pbkdf2-sha256$i=2000,l=31$AAECAwQFBgcICQoLDA0ODw$34ZsdZPf/PP7rPyXcYvxfcOPYWbNIQSAzgzYRHHtrKo",
            Malformed,
        ),
        ("$pbkdf2-sha256$2000$AAE$34ZsdZPf/PP7rPyXcYvxfcOPYWbNIQSAzgzYRHHtrKo", Lengths),
        ("$pbkdf2-sha256$2000$AAECAwQFBgcICQoLDA0ODw$34Zs", Lengths),
        (&long, Malformed),
        ("$2b$10$ñ", Malformed),
    ] {
        assert_eq!(check_supported(hash), Err(reason), "{hash}");
    }
}

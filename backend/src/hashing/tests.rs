//! The hasher, with its own hashes and with those of other programs.

use super::*;

#[tokio::test]
async fn a_secret_is_checked_and_an_absent_hash_costs_the_same() {
    let hasher = Hasher::new(2, 10).unwrap();
    let hash = hasher.hash("Quillay7x").await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    let before = hasher.runs();
    assert_eq!(hasher.verify("Quillay7x", Some(&hash)).await, Ok(true));
    assert_eq!(hasher.verify("quillay7x", Some(&hash)).await, Ok(false));
    assert_eq!(hasher.verify("Quillay7x", None).await, Ok(false));
    assert_eq!(hasher.runs() - before, 3);
}

#[tokio::test]
async fn hashes_agree_with_the_argon2_crate_and_verify_with_other_parameters() {
    use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
    let hasher = Hasher::new(1, 10).unwrap();
    let salt = SaltString::from_b64("c29tZXNhbHRzb21l").unwrap();
    let other = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 3, 2, None).unwrap());
    let theirs = other.hash_password(b"Quillay7x", &salt).unwrap().to_string();
    assert_eq!(hasher.verify("Quillay7x", Some(&theirs)).await, Ok(true));
    assert_eq!(hasher.verify("Quillay7y", Some(&theirs)).await, Ok(false));
    let ours = hasher.hash("Quillay7x").await.unwrap();
    let ours = PasswordHash::new(&ours).unwrap();
    assert!(Argon2::default().verify_password(b"Quillay7x", &ours).is_ok());
    assert_eq!(hasher.verify("Quillay7x", Some("$argon2id$nonsense")).await, Ok(false));
}

#[tokio::test]
async fn a_import_keys_hashed_by_other_programs_verify_and_each_counts_as_a_run() {
    let hasher = Hasher::new(2, 10).unwrap();
    for hash in older::tests::VECTORS {
        let before = hasher.runs();
        assert_eq!(hasher.verify("Quillay7x", Some(hash)).await, Ok(true), "{hash}");
        assert_eq!(hasher.verify("quillay7x", Some(hash)).await, Ok(false), "{hash}");
        assert_eq!(hasher.verify("", Some(hash)).await, Ok(false), "{hash}");
        assert_eq!(hasher.runs() - before, 3);
    }
    // bcrypt like the vectors, of a key that is not ASCII.
    let accented = "$2b$05$1H2jrLt9I16ZIbfz8bhjiuAEJ3EkhJ0mkGb/YCJDXC7.RlDt3Hiou";
    assert_eq!(hasher.verify("Ñandú88", Some(accented)).await, Ok(true));
}

#[test]
fn pbkdf2_matches_the_rfc_vectors() {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    // RFC 6070, the second vector; RFC 7914 §11, the first.
    let mut sha1 = [0; 20];
    pbkdf2::pbkdf2_hmac::<sha1::Sha1>(b"password", b"salt", 2, &mut sha1);
    assert_eq!(hex(&sha1), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    let mut sha256 = [0; 64];
    pbkdf2::pbkdf2_hmac::<sha2::Sha256>(b"passwd", b"salt", 1, &mut sha256);
    assert!(hex(&sha256).starts_with("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"));
}

#[tokio::test]
async fn only_argon2id_with_the_current_parameters_is_current() {
    let hasher = Hasher::new(1, 10).unwrap();
    let ours = hasher.hash("Quillay7x").await.unwrap();
    assert!(hasher.is_current(&ours));
    for other in
        [ours.replace("t=2", "t=3"), ours.replace("argon2id", "argon2i"), ours.replace("v=19", "v=16")]
    {
        assert!(!hasher.is_current(&other), "{other}");
    }
    assert!(!older::tests::VECTORS.iter().any(|hash| hasher.is_current(hash)));
    assert!(!hasher.is_current(""));
}

#[tokio::test]
async fn memory_of_larger_parameters_is_not_kept() {
    let hasher = Hasher::new(1, 10).unwrap();
    let salted = "$AAECAwQFBgcICQoLDA0ODw$wGhwAcE2dD0aV0Yy0X1rUO+MkefIvQox";
    assert_eq!(hasher.verify("x", Some(&format!("$argon2id$v=19$m=65536,t=1,p=1{salted}"))).await, Ok(false));
    let kept: usize = hasher.inner.memory.lock().unwrap().iter().map(Vec::len).sum();
    assert!(kept <= 19 * 1024, "{kept} blocks of 1 KiB");
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let hasher = Hasher::new(1, 2).unwrap();
    let core = hasher.inner.cores.acquire().await.unwrap();
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.verify("x", None).await })
        })
        .collect();
    while hasher.inner.waiting.load(Ordering::Acquire) < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(hasher.verify("x", None).await, Err(Busy));
    drop(core);
    for task in waiting {
        assert_eq!(task.await.unwrap(), Ok(false));
    }
    assert_eq!(hasher.verify("x", None).await, Ok(false));
}

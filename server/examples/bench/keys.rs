//! Key checks per second through the whole server, compared with bare argon2 on the same cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::rut::Rut;

use crate::client::Client;
use crate::served::Served;

pub(crate) const SPAN: Duration = Duration::from_secs(6);

/// The bar is 0.85 of bare argon2. Returns whether it is met.
pub(crate) async fn measure() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let first = bare(cores).await;
    let served = Served::start(&[]).await;
    let checks = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let clients: Vec<_> = (0..16_u32)
        .map(|client| {
            let (checks, address) = (checks.clone(), served.address);
            tokio::spawn(async move {
                let mut browser = Client::connect(address).await;
                // Each RUT is tried twice, which is below every limit.
                for number in 0.. {
                    let rut = Rut::from_number(5_000_000 + client * 100_000 + number / 2).unwrap().plain();
                    let fields = [("tipo", "natural"), ("rut", rut.as_str()), ("clave_actual", "Quillay7x")];
                    let answer = browser.post_only("/api/cambiar/validar", &fields).await;
                    assert_eq!(answer.location, "/cambiar/natural/validar");
                    if start.elapsed() > SPAN {
                        break;
                    }
                    checks.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    let through = checks.load(Ordering::Relaxed) as f64 / SPAN.as_secs_f64();
    let bare = f64::midpoint(first, bare(cores).await);
    let ratio = through / bare;
    println!("keys: {through:.1} checks/s through the server, {bare:.1} bare: ratio {ratio:.2} (bar: 0.85)");
    println!("memory: after the load {}", served.megabytes());
    ratio >= 0.85
}

/// Bare argon2 checks per second on all cores.
pub(crate) async fn bare(cores: usize) -> f64 {
    let salt = SaltString::from_b64("c29tZXNhbHRzb21l").unwrap();
    let params = Params::new(19 * 1024, 2, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(b"Boldo88zz", &salt).unwrap().to_string();
    let start = Instant::now();
    let span = SPAN / 2;
    let threads: Vec<_> = (0..cores)
        .map(|_| {
            let (argon2, hash) = (argon2.clone(), hash.clone());
            tokio::task::spawn_blocking(move || {
                let mut count = 0_u32;
                while start.elapsed() < span {
                    let hash = PasswordHash::new(&hash).unwrap();
                    assert!(argon2.verify_password(b"Quillay7x", &hash).is_err());
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut count = 0;
    for thread in threads {
        count += thread.await.unwrap();
    }
    f64::from(count) / span.as_secs_f64()
}

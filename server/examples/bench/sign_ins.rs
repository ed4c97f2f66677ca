//! Whole sign-ins to a system, from its request to its claims: per second against bare argon2 on the same cores, and the processor
//! time of one outside argon2.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::client::Client;
use crate::keys::{self, SPAN};
use crate::recoveries::{KEY, register, rut};
use crate::served::Served;

const CLIENTS: u32 = 16;
const REDIRECT: &str = "https://cursos.ejemplo.cl/volver";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The bars are 0.85 of bare argon2, and 1.5 ms of processor outside it. Returns whether they are met.
pub(crate) async fn measure() -> bool {
    let mut sound = true;
    for alg in ["RS256", "ES256"] {
        sound &= measure_with(alg).await;
    }
    sound
}

async fn measure_with(alg: &str) -> bool {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let served = Served::start(&[]).await;
    let address = served.address;
    let add = ["clients", "add", "cursos", "--name", "Cursos", "--redirect", REDIRECT, "--auth", "none"];
    let more = ["--scope", "openid run name email", "--first-party", "--alg", alg, "--json"];
    served.command(&[add.as_slice(), &more].concat()).await;
    for number in 0..CLIENTS {
        register(address, number).await;
        // The first sign-in makes the keys that sign, and the connection to the system.
        whole(&mut Client::connect(address).await, address, number).await;
    }
    let first = keys::bare(cores).await;
    let before = served.threads();
    let (done, start) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let done = done.clone();
            tokio::spawn(async move {
                let mut browser = Client::connect(address).await;
                while start.elapsed() < SPAN {
                    whole(&mut browser, address, number).await;
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    let (done, span) = (done.load(Ordering::Relaxed) as f64, start.elapsed().as_secs_f64());
    let after = served.threads();
    let bare = f64::midpoint(first, keys::bare(cores).await);
    let ratio = done / span / bare;
    println!(
        "sign-ins, {alg}: {:.1}/s through the server, {bare:.1} bare argon2/s: ratio {ratio:.2} (bar: 0.85)",
        done / span
    );
    // Keys are hashed on threads of their own, which do little else: those of the runtime that came after its workers.
    let workers: Vec<u32> = after
        .iter()
        .filter(|(_, (name, _))| name.starts_with("tokio"))
        .map(|(id, _)| *id)
        .take(cores)
        .collect();
    let (mut hashing, mut rest) = (0, 0);
    for (id, (name, nanos)) in &after {
        let spent = nanos - before.get(id).map_or(0, |(_, nanos)| *nanos);
        if name.starts_with("tokio") && !workers.contains(id) {
            hashing += spent;
        } else {
            rest += spent;
        }
    }
    let millis = |nanos: u64| nanos as f64 / done / 1e6;
    let (hashing, rest) = (millis(hashing), millis(rest));
    println!(
        "sign-ins, {alg}: {rest:.2} ms of processor outside argon2 for each (bar: 1.50), {hashing:.2} ms in argon2"
    );
    ratio >= 0.85 && rest <= 1.5
}

/// One sign-in of a browser that nobody has signed in in.
async fn whole(browser: &mut Client, address: SocketAddr, number: u32) {
    browser.forget();
    let request = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", "cursos"),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", "openid run name email"),
            ("state", "e1"),
            ("nonce", "n1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ])
        .finish();
    let begun = browser.get(&format!("/openid/authorize?{request}")).await.location;
    assert_eq!(browser.get(&begun).await.status, 200, "{address}{begun}");
    let rut = rut(number);
    let fields = [("tipo", "natural"), ("paso", "clave"), ("rut", rut.as_str()), ("clave_actual", KEY)];
    let sent = browser.post_only(&begun, &fields).await.location;
    let code = sent.split("code=").nth(1).and_then(|rest| rest.split('&').next());
    assert!(code.is_some(), "no code: {sent}");
    let code = code.unwrap_or_default();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("client_id", "cursos"),
    ];
    let given: serde_json::Value =
        serde_json::from_str(&browser.post_only("/openid/token", &fields).await.body).unwrap();
    let claims = browser.get_with("/openid/userinfo", given["access_token"].as_str().unwrap()).await;
    assert!(claims.status == 200 && claims.body.contains("RolUnico"), "{}", claims.body);
}

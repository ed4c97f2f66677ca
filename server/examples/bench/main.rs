//! `cargo xtask bench`: measures the release binary from outside, most figures against a bare baseline in the same run.
//!
//! 1. key checks per second (wrong keys sent to “Cambiar CS”) against bare argon2 on the same cores;
//! 2. form pages per second against an axum handler that returns the same bytes;
//! 3. memory: idle and after the load;
//! 4. 1,000 recoveries by 16 clients at once on each engine: every provisional key sent once, none lost, none accepted
//!    twice;
//! 5. the import of a million accounts on each engine, and the first step of a recovery among them;
//! 6. 200 uploads of 5 MB, 8 at a time, and the memory they add;
//! 7. whole sign-ins to a system per second, from its request to its claims, against bare argon2; and the processor time of one outside
//!    argon2.
//!
//! `bench NAME…` runs only the named ones: keys, pages, memory, recoveries, import, uploads, sign-ins.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool that shows figures and may stop at anything"
)]

mod client;
mod first_step;
mod import;
mod keys;
mod pages;
#[path = "../../../backend/tests/it/support/postgres.rs"]
#[expect(clippy::panic, reason = "shared with the tests of the store")]
mod postgres;
mod recoveries;
mod served;
mod sign_ins;
mod sinks;
mod uploads;

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let want = |name: &str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    let mut sound = true;
    if want("memory") {
        sound &= served::idle_memory().await;
    }
    if want("pages") {
        pages::measure().await;
    }
    if want("keys") {
        sound &= keys::measure().await;
    }
    if want("sign-ins") {
        sound &= sign_ins::measure().await;
    }
    if want("recoveries") {
        sound &= recoveries::measure(None).await;
        sound &= recoveries::measure(Some(postgres::url("postgres"))).await;
    }
    if want("import") {
        sound &= import::measure().await;
    }
    if want("uploads") {
        sound &= uploads::measure().await;
    }
    println!("{}", if sound { "every bar is met" } else { "A BAR IS NOT MET" });
    if !sound {
        std::process::exit(1);
    }
}

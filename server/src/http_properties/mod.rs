//! Stateful property tests over HTTP: random orders of requests by an owner with two tabs and by a stranger, on the router that
//! `serve` serves, against a small model of who has proven what. Of every kind, on both engines.
//!
//! | module | what it does |
//! |---|---|
//! | [`command`] | what happens, at random |
//! | [`play`] | carries the commands out, and checks each answer |
//! | [`forms`] | what a person types into the form of a page |
//! | [`party`] | the owner and the stranger, of each kind |
//! | [`headers`] | headers of every answer |
//! | [`letters`] | letters in place of a wait, as a browser without script sends them |
//! | [`browser`] | cookies and pages |
//! | [`world`] | the service: router, store, clock, outbox |
//! | [`sign_in`] | sign-in for other systems, over HTTP; not in random orders |
//! | [`model`] | who has proven what, and so what may change and be shown |
//!
//! The invariants are numbered as in the failures: 1 a key changes only by key or provisional key, and each works just as long as it
//! should; 2 a provisional key is sent only after answer or document, to the right contact data, and used once; 3 contact data and
//! question change only by a key that a document earned or by “Actualizar datos”; 4 no page behind a proof without it, and no page
//! with what another browser typed; 5 every answer is a page of ours, and opening a page stores nothing; 6 nothing typed is in a URL;
//! 7 after “Terminar y borrar” the flows are gone.
//!
//! `PROPTEST_CASES` sets the number of cases, `PROPTEST_RNG_SEED` the seed, `PROPTEST_MAX_SHRINK_ITERS` how often a failing case is
//! tried with less of it.

// The cheap hashes are not in a release.
#![cfg(debug_assertions)]

mod browser;
mod command;
mod forms;
mod headers;
mod letters;
mod model;
mod party;
mod play;
mod sign_in;
#[expect(dead_code, reason = "the tests of `backend` use the rest")]
mod support;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use backend::store::Engine;
use domain::kind::Kind;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use model::Count;
use play::Play;

/// How often a failing case is tried with less.
const SHRINKS: u32 = 100;

/// Cases on each engine: both together take less than 40 s of a slow processor.
const CASES: u32 = 12;

/// What happens in any [`CASES`] cases, dozens of times.
const REACHED: [&str; 2] = ["keys set by the key", "messages with a key"];

fn every_order(engine: Engine, kind: Kind) {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { CASES };
    let shrinks = if std::env::var_os("PROPTEST_MAX_SHRINK_ITERS").is_some() {
        Config::default().max_shrink_iters
    } else {
        SHRINKS
    };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: shrinks, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (played, count, broken) = (AtomicU64::new(0), Mutex::new(Count::new()), OnceLock::new());
    let outcome = TestRunner::new(config).run(&command::commands(kind), |commands| {
        let case = played.fetch_add(1, Ordering::Relaxed) + 1;
        let (result, counted) = runtime.block_on(Play::run(engine, kind, &commands));
        for (what, times) in counted {
            *count.lock().unwrap().entry(what).or_default() += times;
        }
        result.map_err(|why| {
            let first = broken.get_or_init(|| {
                println!("case {case}: {why}\n{commands:?}");
                format!("case {case}: {why}")
            });
            TestCaseError::fail(format!("first in {first}; made small: {why}"))
        })
    });
    let count = count.into_inner().unwrap();
    println!("{engine:?}, {kind:?}, {} cases: {count:?}", played.into_inner());
    if let Err(error) = outcome {
        panic!("{error}");
    }
    if cases >= CASES {
        // So that the promises are not kept because nothing happens.
        for what in REACHED {
            assert!(count.get(what).is_some_and(|times| *times > 0), "no {what}");
        }
    }
}

/// Runs the cases of a kind on both engines.
macro_rules! on_both_engines {
    ($($name:ident: $kind:expr),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                super::every_order(backend::store::Engine::Sqlite, $kind);
            }

            #[test]
            fn postgres() {
                super::every_order(backend::store::Engine::Postgres, $kind);
            }
        }
    )+};
}

on_both_engines![
    security_no_order_of_requests_breaks_a_promise: domain::kind::Kind::Natural,
    security_no_order_of_requests_of_migrants_breaks_a_promise: domain::kind::Kind::Migrante,
    security_no_order_of_requests_of_companies_breaks_a_promise: domain::kind::Kind::Juridica,
    security_no_order_of_requests_of_facilitators_breaks_a_promise: domain::kind::Kind::Facilitador,
];

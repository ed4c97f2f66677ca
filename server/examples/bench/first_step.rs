//! The first step of a recovery, which looks for an account, on two databases at once.

use std::time::{Duration, Instant};

use crate::client::Client;
use crate::served::Served;

const ROUNDS: u32 = 40;
const STEPS: u32 = 25;

/// How much longer the median step takes on the first database than on the second. Each is a URL and its number of accounts;
/// `rut` gives the RUT of an account. The databases take turns, so that other load on the machine affects both.
pub(crate) async fn ratio(large: (&str, u32), small: (&str, u32), rut: fn(u32) -> String) -> f64 {
    let mut sides = Vec::new();
    for (url, people) in [large, small] {
        let served = Served::start(&[("CS_DATABASE_URL", url.to_owned())]).await;
        sides.push((served, people, Vec::new()));
    }
    // The first round warms both up.
    for round in 0..=ROUNDS {
        for (served, people, times) in &mut sides {
            for step in 0..STEPS {
                let number = (round * STEPS + step).wrapping_mul(2_654_435_761) % *people;
                let time = one(served, &rut(number)).await;
                if round > 0 {
                    times.push(time);
                }
            }
        }
    }
    let mut medians = sides.into_iter().map(|(_, _, mut times)| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    });
    medians.next().unwrap() / medians.next().unwrap()
}

/// Times the step in a new browser, which has no flow yet.
async fn one(served: &Served, rut: &str) -> Duration {
    let mut browser = Client::connect(served.address).await;
    let start = Instant::now();
    let answer = browser.post_only("/api/recuperar/validar", &[("tipo", "natural"), ("rut", rut)]).await;
    let time = start.elapsed();
    assert_eq!(
        (answer.status, answer.location.as_str()),
        (303, STEP),
        "the step of an account without a question"
    );
    time
}

/// The next step of an account without a question.
const STEP: &str = "/recuperar/natural/documento";

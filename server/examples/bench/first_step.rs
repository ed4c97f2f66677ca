//! Compares the time of the first step of a recovery, which looks up an account, on two databases.

use std::time::{Duration, Instant};

use crate::client::Client;
use crate::import::rut;
use crate::served::Served;

const ROUNDS: u32 = 40;
const STEPS: u32 = 25;

/// The ratio of the median times of the step: `large` to `small`, each a database URL and its number of accounts. The
/// databases are measured in turns, so that other load of the machine affects both.
pub(crate) async fn ratio(large: (&str, u32), small: (&str, u32)) -> f64 {
    let mut sides = Vec::new();
    for (url, people) in [large, small] {
        let served = Served::start(&[("CS_DATABASE_URL", url.to_owned())]).await;
        sides.push((served, people, Vec::new()));
    }
    // The first round is a warm-up.
    for round in 0..=ROUNDS {
        for (served, people, times) in &mut sides {
            for step in 0..STEPS {
                let number = (round * STEPS + step).wrapping_mul(2_654_435_761) % *people;
                let time = one(served, number).await;
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

/// The time of one step in a new browser without a flow.
async fn one(served: &Served, number: u32) -> Duration {
    let rut = rut(number);
    let mut browser = Client::connect(served.address).await;
    let start = Instant::now();
    let answer = browser.post_only("/api/recuperar/validar", &[("tipo", "natural"), ("rut", &rut)]).await;
    let time = start.elapsed();
    assert_eq!(
        (answer.status, answer.location.as_str()),
        (303, STEP),
        "the step of an account without a question"
    );
    time
}

/// The next page of an account without a question.
const STEP: &str = "/recuperar/natural/documento";

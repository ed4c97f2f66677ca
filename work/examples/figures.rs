//! How long a proof takes to make and to verify, for docs/decisions/0015: `cargo run -p work --example figures`, with HASHES.

#![expect(clippy::print_stdout, reason = "an example that prints figures")]

use std::time::Instant;

use work::{Worker, picks};

fn main() {
    let hashes = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(48);
    let mut worker = Worker::default();
    let start = Instant::now();
    let proof = worker.solve("un desafío", hashes);
    println!("{hashes} hashes made in {:?}", start.elapsed());
    let mut times: Vec<_> = (0..50_u64)
        .map(|round| {
            let start = Instant::now();
            let right =
                worker.verify("un desafío", hashes, &proof, picks(hashes, (round * 977).to_le_bytes()));
            assert!(right, "a proof that was just made");
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("verified in {:?} (median of {})", times[times.len() / 2], times.len());
}

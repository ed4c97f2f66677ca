//! libFuzzer with every fuzz target of the workspace (docs/security.md#proof). The target is named in `CS_FUZZ_TARGET`; with
//! `CS_FUZZ_SEEDS=FOLDER` the seeds of all targets are written there, and nothing is run.

#![no_main]

mod choice;
mod edge;
#[path = "../../../server/src/forwarded.rs"]
#[expect(dead_code, reason = "the configuration of the server reads the rest")]
mod forwarded;
#[path = "../../../server/src/fuzzing.rs"]
mod fuzzing;

libfuzzer_sys::fuzz_target!(
    init: {
        choice::prepare();
    },
    |input: &[u8]| {
        choice::run(input);
    }
);

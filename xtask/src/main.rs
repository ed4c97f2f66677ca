//! The one entry for people and CI: `cargo xtask …` builds, runs, tests and measures.
//!
//! | module | what it does |
//! |---|---|
//! | [`arguments`] | reads the command line; holds the help |
//! | [`site`] | the browser's part: wasm, glue, style sheet, compressed, with hashes in their names |
//! | [`server`] | builds and starts the server |
//! | [`suites`] | all tests, counted |
//! | [`fuzz`], [`mutants`] | proof beyond the tests: inputs by coverage, faults that the tests must notice |
//! | [`advisories`], [`bom`], [`lock`] | what the lock files bring: known faults, and the list of it |
//! | [`lighthouse`] | audits a page |
//! | [`clients`] | clients of OpenID Connect that others wrote |
//! | [`tools`], [`debian`] | finds or installs what tests need beside Rust |
//! | [`places`], [`process`], [`failure`] | folders, other programs, errors |
//!
//! Every task answers [`failure::Result`]: an error is a sentence for the person at the terminal.

#![expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]

mod advisories;
mod arguments;
mod bom;
mod clients;
mod debian;
mod failure;
mod fuzz;
mod lighthouse;
mod lock;
mod mutants;
mod places;
mod process;
mod server;
mod site;
mod suites;
mod tools;

use std::process::ExitCode;

use arguments::Task;
use places::Places;

fn main() -> ExitCode {
    if let Some(code) = fuzz::as_compiler() {
        return code;
    }
    match carry_out() {
        Ok(code) => code,
        Err(why) => {
            eprintln!("cargo xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out() -> failure::Result<ExitCode> {
    let task = Task::parse(std::env::args().skip(1))?;
    let places = Places::find()?;
    match task {
        Task::Help => print!("{}", arguments::HELP),
        Task::Site => site::build(&places)?,
        Task::Build { release } => server::build(&places, release)?,
        Task::Run { listen, data, release } => return Err(server::run(&places, listen, data, release)),
        Task::Test { only } => return Ok(suites::run(&places, only)),
        Task::Bench { arguments } => return Err(server::bench(&places, &arguments)),
        Task::Clients => clients::try_all(&places)?,
        Task::Lighthouse => lighthouse::audit(&places)?,
        Task::Fuzz(plan) => fuzz::run(&places, &plan)?,
        Task::Bom => bom::write(&places)?,
        Task::Advisories { database } => advisories::run(&places, database.as_deref())?,
        Task::Mutants { shard } => mutants::run(&places, shard.as_deref())?,
    }
    Ok(ExitCode::SUCCESS)
}

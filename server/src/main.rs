//! `clave-sence`: the service that gives, recovers and changes the key of SENCE's systems.

#![expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]

mod clients;
mod config;
mod demo;
mod desk_command;
mod edge;
#[cfg(test)]
mod edge_tests;
mod forwarded;
#[cfg(test)]
mod fuzzing;
mod health;
#[cfg(test)]
mod http_properties;
mod import;
mod keys;
mod officers;
mod once_a_minute;
mod rce;
mod requests;
mod secret_strength;
mod serve;
mod site;
mod wall;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The service that gives, recovers and changes the Clave SENCE.
#[derive(Parser)]
#[command(name = "clave-sence", version)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Serves the pages, and sends the messages of the outbox.
    Serve(Place),
    /// Brings in the accounts of the older system from a CSV file. Running it again changes nothing.
    Import(import::Arguments),
    /// Adds, lists, disables and resets the officers who decide requests for foreign facilitators.
    #[command(subcommand)]
    Officers(officers::Command),
    /// Adds, lists, shows and disables the systems that people enter with their key.
    #[command(subcommand)]
    Clients(clients::Command),
    /// Lists and changes the keys with which tokens for these systems are signed.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Adds, lists and revokes the tokens with which OTECs send students for attendance, and exports attendance.
    #[command(subcommand)]
    Rce(rce::Command),
    /// Lists, shows, grants and refuses requests for foreign facilitators.
    #[command(subcommand)]
    Solicitudes(requests::Command),
    /// Reads the configuration, says what is wrong with it, and shows each key with its meaning.
    CheckConfig(Place),
}

/// Where the program finds its configuration and keeps its data.
#[derive(clap::Args)]
struct Place {
    /// Folder for the database, the demo's secret, registry file and inbox.
    #[arg(long, default_value = "var")]
    data: PathBuf,
    /// Configuration file; every key may also be set in the environment as CS_KEY.
    #[arg(long)]
    config: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Command::parse().action) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error}");
            eprintln!("clave-sence: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A command that could not do its work.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("configuration: {0}")]
    Config(#[from] config::ConfigError),
    #[error(transparent)]
    Serve(#[from] serve::Failure),
    #[error(transparent)]
    Import(#[from] import::Failure),
    #[error(transparent)]
    DeskCommand(#[from] desk_command::Failure),
}

fn run(action: Action) -> Result<ExitCode, Failure> {
    match action {
        Action::Serve(place) => {
            let config = config::Config::load(&place.data, place.config.as_deref(), std::env::vars())?;
            serve::start_logging(config.mode);
            tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .map_err(serve::Failure::Runtime)?
                .block_on(serve::serve(config))?;
            Ok(ExitCode::SUCCESS)
        }
        Action::Import(arguments) => Ok(import::run(arguments)?),
        Action::Officers(command) => Ok(officers::run(command)?),
        Action::Clients(command) => Ok(clients::run(command)?),
        Action::Keys(command) => Ok(keys::run(command)?),
        Action::Rce(command) => Ok(rce::run(command)?),
        Action::Solicitudes(command) => Ok(requests::run(command)?),
        Action::CheckConfig(place) => {
            let config = config::Config::load(&place.data, place.config.as_deref(), std::env::vars())?;
            println!("{}", config.describe());
            Ok(ExitCode::SUCCESS)
        }
    }
}

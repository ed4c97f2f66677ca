//! `clave-sence keys …`: the keys with which ID tokens are signed (docs/decisions/0020-sign-in.md).

use std::process::ExitCode;

use backend::Backend;
use backend::clock::chilean_time;
use backend::service::signing::{KeyShown, KeyState, Rotated};
use domain::openid::client::SigningAlg;
use serde_json::json;

use crate::Place;
use crate::desk_command::{self, CommandResult, Failure};
use crate::words::words;

/// What may be said behind `clave-sence keys`.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Lists the keys.
    List(List),
    /// Makes the next key of each algorithm: it is published now, and signs a day from now. No instance has to be restarted. Keys that
    /// were stored under another `secret_key` are deleted, and others sign at once.
    Rotate(Rotate),
}

/// `keys list`.
#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    place: Place,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// `keys rotate`.
#[derive(clap::Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    place: Place,
    /// Only this algorithm: RS256 or ES256.
    #[arg(long)]
    alg: Option<String>,
    /// The key that signs must not be trusted any more: it is deleted, and another signs at once.
    #[arg(long)]
    at_once: bool,
}

/// Runs the command.
pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    let place = match &command {
        Command::List(list) => &list.place,
        Command::Rotate(rotate) => &rotate.place,
    };
    desk_command::run(place, |backend| carry_out(backend, &command))
}

async fn carry_out(backend: Backend, command: &Command) -> Result<CommandResult, Failure> {
    match command {
        Command::List(list) => Ok(CommandResult::Output(listed(&backend.list_keys().await?, list.json))),
        Command::Rotate(rotate) => {
            let algs = match rotate.alg.as_deref().map(SigningAlg::from_name) {
                None => SigningAlg::ALL.to_vec(),
                Some(Some(alg)) => vec![alg],
                Some(None) => return Ok(CommandResult::Refused("--alg RS256, --alg ES256".to_owned())),
            };
            let (said, mut lines) = (&words().keys, Vec::with_capacity(algs.len()));
            for alg in algs {
                lines.push(match backend.rotate_keys(alg, rotate.at_once).await? {
                    _ if rotate.at_once => (said.at_once)(alg.name()),
                    Rotated::From(at) => (said.rotated)(alg.name(), &chilean_time(at)),
                    Rotated::Before(at) => (said.before)(alg.name(), &chilean_time(at)),
                    Rotated::Replaced(_) => (said.replaced)(alg.name()),
                });
            }
            Ok(CommandResult::Output(lines.join("\n")))
        }
    }
}

fn listed(keys: &[KeyShown], json: bool) -> String {
    if json {
        let word = |state| match state {
            KeyState::Next(_) => "next",
            KeyState::Active => "active",
            KeyState::Former => "former",
            KeyState::Unreadable => "unreadable",
        };
        let object = |key: &KeyShown| json!({ "kid": key.id, "alg": key.alg.name(), "state": word(key.state), "active_at": key.active_at });
        return json!({ "keys": keys.iter().map(object).collect::<Vec<_>>() }).to_string();
    }
    let said = &words().keys;
    let line = |key: &KeyShown| {
        let at = chilean_time(key.active_at);
        let state = match key.state {
            KeyState::Active => (said.active)(&at),
            KeyState::Next(_) => (said.next)(&at),
            KeyState::Former => said.former.to_owned(),
            KeyState::Unreadable => said.unreadable.to_owned(),
        };
        format!("{}  {}  {state}", key.alg.name(), key.id)
    };
    keys.iter().map(line).collect::<Vec<_>>().join("\n")
}

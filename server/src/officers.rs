//! `clave-sence officers …`: who may look through the requests for foreign facilitators (F-REVIEW; docs/mesa.md).

mod wording;

use std::process::ExitCode;

use backend::Backend;
use backend::service::Caller;
use backend::service::officers::Proofs;
use domain::officer::OfficerName;
use serde_json::json;

use crate::Place;
use crate::desk_command::{self, CommandResult, Failure};
use crate::words::words;

/// What may be said behind `clave-sence officers`.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Adds an officer and shows, this once, key and second factor.
    Add(Add),
    /// Lists the officers.
    List(List),
    /// Keeps an officer out and ends every session.
    Disable(Named),
    /// Gives an officer a new key and a new second factor, and ends every session. A disabled officer may enter again.
    Reset(Reset),
}

/// `officers add`.
#[derive(clap::Args)]
pub(crate) struct Add {
    #[command(flatten)]
    named: Named,
    /// May look at requests, and neither grant nor refuse.
    #[arg(long)]
    read_only: bool,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// `officers reset`.
#[derive(clap::Args)]
pub(crate) struct Reset {
    #[command(flatten)]
    named: Named,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// `officers list`.
#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    place: Place,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// The officer that a command is about.
#[derive(clap::Args)]
pub(crate) struct Named {
    /// Name for the sign-in: 3 to 32 of a–z, 0–9, dot and dash.
    name: String,
    #[command(flatten)]
    place: Place,
}

impl Command {
    fn place(&self) -> &Place {
        match self {
            Self::Add(add) => &add.named.place,
            Self::Reset(reset) => &reset.named.place,
            Self::Disable(named) => &named.place,
            Self::List(list) => &list.place,
        }
    }
}

/// Runs the command.
pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    desk_command::run(command.place(), |backend| carry_out(backend, &command))
}

async fn carry_out(backend: Backend, command: &Command) -> Result<CommandResult, Failure> {
    let caller = Caller::default();
    let officers = backend.officers(&caller);
    let name = match command {
        Command::List(list) => {
            return Ok(CommandResult::Output(wording::list(&officers.list().await?, list.json)));
        }
        Command::Add(Add { named, .. }) | Command::Reset(Reset { named, .. }) | Command::Disable(named) => {
            match OfficerName::parse(&named.name) {
                Ok(name) => name,
                Err(error) => {
                    return Ok(CommandResult::Refused((words().officers.no_name)(error).to_owned()));
                }
            }
        }
    };
    Ok(match command {
        Command::Add(add) => match officers.add(&name, !add.read_only).await? {
            Some(proofs) => CommandResult::Output(shown(&name, &proofs, Some(!add.read_only), add.json)),
            None => CommandResult::Refused((words().officers.taken)(name.as_str())),
        },
        Command::Reset(reset) => match officers.reset(&name).await? {
            Some(proofs) => CommandResult::Output(shown(&name, &proofs, None, reset.json)),
            None => CommandResult::Refused((words().officers.unknown)(name.as_str())),
        },
        _ => match officers.disable(&name).await? {
            Some(true) => CommandResult::Output((words().officers.disabled)(name.as_str())),
            Some(false) => CommandResult::Refused((words().officers.disabled_before)(name.as_str())),
            None => CommandResult::Refused((words().officers.unknown)(name.as_str())),
        },
    })
}

/// The proofs of an officer, for people or as JSON.
fn shown(name: &OfficerName, proofs: &Proofs, may_decide: Option<bool>, json: bool) -> String {
    let uri = proofs.totp.uri(name.as_str());
    if !json {
        return wording::proofs(name, proofs, &uri);
    }
    let mut object = json!({
        "name": name.as_str(),
        "key": *proofs.key,
        "totp_secret": *proofs.totp.base32(),
        "otpauth": *uri,
    });
    if let (Some(may_decide), Some(object)) = (may_decide, object.as_object_mut()) {
        object.insert("may_decide".to_owned(), may_decide.into());
    }
    object.to_string()
}

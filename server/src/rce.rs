//! `clave-sence rce …`: attendance at e-learning courses (docs/decisions/0021-attendance.md).

use std::process::ExitCode;

use backend::Backend;
use backend::clock::chilean_time;
use backend::service::Caller;
use backend::service::rce::desk::Otec;
use backend::store::rce::TokenRow;
use domain::birth::Date;
use domain::rce::organism::Origin;
use domain::rut::Rut;
use serde_json::{Value, json};

use crate::Place;
use crate::desk_command::{self, CommandResult, Failure};
use crate::words::words;

/// What may be said behind `clave-sence rce`.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// The tokens with which OTECs send students.
    #[command(subcommand)]
    Tokens(Tokens),
    /// Writes the sessions of attendance that were opened in these days, as CSV.
    Export(Export),
}

/// What may be said behind `clave-sence rce tokens`.
#[derive(clap::Subcommand)]
pub(crate) enum Tokens {
    /// Makes a token for an OTEC, beside those that it has, and shows it, this once.
    Add(Add),
    /// Lists the tokens, without what they are, and the origins.
    List(List),
    /// Lets a token count no more.
    Revoke(Revoke),
}

/// `rce tokens add`.
#[derive(clap::Args)]
pub(crate) struct Add {
    /// RUT of the OTEC.
    rut: String,
    /// An origin of the OTEC, such as https://aula.ejemplo.cl; may be said several times. Once it has one, no others are accepted.
    #[arg(long)]
    origin: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// `rce tokens list`.
#[derive(clap::Args)]
pub(crate) struct List {
    /// RUT of the OTEC. Without it: all.
    rut: Option<String>,
    #[command(flatten)]
    place: Place,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// `rce tokens revoke`.
#[derive(clap::Args)]
pub(crate) struct Revoke {
    /// RUT of the OTEC.
    rut: String,
    /// The id of the token, as the list has it.
    id: String,
    #[command(flatten)]
    place: Place,
}

/// `rce export`.
#[derive(clap::Args)]
pub(crate) struct Export {
    /// The first day, such as 2026-12-01.
    #[arg(long)]
    from: String,
    /// The last day.
    #[arg(long)]
    to: String,
    #[command(flatten)]
    place: Place,
}

impl Command {
    fn place(&self) -> &Place {
        match self {
            Self::Tokens(Tokens::Add(add)) => &add.place,
            Self::Tokens(Tokens::List(list)) => &list.place,
            Self::Tokens(Tokens::Revoke(revoke)) => &revoke.place,
            Self::Export(export) => &export.place,
        }
    }
}

/// Runs the command.
pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    desk_command::run(command.place(), |backend| carry_out(backend, &command))
}

async fn carry_out(backend: Backend, command: &Command) -> Result<CommandResult, Failure> {
    let done = match command {
        Command::Tokens(Tokens::Add(add)) => added(&backend, add).await?,
        Command::Tokens(Tokens::List(list)) => listed(&backend, list).await?,
        Command::Tokens(Tokens::Revoke(revoke)) => revoked(&backend, revoke).await?,
        Command::Export(export) => exported(&backend, export).await?,
    };
    Ok(done.unwrap_or_else(CommandResult::Refused))
}

/// What a command came to, or what was typed wrong.
type Done = Result<CommandResult, String>;

fn rut(text: &str) -> Result<Rut, String> {
    Rut::parse(text).map_err(|error| (words().attendance.wrong)(text, &error))
}

async fn added(backend: &Backend, add: &Add) -> Result<Done, Failure> {
    let origin =
        |text: &String| Origin::parse(text).map_err(|error| (words().attendance.wrong)(text, &error));
    let origins = add.origin.iter().map(origin).collect::<Result<Vec<_>, _>>();
    let (otec, origins) = match (rut(&add.rut), origins) {
        (Ok(otec), Ok(origins)) => (otec, origins),
        (Err(wrong), _) | (_, Err(wrong)) => return Ok(Err(wrong)),
    };
    let new = backend.attendance(&Caller::default()).add_token(otec, &origins).await?;
    let token = new.token.expose();
    Ok(Ok(CommandResult::Output(match add.json {
        true => json!({ "rut": otec.plain(), "id": new.id, "token": token }).to_string(),
        false => (words().attendance.added)(&otec.plain(), &new.id, token),
    })))
}

async fn listed(backend: &Backend, list: &List) -> Result<Done, Failure> {
    let otec = match list.rut.as_deref().map(rut).transpose() {
        Ok(otec) => otec,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let otecs = backend.attendance(&Caller::default()).otecs(otec).await?;
    Ok(Ok(CommandResult::Output(match list.json {
        true => json!({ "otecs": otecs.iter().map(object).collect::<Vec<_>>() }).to_string(),
        false if otecs.is_empty() => words().attendance.nobody.to_owned(),
        false => otecs.iter().map(lines).collect::<Vec<_>>().join("\n"),
    })))
}

fn object(otec: &Otec) -> Value {
    let token = |token: &TokenRow| json!({ "id": token.id, "created_at": token.created_at, "revoked_at": token.revoked_at });
    json!({
        "rut": otec.rut.plain(),
        "tokens": otec.tokens.iter().map(token).collect::<Vec<_>>(),
        "origins": otec.origins.iter().map(Origin::as_str).collect::<Vec<_>>(),
    })
}

/// The OTEC with its origins, and below it each token.
fn lines(otec: &Otec) -> String {
    let said = &words().attendance;
    let origins: Vec<_> = otec.origins.iter().map(Origin::as_str).collect();
    let origins = if origins.is_empty() { said.any_origin.to_owned() } else { origins.join(" ") };
    let token = |token: &TokenRow| {
        let state = match token.revoked_at {
            Some(at) => (said.revoked_since)(&chilean_time(at)),
            None => (said.since)(&chilean_time(token.created_at)),
        };
        format!("  {}  {state}", token.id)
    };
    let head = format!("{:<12}  {origins}", otec.rut.plain());
    std::iter::once(head).chain(otec.tokens.iter().map(token)).collect::<Vec<_>>().join("\n")
}

async fn revoked(backend: &Backend, revoke: &Revoke) -> Result<Done, Failure> {
    let said = &words().attendance;
    let otec = match rut(&revoke.rut) {
        Ok(otec) => otec,
        Err(wrong) => return Ok(Err(wrong)),
    };
    Ok(match backend.attendance(&Caller::default()).revoke_token(otec, &revoke.id).await? {
        Some(true) => Ok(CommandResult::Output((said.revoked)(&revoke.id))),
        Some(false) => Err((said.revoked_before)(&revoke.id)),
        None => Err((said.unknown)(&otec.plain(), &revoke.id)),
    })
}

async fn exported(backend: &Backend, export: &Export) -> Result<Done, Failure> {
    let said = &words().attendance;
    let day = |text: &String| text.parse::<Date>().map_err(|_| (said.wrong)(text, &said.no_day));
    let (from, to) = match (day(&export.from), day(&export.to)) {
        (Ok(from), Ok(to)) if from <= to => (from, to),
        (Ok(_), Ok(_)) => return Ok(Err(said.no_days.to_owned())),
        (Err(wrong), _) | (_, Err(wrong)) => return Ok(Err(wrong)),
    };
    Ok(Ok(CommandResult::File(backend.attendance(&Caller::default()).export(from, to).await?)))
}

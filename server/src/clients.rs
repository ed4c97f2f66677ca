//! `clave-sence clients …`: the systems that people enter with their key (L-OIDC; docs/integrar.md).

use std::path::PathBuf;
use std::process::ExitCode;

use backend::Backend;
use backend::clock::chilean_time;
use backend::jwt::JwkSet;
use backend::service::Caller;
use backend::store::clients::ClientRow;
use domain::kind::Kind;
use domain::openid::Acr;
use domain::openid::client::{Client, ClientAuth, ClientId, SigningAlg, SubjectType};
use domain::openid::redirect::ClientUrl;
use domain::openid::scope::Scopes;
use serde_json::{Value, json};

use crate::Place;
use crate::desk_command::{self, CommandResult, Failure};
use crate::words::words;

/// What may be said behind `clave-sence clients`.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Registers a system and shows its secret, this once.
    Add(Box<Add>),
    /// Lists the systems.
    List(List),
    /// Shows what is registered of a system.
    Show(Named),
    /// Lets nobody enter a system any more, and revokes what it was granted.
    Disable(Named),
    /// Gives a system a second secret beside the first.
    Secret(Named),
}

/// `clients add`.
#[derive(clap::Args)]
pub(crate) struct Add {
    #[command(flatten)]
    named: Named,
    /// The name that people read.
    #[arg(long)]
    name: String,
    /// Where people are sent back to, exactly; may be said several times.
    #[arg(long, required = true)]
    redirect: Vec<String>,
    /// Where people may be sent after signing out.
    #[arg(long)]
    post_logout: Vec<String>,
    /// Where the system is notified that a session has ended.
    #[arg(long)]
    backchannel: Option<String>,
    /// Where a sign-in begins anew.
    #[arg(long)]
    initiate: Option<String>,
    /// Whose keys open it.
    #[arg(long, value_delimiter = ',', default_value = "natural")]
    kinds: Vec<String>,
    /// What it may learn: openid run name email; with offline_access it also gets refresh tokens.
    #[arg(long, default_value = "openid")]
    scope: String,
    /// How it shows who it is: basic, post, private-key-jwt, or none. By default basic.
    #[arg(long)]
    auth: Option<String>,
    /// Its public keys, a JWK set, for private-key-jwt.
    #[arg(long)]
    jwks: Option<PathBuf>,
    /// With what its ID tokens are signed: RS256 or ES256.
    #[arg(long, default_value = "RS256")]
    alg: String,
    /// `optional`: it may do without PKCE.
    #[arg(long)]
    pkce: Option<String>,
    /// `required`: it has to push its requests.
    #[arg(long)]
    par: Option<String>,
    /// What it gets as `sub`: pairwise or public.
    #[arg(long, default_value = "pairwise")]
    subject: String,
    /// It is SENCE's own: people are told what is shared, and not asked.
    #[arg(long)]
    first_party: bool,
    /// It was written for ClaveÚnica: `--auth post --pkce optional`, and names as ClaveÚnica gives them.
    #[arg(long)]
    claveunica_compatible: bool,
    /// The least that a sign-in has to be: clave, or clave-codigo (with a code by mail).
    #[arg(long, default_value = "clave")]
    acr: String,
    /// Origin of its pages that read our answers by script.
    #[arg(long)]
    origin: Vec<String>,
}

/// `clients list`.
#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    place: Place,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// The system that a command is about.
#[derive(clap::Args)]
pub(crate) struct Named {
    /// Its id in the protocol: 3 to 64 letters, digits, dots, dashes and underscores.
    id: String,
    #[command(flatten)]
    place: Place,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

impl Command {
    fn place(&self) -> &Place {
        match self {
            Self::Add(add) => &add.named.place,
            Self::List(list) => &list.place,
            Self::Show(named) | Self::Disable(named) | Self::Secret(named) => &named.place,
        }
    }
}

/// Runs the command.
pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    desk_command::run(command.place(), |backend| carry_out(backend, &command))
}

async fn carry_out(backend: Backend, command: &Command) -> Result<CommandResult, Failure> {
    let caller = Caller::default();
    let service = backend.openid(&caller);
    let said = &words().clients;
    let named = match command {
        Command::List(list) => {
            return Ok(CommandResult::Output(listed(&service.list_clients().await?, list.json)));
        }
        Command::Add(add) => return added(&backend, add).await,
        Command::Show(named) | Command::Disable(named) | Command::Secret(named) => named,
    };
    let id = match ClientId::parse(&named.id) {
        Ok(id) => id,
        Err(error) => return Ok(CommandResult::Refused((said.wrong)(&error))),
    };
    let unknown = || CommandResult::Refused((said.unknown)(id.as_str()));
    Ok(match command {
        Command::Disable(_) => match service.disable_client(&id).await? {
            Some(true) => CommandResult::Output((said.disabled)(id.as_str())),
            Some(false) => CommandResult::Refused((said.disabled_before)(id.as_str())),
            None => unknown(),
        },
        Command::Secret(_) => match (service.add_secret(&id).await?, service.show_client(&id).await?) {
            (Some(new), _) => {
                let secret = new.secret.as_deref().map_or("", String::as_str);
                CommandResult::Output(match named.json {
                    true => json!({ "client_id": id.as_str(), "client_secret": secret }).to_string(),
                    false => (said.secret)(id.as_str(), secret),
                })
            }
            (None, Some(_)) => CommandResult::Refused((said.no_secret)(id.as_str())),
            (None, None) => unknown(),
        },
        _ => match service.show_client(&id).await? {
            Some(row) => CommandResult::Output(shown(&row, named.json)),
            None => unknown(),
        },
    })
}

async fn added(backend: &Backend, add: &Add) -> Result<CommandResult, Failure> {
    let said = &words().clients;
    let client = match described(add) {
        Ok(client) => client,
        Err(why) => return Ok(CommandResult::Refused((said.wrong)(&why))),
    };
    if let Err(why) = client.fits(&backend.settings.public_url) {
        return Ok(CommandResult::Refused((said.wrong)(&why)));
    }
    let (id, issuer) = (client.id.as_str(), backend.issuer());
    let Some(new) = backend.openid(&Caller::default()).add_client(&client).await? else {
        return Ok(CommandResult::Refused((said.taken)(id)));
    };
    let secret = new.secret.as_deref().map(String::as_str);
    Ok(CommandResult::Output(match add.named.json {
        true => json!({ "client_id": id, "client_secret": secret, "issuer": issuer }).to_string(),
        false => (said.added)(id, &issuer, secret),
    }))
}

/// The client that was described; or what is wrong with it.
fn described(add: &Add) -> Result<Client, String> {
    let url = |text: &String| ClientUrl::parse(text).map_err(|error| format!("{text}: {error}"));
    let one = |text: &Option<String>| text.as_ref().map(url).transpose();
    let all = |texts: &[String]| texts.iter().map(url).collect::<Result<Vec<_>, _>>();
    let kinds = add.kinds.iter().map(|word| Kind::from_slug(word).ok_or_else(|| format!("--kinds {word}")));
    let (auth, pkce) = match add.claveunica_compatible {
        true => ("post", Some("optional")),
        false => ("basic", None),
    };
    let auth = add.auth.as_deref().unwrap_or(auth);
    let pkce = add.pkce.as_deref().or(pkce);
    let jwks = match &add.jwks {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| format!("--jwks: {error}"))?;
            JwkSet::parse(&text).map_err(|error| format!("--jwks: {error}"))?;
            Some(text)
        }
        None => None,
    };
    Client {
        id: ClientId::parse(&add.named.id).map_err(|error| error.to_string())?,
        name: add.name.clone(),
        redirects: all(&add.redirect)?,
        post_logout: all(&add.post_logout)?,
        backchannel: one(&add.backchannel)?,
        initiate: one(&add.initiate)?,
        kinds: kinds.collect::<Result<_, _>>()?,
        scopes: Scopes::parse_exactly(&add.scope).map_err(|word| format!("--scope {word}"))?,
        auth: ClientAuth::from_word(auth).ok_or_else(|| format!("--auth {auth}"))?,
        jwks,
        alg: SigningAlg::from_name(&add.alg).ok_or_else(|| format!("--alg {}", add.alg))?,
        pkce_optional: match pkce {
            None | Some("required") => false,
            Some("optional") => true,
            Some(other) => return Err(format!("--pkce {other}")),
        },
        par_required: match add.par.as_deref() {
            None | Some("optional") => false,
            Some("required") => true,
            Some(other) => return Err(format!("--par {other}")),
        },
        subject: match add.subject.as_str() {
            "pairwise" => SubjectType::Pairwise,
            "public" => SubjectType::Public,
            other => return Err(format!("--subject {other}")),
        },
        first_party: add.first_party,
        claveunica_compatible: add.claveunica_compatible,
        acr: Acr::from_word(&add.acr).ok_or_else(|| format!("--acr {}", add.acr))?,
        origins: add.origin.clone(),
    }
    .checked()
    .map_err(|error| error.to_string())
}

fn object(row: &ClientRow) -> Value {
    let client = &row.client;
    json!({
        "client_id": client.id.as_str(),
        "name": client.name,
        "redirect_uris": client.redirects,
        "post_logout_redirect_uris": client.post_logout,
        "backchannel_logout_uri": client.backchannel,
        "initiate_login_uri": client.initiate,
        "kinds": client.kinds,
        "scope": client.scopes.text(),
        "auth": client.auth.word(),
        "alg": client.alg.name(),
        "pkce": if client.pkce_optional { "optional" } else { "required" },
        "par": if client.par_required { "required" } else { "optional" },
        "jwks": client.jwks.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok()),
        "subject": client.subject.word(),
        "first_party": client.first_party,
        "claveunica_compatible": client.claveunica_compatible,
        "acr": client.acr.word(),
        "origins": client.origins,
        "created_at": row.created_at,
        "disabled_at": row.disabled_at,
    })
}

fn listed(rows: &[ClientRow], json: bool) -> String {
    if json {
        return json!({ "clients": rows.iter().map(object).collect::<Vec<_>>() }).to_string();
    }
    let said = &words().clients;
    if rows.is_empty() {
        return said.nobody.to_owned();
    }
    let line = |row: &ClientRow| {
        let state = match row.disabled_at {
            Some(at) => (said.disabled_since)(&chilean_time(at)),
            None => (said.since)(&chilean_time(row.created_at)),
        };
        format!("{:<24}  {:<32}  {state}", row.client.id.as_str(), row.client.name)
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One name and value a line.
fn shown(row: &ClientRow, json: bool) -> String {
    let object = object(row);
    if json {
        return object.to_string();
    }
    let lines = object.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    lines.map(|(name, value)| format!("{name}: {}", text(value))).collect::<Vec<_>>().join("\n")
}

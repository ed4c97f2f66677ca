//! `clave-sence solicitudes …`: the requests for foreign facilitators without a browser (F-REVIEW; docs/mesa.md). What is done
//! here is in the audit under the name `consola`.

mod wording;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::mesa::notice::DeskNotice;
use backend::Backend;
use backend::service::Caller;
use backend::service::officers::Officer;
use backend::service::review::{AccountMatch, DecisionError, Filter, Opened, ReviewService};
use backend::store::requests::RequestState;
use domain::field::{Field, FieldError};
use domain::flow::request::{RequestNumber, UploadPurpose};
use domain::motive::Motive;
use futures_util::TryStreamExt as _;

use crate::Place;
use crate::desk_command::{self, CommandResult, Failure};
use crate::words::{error_sentence, words};

/// What may be said behind `clave-sence solicitudes`.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Lists requests, twenty at a time.
    List(List),
    /// Shows a request with everything that helps to decide it.
    Show(Show),
    /// Writes both files of a request into a folder.
    Files(Files),
    /// Grants a request: the facilitator gets a provisional key by mail, the company a notice.
    Grant(Grant),
    /// Refuses a request: the company gets the reason by mail.
    Refuse(Refuse),
}

/// Which requests are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum State {
    /// Those that wait.
    Open,
    /// Those that were granted.
    Granted,
    /// Those that were refused.
    Refused,
    /// All of them.
    All,
}

impl State {
    fn wanted(self) -> Option<RequestState> {
        match self {
            Self::Open => Some(RequestState::Open),
            Self::Granted => Some(RequestState::Granted),
            Self::Refused => Some(RequestState::Refused),
            Self::All => None,
        }
    }
}

/// `solicitudes list`.
#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    place: Place,
    /// Which requests.
    #[arg(long, value_enum, default_value = "open")]
    state: State,
    /// Part of the number, of the company's name or RUT, of the facilitator's names or document; or the whole mail address.
    #[arg(long, default_value = "")]
    search: String,
    /// Which page of twenty.
    #[arg(long, default_value_t = 1)]
    page: i64,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// `solicitudes show`.
#[derive(clap::Args)]
pub(crate) struct Show {
    #[command(flatten)]
    numbered: Numbered,
    /// Writes one JSON object.
    #[arg(long)]
    json: bool,
}

/// `solicitudes files`.
#[derive(clap::Args)]
pub(crate) struct Files {
    #[command(flatten)]
    numbered: Numbered,
    /// Folder to write them to; it is made if it is not there. Files that are there already are left as they are.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// `solicitudes grant`.
#[derive(clap::Args)]
pub(crate) struct Grant {
    #[command(flatten)]
    numbered: Numbered,
    /// Grants it although the document has an account with another mail address, which that of the request will replace.
    #[arg(long)]
    existing_account: bool,
}

/// `solicitudes refuse`.
#[derive(clap::Args)]
pub(crate) struct Refuse {
    #[command(flatten)]
    numbered: Numbered,
    /// Why, in 10 to 500 characters, as the company will read it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// The request that a command is about.
#[derive(clap::Args)]
pub(crate) struct Numbered {
    /// Number of the request, such as F-7K3M-4GCD.
    number: String,
    #[command(flatten)]
    place: Place,
}

impl Command {
    fn numbered(&self) -> Option<&Numbered> {
        match self {
            Self::List(_) => None,
            Self::Show(show) => Some(&show.numbered),
            Self::Files(files) => Some(&files.numbered),
            Self::Grant(grant) => Some(&grant.numbered),
            Self::Refuse(refuse) => Some(&refuse.numbered),
        }
    }

    fn place(&self) -> &Place {
        match self {
            Self::List(list) => &list.place,
            Self::Show(Show { numbered, .. })
            | Self::Files(Files { numbered, .. })
            | Self::Grant(Grant { numbered, .. })
            | Self::Refuse(Refuse { numbered, .. }) => &numbered.place,
        }
    }
}

/// Runs the command.
pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    desk_command::run(command.place(), |backend| carry_out(backend, &command))
}

async fn carry_out(backend: Backend, command: &Command) -> Result<CommandResult, Failure> {
    let (officer, caller) = (Officer::console(), Caller::default());
    let review = backend.review(&officer, &caller);
    if let Command::List(list) = command {
        let filter = Filter { state: list.state.wanted(), text: &list.search, page: list.page };
        return Ok(CommandResult::Output(wording::list(&review.list(filter).await?, list.json)));
    }
    let typed = command.numbered().map_or("", |numbered| numbered.number.as_str());
    let Some(number) = RequestNumber::parse(typed) else {
        return Ok(CommandResult::Refused(words().requests.no_number.to_owned()));
    };
    Ok(match command {
        Command::Show(show) => match review.show(&number).await? {
            Some(details) => CommandResult::Output(wording::shown_request(&details, show.json)),
            None => CommandResult::Refused(wording::unknown(&number)),
        },
        Command::Files(files) => write_files(&review, &number, &files.to).await?,
        Command::Refuse(refuse) => match Motive::parse(&refuse.reason) {
            Err(error) => {
                let error = FieldError::new(Field::Motive, error.into());
                CommandResult::Refused(error_sentence(error).to_owned())
            }
            Ok(motive) => match review.refuse(&number, &motive).await? {
                Ok(refused) if refused.company_notified => {
                    CommandResult::Output(wording::notice(DeskNotice::Refused))
                }
                Ok(_) => CommandResult::Output(wording::notice(DeskNotice::RefusedWithoutMail)),
                Err(error) => CommandResult::Refused(not_decided(&error, &number)),
            },
        },
        Command::Grant(asked) => grant(&review, &number, asked.existing_account).await?,
        // It has no number, and was listed above.
        Command::List(_) => CommandResult::Refused(words().requests.no_number.to_owned()),
    })
}

fn not_decided(error: &DecisionError, number: &RequestNumber) -> String {
    match error {
        DecisionError::Unknown => wording::unknown(number),
        DecisionError::AlreadyDecided(state, decision) => wording::decided(*state, decision),
        DecisionError::ReadOnly => wording::notice(DeskNotice::ReadOnly),
        DecisionError::DailyCap => wording::notice(DeskNotice::DailyCap),
        DecisionError::AccountChanged => wording::notice(DeskNotice::Changed),
    }
}

/// Grants a request. One for an account with another mail address has to be asked for as such: the key goes to the address
/// that the company typed.
async fn grant(
    review: &ReviewService<'_>,
    number: &RequestNumber,
    existing_account: bool,
) -> Result<CommandResult, Failure> {
    let Some(request) = review.find(number).await? else {
        return Ok(CommandResult::Refused(wording::unknown(number)));
    };
    let known = review.known(&request).await?;
    let holder = AccountMatch::of(known.as_ref());
    if let Some(known) = known.filter(|_| {
        holder == AccountMatch::OtherMail && !existing_account && request.state == RequestState::Open
    }) {
        return Ok(CommandResult::Refused(wording::existing(&known)));
    }
    Ok(match review.grant(number, holder).await? {
        Ok(granted) if granted.company_notified => {
            CommandResult::Output(wording::notice(DeskNotice::Granted))
        }
        Ok(_) => CommandResult::Output(wording::notice(DeskNotice::GrantedWithoutMail)),
        Err(error) => CommandResult::Refused(not_decided(&error, number)),
    })
}

/// Writes what there is of the two files, under names of ours.
async fn write_files(
    review: &ReviewService<'_>,
    number: &RequestNumber,
    folder: &Path,
) -> Result<CommandResult, Failure> {
    if review.find(number).await?.is_none() {
        return Ok(CommandResult::Refused(wording::unknown(number)));
    }
    if let Err(error) = std::fs::create_dir_all(folder) {
        return Ok(CommandResult::Refused(wording::cannot_write(folder, &error)));
    }
    let mut written = Vec::new();
    for purpose in UploadPurpose::ALL {
        let Some(file) = review.file(number, purpose).await? else {
            return Ok(CommandResult::Refused(wording::no_file(purpose)));
        };
        let path = folder.join(&file.name);
        if let Err(error) = write_file(file, &path).await {
            return Ok(CommandResult::Refused(wording::cannot_write(&path, &error)));
        }
        written.push(path);
    }
    Ok(CommandResult::Output(wording::written(&written)))
}

/// Writes a file that only its owner may read; one that is there already is not written over.
async fn write_file(file: Opened, path: &Path) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(path)?;
    let mut content = file.content;
    let copy = async {
        while let Some(piece) = content.try_next().await.map_err(std::io::Error::other)? {
            out.write_all(&piece)?;
        }
        out.sync_all()
    };
    let copied = copy.await;
    if copied.is_err() {
        // No half of a file passes for the whole.
        let _ = std::fs::remove_file(path);
    }
    copied
}

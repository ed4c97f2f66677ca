//! F-REVIEW: officers look through the requests of companies, open their files, and grant or refuse. Commands do the same
//! under a name of their own ([`Officer::console`]). Whatever is done is recorded in the audit, with officer and number.

mod decide;
mod warnings;

use domain::email::Email;
use domain::flow::request::{RequestNumber, UploadPurpose};
use domain::kind::Kind;
use domain::rut::Rut;

use super::officers::Officer;
use super::{Backend, Caller, Result};
use crate::files::{Content, FileName, Format};
use crate::store::accounts::{self, Account};
use crate::store::audit::{self, Desk, Entry, Event, Outcome, Record};
use crate::store::requests::{self, FacilitatorRequest, RequestState, Search};
use crate::store::uploads::{self, Upload};

pub use decide::{DecisionError, Granted, Refused};
pub use warnings::{Warning, warnings};

/// Requests of one page of the list.
pub const PER_PAGE: i64 = 20;

/// What a list shows.
#[derive(Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Only requests in this state.
    pub state: Option<RequestState>,
    /// Only those in which this text is found.
    pub text: &'a str,
    /// Which page, from 1.
    pub page: i64,
}

/// A page of the list.
pub struct Listed {
    /// The requests.
    pub requests: Vec<FacilitatorRequest>,
    /// How many there are of each state that the text is found in, in the order of [`RequestState::ALL`].
    pub counts: [(RequestState, i64); 3],
    /// Which page this is: the last one, when a later one was asked for.
    pub page: i64,
    /// How many pages there are, at least one.
    pub pages: i64,
}

/// A request with everything that helps to decide it.
pub struct RequestForReview {
    /// The request.
    pub request: FacilitatorRequest,
    /// The files, those that are still there.
    pub files: Vec<Upload>,
    /// Other requests for the same document, newest first, at most ten: of other companies too.
    pub others: Vec<FacilitatorRequest>,
    /// The account that the facilitator has already, if there is one.
    pub known: Option<ExistingAccount>,
    /// Whether the company has a mail address.
    pub company_has_mail: bool,
    /// Whether that is the address that was given for the facilitator.
    pub company_mail: bool,
    /// The company's legal representative whom SII named last.
    pub representative: Option<Rut>,
    /// What happened, newest first.
    pub history: Vec<Entry>,
}

impl RequestForReview {
    /// Whether the declaration is the form as it was handed out.
    #[must_use]
    pub fn unsigned(&self) -> bool {
        self.files.iter().any(|file| file.unsigned)
    }

    /// Whether what was sent as declaration and what was sent as document are one file.
    #[must_use]
    pub fn same_file(&self) -> bool {
        matches!(&*self.files, [one, other] if one.sha256 == other.sha256)
    }
}

/// What there is of an account that a facilitator has already. `Debug` would show a name, so there is none.
#[derive(Clone, PartialEq, Eq)]
pub struct ExistingAccount {
    /// The names on file.
    pub names: Option<String>,
    /// The mail address on file, masked.
    pub masked_mail: Option<String>,
    /// Whether its mail address is another than that of the request.
    pub other_mail: bool,
    /// Whether a key was ever set.
    pub has_key: bool,
}

impl ExistingAccount {
    fn of(account: &Account, request: &FacilitatorRequest) -> Self {
        Self {
            names: account.names.clone(),
            masked_mail: account.email.as_ref().map(Email::masked),
            other_mail: account.email.as_ref().is_none_or(|mail| !mail.is_same(&request.email)),
            has_key: account.key_hash.is_some(),
        }
    }
}

/// How an account that exists fits the request. What an officer saw has to be what holds when it is granted: a key for an account that is
/// there goes to the address that a company typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountMatch {
    /// Nobody has an account with this document.
    New,
    /// The account that is there has the mail address of the request.
    SameMail,
    /// The account that is there has another mail address, or none.
    OtherMail,
}

impl AccountMatch {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::New, Self::SameMail, Self::OtherMail];

    /// Which it is, from what there is of the account.
    #[must_use]
    pub fn of(known: Option<&ExistingAccount>) -> Self {
        match known {
            None => Self::New,
            Some(known) if known.other_mail => Self::OtherMail,
            Some(_) => Self::SameMail,
        }
    }

    /// The word in a form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "nueva",
            Self::SameMail => "mismo-correo",
            Self::OtherMail => "otro-correo",
        }
    }

    /// What a word in a form stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|holder| holder.word() == word)
    }
}

/// A file of a request.
pub struct Opened {
    /// Under which name it is handed out: `F-7K3M-49RD-documento.pdf`.
    pub name: String,
    /// What it is.
    pub format: Format,
    /// Bytes.
    pub size: i64,
    /// Its bytes, in pieces.
    pub content: Content,
}

/// The desk, for one request.
pub struct ReviewService<'a> {
    backend: &'a Backend,
    officer: &'a Officer,
    caller: &'a Caller,
}

impl Backend {
    /// The desk of an officer.
    #[must_use]
    pub fn review<'a>(&'a self, officer: &'a Officer, caller: &'a Caller) -> ReviewService<'a> {
        ReviewService { backend: self, officer, caller }
    }
}

impl ReviewService<'_> {
    /// A page of the list.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in everything below.
    pub async fn list(&self, filter: Filter<'_>) -> Result<Listed> {
        let connection = &mut *self.backend.store.connection().await?;
        let counts = requests::count(&mut *connection, filter.text).await?;
        let of_state = |wanted: RequestState| counts.iter().find(|(state, _)| *state == wanted).map(|c| c.1);
        let total = match filter.state {
            Some(state) => of_state(state).unwrap_or(0),
            None => counts.iter().map(|(_, count)| count).sum(),
        };
        let pages = ((total + PER_PAGE - 1) / PER_PAGE).max(1);
        let page = filter.page.clamp(1, pages);
        let search =
            Search { state: filter.state, text: filter.text, skip: (page - 1) * PER_PAGE, most: PER_PAGE };
        let requests = requests::search(connection, search).await?;
        Ok(Listed { requests, counts, page, pages })
    }

    /// A request with everything that helps to decide it; recorded.
    pub async fn show(&self, number: &RequestNumber) -> Result<Option<RequestForReview>> {
        let Some(request) = self.find(number).await? else { return Ok(None) };
        self.record(&request, Event::RequestSeen, Outcome::Seen).await?;
        let connection = &mut *self.backend.store.connection().await?;
        let known = known(&mut *connection, &request).await?;
        let company = accounts::get(&mut *connection, request.company).await?;
        Ok(Some(RequestForReview {
            files: uploads::of_request(&mut *connection, request.id).await?,
            others: requests::same_document(&mut *connection, &request).await?,
            history: audit::of_request(&mut *connection, request.company, request.number.as_str()).await?,
            known,
            company_has_mail: company.email.is_some(),
            company_mail: company.email.as_ref().is_some_and(|mail| mail.is_same(&request.email)),
            representative: company.representative,
            request,
        }))
    }

    /// The account that the facilitator of a request has already, if there is one; without a trace in the audit.
    pub async fn known(&self, request: &FacilitatorRequest) -> Result<Option<ExistingAccount>> {
        known(&mut *self.backend.store.connection().await?, request).await
    }

    /// A request, without a trace in the audit.
    pub async fn find(&self, number: &RequestNumber) -> Result<Option<FacilitatorRequest>> {
        Ok(requests::find(&mut *self.backend.store.connection().await?, number).await?)
    }

    /// A file of a request, opened; recorded. None when there is none, or its bytes are gone.
    pub async fn file(&self, number: &RequestNumber, purpose: UploadPurpose) -> Result<Option<Opened>> {
        let Some(request) = self.find(number).await? else { return Ok(None) };
        let files = uploads::of_request(&mut *self.backend.store.connection().await?, request.id).await?;
        let file = files.into_iter().find(|file| file.purpose == purpose);
        let Some((file, name, format)) = file.and_then(|file| {
            let (name, format) = (FileName::parse(&file.id.0)?, Format::parse(&file.format)?);
            Some((file, name, format))
        }) else {
            return Ok(None);
        };
        let Some(content) = self.backend.files.open(&name).await? else {
            tracing::error!(file = name.as_str(), "a file of a request is missing from the store of files");
            return Ok(None);
        };
        self.record(&request, Event::FileOpened, purpose.into()).await?;
        let name = format!("{}-{}.{}", request.number.as_str(), purpose.id(), format.extension());
        Ok(Some(Opened { name, format, size: file.size, content }))
    }

    /// Which officer on which request.
    fn desk<'a>(&'a self, request: &'a FacilitatorRequest) -> Desk<'a> {
        Desk { officer: Some(&self.officer.name), request: Some(request.number.as_str()) }
    }

    async fn record(&self, request: &FacilitatorRequest, event: Event, outcome: Outcome) -> Result<()> {
        let connection = &mut *self.backend.store.connection().await?;
        let record = Record::new(request.company, event, outcome).at(self.desk(request));
        Ok(audit::write(connection, record, self.caller, self.backend.now()).await?)
    }
}

async fn known(
    connection: &mut sqlx::AnyConnection,
    request: &FacilitatorRequest,
) -> Result<Option<ExistingAccount>> {
    let account = accounts::find(connection, Kind::Facilitador, &request.document.plain()).await?;
    Ok(account.map(|account| ExistingAccount::of(&account, request)))
}

//! Officers of SENCE: their sign-in and their sessions (F-REVIEW); in [`accounts`] the commands that make and end them.
//!
//! Name, key and code come in one form. An unknown name, a disabled officer and a wrong key cost one argon2 run each and get the same answer.

use domain::field::{Field, FieldError, Reason};
use domain::flow::Feedback;
use domain::flow::request::RequestNumber;
use domain::motive::Motive;
use domain::officer::OfficerName;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::exit::{Check, FirstPage, OrShow as _};
use super::state::State;
use super::{Backend, Caller, NextStep, Result, wait_notice};
use crate::clock::{MINUTE, Millis};
use crate::flows::{Flow, Token, Typed};
use crate::limits::{Counted, Wait};
use crate::store::StoreError;
use crate::store::audit::{self, Desk, Event, Outcome, Record};
use crate::store::officers::{self, OfficerRow};
use crate::totp::{Totp, read_code};

mod accounts;

pub use accounts::Proofs;

/// The name under which the page of the sign-in keeps what it has to say.
const FLOW: &str = "mesa";

/// How far the sign-in of an officer has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// Name, key and code are asked for.
    Ask,
    /// The same, and a reason waits that was sent when the session had ended.
    #[serde(rename = "keeping")]
    AskWithDraft(Draft),
    /// Signed in: the token is that of the session.
    #[serde(rename = "in")]
    SignedIn,
    /// Signed in, and a reason waits at this request.
    Resumed(RequestNumber),
}

impl State for SignIn {
    const FIRST: Self = Self::Ask;
}

impl SignIn {
    fn draft(&self) -> Option<&Draft> {
        match self {
            Self::AskWithDraft(draft) => Some(draft),
            Self::Ask | Self::SignedIn | Self::Resumed(_) => None,
        }
    }

    /// The state after a sign-in that was asked for in this one.
    fn signed_in(&self) -> Self {
        self.draft().map_or(Self::SignedIn, |draft| Self::Resumed(draft.request.clone()))
    }
}

/// The form of the sign-in, with nothing missing.
struct SignInForm {
    /// The name, if it could be one.
    name: Option<OfficerName>,
    /// What its attempts are counted under: the name, or what was typed in its place.
    subject: String,
    key: Zeroizing<String>,
    code: String,
}

impl SignInForm {
    fn parse(name: &str, key: &str, code: &str) -> std::result::Result<Self, Vec<FieldError>> {
        let (key, read) = (accounts::read_key(key), read_code(code));
        let missing = [
            (name.trim().is_empty(), Field::Officer, Reason::Missing),
            (key.is_empty(), Field::OfficerKey, Reason::Missing),
            (read.is_none(), Field::Code, Reason::Format),
        ];
        let errors: Vec<_> = missing
            .into_iter()
            .filter(|(wrong, ..)| *wrong)
            .map(|(_, field, reason)| FieldError::new(field, reason))
            .collect();
        let Some(code) = read.filter(|_| errors.is_empty()) else { return Err(errors) };
        let parsed = OfficerName::parse(name).ok();
        let subject: String = match &parsed {
            Some(name) => name.as_str().to_owned(),
            None => name.trim().to_lowercase().chars().take(64).collect(),
        };
        Ok(Self { name: parsed, subject, key, code })
    }
}

/// Who acts at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Name, or that of the commands.
    pub name: String,
    /// Whether they may grant and refuse, or only look.
    pub may_decide: bool,
}

impl Officer {
    /// Who acts by command.
    #[must_use]
    pub fn console() -> Self {
        Self { name: OfficerName::CONSOLE.to_owned(), may_decide: true }
    }
}

/// What is kept with a session.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionNotes {
    /// What the list is searched for.
    #[serde(default)]
    pub search: String,
    /// A reason that was not taken.
    #[serde(default)]
    pub draft: Option<Draft>,
}

impl SessionNotes {
    fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self).map_err(|_| StoreError::Corrupt("officer_session"))?)
    }
}

/// A reason for refusing that was not accepted, kept so that it can be corrected or sent again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its request.
    pub request: RequestNumber,
    /// What was typed.
    pub motive: String,
    /// What is wrong with it; nothing when only the session had ended.
    #[serde(rename = "reason")]
    pub problem: Option<Reason>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draft(…)")
    }
}

impl Draft {
    /// What was typed, or as much of it as is kept.
    #[must_use]
    pub fn new(request: RequestNumber, motive: &str, problem: Option<Reason>) -> Self {
        Self { request, motive: motive.chars().take(2 * Motive::MAX).collect(), problem }
    }
}

/// An officer who is signed in.
pub struct Session {
    /// Who it is.
    pub officer: Officer,
    /// What is kept.
    pub notes: SessionNotes,
    id: String,
}

/// Longest search that is kept, in characters.
const MAX_SEARCH: usize = 100;
/// Longest key that is hashed, in bytes.
const MAX_KEY: usize = 128;

/// The desk's door, for one request.
pub struct OfficerService<'a> {
    backend: &'a Backend,
    caller: &'a Caller,
}

impl Backend {
    /// Sign-in and sessions of officers.
    #[must_use]
    pub fn officers<'a>(&'a self, caller: &'a Caller) -> OfficerService<'a> {
        OfficerService { backend: self, caller }
    }
}

impl OfficerService<'_> {
    /// What the page of the sign-in has to say to this cookie.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<SignIn>>> {
        self.backend.flow(FLOW, token).await
    }

    /// Name, key and code. In every case the cookie gets a new token.
    pub async fn sign_in(
        &self,
        token: Option<&Token>,
        name: &str,
        key: &str,
        code: &str,
    ) -> Result<NextStep<SignIn>> {
        let (backend, now) = (self.backend, self.backend.now());
        let before = self.page(token).await?.map_or(SignIn::Ask, |flow| flow.state);
        backend.end_old::<SignIn>(FLOW, token).await?;
        self.sign_out(token).await?;
        let typed = Typed::default().with(Field::Officer, name.trim());
        let first = FirstPage { name: FLOW.to_owned(), caller: self.caller.clone(), state: before, typed };
        backend
            .run(async {
                let form = SignInForm::parse(name, key, code).or_begin(&first)?;
                let counted = backend.limits.count_officer(&form.subject, self.caller, now).await?;
                let counted = counted.map_err(|wait| must_wait(wait, now)).or_begin(&first)?;
                let officer = self.find(form.name.as_ref()).await?;
                let active = officer.as_ref().filter(|officer| officer.disabled_at.is_none());
                let (right, counted) = self.check_key(active, &form.key, counted).await?;
                // Only after the right key, so that no stranger keeps an officer out. While codes have to wait, the attempt with
                // the key stays counted: each costs a hash.
                let codes = self.count_code(active.filter(|_| right), now).await.or_begin(&first)?;
                let totp = active.and_then(|officer| self.totp(officer));
                let step = totp.and_then(|totp| totp.step_of(&form.code, now));
                let outcome = match (&officer, active, right, step) {
                    (None, ..) => Outcome::Unknown,
                    (_, None, ..) => Outcome::Disabled,
                    (_, _, false, _) => Outcome::WrongKey,
                    (_, _, _, None) => Outcome::WrongCode,
                    (_, Some(officer), true, Some(step)) => {
                        if let Some(token) = self.enter(officer, step, first.state.draft(), now).await? {
                            backend.limits.succeeded(counted).await?;
                            if let Some(codes) = codes {
                                backend.limits.succeeded(codes).await?;
                            }
                            return Ok(NextStep { state: first.state.signed_in(), token: Some(token) });
                        }
                        Outcome::CodeSpent
                    }
                };
                self.record(officer.as_ref(), Event::OfficerSignIn, outcome).await?;
                Err(FieldError::new(Field::Officer, Reason::Wrong)).or_begin(&first)
            })
            .await
    }

    /// The officer of a name.
    async fn find(&self, name: Option<&OfficerName>) -> Result<Option<OfficerRow>> {
        let Some(name) = name else { return Ok(None) };
        Ok(officers::find(&mut *self.backend.store.connection().await?, name.as_str()).await?)
    }

    /// Whether this is the key of the officer: one hash, whether or not there is one. When too many keys wait to be hashed, the
    /// attempt is not counted.
    async fn check_key(
        &self,
        officer: Option<&OfficerRow>,
        key: &str,
        counted: Counted,
    ) -> Result<(bool, Counted)> {
        let hash = officer.map(|officer| officer.key_hash.as_str()).filter(|_| key.len() <= MAX_KEY);
        match self.backend.hasher.verify(hash.map_or("", |_| key), hash).await {
            Ok(right) => Ok((right, counted)),
            Err(busy) => {
                self.backend.limits.uncount(counted).await?;
                Err(busy.into())
            }
        }
    }

    /// Counts a code of the officer whose key was right, if one was.
    async fn count_code(&self, officer: Option<&OfficerRow>, now: Millis) -> Check<Option<Counted>> {
        let Some(officer) = officer else { return Ok(None) };
        let counted = self.backend.limits.count_code(&officer.name, now).await?;
        Ok(Some(counted.map_err(|wait| must_wait(wait, now))?))
    }

    /// The second factor of an officer; none when it was sealed with another secret of the configuration.
    fn totp(&self, officer: &OfficerRow) -> Option<Totp> {
        let secret = self.backend.secrets.open(&context(officer.id), &officer.totp).ok()?;
        Totp::from_secret(&secret)
    }

    /// Spends the code and opens the session, with the unsent reason, in one transaction. None when the code was spent before.
    async fn enter(
        &self,
        officer: &OfficerRow,
        step: i64,
        draft: Option<&Draft>,
        now: Millis,
    ) -> Result<Option<Token>> {
        let token = Token::random()?;
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        if !officers::spend_code(&mut tx, officer, step).await? {
            return Ok(None);
        }
        officers::open_session(&mut tx, &token.id(), officer.id, now).await?;
        if draft.is_some() {
            let notes = SessionNotes { draft: draft.cloned(), ..SessionNotes::default() };
            officers::set_notes(&mut tx, &token.id(), &notes.text()?).await?;
        }
        let desk = Desk { officer: Some(&officer.name), request: None };
        tx.commit(Record::new(audit::NOBODY, Event::OfficerSignIn, Outcome::Done).at(desk)).await?;
        Ok(Some(token))
    }

    /// The session of a cookie, which this prolongs.
    pub async fn session(&self, token: Option<&Token>) -> Result<Option<Session>> {
        let Some(token) = token else { return Ok(None) };
        let (id, now) = (token.id(), self.backend.now());
        let connection = &mut *self.backend.store.connection().await?;
        let Some(row) = officers::session(connection, &id, now).await? else { return Ok(None) };
        // Pictures and pages come in bunches: a write a minute will do.
        if row.seen_at + MINUTE <= now {
            officers::touch_session(connection, &id, now).await?;
        }
        let officer = Officer { name: row.officer.name, may_decide: row.officer.may_decide };
        let notes = row.notes.and_then(|notes| serde_json::from_str(&notes).ok()).unwrap_or_default();
        Ok(Some(Session { officer, notes, id }))
    }

    /// Keeps what the list is searched for; nothing shows all again.
    pub async fn search(&self, session: &Session, text: &str) -> Result<()> {
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let search = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        let search = search.chars().take(MAX_SEARCH).collect();
        self.note(session, &SessionNotes { search, ..session.notes.clone() }).await
    }

    /// Keeps a reason that was not taken.
    pub async fn draft(&self, session: &Session, draft: Draft) -> Result<()> {
        self.note(session, &SessionNotes { draft: Some(draft), ..session.notes.clone() }).await
    }

    /// Keeps a reason that came when the session had ended, until its officer has signed in again.
    pub async fn keep(&self, token: Option<&Token>, draft: Draft) -> Result<NextStep<SignIn>> {
        self.backend.end_old::<SignIn>(FLOW, token).await?;
        let state = SignIn::AskWithDraft(draft);
        let first =
            FirstPage { name: FLOW.to_owned(), caller: self.caller.clone(), state, typed: Typed::default() };
        self.backend.start(first, Feedback::default()).await
    }

    async fn note(&self, session: &Session, notes: &SessionNotes) -> Result<()> {
        let connection = &mut *self.backend.store.connection().await?;
        Ok(officers::set_notes(connection, &session.id, &notes.text()?).await?)
    }

    /// “Salir”.
    pub async fn sign_out(&self, token: Option<&Token>) -> Result<()> {
        let Some(session) = self.session(token).await? else { return Ok(()) };
        let mut tx = self.backend.begin_outcome(self.caller).await?;
        officers::end_session(&mut tx, &session.id).await?;
        let desk = Desk { officer: Some(&session.officer.name), request: None };
        tx.commit(Record::new(audit::NOBODY, Event::OfficerSignIn, Outcome::SignedOut).at(desk)).await
    }

    /// A name that is no officer's is not recorded: anything may have been typed there.
    async fn record(&self, officer: Option<&OfficerRow>, event: Event, outcome: Outcome) -> Result<()> {
        let connection = &mut *self.backend.store.connection().await?;
        let desk = Desk { officer: officer.map(|officer| officer.name.as_str()), request: None };
        let record = Record::new(audit::NOBODY, event, outcome).at(desk);
        Ok(audit::write(connection, record, self.caller, self.backend.now()).await?)
    }
}

/// Says how long to wait. No audit row is written: a caller who waits may ask any number of times.
fn must_wait(wait: Wait, now: Millis) -> Feedback {
    tracing::debug!("a sign-in of an officer has to wait");
    wait_notice(wait, now)
}

/// What a sealed second factor is bound to.
fn context(officer: i64) -> Vec<u8> {
    [b"officer ".as_slice(), &officer.to_be_bytes()].concat()
}

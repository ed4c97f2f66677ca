//! Which sentence of the catalogue a value of the desk has. The command `solicitudes` uses them too.

use backend::clock::chilean_time;
use backend::service::review::{ExistingAccount, Warning};
use backend::store::audit::{Entry, Event, Outcome};
use backend::store::requests::{Decision, RequestState};
use domain::flow::request::UploadPurpose;
use wording::catalogue::desk::{self, Desk};

/// A state, of one request and of many.
#[must_use]
pub fn state(desk: &Desk, state: RequestState) -> desk::State {
    match state {
        RequestState::Open => desk.open,
        RequestState::Granted => desk.granted,
        RequestState::Refused => desk.refused,
    }
}

/// A state, of many requests; none stands for all.
pub(super) fn states(desk: &Desk, of: Option<RequestState>) -> &'static str {
    of.map_or(desk.all, |of| state(desk, of).many)
}

/// What there is to read when a list is empty.
pub(super) fn nothing(desk: &Desk, state: Option<RequestState>, searching: bool) -> &'static str {
    match (state, searching) {
        (_, true) => desk.list.none_found,
        (Some(RequestState::Open), false) => desk.list.none_open,
        (_, false) => desk.list.none,
    }
}

/// “la concedió ana.rojas el 12-11-2026 10:47”, within a sentence.
#[must_use]
pub fn decided(desk: &Desk, state: RequestState, decision: &Decision) -> String {
    let by = if state == RequestState::Granted { desk.granted_by } else { desk.refused_by };
    by(&decision.officer, &chilean_time(decision.at))
}

/// The name of a file.
#[must_use]
pub fn file(desk: &Desk, purpose: UploadPurpose) -> &'static str {
    match purpose {
        UploadPurpose::Declaration => desk.declaration,
        UploadPurpose::Document => desk.document,
    }
}

/// Whose account it is that a document has already, with whose names and which mail address, masked.
#[must_use]
pub fn account(desk: &Desk, known: &ExistingAccount) -> String {
    (desk.account.exists)(known.has_key, known.names.as_deref(), known.masked_mail.as_deref())
}

/// What a grant does to the account that is there.
#[must_use]
pub fn new_key(desk: &Desk, known: &ExistingAccount) -> &'static str {
    match (known.other_mail, known.masked_mail.is_some()) {
        (true, true) => desk.account.replaces_mail,
        (true, false) => desk.account.sets_mail,
        (false, _) => desk.account.same_mail,
    }
}

/// The sentence of a warning; none where the other requests are listed under one.
#[must_use]
pub fn warning(desk: &Desk, warning: &Warning<'_>) -> Option<String> {
    let warnings = &desk.warnings;
    Some(match warning {
        Warning::FileMissing => warnings.file_missing.to_owned(),
        Warning::Unsigned => warnings.unsigned.to_owned(),
        Warning::SameFile => warnings.same_file.to_owned(),
        Warning::CompanyMail => warnings.company_mail.to_owned(),
        Warning::AccountExists(known) => format!("{} {}", account(desk, known), new_key(desk, known)),
        Warning::OtherRepresentative(now) => {
            (warnings.other_representative)(now.map(|rut| rut.to_string()).as_deref())
        }
        Warning::CompanyWithoutMail => warnings.company_without_mail.to_owned(),
        Warning::SameDocument(_) => return None,
    })
}

/// What happened, in the history of a request.
#[must_use]
pub fn happened(desk: &Desk, entry: &Entry) -> String {
    let history = &desk.history;
    let what = match (entry.event, entry.outcome) {
        (Event::RequestFiled, Some(Outcome::Done | Outcome::Filed)) => history.filed,
        (Event::RequestFiled, _) => history.not_filed,
        (Event::RequestSeen, _) => history.seen,
        (Event::FileOpened, Some(Outcome::Declaration)) => history.declaration_opened,
        (Event::FileOpened, _) => history.document_opened,
        (Event::RequestGranted, Some(Outcome::Granted)) => history.granted,
        (Event::RequestGranted, Some(Outcome::DailyCap)) => history.daily_cap,
        (Event::RequestGranted, Some(Outcome::AccountChanged)) => history.account_changed,
        (Event::RequestGranted, _) => history.not_granted,
        (Event::RequestRefused, Some(Outcome::Refused)) => history.refused,
        _ => history.not_refused,
    };
    (history.entry)(entry.officer.as_deref(), what, entry.times)
}

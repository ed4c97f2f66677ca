//! Granting and refusing. Exactly one decision counts: the request is decided first, by one `UPDATE`, and all that follows is in
//! the same transaction.

use domain::clave::ProvisionalKey;
use domain::flow::AccountId;
use domain::flow::contact::{Contact, ContactProof, NewContact};
use domain::flow::request::RequestNumber;
use domain::kind::Kind;
use domain::motive::Motive;
use sqlx::AnyConnection;

use super::{AccountMatch, ExistingAccount, ReviewService};
use crate::clock::{DAY, HOUR};
use crate::courier::Facts;
use crate::message::{Recipient, Template};
use crate::secrets::random_below;
use crate::service::outcome::OutcomeTx;
use crate::service::{Result, contacts};
use crate::store::StoreError;
use crate::store::accounts::{self, Account, NewAccount};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::provisional::{self, KeyContact, KeyProof};
use crate::store::requests::{self, Decision, FacilitatorRequest, RequestState};

/// A request was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    /// Whether the company was notified by mail: one without an address was not.
    pub company_notified: bool,
    /// Whether the facilitator had an account already.
    pub known: bool,
}

/// A request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Whether the company was notified by mail: one without an address was not.
    pub company_notified: bool,
}

/// Why a request was neither granted nor refused.
#[derive(Clone, PartialEq, Eq)]
pub enum DecisionError {
    /// There is no such request.
    Unknown,
    /// This officer may only look.
    ReadOnly,
    /// Another click or officer was faster.
    AlreadyDecided(RequestState, Decision),
    /// The facilitator got as many provisional keys today as a day allows. The request stays open.
    DailyCap,
    /// The facilitator's account is not what the officer saw: one was made meanwhile, or its mail address changed. The request
    /// stays open.
    AccountChanged,
}

impl std::fmt::Debug for DecisionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unknown => "Unknown",
            Self::ReadOnly => "ReadOnly",
            Self::AlreadyDecided(..) => "AlreadyDecided(…)",
            Self::DailyCap => "DailyCap",
            Self::AccountChanged => "AccountChanged",
        })
    }
}

/// What became of a decision.
type DecisionResult<T> = std::result::Result<T, DecisionError>;

impl ReviewService<'_> {
    /// “Conceder”: the facilitator gets an account, unless there is one, and a provisional key by mail; the company is notified.
    /// `seen` is whose account the officer was shown: nothing is decided when it is another by now.
    ///
    /// # Errors
    /// [`crate::service::ServiceError`].
    pub async fn grant(&self, number: &RequestNumber, seen: AccountMatch) -> Result<DecisionResult<Granted>> {
        let (backend, now) = (self.backend, self.backend.now());
        let request = match self.open_request(number, Event::RequestGranted).await? {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let random = random_below(ProvisionalKey::COUNT).map_err(StoreError::from)?;
        let key = ProvisionalKey::from_number(random);
        let hash = backend.hasher.hash(key.expose()).await?;
        let mut tx = backend.begin_outcome(self.caller).await?;
        let decision = Decision { at: now, officer: self.officer.name.clone(), motive: None };
        if !requests::decide(&mut tx, request.id, RequestState::Granted, &decision).await? {
            drop(tx);
            return Ok(Err(self.conflict(number, Event::RequestGranted).await?));
        }
        let (account, known) = self.account_of(&mut tx, &request).await?;
        let on_file = known.then(|| ExistingAccount::of(&account, &request));
        if AccountMatch::of(on_file.as_ref()) != seen {
            drop(tx);
            self.record(&request, Event::RequestGranted, Outcome::AccountChanged).await?;
            return Ok(Err(DecisionError::AccountChanged));
        }
        if provisional::count_since(&mut tx, account.id, KeyProof::Grant, now - DAY).await?
            >= backend.settings.keys_per_day
        {
            drop(tx);
            self.record(&request, Event::RequestGranted, Outcome::DailyCap).await?;
            return Ok(Err(DecisionError::DailyCap));
        }
        requests::set_account(&mut tx, request.id, account.id).await?;
        let Some(to_new) = self.send_key(&mut tx, &request, &account, (&key, &hash)).await? else {
            drop(tx);
            self.record(&request, Event::RequestGranted, Outcome::DailyCap).await?;
            return Ok(Err(DecisionError::DailyCap));
        };
        let template = Template::RequestGranted;
        let company_notified = self.notify_company(&mut tx, &request, template, "").await?;
        let desk = self.desk(&request);
        let outcome = if known { Outcome::ExistingAccount } else { Outcome::NewAccount };
        tx.record(Record::new(account.id, Event::RequestGranted, outcome).at(desk)).await?;
        let sent = if to_new { Outcome::ToNewContact } else { Outcome::ToRegisteredContact };
        tx.record(Record::new(account.id, Event::KeySent, sent).at(desk)).await?;
        tx.commit(Record::new(request.company, Event::RequestGranted, Outcome::Granted).at(desk)).await?;
        Ok(Ok(Granted { company_notified, known }))
    }

    /// Writes a provisional key and the messages about it. True when it goes to another address than that on file; none when the
    /// mailbox has had as many keys as a day allows, and nothing of this may be committed.
    async fn send_key(
        &self,
        tx: &mut OutcomeTx<'_>,
        request: &FacilitatorRequest,
        account: &Account,
        (key, hash): (&ProvisionalKey, &str),
    ) -> Result<Option<bool>> {
        let (now, settings) = (tx.now(), &self.backend.settings);
        let until = now + settings.provisional_ttl;
        // The data on file stay until the key is used, and the mobile beyond that: no request names one.
        let other_mail = account.email.as_ref().is_none_or(|mail| !mail.is_same(&request.email));
        let new =
            other_mail.then(|| NewContact { email: request.email.clone(), mobile: account.mobile.clone() });
        // The mobile on file goes with the new mail; an officer has not proven it.
        let proven = account.mobile.is_none() || account.contact_proof == ContactProof::Proven;
        let given = new.clone().map(|contact| KeyContact { contact, proven });
        let mailed_to = self.backend.mail_mac(new.as_ref().map_or(&request.email, |new| &new.email));
        let proven = (KeyProof::Grant, given.as_ref(), Some(mailed_to.as_str()));
        provisional::issue(&mut *tx, account.id, hash, proven, now, until).await?;
        let facts = Facts {
            names: Some(&request.names),
            key: Some(key),
            until: Some(until),
            hours: settings.provisional_ttl / HOUR,
            public_url: &settings.public_url,
            kind: Kind::Facilitador,
            document: Some(&request.document),
            company: request.company_name.as_deref(),
            ..Facts::default()
        };
        // An address that is the same but for its capitals goes out as its owner gave it, not as the company typed it.
        let mail = if new.is_some() { Some(request.email.clone()) } else { account.email.clone() };
        let to = [mail.map(Recipient::Mail)];
        let class = Template::ProvisionalKey.for_key(KeyProof::Grant);
        if tx.enqueue_messages(account.id, class, to, facts).await? == 0 {
            return Ok(None);
        }
        if new.is_some() {
            let facts = Facts { key: None, names: account.names_for_notices(Kind::Facilitador), ..facts };
            tx.enqueue_messages(account.id, Template::ContactChanged, contacts(account), facts).await?;
        }
        Ok(Some(new.is_some()))
    }

    /// “Rechazar”: the company gets the reason.
    ///
    /// # Errors
    /// [`crate::service::ServiceError`].
    pub async fn refuse(&self, number: &RequestNumber, motive: &Motive) -> Result<DecisionResult<Refused>> {
        let (backend, now) = (self.backend, self.backend.now());
        let request = match self.open_request(number, Event::RequestRefused).await? {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let motive_text = Some(motive.as_str().to_owned());
        let decision = Decision { at: now, officer: self.officer.name.clone(), motive: motive_text };
        let mut tx = backend.begin_outcome(self.caller).await?;
        if !requests::decide(&mut tx, request.id, RequestState::Refused, &decision).await? {
            drop(tx);
            return Ok(Err(self.conflict(number, Event::RequestRefused).await?));
        }
        let template = Template::RequestRefused;
        let company_notified = self.notify_company(&mut tx, &request, template, motive.as_str()).await?;
        let record = Record::new(request.company, Event::RequestRefused, Outcome::Refused);
        tx.commit(record.at(self.desk(&request))).await?;
        Ok(Ok(Refused { company_notified }))
    }

    /// The request, if this officer may decide it and nobody has; what was tried in vain is recorded.
    async fn open_request(
        &self,
        number: &RequestNumber,
        event: Event,
    ) -> Result<DecisionResult<FacilitatorRequest>> {
        let Some(request) = self.find(number).await? else { return Ok(Err(DecisionError::Unknown)) };
        if !self.officer.may_decide {
            self.record(&request, event, Outcome::ReadOnly).await?;
            return Ok(Err(DecisionError::ReadOnly));
        }
        match request.decision.clone() {
            None => Ok(Ok(request)),
            Some(decision) => {
                self.record(&request, event, Outcome::DecidedBefore).await?;
                Ok(Err(DecisionError::AlreadyDecided(request.state, decision)))
            }
        }
    }

    /// Another click or officer was faster.
    async fn conflict(&self, number: &RequestNumber, event: Event) -> Result<DecisionError> {
        Ok(match self.open_request(number, event).await? {
            Err(error) => error,
            // Decided when it was tried, and open now: nobody takes a decision back.
            Ok(_) => Err(StoreError::Corrupt("facilitator_request"))?,
        })
    }

    /// The account of the facilitator, locked, and whether it was there before. The document decides: two companies may ask
    /// for the same person.
    async fn account_of(
        &self,
        connection: &mut AnyConnection,
        request: &FacilitatorRequest,
    ) -> Result<(Account, bool)> {
        let identifier = request.document.plain();
        let contact =
            Contact { email: request.email.clone(), home_phone: None, work_phone: None, mobile: None };
        let new = NewAccount {
            kind: Kind::Facilitador,
            identifier: &identifier,
            names: Some(&request.names),
            key_hash: None,
            question: Some((request.question, &request.answer_hash)),
            birth_date: None,
            document: None,
            company: None,
            address: None,
            contact: Some(&contact),
            contact_proof: ContactProof::Proven,
        };
        let id: AccountId = match accounts::insert(&mut *connection, &new, self.backend.now()).await? {
            Some(id) => return Ok((accounts::lock(connection, id).await?, false)),
            None => {
                accounts::find(&mut *connection, Kind::Facilitador, &identifier)
                    .await?
                    .ok_or(StoreError::Corrupt("account"))?
                    .id
            }
        };
        Ok((accounts::lock(connection, id).await?, true))
    }

    /// Writes to the company, if it has an address.
    async fn notify_company(
        &self,
        tx: &mut OutcomeTx<'_>,
        request: &FacilitatorRequest,
        template: Template,
        reason: &str,
    ) -> Result<bool> {
        let backend = self.backend;
        let company = accounts::get(&mut *tx, request.company).await?;
        let facts = Facts {
            names: company.names.as_deref(),
            public_url: &backend.settings.public_url,
            kind: Kind::Juridica,
            request: request.number.as_str(),
            reason,
            ..Facts::default()
        };
        let to = [company.email.clone().map(Recipient::Mail)];
        Ok(tx.enqueue_messages(company.id, template, to, facts).await? > 0)
    }
}

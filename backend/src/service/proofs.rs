//! The proofs that more than one flow asks for: key, answer to the secret question, identity document, date of birth.
//!
//! Each attempt is counted before it is checked, costs the same whether or not there is an account, and leaves an audit row.

mod mail_code;

use domain::answer::SecretAnswer;
use domain::birth::BirthDate;
use domain::clave::{ProvisionalKey, TypedKey};
use domain::document::{Country, DocumentKind, DocumentNumber, IdentityDocument};
use domain::email::Email;
use domain::field::{Field, FieldError, Reason};
use domain::flow::key::{KeyVerdict, wrong};
use domain::flow::update::BirthDateVerdict;
use domain::flow::{CivilAnswer, DocumentAnswer, DocumentRefused, Feedback, ForeignAnswer, Notice, Verdict};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::serial::DocumentSerial;

use super::exit::{Check, Refusal};
use super::{Backend, Caller, Result, id_of};
use crate::clock::chilean_day;
use crate::hashing::Busy;
use crate::limits::{AttemptKind, Counted, Letters};
use crate::store::accounts::{self, Account};
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::provisional::{self, KeyProof};

/// An attempt that was counted and checked: what was found, and about whom.
pub(super) struct CheckedAttempt<V> {
    /// The identifier that was typed.
    pub(super) identifier: Identifier,
    /// The account with this identifier, if there is one.
    pub(super) account: Option<Account>,
    /// What the check found.
    pub(super) verdict: V,
    counted: Counted,
}

impl<V> CheckedAttempt<V> {
    /// It was right: the counters start again.
    pub(super) async fn succeeded(self, backend: &Backend) -> Result<Option<Account>> {
        backend.limits.succeeded(self.counted).await?;
        Ok(self.account)
    }

    /// It was wrong: the error, and the wait that follows, if there is one.
    pub(super) fn refused(self, backend: &Backend, error: FieldError) -> Feedback {
        let now = backend.now();
        let notice = self.counted.wait_if_wrong(now).map(|w| Notice::Wait { minutes: w.minutes(now) });
        Feedback { errors: vec![error], notice }
    }

    /// The document was refused. When the registry is down, the attempt is not counted.
    pub(super) async fn document_refused(
        self,
        backend: &Backend,
        refused: DocumentRefused,
    ) -> Result<Feedback> {
        Ok(match refused {
            DocumentRefused::Field(error) => self.refused(backend, error),
            DocumentRefused::RegistryDown => {
                backend.limits.uncount(self.counted).await?;
                Notice::RegistryDown.into()
            }
            DocumentRefused::ForeignRegistryDown => {
                backend.limits.uncount(self.counted).await?;
                Notice::ForeignRegistryDown.into()
            }
        })
    }
}

impl Backend {
    /// RUT, NIE or document, and the key or a provisional key.
    pub(super) async fn try_key(
        &self,
        kind: Kind,
        who: IdentifierInput<'_>,
        key: &str,
        (caller, letters): (&Caller, Letters),
    ) -> Check<CheckedAttempt<KeyVerdict>> {
        let (identifier, key) = self.read_key(kind, who, key)?;
        let attempt =
            if key.as_provisional().is_some() { AttemptKind::Provisional } else { AttemptKind::Key };
        let account = self.account(kind, &identifier).await?;
        let counted = self.count(attempt, (kind, &identifier), account.as_ref(), (caller, letters)).await?;
        let provisional = key.as_provisional();
        self.try_counted_key(kind, (identifier, account), (&key, provisional, counted), caller).await
    }

    /// RUT and key of a student (L-RCE). It is counted on its own, so that nothing that is typed there keeps the key from its other uses:
    /// by identity with address and network, by address, and by identity 100 times a day; from a browser that the key has made known, on its
    /// own. A provisional key is not compared with those on file: they have limits of a day
    /// elsewhere, and here they open nothing.
    pub(super) async fn try_key_of_attendance(
        &self,
        rut: &str,
        key: &str,
        caller: &Caller,
    ) -> Check<CheckedAttempt<KeyVerdict>> {
        let kind = Kind::Natural;
        let (identifier, key) = self.read_key(kind, IdentifierInput::Number(rut), key)?;
        let account = self.account(kind, &identifier).await?;
        let (who, by) = ((kind, &identifier), (caller, Letters::None));
        let counted = self.count(AttemptKind::Attendance, who, account.as_ref(), by).await?;
        self.try_counted_key(kind, (identifier, account), (&key, None, counted), caller).await
    }

    fn read_key(
        &self,
        kind: Kind,
        who: IdentifierInput<'_>,
        key: &str,
    ) -> std::result::Result<(Identifier, TypedKey), Vec<FieldError>> {
        match (Identifier::parse_all(kind, who, &self.settings.nie), TypedKey::parse(key)) {
            (Ok(identifier), Some(key)) => Ok((identifier, key)),
            (identifier, parsed) => {
                let mut errors = identifier.err().unwrap_or_default();
                if parsed.is_none() {
                    let reason = if key.is_empty() { Reason::Missing } else { wrong(kind) };
                    errors.push(FieldError::new(Field::CurrentKey, reason));
                }
                Err(errors)
            }
        }
    }

    async fn try_counted_key(
        &self,
        kind: Kind,
        (identifier, account): (Identifier, Option<Account>),
        (key, provisional, counted): (&TypedKey, Option<ProvisionalKey>, Counted),
        caller: &Caller,
    ) -> Check<CheckedAttempt<KeyVerdict>> {
        let checked = self.check_key(kind, &identifier, account.as_ref(), key, provisional.as_ref()).await;
        let verdict = match checked {
            Ok(verdict) => verdict,
            Err(error) => {
                self.limits.uncount(counted).await?;
                return Err(error.into());
            }
        };
        self.record(account.as_ref(), Event::KeyChecked, outcome_of_key(&verdict), caller).await?;
        if let (Some(account), KeyVerdict::Key(_)) = (&account, &verdict) {
            self.remember_browser(account, KeyProof::Secret, caller).await?;
        }
        Ok(CheckedAttempt { identifier, account, verdict, counted })
    }

    /// Checks a key. The number of hash computations depends on what was typed, never on what is on file.
    async fn check_key(
        &self,
        kind: Kind,
        who: &Identifier,
        account: Option<&Account>,
        key: &TypedKey,
        typed: Option<&ProvisionalKey>,
    ) -> Result<KeyVerdict> {
        let hash = account.and_then(|account| account.key_hash.clone());
        let has_key = hash.is_some();
        let hash = hash.or_else(|| self.decoys.key_hash(&self.secrets, kind, who));
        let mut is_key = None;
        for text in key.candidates() {
            if self.hasher.verify(&text, hash.as_deref()).await? && has_key && is_key.is_none() {
                is_key = Some(text);
            }
        }
        let mut matching = None;
        if let Some(typed) = typed {
            // The connection is given back before anything is hashed.
            let (id, now) = (id_of(account), self.now());
            let on_file = provisional::newest(&mut *self.store.connection().await?, id, now).await?;
            let mut on_file = on_file.into_iter();
            for _ in 0..provisional::COMPARED {
                let candidate = on_file.next();
                let hash = candidate.as_ref().map(|provisional| provisional.key_hash.as_str());
                if self.hasher.verify(typed.expose(), hash).await? && matching.is_none() {
                    matching = candidate;
                }
            }
        }
        Ok(match (account, is_key, matching) {
            (Some(account), Some(right), _) => {
                self.rehash(account, &right).await?;
                KeyVerdict::Key(account.id)
            }
            (Some(account), None, Some(provisional)) => {
                if provisional.spent {
                    KeyVerdict::Spent
                } else if provisional.expires_at <= self.now() {
                    KeyVerdict::Expired
                } else {
                    KeyVerdict::Provisional(account.id, provisional.id)
                }
            }
            _ => KeyVerdict::Wrong,
        })
    }

    /// Replaces an older hash of a key that was right with a current one. When too many keys wait to be hashed, that is left for
    /// the next time.
    async fn rehash(&self, account: &Account, key: &str) -> Result<()> {
        let Some(old) = account.key_hash.as_deref().filter(|hash| !self.hasher.is_current(hash)) else {
            return Ok(());
        };
        let Ok(new) = self.hasher.hash(key).await else { return Ok(()) };
        let mut tx = self.store.begin().await?;
        accounts::lock(&mut tx, account.id).await?;
        accounts::rehash_key(&mut tx, account.id, old, &new).await?;
        Ok(tx.commit().await.map_err(crate::store::StoreError::from)?)
    }

    /// The answer to the secret question.
    pub(super) async fn try_answer(
        &self,
        kind: Kind,
        identifier: &Identifier,
        text: &str,
        (caller, letters): (&Caller, Letters),
    ) -> Check<CheckedAttempt<Verdict>> {
        let answer =
            SecretAnswer::parse_proof(text).map_err(|error| FieldError::new(Field::Answer, error.into()))?;
        let account = self.account(kind, identifier).await?;
        let counted =
            self.count(AttemptKind::Answer, (kind, identifier), account.as_ref(), (caller, letters)).await?;
        let hash = account.as_ref().and_then(|account| account.answer_hash.as_deref());
        let right = match self.is_answer(&answer, hash).await {
            Ok(right) => right,
            Err(busy) => {
                self.limits.uncount(counted).await?;
                return Err(Refusal::Failed(busy.into()));
            }
        };
        let (verdict, outcome) = outcome_of(right);
        self.record(account.as_ref(), Event::Answer, outcome, caller).await?;
        Ok(CheckedAttempt { identifier: identifier.clone(), account, verdict, counted })
    }

    /// Whether the hash is of this answer, as it is folded now or was before. The number of hash computations depends on what was
    /// typed, never on what is on file.
    async fn is_answer(&self, answer: &SecretAnswer, hash: Option<&str>) -> std::result::Result<bool, Busy> {
        let right = self.hasher.verify(answer.expose(), hash).await?;
        match answer.former() {
            Some(former) => Ok(self.hasher.verify(former, hash).await? || right),
            None => Ok(right),
        }
    }

    /// The identity document of `holder`: the person that `identifier` names, or the representative of the company. Registro
    /// Civil checks a cédula, the registry of foreign documents a foreign one. Where there is no such registry, it is compared with
    /// the number on file.
    pub(super) async fn try_document(
        &self,
        (kind, identifier): (Kind, &Identifier),
        holder: &Identifier,
        text: &str,
        (caller, letters): (&Caller, Letters),
    ) -> Check<CheckedAttempt<DocumentAnswer>> {
        let typed = match holder {
            Identifier::Rut(rut) => {
                let serial =
                    DocumentSerial::parse(text).map_err(|e| FieldError::new(Field::Serial, e.into()));
                serial.map(|serial| Document::Cedula(*rut, serial))
            }
            Identifier::Nie(_) | Identifier::Document(_) => DocumentNumber::parse(text)
                .map(|number| Document::Foreign(number, None))
                .map_err(|e| FieldError::new(Field::DocumentNumber, e.into())),
        }?;
        let account = self.account(kind, identifier).await?;
        let counted =
            self.count(AttemptKind::Document, (kind, holder), account.as_ref(), (caller, letters)).await?;
        let verdict = match self.check_document(holder, &typed, account.as_ref()).await {
            Ok(verdict) => verdict,
            Err(busy) => {
                self.limits.uncount(counted).await?;
                return Err(Refusal::Failed(busy.into()));
            }
        };
        self.record(account.as_ref(), Event::Document, outcome_of_document(&verdict), caller).await?;
        if let (Some(account), Some(name)) = (&account, verified_name(&verdict))
            && kind != Kind::Juridica
        {
            accounts::set_names(&mut *self.store.connection().await?, account.id, name).await?;
        }
        if let (Some(account), DocumentAnswer::Foreign(ForeignAnswer::Valid { .. })) = (&account, &verdict) {
            self.keep_proven_document(account, &typed).await?;
        }
        Ok(CheckedAttempt { identifier: identifier.clone(), account, verdict, counted })
    }

    /// Stores the number of a foreign document that the registry has confirmed, in place of another that somebody registered, so that
    /// the wrong number is no proof if the registry is switched off. Does nothing while the hasher is busy; the next proof does it.
    async fn keep_proven_document(&self, account: &Account, typed: &Document) -> Result<()> {
        let Document::Foreign(number, _) = typed else { return Ok(()) };
        let Ok(false) = self.hasher.verify(number.expose(), account.document_hash.as_deref()).await else {
            return Ok(());
        };
        let Ok(hash) = self.hasher.hash(number.expose()).await else { return Ok(()) };
        Ok(accounts::set_document(&mut *self.store.connection().await?, account.id, &hash).await?)
    }

    /// The whole foreign document of a registration, with the registry. None where there is no registry: then it proves nothing.
    pub(super) async fn try_foreign_document(
        &self,
        kind: Kind,
        holder: &Identifier,
        document: &IdentityDocument,
        (caller, letters): (&Caller, Letters),
    ) -> Check<Option<CheckedAttempt<DocumentAnswer>>> {
        if self.foreign_documents.is_none() {
            return Ok(None);
        }
        let account = self.account(kind, holder).await?;
        let counted =
            self.count(AttemptKind::Document, (kind, holder), account.as_ref(), (caller, letters)).await?;
        let typed = Document::Foreign(document.number.clone(), Some((document.kind, document.country)));
        let verdict = self.check_document(holder, &typed, None).await?;
        self.record(account.as_ref(), Event::Document, outcome_of_document(&verdict), caller).await?;
        Ok(Some(CheckedAttempt { identifier: holder.clone(), account, verdict, counted }))
    }

    /// What the registry of a document says, or the number on file. The same work for an identifier without an account, until the
    /// document is proven.
    async fn check_document(
        &self,
        holder: &Identifier,
        typed: &Document,
        account: Option<&Account>,
    ) -> std::result::Result<DocumentAnswer, Busy> {
        let (number, issued) = match typed {
            Document::Cedula(rut, serial) => {
                return Ok(DocumentAnswer::Civil(self.civil.check(*rut, serial).await));
            }
            Document::Foreign(number, issued) => (number, *issued),
        };
        if let (Some(registry), Identifier::Nie(nie)) = (&self.foreign_documents, holder) {
            return Ok(DocumentAnswer::Foreign(registry.check(nie, number, issued).await));
        }
        let hash = account.and_then(|account| account.document_hash.as_deref());
        let right = self.hasher.verify(number.expose(), hash).await?;
        Ok(DocumentAnswer::Number(outcome_of(right).0))
    }

    /// V-UPD: date of birth and registered mail, compared without a hash. Both at once, so that the answer does not show which of
    /// the two is wrong.
    pub(super) async fn try_birth_date(
        &self,
        kind: Kind,
        who: &str,
        (date, email): (&str, &str),
        (caller, letters): (&Caller, Letters),
    ) -> Check<CheckedAttempt<BirthDateVerdict>> {
        let mut errors = Vec::new();
        let who = IdentifierInput::Number(who);
        let identifier = Identifier::parse(kind, who, &self.settings.nie).map_err(|error| errors.push(error));
        let date = BirthDate::parse(date, chilean_day(self.now()))
            .map_err(|error| errors.push(FieldError::new(Field::BirthDate, error.into())));
        let email =
            Email::parse(email).map_err(|error| errors.push(FieldError::new(Field::Email, error.into())));
        let (Ok(identifier), Ok(date), Ok(email)) = (identifier, date, email) else {
            return Err(errors.into());
        };
        let account = self.account(kind, &identifier).await?;
        let counted = self
            .count(AttemptKind::BirthDate, (kind, &identifier), account.as_ref(), (caller, letters))
            .await?;
        let same_mail = |found: &&Account| found.email.as_ref().is_some_and(|mail| mail.is_same(&email));
        let (verdict, outcome) = match account.as_ref().filter(same_mail).map(|found| found.birth_date) {
            Some(Some(on_file)) if on_file == date => (BirthDateVerdict::Right, Outcome::Right),
            Some(None) => (BirthDateVerdict::NoDate(date), Outcome::NoSuchData),
            _ => (BirthDateVerdict::Wrong, Outcome::Wrong),
        };
        self.record(account.as_ref(), Event::BirthDate, outcome, caller).await?;
        Ok(CheckedAttempt { identifier, account, verdict, counted })
    }

    /// Writes an audit row about an account, or about an identifier without one.
    pub(super) async fn record(
        &self,
        account: Option<&Account>,
        event: Event,
        outcome: Outcome,
        caller: &Caller,
    ) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        let record = Record::new(id_of(account), event, outcome);
        Ok(audit::write(connection, record, caller, self.now()).await?)
    }
}

/// A document as it was typed.
enum Document {
    Cedula(domain::rut::Rut, DocumentSerial),
    /// With type and country, where they were asked for.
    Foreign(DocumentNumber, Option<(DocumentKind, Country)>),
}

/// The name that a registry gave with a valid document.
pub(super) fn verified_name(answer: &DocumentAnswer) -> Option<&str> {
    match answer {
        DocumentAnswer::Civil(CivilAnswer::Valid { name })
        | DocumentAnswer::Foreign(ForeignAnswer::Valid { name }) => name.as_deref(),
        _ => None,
    }
}

/// Adds to a wait for the answer that there is another way, by the document.
pub(super) fn or_by_document(kind: Kind, refusal: Refusal) -> Refusal {
    let instead = |feedback: Feedback| {
        let notice = match (feedback.notice, kind) {
            (Some(Notice::Wait { minutes }), Kind::Migrante | Kind::Facilitador) => {
                Some(Notice::WaitOrDocument { minutes })
            }
            (Some(Notice::Wait { minutes }), Kind::Natural | Kind::Juridica) => {
                Some(Notice::WaitOrSerial { minutes })
            }
            (other, _) => other,
        };
        Feedback { notice, ..feedback }
    };
    match refusal {
        Refusal::Feedback(feedback) => Refusal::Feedback(instead(feedback)),
        other => other,
    }
}

fn outcome_of(right: bool) -> (Verdict, Outcome) {
    if right { (Verdict::Right, Outcome::Right) } else { (Verdict::Wrong, Outcome::Wrong) }
}

fn outcome_of_key(verdict: &KeyVerdict) -> Outcome {
    match verdict {
        KeyVerdict::Key(_) => Outcome::Key,
        KeyVerdict::Provisional(..) => Outcome::Provisional,
        KeyVerdict::Expired => Outcome::Expired,
        KeyVerdict::Spent => Outcome::Spent,
        KeyVerdict::Wrong => Outcome::Wrong,
    }
}

fn outcome_of_document(answer: &DocumentAnswer) -> Outcome {
    match answer {
        DocumentAnswer::Civil(CivilAnswer::Valid { .. })
        | DocumentAnswer::Foreign(ForeignAnswer::Valid { .. }) => Outcome::Valid,
        DocumentAnswer::Civil(CivilAnswer::NotValid) | DocumentAnswer::Foreign(ForeignAnswer::NotValid) => {
            Outcome::NotValid
        }
        DocumentAnswer::Civil(CivilAnswer::Blocked) => Outcome::Blocked,
        DocumentAnswer::Civil(CivilAnswer::NoSuchData)
        | DocumentAnswer::Foreign(ForeignAnswer::NoSuchData) => Outcome::NoSuchData,
        DocumentAnswer::Civil(CivilAnswer::TechnicalFailure)
        | DocumentAnswer::Foreign(ForeignAnswer::TechnicalFailure) => Outcome::TechnicalFailure,
        DocumentAnswer::Number(Verdict::Right) => Outcome::Right,
        DocumentAnswer::Number(Verdict::Wrong) => Outcome::Wrong,
    }
}

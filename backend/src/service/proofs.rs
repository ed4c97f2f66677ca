//! The proofs that more than one flow asks for: key, answer to the secret question, identity document, date of birth.
//!
//! Each is counted before it is checked, costs the same whether or not there is an account, and leaves a row in the audit.

use domain::answer::SecretAnswer;
use domain::birth::BirthDate;
use domain::clave::{ProvisionalKey, TypedKey};
use domain::document::DocumentNumber;
use domain::email::Email;
use domain::field::{Field, FieldError, Reason};
use domain::flow::key::{KeyVerdict, wrong};
use domain::flow::{CivilAnswer, DocumentAnswer, DocumentRefused, Feedback, Notice, Verdict};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::serial::DocumentSerial;

use super::{Backend, Caller, Result, id_of, wait_notice};
use crate::clock::chilean_day;
use crate::limits::{AttemptKind, Counted};
use crate::store::accounts::{self, Account};
use crate::store::audit::{self, Event};
use crate::store::provisional;

/// A try that was counted and checked: what was found, and of whom.
pub(super) struct Tried<V> {
    /// Who was named.
    pub(super) identifier: Identifier,
    /// The account that is named so.
    pub(super) account: Option<Account>,
    /// What the check found.
    pub(super) verdict: V,
    counted: Counted,
}

impl<V> Tried<V> {
    /// It was right: the count starts again.
    pub(super) async fn succeeded(self, backend: &Backend) -> Result<Option<Account>> {
        backend.limits.succeeded(self.counted).await?;
        Ok(self.account)
    }

    /// It was wrong: the error, and the wait that follows.
    pub(super) fn refused(self, backend: &Backend, error: FieldError) -> Feedback {
        let now = backend.now();
        let notice = self.counted.wait_if_wrong(now).map(|w| Notice::Wait { minutes: w.minutes(now) });
        Feedback { errors: vec![error], notice }
    }

    /// The document was refused; a registry that is down takes the try back.
    pub(super) async fn document_refused(
        self,
        backend: &Backend,
        refused: DocumentRefused,
    ) -> Result<Feedback> {
        Ok(match refused {
            DocumentRefused::Field(error) => self.refused(backend, error),
            DocumentRefused::RegistryDown => {
                backend.limits.take_back(self.counted).await?;
                Notice::RegistryDown.into()
            }
        })
    }
}

/// A try, or what to say in place of it.
type Try<V> = Result<std::result::Result<Tried<V>, Feedback>>;

impl Backend {
    /// RUT or NIE, and the key or a provisional key.
    pub(super) async fn try_key(&self, kind: Kind, who: &str, key: &str, caller: &Caller) -> Try<KeyVerdict> {
        let parsed = (Identifier::parse(kind, who, &self.settings.nie), TypedKey::parse(key));
        let (identifier, key) = match parsed {
            (Ok(identifier), Some(key)) => (identifier, key),
            (_, parsed) => {
                let mut errors = Identifier::errors(kind, who, &self.settings.nie);
                if parsed.is_none() {
                    let reason = if key.is_empty() { Reason::Missing } else { wrong(kind) };
                    errors.push(FieldError::new(Field::CurrentKey, reason));
                }
                return Ok(Err(errors.into()));
            }
        };
        let provisional = key.as_provisional();
        let purpose = if provisional.is_some() { AttemptKind::Provisional } else { AttemptKind::Key };
        let counted = match self.limits.count(purpose, Some((kind, &identifier)), caller, self.now()).await? {
            Ok(counted) => counted,
            Err(wait) => return Ok(Err(wait_notice(wait, self.now()))),
        };
        let account = self.account(kind, &identifier).await?;
        let checked = self.check_key(kind, &identifier, account.as_ref(), &key, provisional.as_ref()).await;
        let verdict = match checked {
            Ok(verdict) => verdict,
            Err(error) => {
                self.limits.take_back(counted).await?;
                return Err(error);
            }
        };
        self.record(account.as_ref(), Event::KeyChecked, word(&verdict), caller).await?;
        Ok(Ok(Tried { identifier, account, verdict, counted }))
    }

    /// Checks a key. How many hashes that takes depends on what was typed, never on what is on file.
    async fn check_key(
        &self,
        kind: Kind,
        who: &Identifier,
        account: Option<&Account>,
        key: &TypedKey,
        typed: Option<&ProvisionalKey>,
    ) -> Result<KeyVerdict> {
        let hash = account.and_then(|account| account.key_hash.clone());
        let known = hash.is_some();
        let hash = hash.or_else(|| self.decoys.key_hash(&self.secrets, kind, who));
        let is_key = self.hasher.verify(key.expose(), hash.as_deref()).await? && known;
        let mut matching = None;
        if let Some(typed) = typed {
            // The connection goes back before anything is hashed.
            let on_file = provisional::newest(&mut *self.store.connection().await?, id_of(account)).await?;
            let mut on_file = on_file.into_iter();
            for _ in 0..provisional::COMPARED {
                let candidate = on_file.next();
                let hash = candidate.as_ref().map(|provisional| provisional.key_hash.as_str());
                if self.hasher.verify(typed.expose(), hash).await? && matching.is_none() {
                    matching = candidate;
                }
            }
        }
        Ok(match (account, matching) {
            (Some(account), _) if is_key => {
                self.rehash(account, key).await?;
                KeyVerdict::Key(account.id)
            }
            (Some(account), Some(provisional)) => {
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

    /// A key that was right and is hashed in an older way gets a hash of today. When too many wait, it is left for the
    /// next time.
    async fn rehash(&self, account: &Account, key: &TypedKey) -> Result<()> {
        let Some(old) = account.key_hash.as_deref().filter(|hash| !self.hasher.is_of_today(hash)) else {
            return Ok(());
        };
        let Ok(new) = self.hasher.hash(key.expose()).await else { return Ok(()) };
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
        caller: &Caller,
    ) -> Try<Verdict> {
        let answer = match SecretAnswer::parse(text) {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(FieldError::new(Field::Answer, error.into()).into())),
        };
        let counted =
            match self.limits.count(AttemptKind::Answer, Some((kind, identifier)), caller, self.now()).await?
            {
                Ok(counted) => counted,
                Err(wait) => return Ok(Err(wait_notice(wait, self.now()))),
            };
        let account = self.account(kind, identifier).await?;
        let hash = account.as_ref().and_then(|account| account.answer_hash.as_deref());
        let right = match self.hasher.verify(answer.expose(), hash).await {
            Ok(right) => right,
            Err(busy) => {
                self.limits.take_back(counted).await?;
                return Err(busy.into());
            }
        };
        let verdict = if right { Verdict::Right } else { Verdict::Wrong };
        self.record(account.as_ref(), Event::Answer, if right { "right" } else { "wrong" }, caller).await?;
        Ok(Ok(Tried { identifier: identifier.clone(), account, verdict, counted }))
    }

    /// The identity document of `holder`, who is the person, or the representative of the company, that `identifier` names.
    /// Registro Civil is asked of a cédula; of a foreign document the number on file decides.
    pub(super) async fn try_document(
        &self,
        (kind, identifier): (Kind, &Identifier),
        holder: &Identifier,
        text: &str,
        caller: &Caller,
    ) -> Try<DocumentAnswer> {
        let typed = match holder {
            Identifier::Rut(rut) => {
                let serial =
                    DocumentSerial::parse(text).map_err(|e| FieldError::new(Field::Serial, e.into()));
                serial.map(|serial| Document::Cedula(*rut, serial))
            }
            Identifier::Nie(_) | Identifier::Document(_) => DocumentNumber::parse(text)
                .map(Document::Foreign)
                .map_err(|e| FieldError::new(Field::DocumentNumber, e.into())),
        };
        let typed = match typed {
            Ok(typed) => typed,
            Err(error) => return Ok(Err(error.into())),
        };
        let counted =
            match self.limits.count(AttemptKind::Document, Some((kind, holder)), caller, self.now()).await? {
                Ok(counted) => counted,
                Err(wait) => return Ok(Err(wait_notice(wait, self.now()))),
            };
        let account = self.account(kind, identifier).await?;
        let verdict = match typed {
            Document::Cedula(rut, serial) => DocumentAnswer::Civil(self.civil.check(rut, &serial).await),
            Document::Foreign(number) => {
                let hash = account.as_ref().and_then(|account| account.document_hash.as_deref());
                match self.hasher.verify(number.expose(), hash).await {
                    Ok(true) => DocumentAnswer::Number(Verdict::Right),
                    Ok(false) => DocumentAnswer::Number(Verdict::Wrong),
                    Err(busy) => {
                        self.limits.take_back(counted).await?;
                        return Err(busy.into());
                    }
                }
            }
        };
        self.record(account.as_ref(), Event::Document, document_word(&verdict), caller).await?;
        if let (Some(account), DocumentAnswer::Civil(CivilAnswer::Valid { name: Some(name) })) =
            (&account, &verdict)
            && kind != Kind::Juridica
        {
            accounts::set_names(&mut *self.store.connection().await?, account.id, name).await?;
        }
        Ok(Ok(Tried { identifier: identifier.clone(), account, verdict, counted }))
    }

    /// V-UPD: date of birth and registered mail, compared without a hash; both at once, so that neither is told apart.
    pub(super) async fn try_birth_date(
        &self,
        kind: Kind,
        who: &str,
        (date, email): (&str, &str),
        caller: &Caller,
    ) -> Try<Verdict> {
        let mut errors = Vec::new();
        let identifier = Identifier::parse(kind, who, &self.settings.nie).map_err(|error| errors.push(error));
        let date = BirthDate::parse(date, chilean_day(self.now()))
            .map_err(|error| errors.push(FieldError::new(Field::BirthDate, error.into())));
        let email =
            Email::parse(email).map_err(|error| errors.push(FieldError::new(Field::Email, error.into())));
        let (Ok(identifier), Ok(date), Ok(email)) = (identifier, date, email) else {
            return Ok(Err(errors.into()));
        };
        let counted = match self
            .limits
            .count(AttemptKind::BirthDate, Some((kind, &identifier)), caller, self.now())
            .await?
        {
            Ok(counted) => counted,
            Err(wait) => return Ok(Err(wait_notice(wait, self.now()))),
        };
        let account = self.account(kind, &identifier).await?;
        let right = account.as_ref().is_some_and(|account| {
            let same_mail = account.email.as_ref().is_some_and(|mail| mail.is_same(&email));
            (account.birth_date == Some(date)) & same_mail
        });
        self.record(account.as_ref(), Event::BirthDate, if right { "right" } else { "wrong" }, caller)
            .await?;
        let verdict = if right { Verdict::Right } else { Verdict::Wrong };
        Ok(Ok(Tried { identifier, account, verdict, counted }))
    }

    pub(super) async fn record(
        &self,
        account: Option<&Account>,
        event: Event,
        outcome: &'static str,
        caller: &Caller,
    ) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        Ok(audit::write(connection, id_of(account), event, outcome, caller, self.now()).await?)
    }
}

/// A document as it was typed.
enum Document {
    Cedula(domain::rut::Rut, DocumentSerial),
    Foreign(DocumentNumber),
}

/// Says to whom an answer was refused that there is another way, by the document.
pub(super) fn or_by_document(kind: Kind, mut feedback: Feedback) -> Feedback {
    if let Some(Notice::Wait { minutes }) = feedback.notice {
        feedback.notice = Some(match kind {
            Kind::Migrante | Kind::Facilitador => Notice::WaitOrDocument { minutes },
            Kind::Natural | Kind::Juridica => Notice::WaitOrSerial { minutes },
        });
    }
    feedback
}

fn word(verdict: &KeyVerdict) -> &'static str {
    match verdict {
        KeyVerdict::Key(_) => "key",
        KeyVerdict::Provisional(..) => "provisional",
        KeyVerdict::Expired => "expired",
        KeyVerdict::Spent => "spent",
        KeyVerdict::Wrong => "wrong",
    }
}

fn document_word(answer: &DocumentAnswer) -> &'static str {
    match answer {
        DocumentAnswer::Civil(CivilAnswer::Valid { .. }) => "valid",
        DocumentAnswer::Civil(CivilAnswer::NotValid) => "not-valid",
        DocumentAnswer::Civil(CivilAnswer::Blocked) => "blocked",
        DocumentAnswer::Civil(CivilAnswer::NoSuchData) => "no-such-data",
        DocumentAnswer::Civil(CivilAnswer::TechnicalFailure) => "technical-failure",
        DocumentAnswer::Number(Verdict::Right) => "right",
        DocumentAnswer::Number(Verdict::Wrong) => "wrong",
    }
}

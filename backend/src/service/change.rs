//! Change of a key: N-CHG. The current key or a provisional one proves who is there; then the new key is set.

use domain::clave::{ProvisionalKey, TypedKey};
use domain::field::{Field, FieldError, Reason};
use domain::flow::change::{Change, KeyVerdict, SetKey};
use domain::flow::{Notice, Say};
use domain::kind::Kind;
use domain::rut::Rut;

use super::{Backend, Caller, Found, Moved, Posted, Result, contacts, id_of, wait_notice};
use crate::courier::message::{Facts, Recipient, Template};
use crate::flows::{Flow, Token, Typed};
use crate::limits::Purpose;
use crate::store::accounts::{self, Account};
use crate::store::audit::{self, Event};
use crate::store::{StoreError, provisional};

/// The change flow of one kind, for one request.
pub struct ChangeService<'a> {
    backend: &'a Backend,
    kind: Kind,
    caller: &'a Caller,
}

impl Backend {
    /// The change flow of a kind.
    #[must_use]
    pub fn change<'a>(&'a self, kind: Kind, caller: &'a Caller) -> ChangeService<'a> {
        ChangeService { backend: self, kind, caller }
    }
}

impl ChangeService<'_> {
    fn name(&self) -> String {
        format!("cambiar-{}", self.kind.slug())
    }

    /// The flow of a cookie, for showing its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Change>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// “Rut”, “CS Actual” → “Validar”. Always a new flow, under a new token.
    pub async fn identify(&self, posted: Posted<'_>, rut: &str, key: &str) -> Result<Moved<Change>> {
        let (backend, now) = (self.backend, self.backend.now());
        let typed = Typed::default().with(Field::Rut, rut);
        let name = self.name();
        let refuse = |say: Say| backend.start(&name, Change::Identify, typed.clone(), say);
        if let Some(old) = self.page(posted.token).await? {
            old.delete(&mut *backend.store.connection().await?).await?;
        }
        let (rut, key) = match (Rut::parse(rut), TypedKey::parse(key)) {
            (Ok(rut), Some(key)) => (rut, key),
            (rut, parsed) => {
                let mut errors = Vec::new();
                errors.extend(rut.err().map(|error| FieldError::new(Field::Rut, error.into())));
                if parsed.is_none() {
                    let reason = if key.is_empty() { Reason::Missing } else { Reason::Wrong };
                    errors.push(FieldError::new(Field::CurrentKey, reason));
                }
                return refuse(errors.into()).await;
            }
        };
        let provisional = key.as_provisional();
        let purpose = if provisional.is_some() { Purpose::Provisional } else { Purpose::Key };
        let counted = match backend.limits.count(purpose, Some(rut), self.caller, now).await? {
            Ok(counted) => counted,
            Err(wait) => return refuse(wait_notice(wait, now)).await,
        };
        let account = backend.account(self.kind, rut).await?;
        let verdict = match self.check(account.as_ref(), &key, provisional.as_ref()).await {
            Ok(verdict) => verdict,
            Err(error) => {
                backend.limits.take_back(counted).await?;
                return Err(error);
            }
        };
        {
            let (id, connection) = (id_of(account.as_ref()), &mut *backend.store.connection().await?);
            audit::write(connection, id, Event::KeyChecked, outcome(&verdict), self.caller, now).await?;
        }
        match Change::identify(rut, &verdict) {
            Ok(state) => {
                backend.limits.succeeded(counted).await?;
                let (mut flow, token) =
                    backend.open(&self.name(), state, Typed::default(), Say::default()).await?;
                if let Some(account) = account {
                    flow.belongs_to(account.id);
                }
                backend.draw_captcha(&mut flow).await?;
                flow.save(&mut *backend.store.connection().await?, backend.expiry()).await?;
                Ok(Moved { state: flow.state, token: Some(token) })
            }
            Err(error) => {
                let notice = counted.wait_if_wrong(now).map(|w| Notice::Wait { minutes: w.minutes(now) });
                refuse(Say { errors: vec![error], notice }).await
            }
        }
    }

    /// Checks a key. How many hashes that takes depends on what was typed, never on what is on file.
    async fn check(
        &self,
        account: Option<&Account>,
        key: &TypedKey,
        typed: Option<&ProvisionalKey>,
    ) -> Result<KeyVerdict> {
        let backend = self.backend;
        let hash = account.and_then(|account| account.key_hash.as_deref());
        let is_key = backend.hasher.verify(key.expose(), hash).await?;
        // The connection goes back before anything is hashed.
        let on_file = provisional::newest(&mut *backend.store.connection().await?, id_of(account)).await?;
        let mut on_file = on_file.into_iter();
        let mut matching = None;
        if let Some(typed) = typed {
            for _ in 0..provisional::COMPARED {
                let candidate = on_file.next();
                let hash = candidate.as_ref().map(|provisional| provisional.key_hash.as_str());
                if backend.hasher.verify(typed.expose(), hash).await? && matching.is_none() {
                    matching = candidate;
                }
            }
        }
        Ok(match (account, matching) {
            (Some(account), _) if is_key => KeyVerdict::Key(account.id),
            (Some(account), Some(provisional)) => {
                if provisional.spent {
                    KeyVerdict::Spent
                } else if provisional.expires_at <= backend.now() {
                    KeyVerdict::Expired
                } else {
                    KeyVerdict::Provisional(account.id, provisional.id)
                }
            }
            _ => KeyVerdict::Wrong,
        })
    }

    async fn found(&self, posted: &Posted<'_>) -> Result<std::result::Result<Flow<Change>, Moved<Change>>> {
        Ok(match self.backend.found(&self.name(), posted, "").await? {
            Found::Here(flow) => Ok(flow),
            Found::Again(flow, token) => Err(Moved { state: flow.state, token: Some(token) }),
            Found::OtherTab(flow) => Err(self.backend.stay(flow, Notice::OtherTab).await?),
            Found::Gone => {
                let typed = Typed::default();
                Err(self.backend.start(&self.name(), Change::Identify, typed, Notice::Expired).await?)
            }
        })
    }

    /// “Refrescar”.
    pub async fn new_captcha(&self, posted: Posted<'_>) -> Result<Moved<Change>> {
        let mut flow = match self.found(&posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if matches!(flow.state, Change::NewKey(_)) {
            self.backend.draw_captcha(&mut flow).await?;
            return self.backend.stay(flow, Notice::NewCaptcha).await;
        }
        Ok(Moved { state: flow.state, token: None })
    }

    /// “CS Nueva”, “Repetir CS Nueva”, captcha → “Cambiar Clave”.
    pub async fn set_key(
        &self,
        posted: Posted<'_>,
        key: &str,
        again: &str,
        captcha: &str,
    ) -> Result<Moved<Change>> {
        let mut flow = match self.found(&posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Change::NewKey(proven) = flow.state.clone() else {
            return Ok(Moved { state: flow.state, token: None });
        };
        let (backend, now) = (self.backend, self.backend.now());
        let (account, former) = {
            let connection = &mut *backend.store.connection().await?;
            let account = accounts::get(connection, proven.account()).await?;
            (account, accounts::former_keys(connection, proven.account()).await?)
        };
        flow.typed = Typed::default().with(Field::Captcha, captcha);
        let names = account.names.as_deref().unwrap_or_default();
        let parsed = proven.new_key(key, again, names);
        let new = match parsed {
            Ok(new) if !captcha.trim().is_empty() => new,
            parsed => {
                let mut errors = parsed.err().unwrap_or_default();
                if captcha.trim().is_empty() {
                    errors.push(FieldError::new(Field::Captcha, Reason::Missing));
                }
                return backend.stay(flow, errors).await;
            }
        };
        let verdict = match backend.check_captcha(&flow, &posted, captcha, self.caller).await? {
            Ok(verdict) => verdict,
            Err(wait) => return backend.stay(flow, wait_notice(wait, now)).await,
        };
        backend.draw_captcha(&mut flow).await?;
        let right = match proven.captcha(verdict) {
            Ok(right) => right,
            Err(error) => return backend.stay(flow, error).await,
        };
        for hash in &former {
            match backend.hasher.verify(new.expose(), Some(hash)).await {
                Ok(false) => {}
                Ok(true) => {
                    return backend.stay(flow, FieldError::new(Field::NewKey, Reason::UsedBefore)).await;
                }
                Err(busy) => return backend.put_off(flow, busy).await,
            }
        }
        match backend.hasher.hash(new.expose()).await {
            Ok(hash) => self.write(flow, right, &hash).await,
            Err(busy) => backend.put_off(flow, busy).await,
        }
    }

    async fn write(&self, mut flow: Flow<Change>, right: SetKey, hash: &str) -> Result<Moved<Change>> {
        let (backend, now) = (self.backend, self.backend.now());
        let mut tx = backend.store.begin().await?;
        let account = accounts::lock(&mut tx, right.account()).await?;
        let mut told = contacts(&account).to_vec();
        if let Some(id) = right.provisional() {
            let Some(contact) = provisional::spend(&mut tx, id, now).await? else {
                // Used in another flow, which has ended this one; or replaced, or expired meanwhile.
                drop(tx);
                flow.delete(&mut *backend.store.connection().await?).await?;
                let say = FieldError::new(Field::CurrentKey, Reason::Spent);
                return backend.start(&self.name(), Change::Identify, Typed::default(), say).await;
            };
            if let Some((email, mobile)) = contact {
                accounts::set_contact(&mut tx, account.id, &email, &mobile, now).await?;
                let new = Account { email: Some(email), mobile: Some(mobile), ..account.clone() };
                told.extend(contacts(&new).into_iter().filter(|to| !contacts(&account).contains(to)));
            }
        }
        let by_sms = told.iter().flatten().any(|to| matches!(to, Recipient::Sms(_)));
        let account_id = right.account();
        flow.state = right.done(by_sms);
        flow.say = Say::default();
        flow.typed = Typed::default();
        flow.captcha = None;
        if !flow.save_outcome(&mut tx, backend.expiry()).await? {
            drop(tx);
            return backend.overtaken(flow, Change::Identify).await;
        }
        accounts::set_key(&mut tx, account_id, hash, now).await?;
        provisional::replace_all(&mut tx, account_id, now).await?;
        flow.end_others(&mut tx, account_id).await?;
        let facts = Facts {
            names: account.names.as_deref(),
            public_url: &backend.settings.public_url,
            kind: self.kind.slug(),
            ..Facts::default()
        };
        backend.tell(&mut tx, account_id, Template::KeyChanged, told, facts).await?;
        audit::write(&mut tx, account_id, Event::KeySet, "done", self.caller, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        backend.wake.notify_one();
        Ok(Moved { state: flow.state, token: None })
    }
}

fn outcome(verdict: &KeyVerdict) -> &'static str {
    match verdict {
        KeyVerdict::Key(_) => "key",
        KeyVerdict::Provisional(..) => "provisional",
        KeyVerdict::Expired => "expired",
        KeyVerdict::Spent => "spent",
        KeyVerdict::Wrong => "wrong",
    }
}

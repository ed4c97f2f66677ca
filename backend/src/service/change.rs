//! Change of a key: N-CHG, M-CHG, J-CHG, and that of a foreign facilitator. The current key or a provisional one proves who is
//! there, of a company also the representative whom SII names; then the new key is set.

use domain::clave::ProvisionalKey;
use domain::field::{Field, FieldError, Reason};
use domain::flow::change::{Change, SetKey};
use domain::flow::{Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::needs::{self, Datum, Need};

use super::captcha::CaptchaForm;
use super::{Backend, Caller, Moved, Posted, Result, contacts};
use crate::courier::message::{Facts, Recipient, Template};
use crate::flows::{Flow, Token, Typed};
use crate::store::accounts::{self, Account};
use crate::store::audit::{self, Event};
use crate::store::{StoreError, provisional, uploads};

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

    /// “Rut” or “NIE”, “CS Actual” → “Validar”. Always a new flow, under a new token. Of a company also `representative`,
    /// “Rut Representante Legal” (J-CHG); of others it is not read.
    pub async fn identify(
        &self,
        posted: Posted<'_>,
        who: &str,
        representative: &str,
        key: &str,
    ) -> Result<Moved<Change>> {
        let (backend, name) = (self.backend, self.name());
        let typed = Typed::default().with(Field::Representative, representative);
        let typed = match (self.kind, who.split_once(':')) {
            (Kind::Facilitador, Some((sort, number))) => {
                typed.with(Field::DocumentKind, sort).with(Field::DocumentNumber, number)
            }
            _ => typed.with(Identifier::field(self.kind), who),
        };
        let refuse = |feedback: Feedback| backend.start(&name, Change::Identify, typed.clone(), feedback);
        backend.end_old::<Change>(&name, posted.token).await?;
        // SII first: what it says is no secret, and the key is not worth a look when it does not fit.
        let represented = match self.kind {
            Kind::Juridica => match backend.represented(who, representative, key, self.caller).await? {
                Ok(proof) => Some(proof),
                Err(feedback) => return refuse(feedback).await,
            },
            Kind::Natural | Kind::Migrante | Kind::Facilitador => None,
        };
        let tried = match backend.try_key(self.kind, who, key, self.caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return refuse(feedback).await,
        };
        let lacks = self.missing(tried.account.as_ref());
        let (who, representative) = (tried.identifier.clone(), represented.as_ref());
        match Change::identify(self.kind, who, representative, &tried.verdict, lacks) {
            Ok(state) => {
                let account = tried.succeeded(backend).await?;
                let (mut flow, token) =
                    backend.open(&name, state, Typed::default(), Feedback::default()).await?;
                if let Some(account) = account {
                    flow.belongs_to(match represented {
                        Some(proof) => {
                            backend.note_representative(&account, proof.rut(), self.caller).await?
                        }
                        None => account.version(),
                    });
                }
                if matches!(flow.state, Change::NewKey(_)) {
                    backend.draw_captcha(&mut flow).await?;
                }
                flow.save(&mut *backend.store.connection().await?, backend.expiry()).await?;
                Ok(Moved { state: flow.state, token: Some(token) })
            }
            Err(error) => refuse(tried.refused(backend, error)).await,
        }
    }

    fn missing(&self, account: Option<&Account>) -> Vec<Datum> {
        account.map_or_else(Vec::new, |account| needs::missing(self.kind, Need::SetKey, account.on_file()))
    }

    /// A-MIN: “Continuar” after data was missing.
    pub async fn resume(&self, posted: Posted<'_>) -> Result<Moved<Change>> {
        let mut flow = match self.found("resume", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Change::MissingData(stopped) = flow.state.clone() else {
            return Ok(Moved { state: flow.state, token: None });
        };
        let account = accounts::get(&mut *self.backend.store.connection().await?, stopped.account()).await?;
        flow.state = stopped.resume(self.missing(Some(&account)));
        if matches!(flow.state, Change::MissingData(_)) {
            return self.backend.save_and_show(flow, Notice::StillMissing).await;
        }
        self.backend.draw_captcha(&mut flow).await?;
        self.backend.save_and_show(flow, Feedback::default()).await
    }

    async fn found(
        &self,
        step: &str,
        posted: &Posted<'_>,
    ) -> Result<std::result::Result<Flow<Change>, Moved<Change>>> {
        self.backend.found_or_first(&self.name(), step, posted, Change::Identify).await
    }

    /// “Refrescar”.
    pub async fn new_captcha(&self, posted: Posted<'_>) -> Result<Moved<Change>> {
        let mut flow = match self.found("new_captcha", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if matches!(flow.state, Change::NewKey(_)) {
            self.backend.draw_captcha(&mut flow).await?;
            return self.backend.save_and_show(flow, Notice::NewCaptcha).await;
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
        let mut flow = match self.found("set_key", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Change::NewKey(proven) = flow.state.clone() else {
            return Ok(Moved { state: flow.state, token: None });
        };
        let backend = self.backend;
        let (account, former) = {
            let connection = &mut *backend.store.connection().await?;
            let account = accounts::get(connection, proven.account()).await?;
            let mut former = accounts::former_keys(connection, proven.account()).await?;
            // The key that an import brought was never set here.
            former.extend(account.key_hash.clone().filter(|hash| !former.contains(hash)));
            (account, former)
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
                return backend.save_and_show(flow, errors).await;
            }
        };
        let sent = CaptchaForm { posted: &posted, letters: captcha, caller: self.caller };
        let (flow, verdict) = match backend.check_captcha(flow, sent).await? {
            Ok(checked) => checked,
            Err(moved) => return Ok(moved),
        };
        let right = match proven.captcha(verdict) {
            Ok(right) => right,
            Err(error) => return backend.save_and_show(flow, error).await,
        };
        // Nor the provisional key, which came by mail: that would keep it for good.
        if let Some(typed) = ProvisionalKey::parse(new.expose()) {
            let sent = provisional::newest(&mut *backend.store.connection().await?, proven.account()).await?;
            for provisional in sent {
                match backend.hasher.verify(typed.expose(), Some(&provisional.key_hash)).await {
                    Ok(false) => {}
                    Ok(true) => {
                        return backend
                            .save_and_show(flow, FieldError::new(Field::NewKey, Reason::Provisional))
                            .await;
                    }
                    Err(busy) => return backend.refuse_busy(flow, busy).await,
                }
            }
        }
        for hash in &former {
            match backend.hasher.verify(new.expose(), Some(hash)).await {
                Ok(false) => {}
                Ok(true) => {
                    return backend
                        .save_and_show(flow, FieldError::new(Field::NewKey, Reason::UsedBefore))
                        .await;
                }
                Err(busy) => return backend.refuse_busy(flow, busy).await,
            }
        }
        match backend.hasher.hash(new.expose()).await {
            Ok(hash) => self.write(flow, right, &hash).await,
            Err(busy) => backend.refuse_busy(flow, busy).await,
        }
    }

    async fn write(&self, mut flow: Flow<Change>, right: SetKey, hash: &str) -> Result<Moved<Change>> {
        let (backend, now) = (self.backend, self.backend.now());
        let mut tx = backend.store.begin().await?;
        let account = accounts::lock(&mut tx, right.account()).await?;
        let mut told = contacts(&account).to_vec();
        if let Some(id) = right.provisional() {
            let Some(contact) = provisional::spend(&mut tx, id, now).await? else {
                drop(tx);
                let stands = flow.current_state(&mut *backend.store.connection().await?).await?;
                if let Some(state @ Change::Done { .. }) = stands {
                    // Used in this one, by the same form.
                    return Ok(Moved { state, token: None });
                }
                // Used in another flow, which has ended this one; or replaced, or expired meanwhile.
                flow.delete(&mut *backend.store.connection().await?).await?;
                let feedback = FieldError::new(Field::CurrentKey, Reason::Spent);
                return backend.start(&self.name(), Change::Identify, Typed::default(), feedback).await;
            };
            if let Some(contact) = contact {
                accounts::set_contact(&mut tx, account.id, &contact.email, contact.mobile.as_ref(), now)
                    .await?;
                let new = Account { email: Some(contact.email), mobile: contact.mobile, ..account.clone() };
                told.extend(contacts(&new).into_iter().filter(|to| !contacts(&account).contains(to)));
            }
        }
        let by_sms = told.iter().flatten().any(|to| matches!(to, Recipient::Sms(_)));
        let account_id = right.account();
        flow.state = right.done(by_sms);
        // “Éxito” is of the account as it is from here on.
        flow.belongs_to(account.version().next());
        flow.feedback = Feedback::default();
        flow.typed = Typed::default();
        flow.captcha = None;
        if !flow.save_outcome(&mut tx, backend.expiry()).await? {
            drop(tx);
            return backend.overtaken(flow, Change::Identify).await;
        }
        accounts::set_key(&mut tx, account_id, hash, now).await?;
        provisional::replace_all(&mut tx, account_id, now).await?;
        flow.end_others(&mut tx, account_id).await?;
        uploads::expire_all(&mut tx, account_id, now).await?;
        let facts = Facts {
            names: account.names.as_deref(),
            public_url: &backend.settings.public_url,
            kind: self.kind,
            ..Facts::default()
        };
        backend.enqueue_messages(&mut tx, account_id, Template::KeyChanged, told, facts).await?;
        audit::write(&mut tx, account_id, Event::KeySet, "done", self.caller, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        backend.wake.notify_one();
        Ok(Moved { state: flow.state, token: None })
    }
}

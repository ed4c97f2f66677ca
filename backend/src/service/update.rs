//! Update of address and contact data: N-UPD, M-UPD, V-UPD. What is on file is shown only after two proofs; the old contact
//! data and the new are told.

mod form;

use domain::field::{Field, FieldError, Reason};
use domain::flow::change::Change;
use domain::flow::update::{AskQuestion, Choose, Save, Update, UpdateForm, UpdateInput, UpdateProof};
use domain::flow::{AccountId, Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::needs::{self, Datum, Need};

use form::{filled_in, same, typed};

use super::captcha::CaptchaForm;
use super::proofs::or_by_document;
use super::{Backend, Caller, Moved, Posted, Result, contacts};
use crate::courier::message::{Facts, Recipient, Template};
use crate::flows::{Flow, Token, Typed};
use crate::store::StoreError;
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::audit::{self, Event};

/// The update flow of one kind, for one request.
pub struct UpdateService<'a> {
    backend: &'a Backend,
    kind: Kind,
    caller: &'a Caller,
}

impl Backend {
    /// The update flow of a kind.
    #[must_use]
    pub fn update<'a>(&'a self, kind: Kind, caller: &'a Caller) -> UpdateService<'a> {
        UpdateService { backend: self, kind, caller }
    }
}

impl UpdateService<'_> {
    fn name(&self) -> String {
        format!("actualizar-{}", self.kind.slug())
    }

    /// The flow of a cookie, for showing its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Update>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// N-UPD: “Rut” or “NIE”, “Clave Sence” → “Validar”. Always a new flow, under a new token.
    pub async fn by_key(&self, posted: Posted<'_>, who: &str, key: &str) -> Result<Moved<Update>> {
        let backend = self.backend;
        let typed = Typed::default().with(Identifier::field(self.kind), who);
        backend.end_old::<Update>(&self.name(), posted.token).await?;
        let tried = match backend.try_key(self.kind, who, key, self.caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return backend.start(&self.name(), Update::Identify, typed, feedback).await,
        };
        let question = tried.account.as_ref().and_then(Account::asked);
        match Update::by_key(self.kind, tried.identifier.clone(), &tried.verdict, question) {
            Ok(state) => {
                let owner = tried.succeeded(backend).await?.map(|account| account.version());
                self.opened(state, owner).await
            }
            Err(error) => {
                let feedback = tried.refused(backend, error);
                backend.start(&self.name(), Update::Identify, typed, feedback).await
            }
        }
    }

    /// V-UPD: “Rut” or “NIE”, “Fecha de Nacimiento”, “Email Registrado” → “Validar”.
    pub async fn by_birth_date(
        &self,
        posted: Posted<'_>,
        who: &str,
        date: &str,
        email: &str,
    ) -> Result<Moved<Update>> {
        let backend = self.backend;
        if backend.settings.update_proof != UpdateProof::BirthDate {
            return backend.start(&self.name(), Update::Identify, Typed::default(), Notice::Expired).await;
        }
        let typed = Typed::default()
            .with(Identifier::field(self.kind), who)
            .with(Field::BirthDate, date)
            .with(Field::Email, email);
        backend.end_old::<Update>(&self.name(), posted.token).await?;
        let tried = match backend.try_birth_date(self.kind, who, (date, email), self.caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return backend.start(&self.name(), Update::Identify, typed, feedback).await,
        };
        let account = tried.account.as_ref();
        let (id, question) = (account.map(|account| account.id), account.and_then(Account::asked));
        match Update::by_birth_date(tried.identifier.clone(), id, tried.verdict, question) {
            Ok(state) => {
                let owner = tried.succeeded(backend).await?.map(|account| account.version());
                self.opened(state, owner).await
            }
            Err(error) => {
                let feedback = tried.refused(backend, error);
                backend.start(&self.name(), Update::Identify, typed, feedback).await
            }
        }
    }

    /// A-MIN: from a change of the key that stopped for missing data (`change` is the token of that flow); nobody types a
    /// key twice. None when there is no such flow.
    pub async fn by_stopped_change(&self, change: Option<&Token>) -> Result<Option<Moved<Update>>> {
        let Some(flow) = self.backend.change(self.kind, self.caller).page(change).await? else {
            return Ok(None);
        };
        let owner = flow.account_version();
        let Change::MissingData(stopped) = flow.state else { return Ok(None) };
        let account = accounts::get(&mut *self.backend.store.connection().await?, stopped.account()).await?;
        Ok(Some(self.opened(Update::by_stopped_change(&stopped, account.asked()), owner).await?))
    }

    /// A flow whose first proof was given, under a token of its own.
    async fn opened(&self, state: Update, owner: Option<AccountVersion>) -> Result<Moved<Update>> {
        let backend = self.backend;
        let (mut flow, token) =
            backend.open(&self.name(), state, Typed::default(), Feedback::default()).await?;
        if let Some(owner) = owner.filter(|owner| flow.state.account() == Some(owner.account)) {
            flow.belongs_to(owner);
        }
        flow.save(&mut *backend.store.connection().await?, backend.expiry()).await?;
        Ok(Moved { state: flow.state, token: Some(token) })
    }

    /// The flow of a form; or, when there is none to carry it out on, where the person goes instead.
    async fn found(
        &self,
        step: &str,
        posted: &Posted<'_>,
    ) -> Result<std::result::Result<Flow<Update>, Moved<Update>>> {
        self.backend.found_or_first(&self.name(), step, posted, Update::Identify).await
    }

    /// V-UPD, no question on file: serial of the cédula, or number of a foreign document → “Validar”.
    pub async fn document(&self, posted: Posted<'_>, text: &str) -> Result<Moved<Update>> {
        let mut flow = match self.found("document", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Update::Document(asked) = flow.state.clone() else { return Ok(as_it_stands(flow)) };
        let (backend, field) = (self.backend, super::recovery::document_field(self.kind));
        flow.typed = flow.typed.with(field, text);
        let tried = match backend
            .try_document((self.kind, asked.identifier()), asked.identifier(), text, self.caller)
            .await?
        {
            Ok(tried) => tried,
            Err(feedback) => return backend.save_and_show(flow, feedback).await,
        };
        match asked.document(&tried.verdict) {
            Ok(state) => {
                tried.succeeded(backend).await?;
                flow.typed.forget(field);
                self.save_and_renew_token(flow, state).await
            }
            Err(refused) => {
                let feedback = tried.document_refused(backend, refused).await?;
                backend.save_and_show(flow, feedback).await
            }
        }
    }

    /// “Respuesta Secreta” → “Validar”.
    pub async fn answer(&self, posted: Posted<'_>, text: &str) -> Result<Moved<Update>> {
        let mut flow = match self.found("answer", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Some(asked) = asking(&flow.state) else { return Ok(as_it_stands(flow)) };
        let backend = self.backend;
        flow.state = Update::Question(asked.clone());
        let tried = match backend.try_answer(self.kind, asked.identifier(), text, self.caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return backend.save_and_show(flow, or_by_document(self.kind, feedback)).await,
        };
        match asked.answer(tried.verdict) {
            Ok(state) => {
                tried.succeeded(backend).await?;
                self.save_and_renew_token(flow, state).await
            }
            Err(error) => {
                let feedback = or_by_document(self.kind, tried.refused(backend, error));
                backend.save_and_show(flow, feedback).await
            }
        }
    }

    /// “No recuerdo la respuesta a mi pregunta secreta”: on by the identity document.
    pub async fn forgotten(&self, posted: Posted<'_>) -> Result<Moved<Update>> {
        let mut flow = match self.found("forgotten", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Update::Question(asked) = flow.state.clone() else { return Ok(as_it_stands(flow)) };
        flow.state = asked.forgotten();
        self.backend.save_and_show(flow, Feedback::default()).await
    }

    /// “Pregunta Secreta” and “Respuesta Secreta”, chosen → “Continuar”.
    pub async fn choose(&self, posted: Posted<'_>, question: &str, answer: &str) -> Result<Moved<Update>> {
        let mut flow = match self.found("choose", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Update::Choose(choose) = flow.state.clone() else { return Ok(as_it_stands(flow)) };
        flow.typed = Typed::default().with(Field::Question, question);
        let (question, answer) = match Choose::parse(question, answer) {
            Ok(chosen) => chosen,
            Err(errors) => return self.backend.save_and_show(flow, errors).await,
        };
        let answer_hash = match self.backend.hasher.hash(answer.expose()).await {
            Ok(hash) => hash,
            Err(busy) => return self.backend.refuse_busy(flow, busy).await,
        };
        self.save_and_renew_token(flow, choose.chosen(question, answer_hash)).await
    }

    /// Trust rises: the flow gets a new token; with the last proof the form, filled in with what is on file.
    async fn save_and_renew_token(&self, mut flow: Flow<Update>, state: Update) -> Result<Moved<Update>> {
        flow.state = state;
        flow.feedback = Feedback::default();
        if let Update::Form(opened) = &flow.state {
            flow.typed = self.on_file(opened.account()).await?;
            self.backend.draw_captcha(&mut flow).await?;
        }
        self.backend.save_and_renew_token(flow, Update::Identify).await
    }

    /// A-MIN: what the account lacks of all that a registration asks for, for the page of the form.
    pub async fn lacking(&self, flow: &Flow<Update>) -> Result<Vec<Datum>> {
        let Update::Form(opened) = &flow.state else { return Ok(Vec::new()) };
        let account = accounts::get(&mut *self.backend.store.connection().await?, opened.account()).await?;
        let mut on_file = account.on_file();
        on_file.question |= opened.chose();
        Ok(needs::missing(self.kind, Need::Update, on_file))
    }

    async fn on_file(&self, account: AccountId) -> Result<Typed> {
        let connection = &mut *self.backend.store.connection().await?;
        let account = accounts::get(connection, account).await?;
        Ok(filled_in(&account, &accounts::details(connection, account.id).await?))
    }

    /// “Refrescar”: what was typed stays.
    pub async fn new_captcha(&self, posted: Posted<'_>, input: UpdateInput<'_>) -> Result<Moved<Update>> {
        let mut flow = match self.found("new_captcha", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if !matches!(flow.state, Update::Form(_)) {
            return Ok(as_it_stands(flow));
        }
        flow.typed = typed(&input, "");
        self.backend.draw_captcha(&mut flow).await?;
        self.backend.save_and_show(flow, Notice::NewCaptcha).await
    }

    /// Captcha → “Actualizar datos”.
    pub async fn save(
        &self,
        posted: Posted<'_>,
        input: UpdateInput<'_>,
        captcha: &str,
    ) -> Result<Moved<Update>> {
        let mut flow = match self.found("save", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Update::Form(opened) = flow.state.clone() else { return Ok(as_it_stands(flow)) };
        let backend = self.backend;
        flow.typed = typed(&input, captcha);
        let form = match UpdateForm::parse(input) {
            Ok(form) if !captcha.trim().is_empty() => form,
            form => {
                let mut errors = form.err().unwrap_or_default();
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
        match opened.captcha(verdict) {
            Ok(save) => self.write(flow, save, &form).await,
            Err(error) => backend.save_and_show(flow, error).await,
        }
    }

    /// Writes what is other than before, and tells the old contact data and the new. Nothing else: nothing is written, and
    /// nobody gets a message about nothing.
    async fn write(&self, mut flow: Flow<Update>, save: Save, form: &UpdateForm) -> Result<Moved<Update>> {
        let (backend, now) = (self.backend, self.backend.now());
        let mut tx = backend.store.begin().await?;
        let account = accounts::lock(&mut tx, save.account()).await?;
        let details = accounts::details(&mut tx, account.id).await?;
        // Another update may have set another question since this one began; it stays.
        let chosen = save.chosen().filter(|chosen| chosen.replaces == account.asked()).cloned();
        let changed = chosen.is_some() || !same(form, &account, &details);
        let contact = &form.contact;
        let mut told = contacts(&account).to_vec();
        let new =
            Account { email: Some(contact.email.clone()), mobile: contact.mobile.clone(), ..account.clone() };
        told.extend(contacts(&new).into_iter().filter(|to| !contacts(&account).contains(to)));
        let by_sms = told.iter().flatten().any(|to| matches!(to, Recipient::Sms(_)));
        flow.state = save.done(changed, by_sms);
        flow.feedback = Feedback::default();
        flow.typed = Typed::default();
        flow.captcha = None;
        if !flow.save_outcome(&mut tx, backend.expiry()).await? {
            drop(tx);
            return backend.overtaken(flow, Update::Identify).await;
        }
        if changed {
            let question = chosen.as_ref().map(|chosen| (chosen.question, chosen.answer_hash.as_str()));
            accounts::set_details(&mut tx, account.id, &form.address, contact, question, now).await?;
            let facts = Facts {
                names: account.names.as_deref(),
                public_url: &backend.settings.public_url,
                kind: self.kind,
                ..Facts::default()
            };
            backend.enqueue_messages(&mut tx, account.id, Template::Updated, told, facts).await?;
        }
        let outcome = if changed { "done" } else { "nothing-changed" };
        audit::write(&mut tx, account.id, Event::Updated, outcome, self.caller, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        backend.wake.notify_one();
        Ok(Moved { state: flow.state, token: None })
    }
}

/// The question, at its own step and for whoever went on to the document and remembers the answer after all.
#[must_use]
pub fn asking(state: &Update) -> Option<AskQuestion> {
    match state {
        Update::Question(asked) => Some(asked.clone()),
        Update::Document(asked) => asked.remembered(),
        _ => None,
    }
}

/// The form is of a step that this flow has left: nothing changes, and the page of its step is shown.
fn as_it_stands(flow: Flow<Update>) -> Moved<Update> {
    Moved { state: flow.state, token: None }
}

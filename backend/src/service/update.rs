//! Update of address and contact data: N-UPD, M-UPD, V-UPD. What is on file is shown only after two proofs; the former contact
//! data and the new are both notified.

mod form;

use domain::field::Field;
use domain::flow::change::Change;
use domain::flow::key::only_the_key;
use domain::flow::update::{
    AskQuestion, BirthDateVerdict, Changed, Choose, Save, Update, UpdateForm, UpdateInput, UpdateProof,
};
use domain::flow::{AccountId, Feedback, Notice, document_field};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::needs::{self, Datum, Need};

use form::{changed, filled_in, typed};

use super::captcha::require_captcha_answer;
use super::exit::{Exit, FirstPage, OrShow as _, Step};
use super::kept::SecretOwner;
use super::outcome::Admitted;
use super::proofs::or_by_document;
use super::{Backend, Caller, NextStep, Posted, Result, contacts};
use crate::courier::Facts;
use crate::flows::{Flow, Kept, Token, Typed};
use crate::message::Template;
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::audit::{Event, Outcome, Record};
use crate::store::provisional::KeyProof;

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

    /// The flow of a cookie, to show its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Update>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// N-UPD: “Rut” or “NIE”, “Clave Sence” → “Validar”. Always a new flow, under a new token.
    pub async fn by_key(&self, posted: Posted<'_>, who: &str, key: &str) -> Result<NextStep<Update>> {
        let backend = self.backend;
        let first = self.first(Typed::default().with(Identifier::field(self.kind), who));
        backend
            .run(async {
                let letters = backend.letters_of_first(&first, "by_key", &posted).await?;
                backend.end_old::<Update>(&first.name, posted.token).await?;
                let who = IdentifierInput::Number(who);
                let tried = backend.try_key(self.kind, who, key, (self.caller, letters)).await;
                let tried = tried.map_err(|refusal| refusal.with_errors(only_the_key)).or_begin(&first)?;
                let question = tried.account.as_ref().and_then(Account::asked);
                match Update::by_key(self.kind, tried.identifier.clone(), &tried.verdict, question) {
                    Ok(state) => {
                        let account = tried.succeeded(backend).await?;
                        let owner = account.map(|account| account.version(KeyProof::Secret));
                        Ok(self.opened(state, owner).await?)
                    }
                    Err(error) => Err(tried.refused(backend, error)).or_begin(&first),
                }
            })
            .await
    }

    /// V-UPD: “Rut” or “NIE”, “Fecha de Nacimiento”, “Email Registrado” → “Validar”.
    pub async fn by_birth_date(
        &self,
        posted: Posted<'_>,
        who: &str,
        date: &str,
        email: &str,
    ) -> Result<NextStep<Update>> {
        let backend = self.backend;
        if backend.settings.update_proof != UpdateProof::BirthDate {
            return backend.start(self.first(Typed::default()), Notice::Expired).await;
        }
        let typed = Typed::default()
            .with(Identifier::field(self.kind), who)
            .with(Field::BirthDate, date)
            .with(Field::Email, email);
        let first = self.first(typed);
        backend
            .run(async {
                let letters = backend.letters_of_first(&first, "by_birth_date", &posted).await?;
                backend.end_old::<Update>(&first.name, posted.token).await?;
                let by = (self.caller, letters);
                let tried = backend.try_birth_date(self.kind, who, (date, email), by).await;
                let tried = tried.or_begin(&first)?;
                let account = tried.account.as_ref();
                let (id, question) = (account.map(|account| account.id), account.and_then(Account::asked));
                match Update::by_birth_date(tried.identifier.clone(), id, tried.verdict, question) {
                    Ok(state) => {
                        let owner = account.map(|account| account.version(KeyProof::Secret));
                        // Without a date on file only the mail was right, which many know: the attempt stays counted.
                        if tried.verdict == BirthDateVerdict::Right {
                            tried.succeeded(backend).await?;
                        }
                        Ok(self.opened(state, owner).await?)
                    }
                    Err(error) => Err(tried.refused(backend, error)).or_begin(&first),
                }
            })
            .await
    }

    /// The first step, filled in with what was typed.
    fn first(&self, typed: Typed) -> FirstPage<Update> {
        FirstPage { name: self.name(), caller: self.caller.clone(), state: Update::Identify, typed }
    }

    /// A-MIN: from a change of the key that stopped because data was missing; `change` is the token of that flow. The key is not
    /// typed again. None when there is no such flow.
    pub async fn by_stopped_change(&self, change: Option<&Token>) -> Result<Option<NextStep<Update>>> {
        let Some(flow) = self.backend.change(self.kind, self.caller).page(change).await? else {
            return Ok(None);
        };
        let owner = flow.account_version();
        let Change::MissingData(stopped) = flow.state else { return Ok(None) };
        let account = accounts::get(&mut *self.backend.store.connection().await?, stopped.account()).await?;
        Ok(Some(self.opened(Update::by_stopped_change(&stopped, account.asked()), owner).await?))
    }

    /// Opens a flow that has its first proof, under a new token.
    async fn opened(&self, state: Update, owner: Option<AccountVersion>) -> Result<NextStep<Update>> {
        let backend = self.backend;
        let first = FirstPage { state, ..self.first(Typed::default()) };
        let (mut flow, token) = backend.open(first, Feedback::default()).await?;
        if let Some(owner) = owner.filter(|owner| flow.state.account() == Some(owner.account)) {
            flow.belongs_to(owner);
        }
        flow.save(&mut *backend.store.connection().await?, backend.times::<Update>()).await?;
        Ok(NextStep { state: flow.state, token: Some(token) })
    }

    async fn found(&self, step: &str, posted: &Posted<'_>) -> Step<Update, Flow<Update>> {
        self.backend.found_or_first(&self.name(), step, posted).await
    }

    /// V-UPD, no question on file: serial of the cédula, or number of a foreign document → “Validar”.
    pub async fn document(&self, posted: Posted<'_>, text: &str) -> Result<NextStep<Update>> {
        let (backend, kind) = (self.backend, self.kind);
        backend
            .run(async {
                let mut flow = self.found("document", &posted).await?;
                let Update::Document(asked) = flow.state.clone() else {
                    return Ok(NextStep::unchanged(flow));
                };
                let field = document_field(kind);
                flow.typed = flow.typed.with(field, text);
                let holder = asked.identifier();
                let letters = backend.letters(&mut flow, &posted).await?;
                let by = (self.caller, letters);
                let tried = backend.try_document((kind, holder), holder, text, by).await;
                let tried = tried.or_show(&flow)?;
                match asked.document(&tried.verdict) {
                    Ok(state) => {
                        let owner = tried.succeeded(backend).await?;
                        let owner = owner.filter(|owner| state.account() == Some(owner.id));
                        if let Some(owner) = owner {
                            flow.belongs_to(owner.version(KeyProof::Identity));
                        }
                        flow.typed.forget(field);
                        self.proven(flow, state).await
                    }
                    Err(refused) => Err(Exit::show(flow, tried.document_refused(backend, refused).await?)),
                }
            })
            .await
    }

    /// “Respuesta Secreta” → “Validar”.
    pub async fn answer(&self, posted: Posted<'_>, text: &str) -> Result<NextStep<Update>> {
        let (backend, kind) = (self.backend, self.kind);
        backend
            .run(async {
                let mut flow = self.found("answer", &posted).await?;
                let Some(asked) = question_state(&flow.state) else { return Ok(NextStep::unchanged(flow)) };
                flow.state = Update::Question(asked.clone());
                let letters = backend.letters(&mut flow, &posted).await?;
                let by = (self.caller, letters);
                let tried = backend.try_answer(kind, asked.identifier(), text, by).await;
                let tried = tried.map_err(|refusal| or_by_document(kind, refusal)).or_show(&flow)?;
                match asked.answer(tried.verdict) {
                    Ok(state) => {
                        tried.succeeded(backend).await?;
                        self.proven(flow, state).await
                    }
                    Err(error) => {
                        Err(or_by_document(kind, tried.refused(backend, error).into())).or_show(&flow)
                    }
                }
            })
            .await
    }

    /// “No recuerdo la respuesta a mi pregunta secreta”: continue by the identity document.
    pub async fn forgotten(&self, posted: Posted<'_>) -> Result<NextStep<Update>> {
        self.backend
            .run(async {
                let mut flow = self.found("forgotten", &posted).await?;
                let Update::Question(asked) = flow.state.clone() else {
                    return Ok(NextStep::unchanged(flow));
                };
                flow.state = asked.forgotten();
                // The wait was for the answer.
                (flow.captcha, flow.work) = (None, 0);
                Ok(self.backend.save_and_show(flow, Feedback::default()).await?)
            })
            .await
    }

    /// “Pregunta Secreta” and “Respuesta Secreta”, chosen → “Continuar”.
    pub async fn choose(&self, posted: Posted<'_>, question: &str, answer: &str) -> Result<NextStep<Update>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("choose", &posted).await?;
                let Update::Choose(choose) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
                flow.typed = Typed::default().with(Field::Question, question);
                let owner = SecretOwner::Read(choose.identifier().clone());
                let answer = backend.new_answer(&mut flow, (question, answer), &owner)?;
                let (question, answer) = Choose::parse(question, &answer).or_show(&flow)?;
                let answer_hash = backend.hasher.hash(answer.expose()).await.or_show(&flow)?;
                self.proven(flow, choose.chosen(question, answer_hash)).await
            })
            .await
    }

    /// More is proven: the flow gets a new token; after the last proof also the form, filled in with what is on file.
    async fn proven(&self, mut flow: Flow<Update>, state: Update) -> Step<Update> {
        flow.state = state;
        flow.feedback = Feedback::default();
        // The account gets the hash of an answer; the answer is not needed any more.
        flow.kept = Kept::default();
        if let Update::Form(opened) = &flow.state {
            flow.typed = self.on_file(opened.account()).await?;
            self.backend.new_captcha(&mut flow, self.caller).await?;
        }
        self.backend.save_proven(flow).await
    }

    /// A-MIN: what the account lacks of all that a registration asks for, for the page of the form.
    pub async fn lacking(&self, flow: &Flow<Update>) -> Result<Vec<Datum>> {
        let Update::Form(opened) = &flow.state else { return Ok(Vec::new()) };
        let account = accounts::get(&mut *self.backend.store.connection().await?, opened.account()).await?;
        let mut on_file = account.on_file();
        on_file.question |= opened.has_new_question();
        Ok(needs::missing(self.kind, Need::Update, on_file))
    }

    async fn on_file(&self, account: AccountId) -> Result<Typed> {
        let connection = &mut *self.backend.store.connection().await?;
        let account = accounts::get(connection, account).await?;
        Ok(filled_in(&account, &accounts::details(connection, account.id).await?))
    }

    /// “Refrescar”: what was typed stays.
    pub async fn new_captcha(&self, posted: Posted<'_>, input: UpdateInput<'_>) -> Result<NextStep<Update>> {
        self.backend
            .run(async {
                let mut flow = self.found("captcha", &posted).await?;
                if !matches!(flow.state, Update::Form(_)) {
                    return Ok(NextStep::unchanged(flow));
                }
                flow.typed = typed(&input, "");
                self.backend.new_captcha(&mut flow, self.caller).await?;
                Ok(self.backend.save_and_show(flow, Notice::NewCaptcha).await?)
            })
            .await
    }

    /// Captcha → “Actualizar datos”.
    pub async fn save(
        &self,
        posted: Posted<'_>,
        input: UpdateInput<'_>,
        captcha: &str,
    ) -> Result<NextStep<Update>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("save", &posted).await?;
                let Update::Form(opened) = flow.state.clone() else { return Ok(NextStep::unchanged(flow)) };
                flow.typed = typed(&input, captcha);
                let form =
                    require_captcha_answer(UpdateForm::parse(input), captcha, &posted).or_show(&flow)?;
                let verdict = backend.check_captcha(&mut flow, &posted, captcha, self.caller).await?;
                let save = opened.captcha(verdict).or_show(&flow)?;
                self.write(flow, save, &form).await
            })
            .await
    }

    /// “Código del correo” → “Confirmar correo”, on the last page (A-MAIL). None when its flow is gone.
    pub async fn confirm_mail(&self, posted: Posted<'_>, text: &str) -> Result<Option<NextStep<Update>>> {
        self.backend.confirm_at_end((self.kind, &self.name()), &posted, text, Update::code).await
    }

    /// Writes the form if it differs from what is on file, and notifies the former contact data and the new. When nothing
    /// differs, nothing is written and nobody is notified.
    async fn write(&self, flow: Flow<Update>, save: Save, form: &UpdateForm) -> Step<Update> {
        let backend = self.backend;
        let mut tx = backend.begin_outcome(self.caller).await?;
        let account = accounts::lock(&mut tx, save.account()).await?;
        let details = accounts::details(&mut tx, account.id).await?;
        // Another update may have set another question since this one began; that one stays.
        let chosen = save.chosen().filter(|chosen| chosen.replaces == account.asked()).cloned();
        let what = Changed { question: chosen.is_some(), ..changed(form, &account, &details) };
        let changed = what.is_any();
        let contact = &form.contact;
        let mut notified = contacts(&account).to_vec();
        let new =
            Account { email: Some(contact.email.clone()), mobile: contact.mobile.clone(), ..account.clone() };
        notified.extend(contacts(&new).into_iter().filter(|to| !contacts(&account).contains(to)));
        let to = if changed { notified } else { Vec::new() };
        let admitted = tx.admit(account.id, Template::Updated, to).await?;
        let by_sms = admitted.has_sms();
        let changed_contact = contacts(&new) != contacts(&account);
        let checked = backend.checks_documents(self.kind);
        let contact_proof = save.contact_proof(account.contact_proof, changed_contact, checked);
        let save_date = save.birth_date();
        // The code goes to the new address only: that is the one to be confirmed.
        let is_new = account.email.as_ref().is_none_or(|email| !email.is_same(&contact.email));
        let (to_new, others) =
            if is_new { admitted.split(&contact.email) } else { (Admitted::default(), admitted) };
        let confirmed_by = to_new.has_mail().then(|| contact.email.clone());
        let ended = tx.end_flow(flow, save.done(changed, by_sms, confirmed_by)).await?;
        if changed {
            let question = chosen.as_ref().map(|chosen| (chosen.question, chosen.answer_hash.as_str()));
            let (now, given) = (tx.now(), (&form.address, contact));
            accounts::set_details(&mut tx, account.id, given, question, save_date, now).await?;
            accounts::set_contact_proof(&mut tx, account.id, contact_proof).await?;
            let facts = Facts {
                names: account.names_for_notices(self.kind),
                public_url: &backend.settings.public_url,
                kind: self.kind,
                changed: what,
                ..Facts::default()
            };
            tx.write_messages(account.id, Template::Updated, others, facts).await?;
            if to_new.has_mail() {
                let code = backend.new_mail_code(&mut tx, account.id, &contact.email).await?;
                let facts = Facts { code: Some(&code), ..facts };
                tx.write_messages(account.id, Template::Updated, to_new, facts).await?;
            }
        }
        let outcome = if changed { Outcome::Done } else { Outcome::NothingChanged };
        Ok(tx.finish(ended, Record::new(account.id, Event::Updated, outcome)).await?)
    }
}

/// The question: at its own step, and at that of the document for a user who went there without the answer and now remembers it.
#[must_use]
pub fn question_state(state: &Update) -> Option<AskQuestion> {
    match state {
        Update::Question(asked) => Some(asked.clone()),
        Update::Document(asked) => asked.remembered(),
        _ => None,
    }
}

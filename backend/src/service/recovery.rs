//! Recovery of a key, step by step: N-REC-1, N-REC-2, N-REC-3 and N-REC-END, and the same of migrants (M-REC) and companies
//! (J-REC), who come to the serial by their legal representative.

mod send;
mod show;

use domain::email::Email;
use domain::field::{Field, FieldError, Reason};
use domain::flow::recovery::{AccountSummary, AskQuestion, NewContact, Recovery};
use domain::flow::{Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;

use super::captcha::CaptchaForm;
use super::proofs::or_by_document;
use super::{Backend, Caller, Moved, Posted, Result};
use crate::flows::{Flow, Token, Typed};
use crate::store::accounts::{self, Account, AccountVersion};

/// The recovery flow of one kind, for one request.
pub struct RecoveryService<'a> {
    backend: &'a Backend,
    kind: Kind,
    caller: &'a Caller,
}

impl Backend {
    /// The recovery flow of a kind.
    #[must_use]
    pub fn recovery<'a>(&'a self, kind: Kind, caller: &'a Caller) -> RecoveryService<'a> {
        RecoveryService { backend: self, kind, caller }
    }
}

impl RecoveryService<'_> {
    fn name(&self) -> String {
        format!("recuperar-{}", self.kind.slug())
    }

    /// The flow of a cookie, for showing its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Recovery>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// “Rut” or “NIE” → “Validar”. Always a new flow: whatever was under way in this browser ends.
    pub async fn identify(&self, posted: Posted<'_>, text: &str) -> Result<Moved<Recovery>> {
        let (backend, kind) = (self.backend, self.kind);
        let typed = Typed::default().with(Identifier::field(kind), text);
        backend.end_old::<Recovery>(&self.name(), posted.token).await?;
        let who = match Identifier::parse(kind, text, &backend.settings.nie) {
            Ok(who) => who,
            Err(error) => return backend.start(&self.name(), Recovery::Identify, typed, error).await,
        };
        let on_file = match backend.account(kind, &who).await? {
            Some(account) => AccountSummary { account: Some(account.id), question: account.asked() },
            None => {
                let question = backend.decoys.question(&backend.secrets, kind, &who);
                AccountSummary { account: None, question }
            }
        };
        backend.start(&self.name(), Recovery::start(kind, who, on_file), typed, Feedback::default()).await
    }

    /// “Respuesta Secreta” → “Validar”, or the box “No recuerdo la respuesta a mi pregunta secreta”.
    pub async fn answer(&self, posted: Posted<'_>, text: &str, forgotten: bool) -> Result<Moved<Recovery>> {
        let mut flow = match self.found("answer", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Some(asked) = asking(&flow.state) else { return self.as_it_stands(flow) };
        flow.state = Recovery::Question(asked.clone());
        if forgotten {
            flow.state = asked.forgotten();
            return self.backend.save_and_show(flow, Feedback::default()).await;
        }
        let backend = self.backend;
        let who = asked.subject().identifier.clone();
        let tried = match backend.try_answer(self.kind, &who, text, self.caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return backend.save_and_show(flow, or_by_document(self.kind, feedback)).await,
        };
        match asked.answer(tried.verdict, masked(tried.account.as_ref())) {
            Ok(state) => {
                let owner = tried.succeeded(backend).await?.map(|account| account.version());
                self.proven(flow, state, owner).await
            }
            Err(error) => {
                let feedback = or_by_document(self.kind, tried.refused(backend, error));
                backend.save_and_show(flow, feedback).await
            }
        }
    }

    /// “Rut Representante Legal” → “Validar”: SII answers (J-REC-1, J-REC-2).
    pub async fn representative(&self, posted: Posted<'_>, text: &str) -> Result<Moved<Recovery>> {
        let mut flow = match self.found("representative", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Recovery::Representative(asked) = flow.state.clone() else { return self.as_it_stands(flow) };
        let backend = self.backend;
        flow.typed = flow.typed.with(Field::Representative, text);
        let company = &asked.subject().identifier;
        let tried = match backend.try_representative(company, text, self.caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return backend.save_and_show(flow, feedback).await,
        };
        match asked.representative(tried.rut, &tried.answer) {
            Ok(state) => {
                tried.succeeded(backend).await?;
                flow.state = state;
                backend.save_and_show(flow, Feedback::default()).await
            }
            Err(refused) => {
                let feedback = tried.refused(backend, refused).await?;
                backend.save_and_show(flow, feedback).await
            }
        }
    }

    /// “Número de serie cédula de identidad”, or the number of a foreign document → “Validar”.
    pub async fn document(&self, posted: Posted<'_>, text: &str) -> Result<Moved<Recovery>> {
        let mut flow = match self.found("document", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Recovery::Document(asked) = flow.state.clone() else { return self.as_it_stands(flow) };
        let (backend, field) = (self.backend, document_field(self.kind));
        flow.typed = flow.typed.with(field, text);
        let subject = (self.kind, &asked.subject().identifier);
        let tried = match backend.try_document(subject, &asked.holder(), text, self.caller).await? {
            Ok(tried) => tried,
            Err(feedback) => return backend.save_and_show(flow, feedback).await,
        };
        match asked.document(&tried.verdict, masked(tried.account.as_ref())) {
            Ok(state) => {
                let owner = match (tried.succeeded(backend).await?, asked.representative()) {
                    (Some(account), Some(rut)) => {
                        Some(backend.note_representative(&account, rut, self.caller).await?)
                    }
                    (account, _) => account.map(|account| account.version()),
                };
                flow.typed.forget(field);
                self.proven(flow, state, owner).await
            }
            Err(refused) => {
                let feedback = tried.document_refused(backend, refused).await?;
                backend.save_and_show(flow, feedback).await
            }
        }
    }

    /// A-MIN: “Continuar” after data was missing; or, with `by_document`, on by the identity document.
    pub async fn resume(&self, posted: Posted<'_>, by_document: bool) -> Result<Moved<Recovery>> {
        let mut flow = match self.found("resume", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Recovery::MissingData(missing) = flow.state.clone() else { return self.as_it_stands(flow) };
        if by_document {
            flow.state = missing.by_document();
            return self.backend.save_and_show(flow, Feedback::default()).await;
        }
        let account = accounts::get(&mut *self.backend.store.connection().await?, missing.account()).await?;
        flow.state = missing.resume(masked(Some(&account)));
        let feedback = if matches!(flow.state, Recovery::MissingData(_)) {
            Notice::StillMissing.into()
        } else {
            Feedback::default()
        };
        self.with_captcha(flow, feedback).await
    }

    /// “El email es correcto?”: `si` or `no`.
    pub async fn mail(&self, posted: Posted<'_>, choice: &str) -> Result<Moved<Recovery>> {
        let mut flow = match self.found("mail", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Some(state) = choosing(&flow.state) else { return self.as_it_stands(flow) };
        flow.state = match choice {
            "si" => state.confirmed(),
            "no" => state.denied(),
            _ => {
                flow.state =
                    if state.masked().is_some() { Recovery::Mail(state) } else { Recovery::Contact(state) };
                return self
                    .backend
                    .save_and_show(flow, FieldError::new(Field::MailIsRight, Reason::Missing))
                    .await;
            }
        };
        flow.typed = flow.typed.with(Field::MailIsRight, choice);
        self.with_captcha(flow, Feedback::default()).await
    }

    /// “Email Actual” and “Celular Actual”.
    pub async fn contact(&self, posted: Posted<'_>, email: &str, mobile: &str) -> Result<Moved<Recovery>> {
        let mut flow = match self.found("contact", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Some(state) = choosing(&flow.state) else { return self.as_it_stands(flow) };
        flow.typed = flow.typed.with(Field::Email, email).with(Field::Mobile, mobile);
        match NewContact::parse(self.kind, email, mobile) {
            Ok(contact) => {
                flow.state = state.contact(contact);
                self.with_captcha(flow, Feedback::default()).await
            }
            Err(errors) => {
                flow.state = state.denied();
                self.backend.save_and_show(flow, errors).await
            }
        }
    }

    /// “Refrescar”.
    pub async fn new_captcha(&self, posted: Posted<'_>) -> Result<Moved<Recovery>> {
        let mut flow = match self.found("new_captcha", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.draw_captcha(&mut flow).await?;
            return self.backend.save_and_show(flow, Notice::NewCaptcha).await;
        }
        self.as_it_stands(flow)
    }

    /// “Captcha” → “Recuperar Clave”: the provisional key is made, and the messages are written with it.
    pub async fn send(&self, posted: Posted<'_>, captcha: &str) -> Result<Moved<Recovery>> {
        let flow = match self.found("send", &posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Recovery::Captcha(ready) = flow.state.clone() else { return self.as_it_stands(flow) };
        if captcha.trim().is_empty() {
            return self.backend.save_and_show(flow, FieldError::new(Field::Captcha, Reason::Missing)).await;
        }
        let backend = self.backend;
        let sent = CaptchaForm { posted: &posted, letters: captcha, caller: self.caller };
        let (flow, verdict) = match backend.check_captcha(flow, sent).await? {
            Ok(checked) => checked,
            Err(moved) => return Ok(moved),
        };
        let grant = match ready.captcha(verdict) {
            Ok(grant) => grant,
            Err(error) => return backend.save_and_show(flow, error).await,
        };
        if self.daily_cap(&mut *backend.store.connection().await?, grant.account()).await? {
            return self.capped(flow, grant.account()).await;
        }
        self.issue(flow, grant).await
    }

    /// The flow of a form; or, when there is none to carry it out on, where the person goes instead.
    async fn found(
        &self,
        step: &str,
        posted: &Posted<'_>,
    ) -> Result<std::result::Result<Flow<Recovery>, Moved<Recovery>>> {
        self.backend.found_or_first(&self.name(), step, posted, Recovery::Identify).await
    }

    /// The form is of a step that this flow has left: nothing changes, and the page of its step is shown.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "reads like the other ends of a step")]
    fn as_it_stands(&self, flow: Flow<Recovery>) -> Result<Moved<Recovery>> {
        Ok(Moved { state: flow.state, token: None })
    }

    /// Trust rises: the flow gets a new token.
    async fn proven(
        &self,
        mut flow: Flow<Recovery>,
        state: Recovery,
        owner: Option<AccountVersion>,
    ) -> Result<Moved<Recovery>> {
        flow.state = state;
        flow.feedback = Feedback::default();
        if let Some(owner) = owner.filter(|owner| flow.state.proven_account() == Some(owner.account)) {
            flow.belongs_to(owner);
        }
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.draw_captcha(&mut flow).await?;
        }
        self.backend.save_and_renew_token(flow, Recovery::Identify).await
    }

    async fn with_captcha(&self, mut flow: Flow<Recovery>, feedback: Feedback) -> Result<Moved<Recovery>> {
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.draw_captcha(&mut flow).await?;
        }
        self.backend.save_and_show(flow, feedback).await
    }
}

/// The registered address, masked.
fn masked(account: Option<&Account>) -> Option<String> {
    account.and_then(|account| account.email.as_ref()).map(Email::masked)
}

/// The field in which a kind proves itself by a document.
pub(super) fn document_field(kind: Kind) -> Field {
    match kind {
        Kind::Natural | Kind::Juridica => Field::Serial,
        Kind::Migrante | Kind::Facilitador => Field::DocumentNumber,
    }
}

/// The question, at its own step and for whoever went on to the document and remembers the answer after all.
#[must_use]
pub fn asking(state: &Recovery) -> Option<AskQuestion> {
    match state {
        Recovery::Question(asked) => Some(asked.clone()),
        Recovery::Representative(asked) => asked.remembered(),
        Recovery::Document(asked) => asked.remembered(),
        _ => None,
    }
}

/// The choice of the address, at its own steps and when coming back from the captcha.
#[must_use]
pub fn choosing(state: &Recovery) -> Option<domain::flow::recovery::ChooseMail> {
    match state {
        Recovery::Mail(state) | Recovery::Contact(state) => Some(state.clone()),
        Recovery::Captcha(ready) => ready.choose_again(),
        _ => None,
    }
}

//! Recovery of a key, step by step: N-REC-1, N-REC-2, N-REC-3 and N-REC-END, and the same for migrants (M-REC) and companies
//! (J-REC), which give their legal representative before the serial.

mod send;
mod show;

use domain::email::Email;
use domain::field::{Field, FieldError, Reason};
use domain::flow::contact::{ContactInput, NewContact};
use domain::flow::recovery::{AccountSummary, AskQuestion, ChooseMail, MaskedContact, Recovery};
use domain::flow::{Feedback, Notice, document_field};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::phone::Mobile;

use super::captcha::require_captcha_answer;
use super::exit::{Exit, FirstPage, OrShow as _, Step};
use super::proofs::or_by_document;
use super::registration::typed_contact;
use super::{Backend, Caller, NextStep, Posted, Result};
use crate::flows::{Flow, Token, Typed};
use crate::limits::Letters;
use crate::store::accounts::{self, Account, AccountVersion};
use crate::store::provisional::KeyProof;

/// “No recuerdo la respuesta a mi pregunta secreta” is ticked.
#[derive(Debug, Clone, Copy)]
pub enum Forgotten<'a> {
    /// The document is asked for on a page of its own.
    Later,
    /// The document, in the field below the box.
    Here {
        /// Of a company: “Rut Representante Legal”, whose cédula it is. Of others it is not read.
        representative: &'a str,
        /// The document.
        document: &'a str,
    },
}

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

    /// The flow of a cookie, to show its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Recovery>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// “Rut” or “NIE” → “Validar”. Always a new flow: an unfinished one of this browser ends.
    pub async fn identify(&self, posted: Posted<'_>, text: &str) -> Result<NextStep<Recovery>> {
        let (backend, kind) = (self.backend, self.kind);
        let typed = Typed::default().with(Identifier::field(kind), text);
        let mut first =
            FirstPage { name: self.name(), caller: self.caller.clone(), state: Recovery::Identify, typed };
        backend
            .run(async {
                backend.end_old::<Recovery>(&first.name, posted.token).await?;
                let who = Identifier::parse(kind, IdentifierInput::Number(text), &backend.settings.nie);
                let who = who.or_begin(&first)?;
                let now = backend.now();
                let counted = backend.limits.count_lookup(self.caller, now).await?;
                let account = backend.account(kind, &who).await?;
                let question = match (&counted, &account) {
                    // Too many lookups from this address: no question is shown, of an account or a decoy. The document can still be
                    // used at once.
                    (Err(_), _) => None,
                    (Ok(()), Some(account)) => account.asked(),
                    (Ok(()), None) => backend.decoys.question(&backend.secrets, kind, &who),
                };
                let feedback = counted.err().map_or_else(Feedback::default, |wait| {
                    Notice::DocumentForNow { minutes: wait.minutes(now) }.into()
                });
                let account = account.map(|account| account.id);
                first.state = Recovery::start(kind, who, AccountSummary { account, question });
                Ok(backend.start(first, feedback).await?)
            })
            .await
    }

    /// “Respuesta Secreta” → “Validar”, or the box “No recuerdo la respuesta a mi pregunta secreta”.
    pub async fn answer(
        &self,
        posted: Posted<'_>,
        text: &str,
        forgotten: Option<Forgotten<'_>>,
    ) -> Result<NextStep<Recovery>> {
        let (backend, kind) = (self.backend, self.kind);
        backend
            .run(async {
                let mut flow = self.found("answer", &posted).await?;
                let Some(asked) = question_state(&flow.state) else { return Ok(NextStep::unchanged(flow)) };
                flow.state = Recovery::Question(asked.clone());
                if let Some(Forgotten::Here { representative, document }) = forgotten {
                    flow.typed = flow.typed.with(document_field(kind), document);
                    if kind == Kind::Juridica {
                        flow.typed = flow.typed.with(Field::Representative, representative);
                    }
                }
                let forgotten = forgotten.filter(|_| !posted.other_letters);
                match forgotten {
                    Some(Forgotten::Here { representative, document }) => {
                        let fields = [
                            (Field::Representative, representative, kind == Kind::Juridica),
                            (document_field(kind), document, true),
                        ];
                        let missing: Vec<FieldError> = fields
                            .into_iter()
                            .filter(|(_, text, asked)| *asked && text.trim().is_empty())
                            .map(|(field, ..)| FieldError::new(field, Reason::Missing))
                            .collect();
                        if !missing.is_empty() {
                            return Err(Exit::show(flow, missing));
                        }
                        flow.state = asked.forgotten();
                        let letters = backend.letters(&mut flow, &posted).await?;
                        if matches!(flow.state, Recovery::Representative(_)) {
                            flow = self.named(flow, letters, representative).await?;
                        }
                        return self.prove(flow, letters, document).await;
                    }
                    Some(Forgotten::Later) => {
                        flow.state = asked.forgotten();
                        // The wait was for the answer.
                        (flow.captcha, flow.work) = (None, 0);
                        return Ok(backend.save_and_show(flow, Feedback::default()).await?);
                    }
                    None => {}
                }
                let who = &asked.subject().identifier;
                let letters = backend.letters(&mut flow, &posted).await?;
                let tried = backend.try_answer(kind, who, text, (self.caller, letters)).await;
                let tried = tried.map_err(|refusal| or_by_document(kind, refusal)).or_show(&flow)?;
                match asked.answer(tried.verdict, backend.masked_contact(tried.account.as_ref())) {
                    Ok(state) => {
                        let account = tried.succeeded(backend).await?;
                        let owner = account.map(|account| account.version(KeyProof::Secret));
                        self.proven(flow, state, owner).await
                    }
                    Err(error) => {
                        Err(or_by_document(kind, tried.refused(backend, error).into())).or_show(&flow)
                    }
                }
            })
            .await
    }

    /// “Rut Representante Legal” → “Validar”: SII answers (J-REC-1, J-REC-2).
    pub async fn representative(&self, posted: Posted<'_>, text: &str) -> Result<NextStep<Recovery>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("representative", &posted).await?;
                if !matches!(flow.state, Recovery::Representative(_)) {
                    return Ok(NextStep::unchanged(flow));
                }
                flow.typed = flow.typed.with(Field::Representative, text);
                let letters = backend.letters(&mut flow, &posted).await?;
                let flow = self.named(flow, letters, text).await?;
                Ok(backend.save_and_show(flow, Feedback::default()).await?)
            })
            .await
    }

    /// SII names the representative: the flow at its next step, which is not written yet.
    async fn named(
        &self,
        mut flow: Flow<Recovery>,
        letters: Letters,
        text: &str,
    ) -> Step<Recovery, Flow<Recovery>> {
        let backend = self.backend;
        let Recovery::Representative(asked) = flow.state.clone() else {
            return Err(Exit::go_to(NextStep::unchanged(flow)));
        };
        let company = &asked.subject().identifier;
        let tried = backend.try_representative(company, text, (self.caller, letters)).await.or_show(&flow)?;
        match asked.representative(tried.rut, &tried.answer) {
            Ok(state) => {
                tried.succeeded(backend).await?;
                flow.state = state;
                Ok(flow)
            }
            Err(refused) => Err(Exit::show(flow, tried.refused(backend, refused).await?)),
        }
    }

    /// “Número de serie cédula de identidad”, or the number of a foreign document → “Validar”.
    pub async fn document(&self, posted: Posted<'_>, text: &str) -> Result<NextStep<Recovery>> {
        self.backend
            .run(async {
                let mut flow = self.found("document", &posted).await?;
                if !matches!(flow.state, Recovery::Document(_)) {
                    return Ok(NextStep::unchanged(flow));
                }
                flow.typed = flow.typed.with(document_field(self.kind), text);
                let letters = self.backend.letters(&mut flow, &posted).await?;
                self.prove(flow, letters, text).await
            })
            .await
    }

    /// The document proves whose key it is.
    async fn prove(&self, mut flow: Flow<Recovery>, letters: Letters, text: &str) -> Step<Recovery> {
        let (backend, kind) = (self.backend, self.kind);
        let Recovery::Document(asked) = flow.state.clone() else {
            return Ok(NextStep::unchanged(flow));
        };
        let field = document_field(kind);
        let subject = (kind, &asked.subject().identifier);
        let tried = backend.try_document(subject, &asked.holder(), text, (self.caller, letters)).await;
        let tried = tried.or_show(&flow)?;
        let state = match asked.document(&tried.verdict, backend.offered_contact(tried.account.as_ref())) {
            Ok(state) => state,
            Err(refused) => {
                return Err(Exit::show(flow, tried.document_refused(backend, refused).await?));
            }
        };
        let account = tried.succeeded(backend).await?;
        if let Some(account) = &account {
            // The key that follows by mail is typed in this browser, whatever strangers type meanwhile.
            backend.remember_browser(account, KeyProof::Identity, self.caller).await?;
        }
        let owner = match (account, asked.representative()) {
            (Some(account), Some(rut)) => {
                let named = (rut, KeyProof::Identity);
                Some(backend.note_representative(&account, named, self.caller).await?)
            }
            (account, _) => account.map(|account| account.version(KeyProof::Identity)),
        };
        flow.typed.forget(field);
        self.proven(flow, state, owner).await
    }

    /// A-MIN: “Continuar” after data was missing; or, with `by_document`, continue by the identity document.
    pub async fn resume(&self, posted: Posted<'_>, by_document: bool) -> Result<NextStep<Recovery>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("resume", &posted).await?;
                let Recovery::MissingData(missing) = flow.state.clone() else {
                    return Ok(NextStep::unchanged(flow));
                };
                if by_document {
                    flow.state = missing.by_document();
                    return Ok(backend.save_and_show(flow, Feedback::default()).await?);
                }
                let account =
                    accounts::get(&mut *backend.store.connection().await?, missing.account()).await?;
                flow.state = missing.resume(backend.masked_contact(Some(&account)));
                let feedback = if matches!(flow.state, Recovery::MissingData(_)) {
                    Notice::StillMissing.into()
                } else {
                    Feedback::default()
                };
                self.with_captcha(flow, feedback).await
            })
            .await
    }

    /// “El email es correcto?”: `si` or `no`. Below NO the new contact data can be given at once; without it, it is asked for on a
    /// page of its own.
    pub async fn mail(
        &self,
        posted: Posted<'_>,
        choice: &str,
        input: ContactInput<'_>,
    ) -> Result<NextStep<Recovery>> {
        self.backend
            .run(async {
                let mut flow = self.found("mail", &posted).await?;
                let Some(state) = mail_choice_state(&flow.state) else {
                    return Ok(NextStep::unchanged(flow));
                };
                flow.typed = flow.typed.with(Field::MailIsRight, choice);
                let given =
                    input.no_mobile || [input.email, input.mobile].iter().any(|text| !text.trim().is_empty());
                flow.state = match choice {
                    "si" => state.confirmed(),
                    "no" if given => return self.given(flow, state, input).await,
                    "no" => state.denied(),
                    _ => {
                        flow.state = state.ask();
                        return Err(Exit::show(flow, FieldError::new(Field::MailIsRight, Reason::Missing)));
                    }
                };
                self.with_captcha(flow, Feedback::default()).await
            })
            .await
    }

    /// “Email Actual” and “Celular Actual”.
    pub async fn contact(&self, posted: Posted<'_>, input: ContactInput<'_>) -> Result<NextStep<Recovery>> {
        self.backend
            .run(async {
                let flow = self.found("contact", &posted).await?;
                match mail_choice_state(&flow.state) {
                    Some(state) => self.given(flow, state, input).await,
                    None => Ok(NextStep::unchanged(flow)),
                }
            })
            .await
    }

    /// New contact data was typed.
    async fn given(
        &self,
        mut flow: Flow<Recovery>,
        state: ChooseMail,
        input: ContactInput<'_>,
    ) -> Step<Recovery> {
        flow.typed = typed_contact(flow.typed, &input);
        match NewContact::parse(self.kind, input) {
            Ok(contact) => {
                flow.state = state.contact(contact);
                self.with_captcha(flow, Feedback::default()).await
            }
            Err(errors) => {
                flow.state = state.denied();
                Err(Exit::show(flow, errors))
            }
        }
    }

    /// “Refrescar”.
    pub async fn new_captcha(&self, posted: Posted<'_>) -> Result<NextStep<Recovery>> {
        self.backend
            .run(async {
                let mut flow = self.found("captcha", &posted).await?;
                if !matches!(flow.state, Recovery::Captcha(_)) {
                    return Ok(NextStep::unchanged(flow));
                }
                self.backend.new_captcha(&mut flow, self.caller).await?;
                Ok(self.backend.save_and_show(flow, Notice::NewCaptcha).await?)
            })
            .await
    }

    /// “Captcha” → “Recuperar Clave”: the provisional key is made, and the messages are written with it.
    pub async fn send(&self, posted: Posted<'_>, captcha: &str) -> Result<NextStep<Recovery>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("send", &posted).await?;
                let Recovery::Captcha(ready) = flow.state.clone() else {
                    return Ok(NextStep::unchanged(flow));
                };
                require_captcha_answer(Ok(()), captcha, &posted).or_show(&flow)?;
                let verdict = backend.check_captcha(&mut flow, &posted, captcha, self.caller).await?;
                let grant = ready.captcha(verdict).or_show(&flow)?;
                if self.daily_cap(&mut *backend.store.connection().await?, &grant).await? {
                    return self.capped(flow, grant.account()).await;
                }
                self.issue(flow, grant).await
            })
            .await
    }

    async fn found(&self, step: &str, posted: &Posted<'_>) -> Step<Recovery, Flow<Recovery>> {
        self.backend.found_or_first(&self.name(), step, posted).await
    }

    /// More is proven: the flow gets a new token.
    async fn proven(
        &self,
        mut flow: Flow<Recovery>,
        state: Recovery,
        owner: Option<AccountVersion>,
    ) -> Step<Recovery> {
        flow.state = state;
        flow.feedback = Feedback::default();
        if let Some(owner) = owner.filter(|owner| flow.state.proven_account() == Some(owner.account)) {
            flow.belongs_to(owner);
        }
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.new_captcha(&mut flow, self.caller).await?;
        }
        self.backend.save_proven(flow).await
    }

    async fn with_captcha(&self, mut flow: Flow<Recovery>, feedback: Feedback) -> Step<Recovery> {
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.new_captcha(&mut flow, self.caller).await?;
        }
        Ok(self.backend.save_and_show(flow, feedback).await?)
    }
}

impl Backend {
    /// The registered contact data, masked, if the holder of the document may confirm it.
    fn offered_contact(&self, account: Option<&Account>) -> MaskedContact {
        match account {
            Some(account) if account.contact_proof.is_offered() => self.masked_contact(Some(account)),
            _ => MaskedContact::default(),
        }
    }

    /// The registered contact data, masked.
    fn masked_contact(&self, account: Option<&Account>) -> MaskedContact {
        let mobile = account.and_then(|account| account.mobile.as_ref());
        let mail = account.and_then(|account| account.email.as_ref());
        let whole = [mail.map_or("", Email::as_str), mobile.map_or("", Mobile::as_str)];
        MaskedContact {
            mail: mail.map(Email::masked),
            mobile: mobile.map(Mobile::masked),
            mac: self.secrets.mac_text("contact", &whole),
            unconfirmed: account.is_some_and(|account| account.mail_confirmed_at.is_none()),
        }
    }
}

/// The question: at its own step, and at the later ones for a user who went there without the answer and now remembers it.
#[must_use]
pub fn question_state(state: &Recovery) -> Option<AskQuestion> {
    match state {
        Recovery::Question(asked) => Some(asked.clone()),
        Recovery::Representative(asked) => asked.remembered(),
        Recovery::Document(asked) => asked.remembered(),
        _ => None,
    }
}

/// The choice of the address: at its own steps, and when the user comes back from the captcha.
#[must_use]
pub fn mail_choice_state(state: &Recovery) -> Option<ChooseMail> {
    match state {
        Recovery::Mail(state) | Recovery::Contact(state) => Some(state.clone()),
        Recovery::Captcha(ready) => ready.choose_again(),
        _ => None,
    }
}

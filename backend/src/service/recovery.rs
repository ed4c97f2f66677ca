//! Recovery of a key, step by step: N-REC-1, N-REC-2, N-REC-3, N-REC-END.

mod send;

use domain::answer::SecretAnswer;
use domain::field::{Field, FieldError, Reason};
use domain::flow::recovery::{AskQuestion, NewContact, OnFile, Recovery, SerialRefused};
use domain::flow::{AccountId, CivilAnswer, Notice, Say, Verdict};
use domain::kind::Kind;
use domain::question::SecretQuestion;
use domain::rut::Rut;
use domain::serial::DocumentSerial;

use super::{Backend, Caller, Found, Moved, Posted, Result, id_of, wait_notice};
use crate::flows::{Flow, Token, Typed};
use crate::limits::Purpose;
use crate::store::accounts;
use crate::store::audit::{self, Event};

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

    /// “Rut” → “Validar”. Always a new flow: whatever was under way in this browser ends.
    pub async fn rut(&self, posted: Posted<'_>, text: &str) -> Result<Moved<Recovery>> {
        let typed = Typed::default().with(Field::Rut, text);
        if let Some(old) = self.page(posted.token).await? {
            old.delete(&mut *self.backend.store.connection().await?).await?;
        }
        let rut = match Rut::parse(text) {
            Ok(rut) => rut,
            Err(error) => {
                let say = FieldError::new(Field::Rut, error.into());
                return self.backend.start(&self.name(), Recovery::Rut, typed, say).await;
            }
        };
        let account = self.backend.account(self.kind, rut).await?;
        let on_file = match &account {
            Some(account) => OnFile {
                account: Some(account.id),
                question: account.question.filter(|_| account.answer_hash.is_some()),
            },
            None => OnFile { account: None, question: self.decoy(rut) },
        };
        self.backend.start(&self.name(), Recovery::start(rut, on_file), typed, Say::default()).await
    }

    /// The question that a RUT without an account is asked: always the same one for that RUT.
    fn decoy(&self, rut: Rut) -> Option<SecretQuestion> {
        let number = |purpose| self.backend.secrets.decoy(purpose, &[self.kind.slug(), &rut.plain()]);
        let asked = number("decoy kind") % 100 >= self.backend.settings.decoys_without_question;
        asked.then(|| SecretQuestion::by_index(number("decoy question")))
    }

    /// “Respuesta Secreta” → “Validar”, or the box “No recuerdo la respuesta a mi pregunta secreta”.
    pub async fn answer(&self, posted: Posted<'_>, text: &str, forgotten: bool) -> Result<Moved<Recovery>> {
        let mac = self.backend.form_mac("answer", &posted, &[text]);
        let mut flow = match self.found(&posted, &mac).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Some(asked) = asking(&flow.state) else { return self.as_it_stands(flow) };
        flow.state = Recovery::Question(asked);
        if forgotten {
            flow.state = asked.forgotten();
            return self.backend.stay(flow, Say::default()).await;
        }
        let answer = match SecretAnswer::parse(text) {
            Ok(answer) => answer,
            Err(error) => {
                return self.backend.stay(flow, FieldError::new(Field::Answer, error.into())).await;
            }
        };
        let (backend, now) = (self.backend, self.backend.now());
        let counted =
            match backend.limits.count(Purpose::Answer, Some(asked.subject().rut), self.caller, now).await? {
                Ok(counted) => counted,
                Err(wait) => {
                    return backend.stay(flow, Notice::WaitOrSerial { minutes: wait.minutes(now) }).await;
                }
            };
        let account = backend.account(self.kind, asked.subject().rut).await?;
        let hash = account.as_ref().and_then(|account| account.answer_hash.as_deref());
        let right = match backend.hasher.verify(answer.expose(), hash).await {
            Ok(right) => right,
            Err(busy) => {
                backend.limits.take_back(counted).await?;
                return Err(busy.into());
            }
        };
        let verdict = if right { Verdict::Right } else { Verdict::Wrong };
        self.record(id_of(account.as_ref()), Event::Answer, if right { "right" } else { "wrong" }).await?;
        let mail = account.as_ref().and_then(|a| a.email.as_ref()).map(domain::email::Email::masked);
        match asked.answer(verdict, mail) {
            Ok(state) => {
                backend.limits.succeeded(counted).await?;
                self.proven(flow, state, &posted, &mac).await
            }
            Err(error) => {
                let notice =
                    counted.wait_if_wrong(now).map(|w| Notice::WaitOrSerial { minutes: w.minutes(now) });
                backend.stay(flow, Say { errors: vec![error], notice }).await
            }
        }
    }

    /// “Número de serie cédula de identidad” → “Validar”: Registro Civil answers.
    pub async fn serial(&self, posted: Posted<'_>, text: &str) -> Result<Moved<Recovery>> {
        let mac = self.backend.form_mac("serial", &posted, &[text]);
        let mut flow = match self.found(&posted, &mac).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Recovery::Serial(asked) = flow.state else { return self.as_it_stands(flow) };
        flow.typed = flow.typed.with(Field::Serial, text);
        let serial = match DocumentSerial::parse(text) {
            Ok(serial) => serial,
            Err(error) => {
                return self.backend.stay(flow, FieldError::new(Field::Serial, error.into())).await;
            }
        };
        let (backend, now, rut) = (self.backend, self.backend.now(), asked.subject().rut);
        let counted = match backend.limits.count(Purpose::Serial, Some(rut), self.caller, now).await? {
            Ok(counted) => counted,
            Err(wait) => return backend.stay(flow, wait_notice(wait, now)).await,
        };
        let said = backend.civil.check(rut, &serial).await;
        let account = backend.account(self.kind, rut).await?;
        self.record(id_of(account.as_ref()), Event::Serial, outcome(&said)).await?;
        let mail = account.as_ref().and_then(|a| a.email.as_ref()).map(domain::email::Email::masked);
        match asked.serial(&said, mail) {
            Ok(state) => {
                backend.limits.succeeded(counted).await?;
                if let (Some(account), CivilAnswer::Valid { name: Some(name) }) = (&account, &said) {
                    accounts::set_names(&mut *backend.store.connection().await?, account.id, name).await?;
                }
                flow.typed.forget(Field::Serial);
                self.proven(flow, state, &posted, &mac).await
            }
            Err(SerialRefused::RegistryDown) => {
                backend.limits.take_back(counted).await?;
                backend.stay(flow, Notice::RegistryDown).await
            }
            Err(SerialRefused::Field(error)) => {
                let notice = counted.wait_if_wrong(now).map(|w| Notice::Wait { minutes: w.minutes(now) });
                backend.stay(flow, Say { errors: vec![error], notice }).await
            }
        }
    }

    /// “El email es correcto?”: `si` or `no`.
    pub async fn mail(&self, posted: Posted<'_>, choice: &str) -> Result<Moved<Recovery>> {
        let mut flow = match self.found(&posted, "").await? {
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
                return self.backend.stay(flow, FieldError::new(Field::MailIsRight, Reason::Missing)).await;
            }
        };
        flow.typed = flow.typed.with(Field::MailIsRight, choice);
        self.with_captcha(flow).await
    }

    /// “Email Actual” and “Celular Actual”.
    pub async fn contact(&self, posted: Posted<'_>, email: &str, mobile: &str) -> Result<Moved<Recovery>> {
        let mut flow = match self.found(&posted, "").await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Some(state) = choosing(&flow.state) else { return self.as_it_stands(flow) };
        flow.typed = flow.typed.with(Field::Email, email).with(Field::Mobile, mobile);
        match NewContact::parse(email, mobile) {
            Ok(contact) => {
                flow.state = state.contact(contact);
                self.with_captcha(flow).await
            }
            Err(errors) => {
                flow.state = state.denied();
                self.backend.stay(flow, errors).await
            }
        }
    }

    /// “Refrescar”.
    pub async fn new_captcha(&self, posted: Posted<'_>) -> Result<Moved<Recovery>> {
        let mut flow = match self.found(&posted, "").await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.draw_captcha(&mut flow).await?;
            return self.backend.stay(flow, Notice::NewCaptcha).await;
        }
        self.as_it_stands(flow)
    }

    /// “Captcha” → “Recuperar Clave”: the provisional key is made, and the messages are written with it.
    pub async fn send(&self, posted: Posted<'_>, captcha: &str) -> Result<Moved<Recovery>> {
        let mut flow = match self.found(&posted, "").await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Recovery::Captcha(ready) = flow.state.clone() else { return self.as_it_stands(flow) };
        if captcha.trim().is_empty() {
            return self.backend.stay(flow, FieldError::new(Field::Captcha, Reason::Missing)).await;
        }
        let (backend, now) = (self.backend, self.backend.now());
        let verdict = match backend.check_captcha(&flow, &posted, captcha, self.caller).await? {
            Ok(verdict) => verdict,
            Err(wait) => return backend.stay(flow, wait_notice(wait, now)).await,
        };
        backend.draw_captcha(&mut flow).await?;
        let grant = match ready.captcha(verdict) {
            Ok(grant) => grant,
            Err(error) => return backend.stay(flow, error).await,
        };
        if self.daily_cap(&mut *backend.store.connection().await?, grant.account()).await? {
            return self.capped(flow, grant.account()).await;
        }
        self.issue(flow, grant).await
    }

    /// The flow of a form; or, when there is none to carry it out on, where the person goes instead.
    async fn found(
        &self,
        posted: &Posted<'_>,
        mac: &str,
    ) -> Result<std::result::Result<Flow<Recovery>, Moved<Recovery>>> {
        Ok(match self.backend.found(&self.name(), posted, mac).await? {
            Found::Here(flow) => Ok(flow),
            Found::Again(flow, token) => Err(Moved { state: flow.state, token: Some(token) }),
            Found::OtherTab(flow) => Err(self.backend.stay(flow, Notice::OtherTab).await?),
            Found::Gone => {
                let typed = Typed::default();
                Err(self.backend.start(&self.name(), Recovery::Rut, typed, Notice::Expired).await?)
            }
        })
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
        posted: &Posted<'_>,
        mac: &str,
    ) -> Result<Moved<Recovery>> {
        flow.state = state;
        flow.say = Say::default();
        if let Some(account) = flow.state.proven_account() {
            flow.belongs_to(account);
        }
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.draw_captcha(&mut flow).await?;
        }
        self.backend.rise(flow, posted, mac, Recovery::Rut).await
    }

    async fn with_captcha(&self, mut flow: Flow<Recovery>) -> Result<Moved<Recovery>> {
        if matches!(flow.state, Recovery::Captcha(_)) {
            self.backend.draw_captcha(&mut flow).await?;
        }
        self.backend.stay(flow, Say::default()).await
    }

    async fn record(&self, account: AccountId, event: Event, outcome: &'static str) -> Result<()> {
        let connection = &mut *self.backend.store.connection().await?;
        Ok(audit::write(connection, account, event, outcome, self.caller, self.backend.now()).await?)
    }
}

/// The question, at its own step and for whoever went on to the serial and remembers the answer after all.
#[must_use]
pub fn asking(state: &Recovery) -> Option<AskQuestion> {
    match state {
        Recovery::Question(asked) => Some(*asked),
        Recovery::Serial(asked) => asked.remembered(),
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

fn outcome(answer: &CivilAnswer) -> &'static str {
    match answer {
        CivilAnswer::Valid { .. } => "valid",
        CivilAnswer::NotValid => "not-valid",
        CivilAnswer::Blocked => "blocked",
        CivilAnswer::NoSuchData => "no-such-data",
        CivilAnswer::TechnicalFailure => "technical-failure",
    }
}

//! Registration of a person or a company: N-REG, M-REG, J-REG. A RUT or NIE that has an account already gets the same answer,
//! and its owner a mail.

use domain::address::AddressInput;
use domain::field::{Field, FieldError, Reason};
use domain::flow::registration::{
    ContactInput, Registration, RegistrationForm, RegistrationInput, captcha_passed,
};
use domain::flow::{CivilAnswer, DocumentAnswer, Feedback, Notice, TaxAnswer};
use domain::identifier::Identifier;
use domain::kind::Kind;

use super::captcha::CaptchaForm;
use super::{Backend, Caller, Found, Moved, Posted, Result, contacts, wait_notice};
use crate::clock::DAY;
use crate::courier::message::{Facts, Recipient, Template};
use crate::flows::{Flow, Token, Typed};
use crate::limits::AttemptKind;
use crate::store::accounts::{self, NewAccount};
use crate::store::audit::{self, Event};
use crate::store::{StoreError, outbox};

/// Most notices a day to the owner of a RUT that others try to register.
const NOTICES_PER_DAY: i64 = 3;

/// The registration flow of one kind, for one request.
pub struct RegistrationService<'a> {
    backend: &'a Backend,
    kind: Kind,
    caller: &'a Caller,
}

impl Backend {
    /// The registration flow of a kind.
    #[must_use]
    pub fn registration<'a>(&'a self, kind: Kind, caller: &'a Caller) -> RegistrationService<'a> {
        RegistrationService { backend: self, kind, caller }
    }
}

/// Everything of the form that may be shown again.
fn typed(kind: Kind, input: &RegistrationInput<'_>, captcha: &str) -> Typed {
    let typed = Typed::default()
        .with(Identifier::field(kind), input.identifier)
        .with(Field::Question, input.question)
        .with(Field::Serial, input.serial)
        .with(Field::BirthDate, input.birth_date)
        .with(Field::DocumentKind, input.document.kind)
        .with(Field::DocumentCountry, input.document.country)
        .with(Field::DocumentNumber, input.document.number)
        .with(Field::CompanyName, input.company.name)
        .with(Field::CompanyKind, input.company.kind)
        .with(Field::Representative, input.company.representative)
        .with(Field::RepresentativeNames, input.company.representative_names)
        .with(Field::Captcha, captcha);
    typed_contact(typed_address(typed, &input.address), &input.contact)
}

/// “Domicilio” as it was typed.
pub(super) fn typed_address(typed: Typed, address: &AddressInput<'_>) -> Typed {
    typed
        .with(Field::Street, address.street)
        .with(Field::StreetNumber, address.number)
        .with(Field::Block, address.block)
        .with(Field::Flat, address.flat)
        .with(Field::Region, address.region)
        .with(Field::Comuna, address.comuna)
}

/// “Datos de Contacto” as they were typed.
pub(super) fn typed_contact(typed: Typed, contact: &ContactInput<'_>) -> Typed {
    typed
        .with(Field::Email, contact.email)
        .with_part("area_particular", contact.home_phone.0)
        .with(Field::HomePhone, contact.home_phone.1)
        .with_part("area_trabajo", contact.work_phone.0)
        .with(Field::WorkPhone, contact.work_phone.1)
        .with(Field::Mobile, contact.mobile)
        .with_part("sin_celular", if contact.no_mobile { "si" } else { "" })
}

impl RegistrationService<'_> {
    fn name(&self) -> String {
        format!("registrar-{}", self.kind.slug())
    }

    /// The flow of a cookie, for showing its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Registration>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// An empty form: the one of this cookie if nothing was typed into it yet, or a new one.
    pub async fn begin(&self, token: Option<&Token>) -> Result<(Flow<Registration>, Option<Token>)> {
        let now = self.backend.now();
        if let Some(flow) = self.page(token).await?.filter(|flow| {
            flow.state == Registration::Form && flow.typed.is_empty() && flow.feedback == Feedback::default()
        }) && let Some(id) = &flow.captcha
            && crate::captcha::picture(&self.backend.store, id, now).await?.is_some()
        {
            return Ok((flow, None));
        }
        let (flow, token) = self.open(Typed::default(), Feedback::default()).await?;
        Ok((flow, Some(token)))
    }

    async fn open(&self, typed: Typed, feedback: Feedback) -> Result<(Flow<Registration>, Token)> {
        let (mut flow, token) = self.backend.open(&self.name(), Registration::Form, typed, feedback).await?;
        self.backend.draw_captcha(&mut flow).await?;
        flow.save(&mut *self.backend.store.connection().await?, self.backend.expiry()).await?;
        Ok((flow, token))
    }

    /// The flow of a form, with what was typed in it; a page that expired, or that another tab has overtaken, loses
    /// nothing but keys, answer and captcha.
    async fn found(
        &self,
        step: &str,
        posted: &Posted<'_>,
        typed: Typed,
    ) -> Result<std::result::Result<Flow<Registration>, Moved<Registration>>> {
        let notice = match self.backend.found::<Registration>(&self.name(), step, posted).await? {
            Found::Here(mut flow) => {
                flow.typed = typed;
                return Ok(Ok(flow));
            }
            Found::OtherTab(_) => Notice::OtherTab,
            Found::Again(..) | Found::Gone => Notice::Expired,
        };
        let (flow, token) = self.open(typed, notice.into()).await?;
        Ok(Err(Moved { state: flow.state, token: Some(token) }))
    }

    /// “Refrescar”: what was typed stays.
    pub async fn new_captcha(
        &self,
        posted: Posted<'_>,
        input: RegistrationInput<'_>,
    ) -> Result<Moved<Registration>> {
        let mut flow = match self.found("captcha", &posted, typed(self.kind, &input, "")).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if flow.state == Registration::Form {
            self.backend.draw_captcha(&mut flow).await?;
            return self.backend.save_and_show(flow, Notice::NewCaptcha).await;
        }
        Ok(Moved { state: flow.state, token: None })
    }

    /// “Crear Cuenta”.
    pub async fn create(
        &self,
        posted: Posted<'_>,
        input: RegistrationInput<'_>,
        captcha: &str,
    ) -> Result<Moved<Registration>> {
        let flow = match self.found("create", &posted, typed(self.kind, &input, captcha)).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if flow.state != Registration::Form {
            return Ok(Moved { state: flow.state, token: None });
        }
        let (backend, now) = (self.backend, self.backend.now());
        let form = RegistrationForm::parse(input, backend.settings.rules(self.kind, now));
        let form = match form {
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
        if let Err(error) = captcha_passed(verdict) {
            return backend.save_and_show(flow, error).await;
        }
        let counted = match backend
            .limits
            .count(AttemptKind::Register, Some((self.kind, &form.identifier)), self.caller, now)
            .await?
        {
            Ok(counted) => counted,
            Err(wait) => return backend.save_and_show(flow, wait_notice(wait, now)).await,
        };
        let names = match self.prove(&form).await? {
            Ok(names) => names,
            Err(feedback) => {
                if matches!(feedback.notice, Some(Notice::RegistryDown | Notice::TaxRegistryDown)) {
                    backend.limits.take_back(counted).await?;
                }
                return backend.save_and_show(flow, feedback).await;
            }
        };
        self.write(flow, &form, names.as_deref()).await
    }

    /// Asks SII who represents a company, and Registro Civil where the configuration wants a proof; gives the names that they
    /// know.
    async fn prove(&self, form: &RegistrationForm) -> Result<std::result::Result<Option<String>, Feedback>> {
        let (mut holder, mut company_name) = (form.identifier.clone(), None);
        if let Some(company) = &form.company {
            let representative = company.representative.plain();
            let tried =
                self.backend.try_representative(&form.identifier, &representative, self.caller).await?;
            let tried = match tried {
                Ok(tried) => tried,
                Err(feedback) => return Ok(Err(feedback)),
            };
            if let Err(refused) = tried.answer.represents() {
                return Ok(Err(tried.refused(self.backend, refused).await?));
            }
            let known = match &tried.answer {
                TaxAnswer::Represents { company_name } => company_name.clone(),
                _ => None,
            };
            company_name = Some(known.unwrap_or_else(|| company.name.as_str().to_owned()));
            holder = Identifier::Rut(company.representative);
            tried.succeeded(self.backend).await?;
        }
        let Some(serial) = &form.serial else { return Ok(Ok(company_name)) };
        let subject = (self.kind, &form.identifier);
        let tried = self.backend.try_document(subject, &holder, serial.as_str(), self.caller).await?;
        let tried = match tried {
            Ok(tried) => tried,
            Err(feedback) => return Ok(Err(feedback)),
        };
        match tried.verdict.proves() {
            Ok(()) => {
                let names = match &tried.verdict {
                    DocumentAnswer::Civil(CivilAnswer::Valid { name }) => name.clone(),
                    _ => None,
                };
                tried.succeeded(self.backend).await?;
                Ok(Ok(company_name.or(names)))
            }
            Err(refused) => Ok(Err(tried.document_refused(self.backend, refused).await?)),
        }
    }

    /// Writes the account, or tells the owner of the one that is there: as many hashes and one answer either way.
    async fn write(
        &self,
        mut flow: Flow<Registration>,
        form: &RegistrationForm,
        names: Option<&str>,
    ) -> Result<Moved<Registration>> {
        let (backend, now) = (self.backend, self.backend.now());
        let key_hash = match backend.hasher.hash(form.key.expose()).await {
            Ok(hash) => hash,
            Err(busy) => return backend.refuse_busy(flow, busy).await,
        };
        let answer_hash = match backend.hasher.hash(form.answer.expose()).await {
            Ok(hash) => hash,
            Err(busy) => return backend.refuse_busy(flow, busy).await,
        };
        let document = match &form.document {
            Some(document) => match backend.hasher.hash(document.number.expose()).await {
                Ok(hash) => Some((document.kind, document.country, hash)),
                Err(busy) => return backend.refuse_busy(flow, busy).await,
            },
            None => None,
        };
        let mut tx = backend.store.begin().await?;
        flow.state = Registration::Done { by_sms: form.contact.mobile.is_some() };
        flow.feedback = Feedback::default();
        flow.typed = Typed::default();
        flow.captcha = None;
        if !flow.save_outcome(&mut tx, backend.expiry()).await? {
            drop(tx);
            return backend.overtaken(flow, Registration::Form).await;
        }
        let identifier = form.identifier.plain();
        let new = NewAccount {
            kind: self.kind,
            identifier: &identifier,
            names,
            key_hash: Some(&key_hash),
            question: Some((form.question, &answer_hash)),
            birth_date: form.birth_date,
            document: document.as_ref().map(|(kind, country, hash)| (*kind, *country, hash.as_str())),
            company: form.company.as_ref(),
            address: Some(&form.address),
            contact: Some(&form.contact),
        };
        let facts =
            Facts { names, public_url: &backend.settings.public_url, kind: self.kind, ..Facts::default() };
        if let Some(account) = accounts::insert(&mut tx, &new, now).await? {
            let to = [
                Some(Recipient::Mail(form.contact.email.clone())),
                form.contact.mobile.clone().map(Recipient::Sms),
            ];
            backend.enqueue_messages(&mut tx, account, Template::Registered, to, facts).await?;
            audit::write(&mut tx, account, Event::Registered, "done", self.caller, now).await?;
        } else if let Some(account) = accounts::find(&mut tx, self.kind, &identifier).await? {
            let account = accounts::lock(&mut tx, account.id).await?;
            let (template, to) = (Template::RegisteredAgain, contacts(&account));
            // A notice is a message by each way that the account has.
            let most = NOTICES_PER_DAY * i64::try_from(to.iter().flatten().count()).unwrap_or(1);
            if outbox::count_since(&mut tx, account.id, template, now - DAY).await? < most {
                let facts = Facts { names: account.names.as_deref(), ..facts };
                backend.enqueue_messages(&mut tx, account.id, template, to, facts).await?;
            }
            audit::write(&mut tx, account.id, Event::RegisteredAgain, "refused", self.caller, now).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        backend.wake.notify_one();
        Ok(Moved { state: flow.state, token: None })
    }
}

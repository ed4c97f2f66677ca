//! Registration of a person or a company: N-REG, M-REG, J-REG. For a RUT or NIE that already has an account the page and the
//! messages to the sender are the same; only the contact data on file gets a message about it.

use domain::address::AddressInput;
use domain::field::Field;
use domain::flow::contact::{ContactInput, ContactProof, NewContact};
use domain::flow::mail_check::CodeSent;
use domain::flow::registration::{RegisterProof, Registration, RegistrationForm, RegistrationInput};
use domain::flow::{Feedback, Notice, TaxAnswer, captcha_passed};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::phone::Mobile;
use zeroize::Zeroizing;

use super::captcha::require_captcha_answer;
use super::exit::{Check, Exit, FirstPage, OrShow as _, Refusal, Step};
use super::kept::{KeyTwice, SecretOwner};
use super::outcome::OutcomeTx;
use super::proofs::verified_name;
use super::{Backend, Caller, NextStep, Posted, Result, contacts, wait_notice};
use crate::clock::DAY;
use crate::courier::Facts;
use crate::flows::{Flow, Token, Typed};
use crate::limits::{AttemptKind, Letters};
use crate::message::{Recipient, Template};
use crate::store::StoreError;
use crate::store::accounts::{self, Account, NewAccount};
use crate::store::audit::{self, Event, Outcome, Record};
use crate::store::outbox;

/// Most notices a day to the owner of a RUT that others try to register.
const NOTICES_PER_DAY: i64 = 3;

/// A mobile to which nothing is ever sent, for the work of a notice that is not due.
const NOBODYS_MOBILE: &str = "00000000";

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

/// What the registries said of a form.
struct Confirmed {
    /// The names that they have on file.
    names: Option<String>,
    /// Whether the form came with a proof of identity, and so its contact data.
    contact_proof: ContactProof,
}

/// The new secrets of a form, as they were typed or kept.
#[derive(Default)]
struct NewSecrets {
    key: KeyTwice,
    answer: Zeroizing<String>,
    /// Whether a key that was kept is not any more, and none was typed: the form is for another identity.
    dropped: bool,
}

/// The hashes of a new account.
struct Hashes {
    key: String,
    answer: String,
    document: Option<String>,
}

impl RegistrationService<'_> {
    fn name(&self) -> String {
        format!("registrar-{}", self.kind.slug())
    }

    /// The flow of a cookie, to show its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Registration>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// An empty form. Nothing is stored of it.
    pub async fn begin(&self) -> Result<Flow<Registration>> {
        self.backend.unstored(&self.name(), Feedback::default(), self.caller).await
    }

    /// A flow that begins with a form which was too old for its own.
    async fn open(
        &self,
        (input, captcha): (&RegistrationInput<'_>, &str),
        feedback: Feedback,
    ) -> Result<(Flow<Registration>, Token)> {
        let (caller, typed) = (self.caller.clone(), typed(self.kind, input, captcha));
        let first = FirstPage { name: self.name(), caller, state: Registration::Form, typed };
        let (mut flow, token) = self.backend.open(first, feedback).await?;
        self.new_secrets(&mut flow, input)?;
        self.backend.new_captcha(&mut flow, self.caller).await?;
        flow.save(&mut *self.backend.store.connection().await?, self.backend.times::<Registration>()).await?;
        Ok((flow, token))
    }

    /// The flow of a form, with what was typed in it: that of the cookie, or the one that this form begins. When the form is too
    /// old for either, the user gets a new one, filled in with everything but the captcha; a key and an answer that are not valid
    /// are typed again.
    async fn found(
        &self,
        step: &str,
        posted: &Posted<'_>,
        (input, captcha): (&RegistrationInput<'_>, &str),
    ) -> Step<Registration, (Flow<Registration>, NewSecrets)> {
        match self.backend.found_or_begun(&self.name(), step, posted).await? {
            Ok(mut flow) if flow.state == Registration::Form => {
                flow.typed = typed(self.kind, input, captcha);
                let new = self.new_secrets(&mut flow, input)?;
                Ok((flow, new))
            }
            Ok(flow) => Err(Exit::go_to(NextStep::unchanged(flow))),
            Err(notice) => {
                let (flow, token) = self.open((input, captcha), notice.into()).await?;
                Err(Exit::go_to(NextStep { state: flow.state, token: Some(token) }))
            }
        }
    }

    /// Key and answer of a form, typed or kept; they stay kept.
    fn new_secrets(
        &self,
        flow: &mut Flow<Registration>,
        input: &RegistrationInput<'_>,
    ) -> Result<NewSecrets> {
        let backend = self.backend;
        let owner = SecretOwner::parse(self.kind, input.identifier, &backend.settings.nie);
        let counted_on = flow.kept.has_key() && input.key.is_empty() && input.key_again.is_empty();
        let key = backend.new_key(flow, (input.key, input.key_again), &owner, "")?;
        let answer = backend.new_answer(flow, (input.question, input.answer), &owner)?;
        Ok(NewSecrets { key, answer, dropped: counted_on && !flow.kept.has_key() })
    }

    /// “Refrescar”: what was typed stays.
    pub async fn new_captcha(
        &self,
        posted: Posted<'_>,
        input: RegistrationInput<'_>,
    ) -> Result<NextStep<Registration>> {
        self.backend
            .run(async {
                let (mut flow, _) = self.found("captcha", &posted, (&input, "")).await?;
                self.backend.new_captcha(&mut flow, self.caller).await?;
                Ok(self.backend.save_and_show(flow, Notice::NewCaptcha).await?)
            })
            .await
    }

    /// “Crear Cuenta”.
    pub async fn create(
        &self,
        posted: Posted<'_>,
        input: RegistrationInput<'_>,
        captcha: &str,
    ) -> Result<NextStep<Registration>> {
        let backend = self.backend;
        backend
            .run(async {
                let (mut flow, new) = self.found("create", &posted, (&input, captcha)).await?;
                let ([key, key_again], answer) = (&new.key, &new.answer);
                let input = RegistrationInput { key, key_again, answer, ..input };
                let now = backend.now();
                let form = RegistrationForm::parse(input, backend.settings.rules(self.kind, now));
                let notice = new.dropped.then_some(Notice::OtherIdentity { of: self.kind });
                let form = require_captcha_answer(form, captcha, &posted)
                    .map_err(|errors| Feedback { errors, notice })
                    .or_show(&flow)?;
                let verdict = backend.check_captcha(&mut flow, &posted, captcha, self.caller).await?;
                captcha_passed(verdict).or_show(&flow)?;
                let subject = Some((self.kind, &form.identifier));
                let counted = backend
                    .limits
                    .count(AttemptKind::Register, subject, (self.caller, Letters::None), now)
                    .await?;
                let counted = counted.map_err(|wait| wait_notice(wait, now)).or_show(&flow)?;
                let proven = self.prove(&form).await;
                if let Err(Refusal::Feedback(feedback)) = &proven
                    && matches!(
                        feedback.notice,
                        Some(Notice::RegistryDown | Notice::TaxRegistryDown | Notice::ForeignRegistryDown)
                    )
                {
                    backend.limits.uncount(counted).await?;
                }
                let confirmed = proven.or_show(&flow)?;
                let hashes = self.hash(&form).await.or_show(&flow)?;
                self.write(flow, &form, &confirmed, &hashes).await
            })
            .await
    }

    /// “Código del correo” → “Confirmar correo”, on the last page (A-MAIL). None when its flow is gone.
    pub async fn confirm_mail(
        &self,
        posted: Posted<'_>,
        text: &str,
    ) -> Result<Option<NextStep<Registration>>> {
        self.backend.confirm_at_end((self.kind, &self.name()), &posted, text, Registration::code).await
    }

    /// Asks SII who represents a company, and Registro Civil or the registry of foreign documents where the configuration demands a
    /// proof.
    async fn prove(&self, form: &RegistrationForm) -> Check<Confirmed> {
        // The letters of this form stand in for the waits that others have caused.
        let by = (self.caller, Letters::Right);
        let backend = self.backend;
        let (mut holder, mut company_name) = (form.identifier.clone(), None);
        if let Some(company) = &form.company {
            let representative = company.representative.plain();
            let tried = backend.try_representative(&form.identifier, &representative, by).await?;
            if let Err(refused) = tried.answer.represents() {
                return Err(tried.refused(backend, refused).await?.into());
            }
            let registered = match &tried.answer {
                TaxAnswer::Represents { company_name } => company_name.clone(),
                _ => None,
            };
            company_name = Some(registered.unwrap_or_else(|| company.name.as_str().to_owned()));
            holder = Identifier::Rut(company.representative);
            tried.succeeded(backend).await?;
        }
        let unproven = |names| Confirmed { names, contact_proof: ContactProof::Unproven };
        let subject = (self.kind, &form.identifier);
        let tried = match (&form.serial, &form.document) {
            (Some(serial), _) => backend.try_document(subject, &holder, serial.as_str(), by).await?,
            (None, Some(document)) if backend.settings.register_proof == RegisterProof::Serial => {
                let tried = backend.try_foreign_document(self.kind, &holder, document, by).await?;
                let Some(tried) = tried else { return Ok(unproven(company_name)) };
                tried
            }
            _ => return Ok(unproven(company_name)),
        };
        if let Err(refused) = tried.verdict.proves() {
            return Err(tried.document_refused(backend, refused).await?.into());
        }
        let names = verified_name(&tried.verdict).map(str::to_owned);
        tried.succeeded(backend).await?;
        Ok(Confirmed { names: company_name.or(names), contact_proof: ContactProof::Proven })
    }

    /// Hashes the secrets of a form: as many whether or not there is an account.
    async fn hash(&self, form: &RegistrationForm) -> Check<Hashes> {
        let hasher = &self.backend.hasher;
        Ok(Hashes {
            key: hasher.hash(form.key.expose()).await?,
            answer: hasher.hash(form.answer.expose()).await?,
            document: match &form.document {
                Some(document) => Some(hasher.hash(document.number.expose()).await?),
                None => None,
            },
        })
    }

    /// Writes the account, or notifies the owner of the existing one; page and messages to the sender are the same.
    async fn write(
        &self,
        flow: Flow<Registration>,
        form: &RegistrationForm,
        confirmed: &Confirmed,
        hashes: &Hashes,
    ) -> Step<Registration> {
        let (backend, names) = (self.backend, confirmed.names.as_deref());
        let mut tx = backend.begin_outcome(self.caller).await?;
        let typed = [
            Some(Recipient::Mail(form.contact.email.clone())),
            form.contact.mobile.clone().map(Recipient::Sms),
        ];
        // Before anything is known of the identity: what the page promises depends on the typed contact data alone.
        let admitted = tx.admit(audit::NOBODY, Template::Registered, typed.clone()).await?;
        let sent = || CodeSent::new(form.identifier.clone(), form.contact.email.clone());
        let done = Registration::Done {
            by_sms: admitted.has_sms(),
            by_mail: admitted.has_mail(),
            code: admitted.has_mail().then(sent),
        };
        let ended = tx.end_flow(flow, done).await?;
        let identifier = form.identifier.plain();
        let document = form.document.as_ref().zip(hashes.document.as_deref());
        let new = NewAccount {
            kind: self.kind,
            identifier: &identifier,
            names,
            key_hash: Some(&hashes.key),
            question: Some((form.question, &hashes.answer)),
            birth_date: form.birth_date,
            document: document.map(|(document, hash)| (document.kind, document.country, hash)),
            company: form.company.as_ref(),
            address: Some(&form.address),
            contact: Some(&form.contact),
            contact_proof: confirmed.contact_proof,
        };
        let now = tx.now();
        let is_new = accounts::insert(&mut tx, &new, now).await?.is_some();
        let account = accounts::find(&mut tx, self.kind, &identifier).await?;
        let account = account.ok_or(StoreError::Corrupt("account"))?.id;
        let account = accounts::lock(&mut tx, account).await?;
        let savepoint = tx.savepoint().await?;
        if is_new {
            tx.keep(savepoint).await?;
        } else {
            // The statements that keep the key of a new account, without their effect.
            accounts::remember_key(&mut tx, account.id, &hashes.key, now).await?;
            tx.undo(savepoint).await?;
        }
        doubt_contact(&mut tx, &account, form).await?;
        self.notify_owner(&mut tx, &account, &typed, is_new).await?;
        // These messages go to the sender of the form, who is not known to be the owner of an account that was there.
        let (about, event, outcome) = match is_new {
            true => (account.id, Event::Registered, Outcome::Done),
            false => (audit::NOBODY, Event::RegisteredAgain, Outcome::Refused),
        };
        let code = backend.new_mail_code(&mut tx, account.id, &form.contact.email).await?;
        let facts = Facts { code: Some(&code), ..self.facts(names) };
        tx.write_messages(about, Template::Registered, admitted, facts).await?;
        Ok(tx.finish(ended, Record::new(account.id, event, outcome)).await?)
    }

    /// Notifies the owner of an existing account, a few times a day, that somebody tried to register its RUT or NIE. For a new
    /// account, and where the owner has no such address or has had the notices of a day, the same statements run without effect: how
    /// much work a registration is must not show whether there was an account (docs/security.md#abuse-and-enumeration).
    async fn notify_owner(
        &self,
        tx: &mut OutcomeTx<'_>,
        account: &Account,
        typed: &[Option<Recipient>; 2],
        is_new: bool,
    ) -> Result<()> {
        let (template, on_file) = (Template::RegisteredAgain, contacts(account));
        // One notice is a message to each address that the account has.
        let most = NOTICES_PER_DAY * i64::try_from(on_file.iter().flatten().count()).unwrap_or(1);
        let since = tx.now() - DAY;
        let sent = outbox::count_since(&mut *tx, account.id, template, since).await?;
        let is_due = !is_new && sent < most;
        let [typed_mail, typed_mobile] = typed.clone();
        let [mail, mobile] = on_file;
        let nobody = Mobile::parse(NOBODYS_MOBILE).ok().map(Recipient::Sms);
        let slots =
            [(mail.is_some(), mail.or(typed_mail)), (mobile.is_some(), mobile.or(typed_mobile).or(nobody))];
        for (is_on_file, to) in slots {
            let is_sent = is_due && is_on_file;
            let savepoint = if is_sent { tx.savepoint().await? } else { tx.rehearse().await? };
            let facts = self.facts(account.names_for_notices(self.kind));
            tx.enqueue_messages(account.id, template, [to], facts).await?;
            if is_sent {
                tx.keep(savepoint).await?;
            } else {
                tx.undo(savepoint).await?;
            }
        }
        Ok(())
    }

    fn facts<'a>(&'a self, names: Option<&'a str>) -> Facts<'a> {
        let public_url = &self.backend.settings.public_url;
        Facts { names, public_url, kind: self.kind, ..Facts::default() }
    }
}

/// That a person registers with other contact data is a reason to doubt what is on file. One statement, whether or not anything
/// changes.
async fn doubt_contact(tx: &mut OutcomeTx<'_>, account: &Account, form: &RegistrationForm) -> Result<()> {
    let typed = NewContact { email: form.contact.email.clone(), mobile: form.contact.mobile.clone() };
    let same = account.has_contact(&typed);
    let proof = if same { account.contact_proof } else { account.contact_proof.doubted() };
    Ok(accounts::set_contact_proof(&mut *tx, account.id, proof).await?)
}

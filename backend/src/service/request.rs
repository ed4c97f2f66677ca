//! The request of a company for the key of a foreign facilitator: F-REQ.

mod receive;

use domain::field::{Field, FieldError, Reason};
use domain::flow::request::{
    Proven, Purpose, Request, RequestForm, RequestInput, RequestNumber, Signed, UploadId,
};
use domain::flow::{Notice, Say};
use domain::identifier::Identifier;
use domain::kind::Kind;

use super::{Backend, Caller, Found, Moved, Posted, Result, contacts, wait_notice};
use crate::clock::chilean_day;
use crate::courier::message::{Facts, Recipient, Template};
use crate::declaration::{self, Declaration};
use crate::flows::{Flow, Token, Typed};
use crate::secrets::random_below;
use crate::store::audit::{self, Desk, Event};
use crate::store::requests::{self, NewRequest};
use crate::store::uploads::{self, Upload};
use crate::store::{StoreError, accounts};

pub use receive::Sent;

/// Under which name its flows are kept.
const NAME: &str = "facilitador";

/// Most open requests of one company: more than any has, and few enough for the desk to see what goes on.
const MOST_OPEN: i64 = 100;

/// The request flow, for one request of a browser.
pub struct RequestService<'a> {
    backend: &'a Backend,
    caller: &'a Caller,
}

impl Backend {
    /// The request flow.
    #[must_use]
    pub fn request<'a>(&'a self, caller: &'a Caller) -> RequestService<'a> {
        RequestService { backend: self, caller }
    }
}

/// The first form as it was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdentifyInput<'a> {
    /// “Rut Empresa”.
    pub company: &'a str,
    /// “Rut Representante Legal”.
    pub representative: &'a str,
    /// “Clave Sence”.
    pub key: &'a str,
    /// “Captcha”.
    pub captcha: &'a str,
}

impl IdentifyInput<'_> {
    /// What may be shown again.
    fn typed(&self) -> Typed {
        Typed::default()
            .with(Field::Rut, self.company)
            .with(Field::Representative, self.representative)
            .with(Field::Captcha, self.captcha)
    }
}

/// What the facilitator's form may show again.
fn typed(input: &RequestInput<'_>) -> Typed {
    Typed::default()
        .with(Field::DocumentKind, input.document_kind)
        .with(Field::DocumentNumber, input.document_number)
        .with(Field::Names, input.names)
        .with(Field::Email, input.email)
        .with(Field::Phone, input.phone)
        .with(Field::Question, input.question)
}

impl RequestService<'_> {
    /// The flow of a cookie, for showing its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<Request>>> {
        self.backend.flow(NAME, token).await
    }

    /// An empty first form: the one of this cookie if nothing was typed into it yet, or a new one.
    pub async fn begin(&self, token: Option<&Token>, say: Say) -> Result<(Flow<Request>, Option<Token>)> {
        let now = self.backend.now();
        if let Some(flow) = self
            .page(token)
            .await?
            .filter(|flow| flow.state == Request::Identify && flow.typed.is_empty() && flow.say == say)
            && let Some(id) = &flow.captcha
            && crate::captcha::picture(&self.backend.store, id, now).await?.is_some()
        {
            return Ok((flow, None));
        }
        let (flow, token) = self.open(Typed::default(), say).await?;
        Ok((flow, Some(token)))
    }

    async fn open(&self, typed: Typed, say: Say) -> Result<(Flow<Request>, Token)> {
        let (mut flow, token) = self.backend.open(NAME, Request::Identify, typed, say).await?;
        self.backend.draw_captcha(&mut flow).await?;
        flow.save(&mut *self.backend.store.connection().await?, self.backend.expiry()).await?;
        Ok((flow, token))
    }

    /// The flow of the first form, with what was typed in it; a page that expired loses nothing but key and captcha.
    async fn found_first(
        &self,
        posted: &Posted<'_>,
        typed: Typed,
        mac: &str,
    ) -> Result<std::result::Result<Flow<Request>, Moved<Request>>> {
        let notice = match self.backend.found::<Request>(NAME, posted, mac).await? {
            Found::Here(mut flow) => {
                if flow.state == Request::Identify {
                    flow.typed = typed;
                }
                return Ok(Ok(flow));
            }
            Found::Again(flow, token) => return Ok(Err(Moved { state: flow.state, token: Some(token) })),
            Found::OtherTab(_) => Notice::OtherTab,
            Found::Gone => Notice::Expired,
        };
        let (flow, token) = self.open(typed, notice.into()).await?;
        Ok(Err(Moved { state: flow.state, token: Some(token) }))
    }

    /// The flow of a later form.
    async fn found(&self, posted: &Posted<'_>) -> Result<std::result::Result<Flow<Request>, Moved<Request>>> {
        self.found_with(posted, None).await
    }

    /// The flow of a form that brought a file.
    async fn found_with(
        &self,
        posted: &Posted<'_>,
        sent: Option<&Sent>,
    ) -> Result<std::result::Result<Flow<Request>, Moved<Request>>> {
        let notice = match self.backend.found::<Request>(NAME, posted, "").await? {
            Found::Here(flow) => return Ok(Ok(flow)),
            Found::Again(flow, token) => return Ok(Err(Moved { state: flow.state, token: Some(token) })),
            Found::OtherTab(flow) => {
                self.give_up(sent).await?;
                return Ok(Err(self.backend.stay(flow, Notice::OtherTab).await?));
            }
            Found::Gone => Notice::Expired,
        };
        let (flow, token) = self.open(Typed::default(), notice.into()).await?;
        Ok(Err(Moved { state: flow.state, token: Some(token) }))
    }

    /// A file came with the form of another tab, and was taken in for the company of this flow: no page may offer it.
    async fn give_up(&self, sent: Option<&Sent>) -> Result<()> {
        if let Some(Sent::Whole(id)) = sent {
            uploads::expire(&mut *self.backend.store.connection().await?, id, self.backend.now()).await?;
        }
        Ok(())
    }

    /// “Refrescar”: what was typed stays.
    pub async fn new_captcha(&self, posted: Posted<'_>, input: IdentifyInput<'_>) -> Result<Moved<Request>> {
        let typed = IdentifyInput { captcha: "", ..input }.typed();
        let mut flow = match self.found_first(&posted, typed, "").await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if flow.state == Request::Identify {
            self.backend.draw_captcha(&mut flow).await?;
            return self.backend.stay(flow, Notice::NewCaptcha).await;
        }
        Ok(Moved { state: flow.state, token: None })
    }

    /// “Rut Empresa”, “Rut Representante Legal”, “Clave Sence”, captcha → “Validar”.
    pub async fn identify(&self, posted: Posted<'_>, input: IdentifyInput<'_>) -> Result<Moved<Request>> {
        let (backend, now) = (self.backend, self.backend.now());
        let mac = backend.form_mac(
            "facilitador",
            &posted,
            &[input.company, input.representative, input.key, input.captcha],
        );
        let mut flow = match self.found_first(&posted, input.typed(), &mac).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if flow.state != Request::Identify {
            return Ok(Moved { state: flow.state, token: None });
        }
        let errors = self.unreadable(input);
        if !errors.is_empty() {
            return backend.stay(flow, errors).await;
        }
        let verdict = match backend.check_captcha(&flow, &posted, input.captcha, self.caller).await? {
            Ok(verdict) => verdict,
            Err(wait) => return backend.stay(flow, wait_notice(wait, now)).await,
        };
        backend.draw_captcha(&mut flow).await?;
        if let Err(error) = Proven::captcha(verdict) {
            return backend.stay(flow, error).await;
        }
        let represented = backend.represented(input.company, input.representative, input.key, self.caller);
        let representative = match represented.await? {
            Ok(rut) => rut,
            Err(say) => return backend.stay(flow, say).await,
        };
        let tried = match backend.try_key(Kind::Juridica, input.company, input.key, self.caller).await? {
            Ok(tried) => tried,
            Err(say) => return backend.stay(flow, say).await,
        };
        let Identifier::Rut(rut) = tried.identifier else {
            return Err(StoreError::Corrupt("account").into());
        };
        match Request::identify(rut, representative, &tried.verdict) {
            Ok(state) => {
                if let Some(account) = tried.succeeded(backend).await? {
                    backend.note_representative(&account, representative, self.caller).await?;
                    flow.belongs_to(account.id);
                }
                flow.state = state;
                flow.say = Say::default();
                flow.typed = Typed::default();
                flow.captcha = None;
                backend.rise(flow, &posted, &mac, Request::Identify).await
            }
            Err(error) => {
                let say = tried.refused(backend, error);
                backend.stay(flow, say).await
            }
        }
    }

    /// What of the first form is missing or malformed, in the order of the form.
    fn unreadable(&self, input: IdentifyInput<'_>) -> Vec<FieldError> {
        let company = Identifier::parse(Kind::Juridica, input.company, &self.backend.settings.nie).err();
        let representative = domain::rut::Rut::parse(input.representative).err();
        let missing =
            |field, text: &str| text.trim().is_empty().then_some(FieldError::new(field, Reason::Missing));
        company
            .into_iter()
            .chain(representative.map(|error| FieldError::new(Field::Representative, error.into())))
            .chain(missing(Field::CurrentKey, input.key))
            .chain(missing(Field::Captcha, input.captcha))
            .collect()
    }

    /// The “Declaración Jurada” with the company's data filled in; none when the flow is not so far, or is gone.
    pub async fn declaration(&self, token: Option<&Token>) -> Result<Option<Vec<u8>>> {
        let proven = match self.page(token).await?.map(|flow| flow.state) {
            Some(Request::Declaration(proven)) => proven,
            Some(Request::Details(signed)) => signed.proven().clone(),
            _ => return Ok(None),
        };
        let connection = &mut *self.backend.store.connection().await?;
        let account = accounts::get(connection, proven.company()).await?;
        let (kind, names) = accounts::company(connection, proven.company()).await?;
        let pdf = declaration::pdf(&Declaration {
            company: proven.rut(),
            company_name: account.names.as_deref().unwrap_or_default(),
            company_kind: kind,
            representative: proven.representative(),
            // The names on file are those of the representative on file.
            representative_names: names
                .as_deref()
                .filter(|_| account.representative == Some(proven.representative())),
            date: chilean_day(self.backend.now()),
        })?;
        Ok(Some(pdf))
    }

    /// What was sent before, in this flow or in one that expired, and is still kept: the page offers it, so that nobody
    /// sends it twice. Only the person can say whether a document of an earlier flow is that of this facilitator.
    pub async fn kept(&self, flow: &Flow<Request>) -> Result<Option<Upload>> {
        let (proven, purpose, own) = match &flow.state {
            Request::Declaration(proven) => (proven, Purpose::Declaration, None),
            Request::Details(signed) => (signed.proven(), Purpose::Document, signed.document()),
            Request::Identify | Request::Done { .. } => return Ok(None),
        };
        let (now, connection) = (self.backend.now(), &mut *self.backend.store.connection().await?);
        if let Some(id) = own {
            return Ok(uploads::waiting(connection, id, proven.company(), now).await?);
        }
        Ok(uploads::newest(connection, proven.company(), purpose, now).await?)
    }

    /// “Subir solicitud”: the signed declaration is here, or was not taken. None: the one that was sent before.
    pub async fn sign(&self, posted: Posted<'_>, sent: Option<Sent>) -> Result<Moved<Request>> {
        let mut flow = match self.found_with(&posted, sent.as_ref()).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let proven = match (flow.state.clone(), &sent) {
            (Request::Declaration(proven), _) => proven,
            // Back, and another one.
            (Request::Details(mut signed), Some(Sent::Whole(id))) => {
                let connection = &mut *self.backend.store.connection().await?;
                uploads::expire(connection, signed.declaration(), self.backend.now()).await?;
                signed.sign(id.clone());
                flow.state = Request::Details(signed);
                return self.backend.stay(flow, Say::default()).await;
            }
            _ => return Ok(Moved { state: flow.state, token: None }),
        };
        let id = match sent {
            Some(Sent::Whole(id)) => id,
            Some(Sent::Refused(reason)) => {
                return self.backend.stay(flow, FieldError::new(Field::Declaration, reason)).await;
            }
            Some(Sent::TooMany) => return self.backend.stay(flow, Notice::MostFiles).await,
            None => match self.kept(&flow).await? {
                Some(upload) => upload.id,
                None => {
                    let gone = FieldError::new(Field::Declaration, Reason::FileGone);
                    return self.backend.stay(flow, gone).await;
                }
            },
        };
        flow.state = proven.signed(id);
        self.backend.stay(flow, Say::default()).await
    }

    /// Back to the declaration, to send another one.
    pub async fn sign_again(&self, posted: Posted<'_>) -> Result<Moved<Request>> {
        let mut flow = match self.found(&posted).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if let Request::Details(signed) = flow.state.clone() {
            flow.state = signed.again();
        }
        self.backend.stay(flow, Say::default()).await
    }

    /// “Realizar solicitud”. `sent` is the identity document that came with the form; without one `keep` takes the one that
    /// was sent before.
    pub async fn file(
        &self,
        posted: Posted<'_>,
        input: RequestInput<'_>,
        sent: Option<Sent>,
        keep: bool,
    ) -> Result<Moved<Request>> {
        let backend = self.backend;
        let mut flow = match self.found_with(&posted, sent.as_ref()).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let Request::Details(mut signed) = flow.state.clone() else {
            self.give_up(sent.as_ref()).await?;
            return Ok(Moved { state: flow.state, token: None });
        };
        flow.typed = typed(&input);
        let mut unfit = None;
        match sent {
            Some(Sent::Whole(id)) => {
                if let Some(old) = signed.document() {
                    uploads::expire(&mut *backend.store.connection().await?, old, backend.now()).await?;
                }
                signed.attach(id);
            }
            Some(Sent::Refused(reason)) => unfit = Some(reason),
            Some(Sent::TooMany) => return backend.stay(flow, Notice::MostFiles).await,
            None if keep => match self.kept(&flow).await? {
                Some(upload) => signed.attach(upload.id),
                None => {
                    signed.detach();
                    unfit = Some(Reason::FileGone);
                }
            },
            None => signed.detach(),
        }
        flow.state = Request::Details(signed.clone());
        let form = match (signed.form(input), unfit) {
            (Ok(form), None) => form,
            (form, unfit) => {
                let mut errors = form.err().unwrap_or_default();
                if let Some(reason) = unfit {
                    // In its place in the order of the form.
                    errors.retain(|error| error.field != Field::DocumentFile);
                    let before =
                        |e: &FieldError| matches!(e.field, Field::DocumentNumber | Field::DocumentKind);
                    let place = errors.iter().filter(|error| before(error)).count();
                    errors.insert(place, FieldError::new(Field::DocumentFile, reason));
                }
                return backend.stay(flow, errors).await;
            }
        };
        match backend.hasher.hash(form.answer.expose()).await {
            Ok(hash) => self.write(flow, signed, &form, &hash).await,
            Err(busy) => backend.put_off(flow, busy).await,
        }
    }

    /// Files the request: one transaction with its files, its notice and its row in the audit.
    async fn write(
        &self,
        mut flow: Flow<Request>,
        signed: Signed,
        form: &RequestForm,
        answer_hash: &str,
    ) -> Result<Moved<Request>> {
        let (backend, now, company) = (self.backend, self.backend.now(), signed.proven().company());
        let number = random_below(RequestNumber::COUNT).map_err(StoreError::from)?;
        let number = RequestNumber::from_random(number);
        let mut tx = backend.store.begin().await?;
        let account = accounts::lock(&mut tx, company).await?;
        if requests::count_open(&mut tx, company).await? >= MOST_OPEN {
            drop(tx);
            return backend.stay(flow, Notice::MostRequests).await;
        }
        let new = NewRequest {
            number: &number,
            company,
            representative: signed.proven().representative(),
            document: &form.document,
            names: form.names.as_str(),
            email: &form.email,
            phone: form.phone.as_str(),
            question: form.question,
            answer_hash,
        };
        let Some(id) = requests::insert(&mut tx, &new, now).await? else {
            drop(tx);
            return self.asked_already(flow, &signed).await;
        };
        for (purpose, file) in Purpose::ALL.into_iter().zip(&form.files) {
            if !uploads::take(&mut tx, file, company, id, now).await? {
                drop(tx);
                return self.file_gone(flow, signed, purpose, file).await;
            }
        }
        flow.state = Request::Done { number: number.clone() };
        flow.say = Say::default();
        flow.typed = Typed::default();
        if !flow.save_outcome(&mut tx, backend.expiry()).await? {
            drop(tx);
            return backend.overtaken(flow, Request::Identify).await;
        }
        let facts = Facts {
            names: account.names.as_deref(),
            public_url: &backend.settings.public_url,
            kind: Kind::Juridica,
            request: number.as_str(),
            ..Facts::default()
        };
        let to = contacts(&account).into_iter().filter(|to| matches!(to, Some(Recipient::Mail(_))));
        backend.tell(&mut tx, company, Template::RequestFiled, to, facts).await?;
        let desk = Desk { request: Some(number.as_str()), officer: None };
        audit::write_of(&mut tx, company, Event::RequestFiled, "done", self.caller, desk, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        backend.wake.notify_one();
        Ok(Moved { state: flow.state, token: None })
    }

    /// The company has an open request for this document; or this very form has filed it a moment ago.
    async fn asked_already(&self, flow: Flow<Request>, signed: &Signed) -> Result<Moved<Request>> {
        let stands = flow.stands(&mut *self.backend.store.connection().await?).await?;
        if let Some(state @ Request::Done { .. }) = stands {
            return Ok(Moved { state, token: None });
        }
        let mut flow = flow;
        flow.state = Request::Details(signed.clone());
        self.backend.stay(flow, FieldError::new(Field::DocumentNumber, Reason::AlreadyAsked)).await
    }

    /// A file is kept for a day only, and goes to one request only.
    async fn file_gone(
        &self,
        mut flow: Flow<Request>,
        signed: Signed,
        purpose: Purpose,
        file: &UploadId,
    ) -> Result<Moved<Request>> {
        let stands = flow.stands(&mut *self.backend.store.connection().await?).await?;
        if let Some(state @ Request::Done { .. }) = stands {
            return Ok(Moved { state, token: None });
        }
        flow.state = signed.without(file);
        self.backend.stay(flow, FieldError::new(purpose.field(), Reason::FileGone)).await
    }
}

//! “Realizar solicitud”: the facilitator's data and document, and the request is filed.

use domain::document::ForeignDocument;
use domain::field::{Field, FieldError, Reason};
use domain::flow::Notice;
use domain::flow::request::{
    RequestFlow, RequestForm, RequestInput, RequestNumber, Signed, UploadId, UploadPurpose,
};
use domain::identifier::Identifier;
use domain::kind::Kind;
use zeroize::Zeroizing;

use super::{Received, RequestService, SubmittedFile};
use crate::courier::Facts;
use crate::flows::{Flow, Typed};
use crate::message::{Recipient, Template};
use crate::secrets::random_below;
use crate::service::exit::{Exit, OrShow as _, Step};
use crate::service::kept::SecretOwner;
use crate::service::{NextStep, Posted, Result, contacts};
use crate::store::audit::{Desk, Event, Outcome, Record};
use crate::store::requests::{self, NewRequest};
use crate::store::{StoreError, accounts, uploads};

/// Most open requests of one company: more than any has, and few enough for the desk to survey.
const MAX_OPEN: i64 = 100;

/// What the facilitator's form may show again.
pub(super) fn typed(input: &RequestInput<'_>) -> Typed {
    Typed::default()
        .with(Field::DocumentKind, input.document_kind)
        .with(Field::DocumentNumber, input.document_number)
        .with(Field::Names, input.names)
        .with(Field::Email, input.email)
        .with(Field::Phone, input.phone)
        .with(Field::Question, input.question)
}

impl RequestService<'_> {
    /// The facilitator's answer, typed or kept for this document; it stays kept.
    pub(super) fn new_answer(
        &self,
        flow: &mut Flow<RequestFlow>,
        input: &RequestInput<'_>,
    ) -> Result<Zeroizing<String>> {
        let document = ForeignDocument::parse(input.document_kind, input.document_number);
        let owner = document
            .map_or(SecretOwner::Unknown, |document| SecretOwner::Read(Identifier::Document(document)));
        self.backend.new_answer(flow, (input.question, input.answer), &owner)
    }

    /// “Realizar solicitud”. The form brings the identity document, or says that the one that its page offered is to be used.
    pub async fn file(
        &self,
        posted: Posted<'_>,
        input: RequestInput<'_>,
        submitted: SubmittedFile,
    ) -> Result<NextStep<RequestFlow>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("file", &posted, submitted.complete()).await?;
                let RequestFlow::Details(mut signed) = flow.state.clone() else {
                    self.discard(submitted.complete()).await?;
                    return Ok(NextStep::unchanged(flow));
                };
                flow.typed = typed(&input);
                let answer = self.new_answer(&mut flow, &input)?;
                let input = RequestInput { answer: &answer, ..input };
                let unfit = self.attach(&flow, &mut signed, submitted).await?;
                flow.state = RequestFlow::Details(signed.clone());
                let form = with_document(signed.form(input), unfit).or_show(&flow)?;
                let hash = backend.hasher.hash(form.answer.expose()).await.or_show(&flow)?;
                self.write(flow, signed, &form, &hash).await
            })
            .await
    }

    /// Attaches the identity document that a form brings. Returns what is wrong with it, if anything is.
    async fn attach(
        &self,
        flow: &Flow<RequestFlow>,
        signed: &mut Signed,
        submitted: SubmittedFile,
    ) -> Step<RequestFlow, Option<Reason>> {
        match submitted {
            SubmittedFile::Uploaded(Received::Complete(id)) => {
                self.discard(signed.document()).await?;
                signed.attach(id);
                Ok(None)
            }
            SubmittedFile::Uploaded(Received::Refused(reason)) => Ok(Some(reason)),
            SubmittedFile::Uploaded(Received::TooMany) => Err(Notice::MostFiles).or_show(flow),
            SubmittedFile::Kept(id) if self.offered(flow, UploadPurpose::Document, &id).await? => {
                signed.attach(id);
                Ok(None)
            }
            SubmittedFile::Kept(_) => {
                signed.detach();
                Ok(Some(Reason::FileUnavailable))
            }
            SubmittedFile::Nothing => {
                signed.detach();
                let mut flow = flow.clone();
                flow.state = RequestFlow::Details(signed.clone());
                Ok(self.kept(&flow).await?.map(|_| Reason::FileOffered))
            }
        }
    }

    /// Files the request: one transaction with its files, its notice and its row in the audit.
    async fn write(
        &self,
        flow: Flow<RequestFlow>,
        signed: Signed,
        form: &RequestForm,
        answer_hash: &str,
    ) -> Step<RequestFlow> {
        let (backend, company) = (self.backend, signed.proven().company());
        let number = random_below(RequestNumber::COUNT).map_err(StoreError::from)?;
        let number = RequestNumber::from_random(number);
        let mut tx = backend.begin_outcome(self.caller).await?;
        let (now, account) = (tx.now(), accounts::lock(&mut tx, company).await?);
        if requests::count_open(&mut tx, company).await? >= MAX_OPEN {
            return Err(Exit::show(flow, Notice::MostRequests));
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
        for (purpose, file) in UploadPurpose::ALL.into_iter().zip(&form.files) {
            if !uploads::take(&mut tx, file, company, id, now).await? {
                drop(tx);
                return self.file_gone(flow, signed, purpose, file).await;
            }
        }
        let ended = tx.end_flow(flow, form.filed(number.clone())).await?;
        let facts = Facts {
            names: account.names.as_deref(),
            public_url: &backend.settings.public_url,
            kind: Kind::Juridica,
            request: number.as_str(),
            ..Facts::default()
        };
        let to = contacts(&account).into_iter().filter(|to| matches!(to, Some(Recipient::Mail(_))));
        tx.enqueue_messages(company, Template::RequestFiled, to, facts).await?;
        let desk = Desk { request: Some(number.as_str()), officer: None };
        let record = Record::new(company, Event::RequestFiled, Outcome::Done).at(desk);
        Ok(tx.finish(ended, record).await?)
    }

    /// The company has an open request for this document; or this very form has filed it a moment ago.
    async fn asked_already(&self, mut flow: Flow<RequestFlow>, signed: &Signed) -> Step<RequestFlow> {
        let led = self.backend.where_another_led(&flow).await?;
        if let Some(led) = led.filter(|led| matches!(led.state, RequestFlow::Done { .. })) {
            return Ok(led);
        }
        flow.state = RequestFlow::Details(signed.clone());
        Err(Exit::show(flow, FieldError::new(Field::DocumentNumber, Reason::AlreadyAsked)))
    }

    /// A file is gone: it is kept for a day only, and goes to one request only.
    async fn file_gone(
        &self,
        mut flow: Flow<RequestFlow>,
        signed: Signed,
        purpose: UploadPurpose,
        file: &UploadId,
    ) -> Step<RequestFlow> {
        let led = self.backend.where_another_led(&flow).await?;
        if let Some(led) = led.filter(|led| matches!(led.state, RequestFlow::Done { .. })) {
            return Ok(led);
        }
        flow.state = signed.without(file);
        Err(Exit::show(flow, FieldError::new(purpose.field(), Reason::FileUnavailable)))
    }
}

/// The form that was read, unless something is wrong with its document; that error takes its place in the order of the form.
fn with_document(
    form: std::result::Result<RequestForm, Vec<FieldError>>,
    unfit: Option<Reason>,
) -> std::result::Result<RequestForm, Vec<FieldError>> {
    let Some(reason) = unfit else { return form };
    let mut errors = form.err().unwrap_or_default();
    errors.retain(|error| error.field != Field::DocumentFile);
    let before = |error: &FieldError| matches!(error.field, Field::DocumentNumber | Field::DocumentKind);
    let place = errors.iter().filter(|error| before(error)).count();
    errors.insert(place, FieldError::new(Field::DocumentFile, reason));
    Err(errors)
}

//! “Realizar solicitud”: the facilitator's data and document, and the request is filed.

use domain::field::{Field, FieldError, Reason};
use domain::flow::request::{
    RequestFlow, RequestForm, RequestInput, RequestNumber, Signed, UploadId, UploadPurpose,
};
use domain::flow::{Feedback, Notice};
use domain::kind::Kind;

use super::{Brought, Received, RequestService};
use crate::courier::message::{Facts, Recipient, Template};
use crate::flows::{Flow, Typed};
use crate::secrets::random_below;
use crate::service::{Moved, Posted, Result, contacts};
use crate::store::audit::{self, Desk, Event};
use crate::store::requests::{self, NewRequest};
use crate::store::{StoreError, accounts, uploads};

/// Most open requests of one company: more than any has, and few enough for the desk to see what goes on.
const MOST_OPEN: i64 = 100;

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
    /// “Realizar solicitud”. The form brings the identity document, or the one that its page offered is to do.
    pub async fn file(
        &self,
        posted: Posted<'_>,
        input: RequestInput<'_>,
        brought: Brought,
    ) -> Result<Moved<RequestFlow>> {
        let backend = self.backend;
        let mut flow = match self.found("file", &posted, brought.whole()).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        let RequestFlow::Details(mut signed) = flow.state.clone() else {
            self.give_up(brought.whole()).await?;
            return Ok(Moved { state: flow.state, token: None });
        };
        flow.typed = typed(&input);
        let mut unfit = None;
        match brought {
            Brought::Uploaded(Received::Whole(id)) => {
                self.give_up(signed.document()).await?;
                signed.attach(id);
            }
            Brought::Uploaded(Received::Refused(reason)) => unfit = Some(reason),
            Brought::Uploaded(Received::TooMany) => {
                return backend.save_and_show(flow, Notice::MostFiles).await;
            }
            Brought::Kept(id) if self.offered(&flow, UploadPurpose::Document, &id).await? => {
                signed.attach(id)
            }
            Brought::Kept(_) => {
                signed.detach();
                unfit = Some(Reason::FileGone);
            }
            Brought::Nothing => {
                signed.detach();
                flow.state = RequestFlow::Details(signed.clone());
                unfit = self.kept(&flow).await?.map(|_| Reason::FileOffered);
            }
        }
        flow.state = RequestFlow::Details(signed.clone());
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
                return backend.save_and_show(flow, errors).await;
            }
        };
        match backend.hasher.hash(form.answer.expose()).await {
            Ok(hash) => self.write(flow, signed, &form, &hash).await,
            Err(busy) => backend.refuse_busy(flow, busy).await,
        }
    }

    /// Files the request: one transaction with its files, its notice and its row in the audit.
    async fn write(
        &self,
        mut flow: Flow<RequestFlow>,
        signed: Signed,
        form: &RequestForm,
        answer_hash: &str,
    ) -> Result<Moved<RequestFlow>> {
        let (backend, now, company) = (self.backend, self.backend.now(), signed.proven().company());
        let number = random_below(RequestNumber::COUNT).map_err(StoreError::from)?;
        let number = RequestNumber::from_random(number);
        let mut tx = backend.store.begin().await?;
        let account = accounts::lock(&mut tx, company).await?;
        if requests::count_open(&mut tx, company).await? >= MOST_OPEN {
            drop(tx);
            return backend.save_and_show(flow, Notice::MostRequests).await;
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
        flow.state = form.filed(number.clone());
        flow.feedback = Feedback::default();
        flow.typed = Typed::default();
        if !flow.save_outcome(&mut tx, backend.expiry()).await? {
            drop(tx);
            return backend.overtaken(flow, RequestFlow::Identify).await;
        }
        let facts = Facts {
            names: account.names.as_deref(),
            public_url: &backend.settings.public_url,
            kind: Kind::Juridica,
            request: number.as_str(),
            ..Facts::default()
        };
        let to = contacts(&account).into_iter().filter(|to| matches!(to, Some(Recipient::Mail(_))));
        backend.enqueue_messages(&mut tx, company, Template::RequestFiled, to, facts).await?;
        let desk = Desk { request: Some(number.as_str()), officer: None };
        audit::write_of(&mut tx, company, Event::RequestFiled, "done", self.caller, desk, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        backend.wake.notify_one();
        Ok(Moved { state: flow.state, token: None })
    }

    /// The company has an open request for this document; or this very form has filed it a moment ago.
    async fn asked_already(&self, flow: Flow<RequestFlow>, signed: &Signed) -> Result<Moved<RequestFlow>> {
        let stands = flow.current_state(&mut *self.backend.store.connection().await?).await?;
        if let Some(state @ RequestFlow::Done { .. }) = stands {
            return Ok(Moved { state, token: None });
        }
        let mut flow = flow;
        flow.state = RequestFlow::Details(signed.clone());
        self.backend.save_and_show(flow, FieldError::new(Field::DocumentNumber, Reason::AlreadyAsked)).await
    }

    /// A file is kept for a day only, and goes to one request only.
    async fn file_gone(
        &self,
        mut flow: Flow<RequestFlow>,
        signed: Signed,
        purpose: UploadPurpose,
        file: &UploadId,
    ) -> Result<Moved<RequestFlow>> {
        let stands = flow.current_state(&mut *self.backend.store.connection().await?).await?;
        if let Some(state @ RequestFlow::Done { .. }) = stands {
            return Ok(Moved { state, token: None });
        }
        flow.state = signed.without(file);
        self.backend.save_and_show(flow, FieldError::new(purpose.field(), Reason::FileGone)).await
    }
}

//! The “Declaración Jurada” of a request: out with the company's data, and back signed.

use domain::field::{Field, FieldError, Reason};
use domain::flow::request::{Proven, RequestFlow, RequestInput, Signed, UploadId, UploadPurpose};
use domain::flow::{Feedback, Notice};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::file::typed;
use super::{Received, RequestService, SubmittedFile};
use crate::clock::{DAY, Millis, chilean_day};
use crate::declaration::{self, Declaration, DeclarationError};
use crate::files::{FileName, Format};
use crate::flows::{Flow, Token};
use crate::service::exit::{Exit, OrShow as _, Step};
use crate::service::{NextStep, Posted, Result};
use crate::store::accounts;
use crate::store::uploads::{self, Upload};

/// Most declarations that are drawn at the same time; others wait. They are drawn on the threads that hash keys, and must leave
/// some of those to people who sign in.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// No form is larger, in bytes: one with names of many alphabets has some 60 kB.
const LARGEST_FORM: i64 = 256 * 1024;

/// Draws when a permit is free. A caller who hangs up frees the permit only once the drawing is done.
async fn draw<T: Send + 'static>(
    drawing: impl FnOnce() -> T + Send + 'static,
) -> std::result::Result<T, DeclarationError> {
    let given_up = || DeclarationError::Write("it was given up".to_owned());
    let permit = DRAWING.acquire().await.map_err(|_| given_up())?;
    let drawn = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        drawing()
    });
    drawn.await.map_err(|_| given_up())
}

impl RequestService<'_> {
    /// The “Declaración Jurada” with the company's data filled in; none when the flow has not reached that step, or is gone.
    pub async fn declaration(&self, token: Option<&Token>) -> Result<Option<Vec<u8>>> {
        let proven = match self.page(token).await?.map(|flow| flow.state) {
            Some(RequestFlow::Declaration(proven)) => proven,
            Some(RequestFlow::Details(signed)) => signed.proven().clone(),
            _ => return Ok(None),
        };
        Ok(Some(self.form(&proven, self.backend.now()).await?))
    }

    /// The form as it is, or was, handed out to a company on the Chilean day of a moment.
    async fn form(&self, proven: &Proven, at: Millis) -> Result<Vec<u8>> {
        let (account, (kind, names)) = {
            let connection = &mut *self.backend.store.connection().await?;
            let account = accounts::get(connection, proven.company()).await?;
            (account, accounts::company(connection, proven.company()).await?)
        };
        let (rut, representative, date) = (proven.rut(), proven.representative(), chilean_day(at));
        let drawn = draw(move || {
            declaration::pdf(&Declaration {
                company: rut,
                company_name: account.names.as_deref().unwrap_or_default(),
                company_kind: kind,
                representative,
                // The names on file are those of the representative on file.
                representative_names: names
                    .as_deref()
                    .filter(|_| account.representative == Some(representative)),
                date,
            })
        });
        Ok(drawn.await??)
    }

    /// A notice when a declaration is the very form that was handed out, today or yesterday. The same form has the same bytes, and
    /// signing it, by hand or electronically, changes them.
    async fn signature(&self, proven: &Proven, id: &UploadId) -> Result<Feedback> {
        let now = self.backend.now();
        let sent = {
            let connection = &mut *self.backend.store.connection().await?;
            uploads::waiting(connection, id, proven.company(), now).await?
        };
        let Some(sent) = sent.filter(|sent| sent.format == Format::Pdf.id() && sent.size <= LARGEST_FORM)
        else {
            return Ok(Feedback::default());
        };
        for at in [now, now - DAY] {
            if format!("{:x}", Sha256::digest(self.form(proven, at).await?)) == sent.sha256 {
                uploads::note_unsigned(&mut *self.backend.store.connection().await?, id).await?;
                return Ok(Notice::Unsigned.into());
            }
        }
        Ok(Feedback::default())
    }

    /// Whether the declaration of this flow, or of the request that it came to, is the form as it was handed out.
    pub async fn is_unsigned(&self, flow: &Flow<RequestFlow>) -> Result<bool> {
        let connection = &mut *self.backend.store.connection().await?;
        Ok(match &flow.state {
            RequestFlow::Details(signed) => uploads::is_unsigned(connection, signed.declaration()).await?,
            RequestFlow::Done { number } => uploads::is_unsigned_in(connection, number).await?,
            RequestFlow::Identify | RequestFlow::Declaration(_) => false,
        })
    }

    /// A file that was sent before, in this flow or in one that expired, and is still kept: the page offers it, so that it need
    /// not be sent twice. Only the user can say whether a document of an earlier flow is that of this facilitator.
    pub async fn kept(&self, flow: &Flow<RequestFlow>) -> Result<Option<Upload>> {
        let (proven, purpose, own) = match &flow.state {
            RequestFlow::Declaration(proven) => (proven, UploadPurpose::Declaration, None),
            RequestFlow::Details(signed) => (signed.proven(), UploadPurpose::Document, signed.document()),
            RequestFlow::Identify | RequestFlow::Done { .. } => return Ok(None),
        };
        let (now, connection) = (self.backend.now(), &mut *self.backend.store.connection().await?);
        if let Some(id) = own {
            return Ok(uploads::waiting(connection, id, proven.company(), now).await?);
        }
        Ok(uploads::newest(connection, proven.company(), purpose, now).await?)
    }

    /// Whether this is a file that a page has offered, and is still kept. The id comes from a form, and may be anything.
    pub(super) async fn offered(
        &self,
        flow: &Flow<RequestFlow>,
        purpose: UploadPurpose,
        id: &UploadId,
    ) -> Result<bool> {
        let (Some(company), Some(_)) = (flow.state.takes(purpose), FileName::parse(&id.0)) else {
            return Ok(false);
        };
        let connection = &mut *self.backend.store.connection().await?;
        let upload = uploads::waiting(connection, id, company, self.backend.now()).await?;
        Ok(upload.is_some_and(|upload| upload.purpose == purpose))
    }

    /// “Subir solicitud”: the signed declaration came, or was refused; or the one that the page offered is to be used.
    pub async fn sign(&self, posted: Posted<'_>, submitted: SubmittedFile) -> Result<NextStep<RequestFlow>> {
        let backend = self.backend;
        backend
            .run(async {
                let mut flow = self.found("sign", &posted, submitted.complete()).await?;
                let proven = match (flow.state.clone(), submitted.complete()) {
                    (RequestFlow::Declaration(proven), _) => proven,
                    // The user went back and sends another one.
                    (RequestFlow::Details(signed), Some(id)) => return self.replace(flow, signed, id).await,
                    // The other one was refused: the earlier one is not filed in its place without a word.
                    (RequestFlow::Details(signed), None)
                        if matches!(submitted, SubmittedFile::Uploaded(_)) =>
                    {
                        signed.asked_again()
                    }
                    (_, whole) => {
                        self.discard(whole).await?;
                        return Ok(NextStep::unchanged(flow));
                    }
                };
                flow.state = RequestFlow::Declaration(proven.clone());
                let replaces = matches!(submitted, SubmittedFile::Uploaded(_));
                let id = self.declared(&flow, submitted).await?;
                let feedback = self.signature(&proven, &id).await?;
                if replaces && feedback.notice == Some(Notice::Unsigned) {
                    // The step that asks for it says so, and takes it only if the company insists: an officer decides.
                    return Err(Exit::show(flow, feedback));
                }
                if replaces {
                    self.discard(proven.former()).await?;
                }
                flow.state = proven.signed(id);
                Ok(backend.save_and_show(flow, feedback).await?)
            })
            .await
    }

    /// Another declaration came in place of one that was signed.
    async fn replace(
        &self,
        mut flow: Flow<RequestFlow>,
        mut signed: Signed,
        id: &UploadId,
    ) -> Step<RequestFlow> {
        let feedback = self.signature(signed.proven(), id).await?;
        if feedback.notice == Some(Notice::Unsigned) {
            flow.state = signed.again();
            return Err(Exit::show(flow, feedback));
        }
        self.discard(Some(signed.declaration())).await?;
        signed.sign(id.clone());
        flow.state = RequestFlow::Details(signed);
        Ok(self.backend.save_and_show(flow, feedback).await?)
    }

    /// The declaration that a form brings.
    async fn declared(
        &self,
        flow: &Flow<RequestFlow>,
        submitted: SubmittedFile,
    ) -> Step<RequestFlow, UploadId> {
        let reason = match submitted {
            SubmittedFile::Uploaded(Received::Complete(id)) => return Ok(id),
            SubmittedFile::Kept(id) if self.offered(flow, UploadPurpose::Declaration, &id).await? => {
                return Ok(id);
            }
            SubmittedFile::Uploaded(Received::TooMany) => return Err(Notice::MostFiles).or_show(flow),
            SubmittedFile::Uploaded(Received::Refused(reason)) => reason,
            SubmittedFile::Kept(_) => Reason::FileUnavailable,
            SubmittedFile::Nothing => Reason::Missing,
        };
        Err(FieldError::new(Field::Declaration, reason)).or_show(flow)
    }

    /// The connection broke in the middle of a form, and the fields after that place are not known: everything stays as it was.
    /// Only where another declaration was on its way does the flow go back to the step that asks for one.
    pub async fn connection_lost(
        &self,
        mut flow: Flow<RequestFlow>,
        purpose: UploadPurpose,
        sent: Option<Received>,
    ) -> Result<NextStep<RequestFlow>> {
        if let (RequestFlow::Details(signed), UploadPurpose::Declaration) = (flow.state.clone(), purpose) {
            flow.state = signed.again();
        }
        let reason = match sent {
            Some(Received::Refused(reason)) => reason,
            Some(Received::Complete(id)) => {
                self.discard(Some(&id)).await?;
                Reason::FileInterrupted
            }
            Some(Received::TooMany) => return self.backend.save_and_show(flow, Notice::MostFiles).await,
            None => Reason::FileInterrupted,
        };
        self.backend.save_and_show(flow, FieldError::new(purpose.field(), reason)).await
    }

    /// Back to the declaration, to send another one. The facilitator's form, as it is filled in, and the document that came with
    /// it are kept for the way back.
    pub async fn sign_again(
        &self,
        posted: Posted<'_>,
        input: RequestInput<'_>,
        sent: Option<Received>,
    ) -> Result<NextStep<RequestFlow>> {
        let document = match sent {
            Some(Received::Complete(id)) => Some(id),
            _ => None,
        };
        self.backend
            .run(async {
                let mut flow = self.found("sign_again", &posted, document.as_ref()).await?;
                let RequestFlow::Details(mut signed) = flow.state.clone() else {
                    self.discard(document.as_ref()).await?;
                    return Ok(NextStep::unchanged(flow));
                };
                flow.typed = typed(&input);
                self.new_answer(&mut flow, &input)?;
                if let Some(id) = document {
                    self.discard(signed.document()).await?;
                    signed.attach(id);
                }
                flow.state = signed.again();
                Ok(self.backend.save_and_show(flow, Feedback::default()).await?)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    static AT_ONCE: AtomicUsize = AtomicUsize::new(0);

    #[tokio::test]
    async fn security_no_more_than_two_declarations_are_drawn_at_once() {
        let drawing = || {
            let others = AT_ONCE.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20));
            AT_ONCE.fetch_sub(1, Ordering::SeqCst);
            others
        };
        let most = futures_util::future::join_all((0..12).map(|_| draw(drawing))).await;
        assert_eq!(
            most.into_iter().map(|others| others.unwrap()).max(),
            Some(1),
            "one beside it, and all in the end"
        );
        // A drawing that nobody waits for any more keeps its permit.
        let _ = tokio::time::timeout(Duration::from_millis(5), draw(drawing)).await;
        let most = futures_util::future::join_all((0..4).map(|_| draw(drawing))).await;
        assert_eq!(most.into_iter().map(|others| others.unwrap()).max(), Some(1));
    }
}

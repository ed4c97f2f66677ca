//! The request of a company for the key of a foreign facilitator: F-REQ.

mod file;
mod receive;
mod sign;

use domain::field::{Field, FieldError, Reason};
use domain::flow::request::{RequestFlow, UploadId};
use domain::flow::{Feedback, Notice, captcha_passed};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;

use super::captcha::require_captcha_answer;
use super::exit::{Exit, FirstPage, OrShow as _, Refusal, Step};
use super::{Backend, Caller, Found, NextStep, Posted, Result};
use crate::flows::{Flow, Token, Typed};
use crate::limits::Letters;
use crate::store::provisional::KeyProof;
use crate::store::uploads;

pub use receive::{Received, SubmittedFile};

/// Under which name its flows are kept.
const NAME: &str = "facilitador";

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
#[derive(Clone, Copy, Default)]
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

impl RequestService<'_> {
    /// The flow of a cookie, to show its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<RequestFlow>>> {
        self.backend.flow(NAME, token).await
    }

    /// An empty first form. Nothing is stored of it.
    pub async fn begin(&self, feedback: Feedback) -> Result<Flow<RequestFlow>> {
        self.backend.unstored(NAME, feedback, self.caller).await
    }

    async fn open(&self, typed: Typed, feedback: Feedback) -> Result<(Flow<RequestFlow>, Token)> {
        let (name, caller) = (NAME.to_owned(), self.caller.clone());
        let first = FirstPage { name, caller, state: RequestFlow::Identify, typed };
        let (mut flow, token) = self.backend.open(first, feedback).await?;
        self.backend.new_captcha(&mut flow, self.caller).await?;
        flow.save(&mut *self.backend.store.connection().await?, self.backend.times::<RequestFlow>()).await?;
        Ok((flow, token))
    }

    /// The flow of the first form, with what was typed in it: that of the cookie, or the one that this form begins. When the form is
    /// too old for either, the user loses nothing but key and captcha.
    async fn found_first(
        &self,
        step: &str,
        posted: &Posted<'_>,
        typed: Typed,
    ) -> Step<RequestFlow, Flow<RequestFlow>> {
        match self.backend.found_or_begun(NAME, step, posted).await? {
            Ok(mut flow) => {
                if flow.state == RequestFlow::Identify {
                    flow.typed = typed;
                }
                Ok(flow)
            }
            Err(notice) => {
                let (flow, token) = self.open(typed, notice.into()).await?;
                Err(Exit::go_to(NextStep { state: flow.state, token: Some(token) }))
            }
        }
    }

    /// The flow of a later form, which may have brought a file.
    async fn found(
        &self,
        step: &str,
        posted: &Posted<'_>,
        submitted: Option<&UploadId>,
    ) -> Step<RequestFlow, Flow<RequestFlow>> {
        let moved = match self.backend.found::<RequestFlow>(NAME, step, posted).await? {
            Found::Here(flow) => return Ok(flow),
            Found::Again(flow, token) => NextStep { state: flow.state, token: Some(token) },
            Found::OtherTab(flow) => {
                self.discard(submitted).await?;
                return Err(Exit::show(flow, Notice::OtherTab));
            }
            Found::NoFlow => {
                let (flow, token) = self.open(Typed::default(), Notice::Expired.into()).await?;
                NextStep { state: flow.state, token: Some(token) }
            }
        };
        Err(Exit::go_to(moved))
    }

    /// Deletes a file that no page may offer, because another replaces it or it came with the form of another tab. At once, so
    /// that repeated submissions cannot fill the company's places; a file that cannot be deleted now is left to the sweep.
    async fn discard(&self, submitted: Option<&UploadId>) -> Result<()> {
        if let Some(id) = submitted {
            uploads::expire(&mut *self.backend.store.connection().await?, id, self.backend.now()).await?;
            if let Err(error) = self.backend.sweep_file(id).await {
                tracing::warn!(%error, "a discarded file could not be deleted; tried again in a minute");
            }
        }
        Ok(())
    }

    /// “Refrescar”: what was typed stays.
    pub async fn new_captcha(
        &self,
        posted: Posted<'_>,
        input: IdentifyInput<'_>,
    ) -> Result<NextStep<RequestFlow>> {
        let typed = IdentifyInput { captcha: "", ..input }.typed();
        self.backend
            .run(async {
                let mut flow = self.found_first("captcha", &posted, typed).await?;
                if flow.state != RequestFlow::Identify {
                    return Ok(NextStep::unchanged(flow));
                }
                self.backend.new_captcha(&mut flow, self.caller).await?;
                Ok(self.backend.save_and_show(flow, Notice::NewCaptcha).await?)
            })
            .await
    }

    /// “Rut Empresa”, “Rut Representante Legal”, “Clave Sence”, captcha → “Validar”.
    pub async fn identify(
        &self,
        posted: Posted<'_>,
        input: IdentifyInput<'_>,
    ) -> Result<NextStep<RequestFlow>> {
        let (backend, caller) = (self.backend, self.caller);
        let IdentifyInput { company, representative, key, captcha } = input;
        backend
            .run(async {
                let mut flow = self.found_first("identify", &posted, input.typed()).await?;
                if flow.state != RequestFlow::Identify {
                    return Ok(NextStep::unchanged(flow));
                }
                self.check_readable(input, &posted).or_show(&flow)?;
                let letters = backend.check_captcha(&mut flow, &posted, captcha, caller).await?;
                captcha_passed(letters).or_show(&flow)?;
                // The letters that this page always asks for stand in for the waits that others have caused.
                let by = (caller, Letters::Right);
                let named = backend.represented(company, representative, key, by).await.or_show(&flow)?;
                let company = IdentifierInput::Number(company);
                let tried = backend.try_key(Kind::Juridica, company, key, by).await;
                let tried = tried.map_err(Refusal::show_busy).or_show(&flow)?;
                let state = match RequestFlow::identify(&named, letters, &tried.verdict) {
                    Ok(state) => state,
                    Err(error) => return Err(Exit::show(flow, tried.refused(backend, error))),
                };
                if let Some(account) = tried.succeeded(backend).await? {
                    let named = (named.rut(), KeyProof::Secret);
                    flow.belongs_to(backend.note_representative(&account, named, caller).await?);
                }
                flow.state = state;
                flow.feedback = Feedback::default();
                flow.typed = Typed::default();
                flow.captcha = None;
                backend.save_proven(flow).await
            })
            .await
    }

    /// Refuses a first form in which something is missing or malformed; the errors are in the order of the form.
    fn check_readable(
        &self,
        input: IdentifyInput<'_>,
        posted: &Posted<'_>,
    ) -> std::result::Result<(), Vec<FieldError>> {
        let company = IdentifierInput::Number(input.company);
        let company = Identifier::parse(Kind::Juridica, company, &self.backend.settings.nie).err();
        let representative = domain::rut::Rut::parse(input.representative).err();
        let missing =
            |field, text: &str| text.trim().is_empty().then_some(FieldError::new(field, Reason::Missing));
        let errors: Vec<_> = company
            .into_iter()
            .chain(representative.map(|error| FieldError::new(Field::Representative, error.into())))
            .chain(missing(Field::CurrentKey, input.key))
            .collect();
        let read = if errors.is_empty() { Ok(()) } else { Err(errors) };
        require_captcha_answer(read, input.captcha, posted)
    }
}

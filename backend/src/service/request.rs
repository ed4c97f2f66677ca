//! The request of a company for the key of a foreign facilitator: F-REQ.

mod file;
mod receive;
mod sign;

use domain::field::{Field, FieldError, Reason};
use domain::flow::registration::captcha_passed;
use domain::flow::request::{RequestFlow, UploadId};
use domain::flow::{Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;

use super::captcha::CaptchaForm;
use super::{Backend, Caller, Found, Moved, Posted, Result, ServiceError};
use crate::flows::{Flow, Token, Typed};
use crate::store::uploads;

pub use receive::{Brought, Received};

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
    /// The flow of a cookie, for showing its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and in every step below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<RequestFlow>>> {
        self.backend.flow(NAME, token).await
    }

    /// An empty first form: the one of this cookie if nothing was typed into it yet, or a new one.
    pub async fn begin(
        &self,
        token: Option<&Token>,
        feedback: Feedback,
    ) -> Result<(Flow<RequestFlow>, Option<Token>)> {
        let now = self.backend.now();
        if let Some(flow) = self.page(token).await?.filter(|flow| {
            flow.state == RequestFlow::Identify && flow.typed.is_empty() && flow.feedback == feedback
        }) && let Some(id) = &flow.captcha
            && crate::captcha::picture(&self.backend.store, id, now).await?.is_some()
        {
            return Ok((flow, None));
        }
        let (flow, token) = self.open(Typed::default(), feedback).await?;
        Ok((flow, Some(token)))
    }

    async fn open(&self, typed: Typed, feedback: Feedback) -> Result<(Flow<RequestFlow>, Token)> {
        let (mut flow, token) = self.backend.open(NAME, RequestFlow::Identify, typed, feedback).await?;
        self.backend.draw_captcha(&mut flow).await?;
        flow.save(&mut *self.backend.store.connection().await?, self.backend.expiry()).await?;
        Ok((flow, token))
    }

    /// The flow of the first form, with what was typed in it; a page that expired loses nothing but key and captcha.
    async fn found_first(
        &self,
        step: &str,
        posted: &Posted<'_>,
        typed: Typed,
    ) -> Result<std::result::Result<Flow<RequestFlow>, Moved<RequestFlow>>> {
        let notice = match self.backend.found::<RequestFlow>(NAME, step, posted).await? {
            Found::Here(mut flow) => {
                if flow.state == RequestFlow::Identify {
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

    /// The flow of a later form, which may have brought a file.
    async fn found(
        &self,
        step: &str,
        posted: &Posted<'_>,
        brought: Option<&UploadId>,
    ) -> Result<std::result::Result<Flow<RequestFlow>, Moved<RequestFlow>>> {
        let notice = match self.backend.found::<RequestFlow>(NAME, step, posted).await? {
            Found::Here(flow) => return Ok(Ok(flow)),
            Found::Again(flow, token) => return Ok(Err(Moved { state: flow.state, token: Some(token) })),
            Found::OtherTab(flow) => {
                self.give_up(brought).await?;
                return Ok(Err(self.backend.save_and_show(flow, Notice::OtherTab).await?));
            }
            Found::Gone => Notice::Expired,
        };
        let (flow, token) = self.open(Typed::default(), notice.into()).await?;
        Ok(Err(Moved { state: flow.state, token: Some(token) }))
    }

    /// A file that no page may offer: another came in its place, or it came with the form of another tab. It is deleted at
    /// once, so that no number of them fills the company's places; what cannot be deleted now waits for the sweep.
    async fn give_up(&self, brought: Option<&UploadId>) -> Result<()> {
        if let Some(id) = brought {
            uploads::expire(&mut *self.backend.store.connection().await?, id, self.backend.now()).await?;
            if let Err(error) = self.backend.sweep_file(id).await {
                tracing::warn!(%error, "a file that was given up could not be deleted; tried again in a minute");
            }
        }
        Ok(())
    }

    /// “Refrescar”: what was typed stays.
    pub async fn new_captcha(
        &self,
        posted: Posted<'_>,
        input: IdentifyInput<'_>,
    ) -> Result<Moved<RequestFlow>> {
        let typed = IdentifyInput { captcha: "", ..input }.typed();
        let mut flow = match self.found_first("captcha", &posted, typed).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if flow.state == RequestFlow::Identify {
            self.backend.draw_captcha(&mut flow).await?;
            return self.backend.save_and_show(flow, Notice::NewCaptcha).await;
        }
        Ok(Moved { state: flow.state, token: None })
    }

    /// “Rut Empresa”, “Rut Representante Legal”, “Clave Sence”, captcha → “Validar”.
    pub async fn identify(&self, posted: Posted<'_>, input: IdentifyInput<'_>) -> Result<Moved<RequestFlow>> {
        let backend = self.backend;
        let flow = match self.found_first("identify", &posted, input.typed()).await? {
            Ok(flow) => flow,
            Err(moved) => return Ok(moved),
        };
        if flow.state != RequestFlow::Identify {
            return Ok(Moved { state: flow.state, token: None });
        }
        let errors = self.unreadable(input);
        if !errors.is_empty() {
            return backend.save_and_show(flow, errors).await;
        }
        let sent = CaptchaForm { posted: &posted, letters: input.captcha, caller: self.caller };
        let (mut flow, verdict) = match backend.check_captcha(flow, sent).await? {
            Ok(checked) => checked,
            Err(moved) => return Ok(moved),
        };
        if let Err(error) = captcha_passed(verdict) {
            return backend.save_and_show(flow, error).await;
        }
        let represented = backend.represented(input.company, input.representative, input.key, self.caller);
        let representative = match represented.await? {
            Ok(proof) => proof,
            Err(feedback) => return backend.save_and_show(flow, feedback).await,
        };
        let tried = match backend.try_key(Kind::Juridica, input.company, input.key, self.caller).await {
            Ok(Ok(tried)) => tried,
            Ok(Err(feedback)) => return backend.save_and_show(flow, feedback).await,
            Err(ServiceError::Busy(busy)) => return backend.refuse_busy(flow, busy).await,
            Err(error) => return Err(error),
        };
        match RequestFlow::identify(&representative, verdict, &tried.verdict) {
            Ok(state) => {
                if let Some(account) = tried.succeeded(backend).await? {
                    let owner =
                        backend.note_representative(&account, representative.rut(), self.caller).await?;
                    flow.belongs_to(owner);
                }
                flow.state = state;
                flow.feedback = Feedback::default();
                flow.typed = Typed::default();
                flow.captcha = None;
                backend.save_and_renew_token(flow, RequestFlow::Identify).await
            }
            Err(error) => {
                let feedback = tried.refused(backend, error);
                backend.save_and_show(flow, feedback).await
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
}

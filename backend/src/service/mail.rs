//! The code of a mail (A-MAIL): on the last page of a registration or an update, or later on a page of its own.

use domain::field::{Field, FieldError};
use domain::flow::mail_check::{CodeSent, MailCheck, code_is_right};
use domain::flow::{Feedback, Notice};
use domain::identifier::Identifier;
use domain::kind::Kind;
use domain::mail_code::MailCode;

use super::exit::{Exit, FirstPage, OrShow as _};
use super::state::State;
use super::{Backend, Caller, Found, NextStep, Posted, Result};
use crate::flows::{Flow, Token, Typed};

/// The confirmation of a mail address by one kind, for one request.
pub struct MailService<'a> {
    backend: &'a Backend,
    kind: Kind,
    caller: &'a Caller,
}

impl Backend {
    /// The confirmation of a mail address by a kind.
    #[must_use]
    pub fn mail<'a>(&'a self, kind: Kind, caller: &'a Caller) -> MailService<'a> {
        MailService { backend: self, kind, caller }
    }

    /// “Código del correo” → “Confirmar correo”, on the last page of another flow; `code` finds in its state what was sent. None when
    /// that flow is gone: the code can be typed on the page of its own.
    pub(super) async fn confirm_at_end<S: State>(
        &self,
        (kind, name): (Kind, &str),
        posted: &Posted<'_>,
        text: &str,
        code: fn(&mut S) -> Option<&mut CodeSent>,
    ) -> Result<Option<NextStep<S>>> {
        let mut flow = match self.found::<S>(name, "confirm_mail", posted).await? {
            Found::Here(flow) => flow,
            Found::Again(flow, token) => {
                return Ok(Some(NextStep { state: flow.state, token: Some(token) }));
            }
            Found::OtherTab(flow) => return self.save_and_show(flow, Notice::OtherTab).await.map(Some),
            Found::NoFlow => return Ok(None),
        };
        let moved = self.run(async {
            let Some(sent) = code(&mut flow.state).filter(|sent| !sent.confirmed).cloned() else {
                return Ok(NextStep::unchanged(flow));
            };
            flow.typed = Typed::default().with(Field::MailCode, text);
            let typed = MailCode::parse(text).map_err(|error| FieldError::new(Field::MailCode, error.into()));
            let typed = typed.or_show(&flow)?;
            let tried = self.try_mail_code((kind, &sent.identifier), &typed, posted.caller).await;
            let tried = tried.or_show(&flow)?;
            match sent.checked(tried.verdict) {
                Ok(checked) => {
                    tried.succeeded(self).await?;
                    if let Some(sent) = code(&mut flow.state) {
                        *sent = checked;
                    }
                    flow.typed = Typed::default();
                    Ok(self.save_and_show(flow, Feedback::default()).await?)
                }
                Err(error) => Err(Exit::show(flow, tried.refused(self, error))),
            }
        });
        moved.await.map(Some)
    }
}

impl MailService<'_> {
    fn name(&self) -> String {
        format!("correo-{}", self.kind.slug())
    }

    /// The flow of a cookie, to show its page.
    ///
    /// # Errors
    /// [`super::ServiceError`], here and below.
    pub async fn page(&self, token: Option<&Token>) -> Result<Option<Flow<MailCheck>>> {
        self.backend.flow(&self.name(), token).await
    }

    /// “Rut” or “NIE”, “Código del correo” → “Confirmar correo”. Always a new flow.
    pub async fn confirm(&self, posted: Posted<'_>, who: &str, code: &str) -> Result<NextStep<MailCheck>> {
        let (backend, kind) = (self.backend, self.kind);
        let typed = Typed::default().with(Identifier::field(kind), who).with(Field::MailCode, code);
        let mut first =
            FirstPage { name: self.name(), caller: self.caller.clone(), state: MailCheck::Ask, typed };
        backend
            .run(async {
                backend.end_old::<MailCheck>(&first.name, posted.token).await?;
                let form = MailCheck::parse(kind, who, code, &backend.settings.nie);
                let (who, code) = form.or_begin(&first)?;
                let tried = backend.try_mail_code((kind, &who), &code, self.caller).await;
                let tried = tried.or_begin(&first)?;
                if let Err(error) = code_is_right(tried.verdict) {
                    return Err(tried.refused(backend, error)).or_begin(&first);
                }
                tried.succeeded(backend).await?;
                (first.state, first.typed) = (MailCheck::Done, Typed::default());
                Ok(backend.start(first, Feedback::default()).await?)
            })
            .await
    }
}

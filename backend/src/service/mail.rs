//! The page that takes the code of a mail later than at the end of a registration (A-MAIL).

use domain::field::Field;
use domain::flow::Feedback;
use domain::flow::mail_check::{MailCheck, code_is_right};
use domain::identifier::Identifier;
use domain::kind::Kind;

use super::exit::{FirstPage, OrShow as _};
use super::{Backend, Caller, NextStep, Posted, Result};
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

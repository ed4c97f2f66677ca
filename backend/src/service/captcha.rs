//! The captcha of a flow: drawn for it, and checked once.

use bytes::Bytes;
use domain::field::{Field, FieldError, Reason};
use domain::flow::CaptchaVerdict;

use super::exit::{Exit, OrShow as _, Step};
use super::state::State;
use super::{Backend, Caller, NextStep, Posted, Result, wait_notice};
use crate::captcha::{self, Captcha};
use crate::flows::Flow;
use crate::limits::AttemptKind;
use crate::store;

/// The form that was read, unless the letters of its captcha are missing too. The captcha is the last field, so its error comes
/// last.
pub(super) fn require_captcha_text<T>(
    form: std::result::Result<T, Vec<FieldError>>,
    letters: &str,
) -> std::result::Result<T, Vec<FieldError>> {
    if !letters.trim().is_empty() {
        return form;
    }
    let mut errors = form.err().unwrap_or_default();
    errors.push(FieldError::new(Field::Captcha, Reason::Missing));
    Err(errors)
}

impl Backend {
    /// The picture of a captcha that may still be answered, as PNG.
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    pub async fn captcha_picture(&self, sealed: &str) -> store::Result<Option<Bytes>> {
        let shown = captcha::shown(&self.store, &self.secrets, sealed, self.now()).await?;
        let Some(captcha) = shown else { return Ok(None) };
        Ok(self.drawings.picture(captcha.drawing()).await)
    }

    /// The letters of a captcha that may still be answered, spoken, as WAV.
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    pub async fn captcha_sound(&self, sealed: &str) -> store::Result<Option<Bytes>> {
        let shown = captcha::shown(&self.store, &self.secrets, sealed, self.now()).await?;
        let Some(captcha) = shown else { return Ok(None) };
        Ok(self.drawings.sound(captcha.drawing()).await)
    }

    /// Gives a flow a new captcha; the letters that were typed for the last one are removed.
    pub(super) fn new_captcha<S: State>(&self, flow: &mut Flow<S>) -> Result<()> {
        let fixed = self.settings.captcha_fixed.as_deref();
        let expires = self.now() + self.settings.captcha_ttl;
        let captcha = Captcha::random(&self.secrets, flow.of_captcha(), fixed, expires)?;
        flow.captcha = Some(captcha.seal(&self.secrets)?);
        flow.typed.forget(Field::Captcha);
        Ok(())
    }

    /// Checks the letters of a form, counted per address, and gives the flow a new captcha. Only the captcha that the page
    /// showed can be the right one. The step ends here after too many attempts, with a wait; and for the very same form again (a
    /// double click, or a connection that broke before the answer), which goes where its first submission led.
    pub(super) async fn check_captcha<S: State>(
        &self,
        flow: &mut Flow<S>,
        posted: &Posted<'_>,
        letters: &str,
        caller: &Caller,
    ) -> Step<S, CaptchaVerdict> {
        let (now, id) = (self.now(), posted.captcha);
        let unchanged = |flow: &Flow<S>| Err(Exit::go_to(NextStep::unchanged(flow.clone())));
        let Some(form) = flow.form.clone() else { return unchanged(flow) };
        let shown = flow.captcha.as_deref() == Some(id);
        if !shown {
            let connection = &mut *self.store.connection().await?;
            if captcha::spent_by(connection, &self.secrets, id, &form.mac).await? {
                return unchanged(flow);
            }
        }
        let counted = self.limits.count(AttemptKind::Captcha, None, caller, now).await?;
        let counted = counted.map_err(|wait| wait_notice(wait, now)).or_show(flow)?;
        let mut verdict = CaptchaVerdict::Stale;
        if shown {
            let connection = &mut *self.store.connection().await?;
            let bound = (flow.of_captcha(), &form.mac);
            verdict = captcha::check(connection, &self.secrets, id, bound, letters, now).await?;
        }
        if verdict == CaptchaVerdict::Right {
            self.limits.succeeded(counted).await?;
        }
        self.new_captcha(flow)?;
        Ok(verdict)
    }
}

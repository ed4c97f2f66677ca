//! The captcha of a flow: drawn for it, and checked once.

use domain::field::Field;
use domain::flow::CaptchaVerdict;

use super::step::State;
use super::{Backend, Caller, Posted, Result};
use crate::captcha;
use crate::flows::Flow;
use crate::limits::{Purpose, Wait};

impl Backend {
    /// Gives a flow a new captcha; what was typed for the last one is forgotten.
    pub(super) async fn draw_captcha<S: State>(&self, flow: &mut Flow<S>) -> Result<()> {
        let fixed = self.settings.captcha_fixed.as_deref();
        let expires = self.now() + self.settings.captcha_ttl;
        let connection = &mut *self.store.connection().await?;
        flow.captcha = Some(captcha::create(connection, flow.tag(), fixed, expires).await?);
        flow.typed.forget(Field::Captcha);
        Ok(())
    }

    /// Checks a captcha of a flow, counted per address. Only the captcha that the page showed can be the right one.
    pub(super) async fn check_captcha<S: State>(
        &self,
        flow: &Flow<S>,
        posted: &Posted<'_>,
        typed: &str,
        caller: &Caller,
    ) -> Result<std::result::Result<CaptchaVerdict, Wait>> {
        let now = self.now();
        let counted = match self.limits.count(Purpose::Captcha, None, caller, now).await? {
            Ok(counted) => counted,
            Err(wait) => return Ok(Err(wait)),
        };
        let shown = flow.captcha.as_deref().filter(|id| *id == posted.captcha);
        let verdict =
            captcha::check(&mut *self.store.connection().await?, shown, flow.tag(), typed, now).await?;
        if verdict == CaptchaVerdict::Right {
            self.limits.succeeded(counted).await?;
        }
        Ok(Ok(verdict))
    }
}

//! The captcha of a flow: drawn for it, and checked once.

use domain::field::Field;
use domain::flow::CaptchaVerdict;

use super::step::State;
use super::{Backend, Caller, Moved, Posted, Result, wait_notice};
use crate::captcha;
use crate::flows::Flow;
use crate::limits::AttemptKind;
use crate::store::captchas;

/// A form that ends with a captcha.
#[derive(Clone, Copy)]
pub(super) struct CaptchaForm<'a> {
    /// What came with it.
    pub posted: &'a Posted<'a>,
    /// The letters.
    pub letters: &'a str,
    /// Who sent it.
    pub caller: &'a Caller,
}

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

    /// Checks the captcha of a form, counted per address, and gives the flow a new one. Only the captcha that the page
    /// showed can be the right one. Otherwise where the person goes: after too many, to the same page with a wait; with the
    /// very same form again (a double click, or a line that broke before the answer) to what it was answered.
    pub(super) async fn check_captcha<S: State>(
        &self,
        mut flow: Flow<S>,
        form: CaptchaForm<'_>,
    ) -> Result<std::result::Result<(Flow<S>, CaptchaVerdict), Moved<S>>> {
        let (now, id) = (self.now(), form.posted.captcha);
        let mac = flow.form.as_ref().map(|form| form.mac.clone());
        let Some(mac) = mac else { return Ok(Err(Moved { state: flow.state, token: None })) };
        let shown = flow.captcha.as_deref() == Some(id);
        if !shown && captchas::spent_by(&mut *self.store.connection().await?, id, &mac).await? {
            return Ok(Err(Moved { state: flow.state, token: None }));
        }
        let counted = match self.limits.count(AttemptKind::Captcha, None, form.caller, now).await? {
            Ok(counted) => counted,
            Err(wait) => return Ok(Err(self.save_and_show(flow, wait_notice(wait, now)).await?)),
        };
        let mut verdict = CaptchaVerdict::Stale;
        if shown {
            let connection = &mut *self.store.connection().await?;
            verdict = captcha::check(connection, id, (flow.tag(), &mac), form.letters, now).await?;
        }
        if verdict == CaptchaVerdict::Right {
            self.limits.succeeded(counted).await?;
        }
        self.draw_captcha(&mut flow).await?;
        Ok(Ok((flow, verdict)))
    }
}

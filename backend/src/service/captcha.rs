//! The captcha of a flow: made for it, and checked once, by its letters or by work in their place (docs/decisions/0015-captcha.md).

use bytes::Bytes;
use domain::field::{Field, FieldError, Reason};
use domain::flow::{CaptchaVerdict, Notice, captcha_passed};
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;

use super::exit::{Exit, FirstPage, OrShow as _, Step};
use super::state::State;
use super::step::Found;
use super::{Backend, Caller, NextStep, Posted, Result, wait_notice};
use crate::captcha::{self, Captcha};
use crate::flows::Flow;
use crate::form::FormMac;
use crate::limits::{AttemptKind, Letters};
use crate::store;

/// The form that was read, unless its captcha is not answered at all. The captcha is the last field, so its error comes last.
pub(super) fn require_captcha_answer<T>(
    form: std::result::Result<T, Vec<FieldError>>,
    letters: &str,
    posted: &Posted<'_>,
) -> std::result::Result<T, Vec<FieldError>> {
    if is_answered(letters, posted) {
        return form;
    }
    let mut errors = form.err().unwrap_or_default();
    errors.push(FieldError::new(Field::Captcha, Reason::Missing));
    Err(errors)
}

/// Whether a form brings the letters of its captcha, or work in their place.
pub(super) fn is_answered(letters: &str, posted: &Posted<'_>) -> bool {
    !letters.trim().is_empty() || !posted.work.is_empty()
}

impl Backend {
    /// The picture of a captcha that may still be answered, as PNG.
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    pub async fn captcha_picture(&self, sealed: &str) -> store::Result<Option<Bytes>> {
        let shown = captcha::shown(&self.store, &self.secrets, sealed, self.now()).await?;
        let Some(captcha) = shown else { return Ok(None) };
        Ok(self.drawings.picture(captcha.drawing(&self.secrets)).await)
    }

    /// The letters of a captcha that may still be answered, spoken, as WAV.
    ///
    /// # Errors
    /// [`crate::store::StoreError`].
    pub async fn captcha_sound(&self, sealed: &str) -> store::Result<Option<Bytes>> {
        let shown = captcha::shown(&self.store, &self.secrets, sealed, self.now()).await?;
        let Some(captcha) = shown else { return Ok(None) };
        Ok(self.drawings.sound(captcha.drawing(&self.secrets)).await)
    }

    /// Gives a flow a new captcha; the letters that were typed for the last one are removed. Where all is calm, work may stand in
    /// for the letters; never with `captcha_fixed`.
    pub(super) async fn new_captcha<S: State>(&self, flow: &mut Flow<S>, caller: &Caller) -> Result<()> {
        let (now, fixed) = (self.now(), self.settings.captcha_fixed.as_deref());
        let expires = now + self.settings.captcha_ttl;
        let mut captcha = Captcha::random(&self.secrets, flow.of_captcha(), fixed, expires)?;
        let hashes = self.work_asked();
        if hashes > 0 && self.limits.is_calm(caller, self.about(flow).as_deref(), now).await? {
            captcha = captcha.with_work(hashes, now + self.settings.flow_ttl);
        }
        (flow.captcha, flow.work) = (Some(captcha.seal(&self.secrets)?), captcha.work());
        flow.typed.forget(Field::Captcha);
        Ok(())
    }

    /// How many hashes stand in for the letters; none where only letters count.
    fn work_asked(&self) -> u32 {
        if self.settings.captcha_fixed.is_some() { 0 } else { self.settings.captcha_work }
    }

    /// Whom a flow is about: the account that it has proven, or the identity that was typed, whether or not it has an account.
    fn about<S: State>(&self, flow: &Flow<S>) -> Option<String> {
        if let Some(proven) = flow.account_version() {
            return Some(format!("account {}", proven.account.0));
        }
        [Kind::Natural, Kind::Migrante].into_iter().find_map(|kind| {
            let typed = IdentifierInput::Number(flow.typed.get(Identifier::field(kind).name()));
            let who = Identifier::parse(kind, typed, &self.settings.nie).ok()?;
            Some(format!("{} {}", flow.name(), who.plain()))
        })
    }

    /// Checks the letters of a form, or the work in their place, counted per address, and gives the flow a new captcha. Only the
    /// captcha that the page showed can be the right one. The step ends here after too many attempts, with a wait; and for the very
    /// same form again (a double click, or a connection that broke before the answer), which goes where its first submission led.
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
        let counted = self.limits.count(AttemptKind::Captcha, None, (caller, Letters::None), now).await?;
        let counted = counted.map_err(|wait| wait_notice(wait, now)).or_show(flow)?;
        let verdict = match (shown, letters.trim().is_empty()) {
            (false, _) => CaptchaVerdict::Stale,
            (true, true) => self.check_work(flow, posted, &form.mac, caller).await?,
            (true, false) => {
                let connection = &mut *self.store.connection().await?;
                let bound = (flow.of_captcha(), &form.mac);
                captcha::check(connection, &self.secrets, id, bound, letters, now).await?
            }
        };
        if verdict == CaptchaVerdict::Right {
            self.limits.succeeded(counted).await?;
        }
        self.new_captcha(flow, caller).await?;
        Ok(verdict)
    }

    /// The letters that a form brings in place of a wait: none where its page asked for none, or where none were typed. Each captcha
    /// is for one try; a page that is to ask for letters again gets another.
    pub(super) async fn letters<S: State>(
        &self,
        flow: &mut Flow<S>,
        posted: &Posted<'_>,
    ) -> Step<S, Letters> {
        if posted.other_letters {
            // Without letters on the page there are none to exchange.
            if flow.captcha.is_none() {
                return Err(Exit::go_to(NextStep::unchanged(flow.clone())));
            }
            self.new_captcha(flow, posted.caller).await?;
            return Err(Exit::show(flow.clone(), Notice::NewCaptcha));
        }
        let mut letters = Letters::None;
        if flow.captcha.is_some() && is_answered(posted.letters, posted) {
            let verdict = self.check_captcha(flow, posted, posted.letters, posted.caller).await?;
            captcha_passed(verdict).or_show(flow)?;
            letters = Letters::Right;
        }
        (flow.captcha, flow.work) = (None, 0);
        Ok(letters)
    }

    /// The same for a first page, whose form always begins another flow: the letters belong to the flow of the cookie, which is to be
    /// ended only then. A form that comes a second time, because of a double click, brings no letters.
    pub(super) async fn letters_of_first<S: State>(
        &self,
        first: &FirstPage<S>,
        step: &str,
        posted: &Posted<'_>,
    ) -> Step<S, Letters> {
        if !posted.other_letters && !is_answered(posted.letters, posted) {
            return Ok(Letters::None);
        }
        match self.found::<S>(&first.name, step, posted).await? {
            Found::Here(mut flow) if flow.state == S::FIRST => {
                flow.typed = first.typed.clone();
                self.letters(&mut flow, posted).await
            }
            _ if posted.other_letters => Err(Exit::Begin(Box::new(first.clone()), Notice::Expired.into())),
            _ => Ok(Letters::None),
        }
    }

    /// Checks the work that stands in for the letters. It counts while all is calm, and once: the captcha is spent before anything is
    /// computed. Which hashes are computed again follows from the proof by a secret key, so the same form again is no second try.
    async fn check_work<S: State>(
        &self,
        flow: &Flow<S>,
        posted: &Posted<'_>,
        form: &FormMac,
        caller: &Caller,
    ) -> Result<CaptchaVerdict> {
        let (now, id) = (self.now(), posted.captcha);
        if self.work_asked() == 0 || !self.limits.take_work(caller, self.about(flow).as_deref(), now).await? {
            return Ok(CaptchaVerdict::WorkRefused);
        }
        let spent = {
            let connection = &mut *self.store.connection().await?;
            captcha::spend_by_work(connection, &self.secrets, id, (flow.of_captcha(), form), now).await?
        };
        let Some(spent) = spent else { return Ok(CaptchaVerdict::Stale) };
        let [a, b, c, d, e, f, g, h, ..] = self.secrets.mac("captcha picks", &[id, posted.work]);
        let asked = (id, spent.work());
        let right = self.hasher.verify_work(asked, posted.work, [a, b, c, d, e, f, g, h]).await?;
        Ok(if right { CaptchaVerdict::Right } else { CaptchaVerdict::WorkRefused })
    }
}

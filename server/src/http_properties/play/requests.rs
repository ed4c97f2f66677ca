//! One request, with every check of its answer.

use super::{Play, Sent};
use crate::http_properties::browser::{Answer, Form, Page};
use crate::http_properties::command::Tab;
use crate::http_properties::forms::SECRETS;
use crate::http_properties::model::{Posted, Verdict};
use app::errand::Errand;

/// Of so many requests, one that opens a page is compared with all that is stored: that is as much work as three pages.
const COMPARED: u64 = 4;

/// Most redirects that a page leads through.
const REDIRECTS: usize = 3;

impl Play {
    /// Opens a page, and where it leads.
    pub(super) async fn open(&mut self, tab: Tab, path: String) -> Verdict {
        let mut path = path;
        for _ in 0..=REDIRECTS {
            let compared = self.world.requests.is_multiple_of(COMPARED);
            let before = if compared { self.world.everything().await } else { String::new() };
            let answer = self.world.get(&self.jars[tab.browser()], &path).await;
            if compared && self.world.everything().await != before {
                return Err(format!("5: opening {path} stored something"));
            }
            if !answer.cookies.is_empty() {
                return Err(format!("5: opening {path} gave a cookie"));
            }
            self.check(tab, &path, &answer)?;
            match answer.location.clone() {
                Some(location) => path = location,
                None => return self.show(tab, Page { path, body: answer.body }),
            }
        }
        Err(format!("5: {path} leads in a circle"))
    }

    /// A page came: it may be shown, under this cookie.
    fn show(&mut self, tab: Tab, page: Page) -> Verdict {
        let mut parts = page.path.trim_start_matches('/').split(['/', '?']);
        let (errand, kind, step) = (parts.next(), parts.next(), parts.next());
        if let (Some(errand), Some(_), Some(step)) = (errand.and_then(Errand::from_slug), kind, step)
            && !step.contains('=')
        {
            let token = self.jars[tab.browser()].token(errand);
            self.model.check_page(token.as_deref(), errand, &page, self.world.now())?;
        }
        self.pages[tab as usize] = page;
        Ok(())
    }

    /// Sends a form, compares what it changed with what it may change, and opens the page that it leads to.
    pub(super) async fn send(&mut self, tab: Tab, form: Form) -> Verdict {
        let browser = tab.browser();
        self.note_typed(browser, &form);
        let jar = self.jars[browser].clone();
        let letters = self.world.letters(form.get("imagen"));
        let letters = letters.is_some_and(|letters| letters == form.get("captcha"));
        let answer = self.world.post(&self.jars[browser], &form).await;
        self.check(tab, &form.action, &answer)?;
        self.jars[browser].take(&answer);
        // A wrong provisional key on the last page of a recovery stays with the recovery.
        let stays = form.action == "/api/cambiar/provisoria" && answer.token(Errand::Recover).is_some();
        let errand = if stays { Some(Errand::Recover) } else { form.errand() };
        let token = errand.and_then(|errand| jar.token(errand));
        let same = self.sent.iter().filter(|sent| sent.form == form);
        let posted = Posted {
            form: &form,
            errand,
            token: token.as_deref(),
            answer: &answer,
            before: same.filter_map(|sent| sent.given.as_deref()).collect(),
            letters,
            now: self.world.now(),
        };
        let allowed = self.model.posted(&posted)?;
        self.compare(allowed, form.get("imagen")).await?;
        let given = errand.and_then(|errand| answer.token(errand));
        self.sent.push(Sent { browser, form: form.clone(), token, given });
        match answer.location {
            Some(location) => self.open(tab, location).await?,
            None => self.pages[tab as usize] = Page { path: form.action.clone(), body: answer.body },
        }
        self.check_key(tab, &form)
    }

    /// A key that counts is not called wrong.
    fn check_key(&self, tab: Tab, form: &Form) -> Verdict {
        let page = &self.pages[tab as usize];
        let Some(account) = self.model.whose(form).filter(|_| form.errand() == Some(Errand::Change)) else {
            return Ok(());
        };
        if form.step() == "validar"
            && page.path.starts_with("/cambiar/")
            && page.path.ends_with("/validar")
            && page.has_error("clave_actual")
            && self.model.is_right(account, form, self.world.now())
        {
            return Err(format!("1: a key of account {account} that counts was called wrong"));
        }
        Ok(())
    }

    fn note_typed(&mut self, browser: usize, form: &Form) {
        for (name, value) in &form.fields {
            if SECRETS.contains(&name.as_str()) && value.len() > 5 && !self.typed[browser].contains(value) {
                self.typed[browser].push(value.clone());
            }
        }
    }

    /// What holds for every answer.
    fn check(&self, tab: Tab, path: &str, answer: &Answer) -> Verdict {
        let is_page = answer.body.contains("lang=\"es") && answer.body.contains("<h1");
        match answer.status {
            303 if answer.location.is_some() => {}
            200 | 400..500 if is_page && answer.location.is_none() => {}
            status => return Err(format!("5: {path} was answered by {status} and no page of ours")),
        }
        if let Some(location) = &answer.location {
            let plain = location.strip_suffix("?aviso=vencido").unwrap_or(location);
            if !plain.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'/' | b'-')) {
                return Err(format!("6: {path} leads to {location}"));
            }
        }
        let (own, other) = (&self.typed[tab.browser()], &self.typed[1 - tab.browser()]);
        if tab == Tab::Stranger || !self.planted {
            let leaked = other.iter().find(|value| !own.contains(value) && answer.body.contains(*value));
            if leaked.is_some() {
                return Err(format!("4: {path} shows what was typed in the other browser"));
            }
        }
        Ok(())
    }
}

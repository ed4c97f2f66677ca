//! Carries out the commands of a case, and checks each answer against the model.

mod requests;

use app::errand::Errand;
use backend::store::Engine;
use domain::kind::Kind;

use super::browser::{Form, Jar, Page};
use super::command::{Command, Filling, Tab};
use super::forms::Writer;
use super::model::{AccountModel, Allowed, Count, Model, Verdict};
use super::party::Party;
use super::support::people::key_in;
use super::world::World;

/// A form that was sent.
struct Sent {
    browser: usize,
    form: Form,
    /// The token of its cookie.
    token: Option<String>,
    /// The token that it got.
    given: Option<String>,
}

/// A case under way.
pub(super) struct Play {
    world: World,
    model: Model,
    kind: Kind,
    people: [Party; 2],
    jars: [Jar; 2],
    /// Of each [`Tab`].
    pages: [Page; 3],
    sent: Vec<Sent>,
    /// Secrets that were typed in each browser.
    typed: [Vec<String>; 2],
    /// Provisional keys that each person has read.
    read: [Vec<String>; 2],
    /// Whether the owner's browser had a cookie of the stranger's, and so pages of a flow that the stranger had filled in.
    planted: bool,
}

/// The steps of an errand, as URLs name them.
fn steps(errand: Errand) -> &'static [&'static str] {
    match errand {
        Errand::Recover => &[
            "validar",
            "pregunta",
            "documento",
            "correo",
            "contacto",
            "confirmar",
            "listo",
            "faltan-datos",
            "representante",
        ],
        Errand::Change => &["validar", "faltan-datos", "clave", "listo"],
        Errand::Update => &["validar", "pregunta", "documento", "elegir", "datos", "listo"],
        _ => &["formulario", "listo"],
    }
}

impl Play {
    /// Plays a case: what it broke, and how often what happened.
    pub(super) async fn run(engine: Engine, kind: Kind, commands: &[Command]) -> (Verdict, Count) {
        // The owner and the stranger, with secrets of their own.
        let people = [1, 2].map(|number| Party::number(kind, number));
        let (world, ids) = World::open(engine, &people).await;
        let mut accounts = Vec::new();
        for (at, id) in ids.into_iter().enumerate() {
            let seen = world.seen(id).await.account;
            accounts.push(AccountModel::new(id, &people[at], seen.key_hash.unwrap(), seen.answer_hash));
        }
        let mut play = Self {
            world,
            kind,
            model: Model::new(kind, accounts.try_into().unwrap()),
            people,
            jars: [Jar::at("203.0.113.7:40001"), Jar::at("198.51.100.9:40002")],
            pages: Default::default(),
            sent: Vec::new(),
            typed: Default::default(),
            read: Default::default(),
            planted: false,
        };
        let mut result = Ok(());
        for (number, command) in commands.iter().enumerate() {
            result = play.command(command).await.map_err(|why| format!("{why} (command {number})"));
            if result.is_err() {
                break;
            }
        }
        play.model.count.insert("requests", play.world.requests);
        (result, play.model.count)
    }

    async fn command(&mut self, command: &Command) -> Verdict {
        match *command {
            Command::Begin(tab, errand, filling, more) => {
                self.open(tab, errand.path(self.kind)).await?;
                self.fill(tab, filling, more).await
            }
            Command::Redeem(tab, errand, filling, more) => {
                self.deliver().await?;
                self.open(tab, errand.path(self.kind)).await?;
                self.fill(tab, filling, more).await
            }
            Command::Continue(tab, filling, more) => self.fill(tab, filling, more).await,
            Command::Visit(tab, errand, step, filling) => {
                let Some(errand) = errand.or(self.pages[tab as usize].errand()) else { return Ok(()) };
                let steps = steps(errand);
                let step = steps[usize::from(step) % steps.len()];
                self.open(tab, format!("{}/{step}", errand.path(self.kind))).await?;
                self.fill(tab, filling, 0).await
            }
            Command::Again(tab, back, with_old_cookie) => self.again(tab, back, with_old_cookie).await,
            Command::Grant(account, contact) => self.grant(account, contact).await,
            Command::Refresh(tab) => self.refresh(tab).await,
            Command::Plant(errand) => {
                if let Some(token) = self.jars[1].token(errand) {
                    self.jars[0].put(errand, &token);
                    self.planted = true;
                    self.model.happened("cookies planted");
                }
                Ok(())
            }
            Command::Former(errand, back) => self.former(errand, back).await,
            Command::Swap(tab, from, to) => {
                let jar = &mut self.jars[tab.browser()];
                if let Some(token) = jar.token(from) {
                    jar.put(to, &token);
                }
                self.open(tab, format!("{}/listo", to.path(self.kind))).await
            }
            Command::Erase(tab) => self.erase(tab).await,
            Command::Pass(minutes, swept) => {
                self.world.pass(minutes, swept).await;
                Ok(())
            }
            Command::Deliver => self.deliver().await,
            Command::Restart => {
                self.world.restart().await;
                Ok(())
            }
        }
    }

    /// Fills in the page of a tab, and up to `more` that follow, while the forms lead to another page.
    async fn fill(&mut self, tab: Tab, filling: Filling, more: u8) -> Verdict {
        for _ in 0..=more {
            let page = self.pages[tab as usize].clone();
            let other = &self.pages[if tab.browser() == 0 { Tab::Stranger } else { Tab::Owner } as usize];
            let hidden = if filling.borrowed { other } else { &page };
            let letters = hidden.hidden("imagen").and_then(|sealed| self.world.letters(&sealed));
            let number = u32::try_from(self.sent.len()).unwrap_or_default();
            let writer = Writer {
                model: &self.model,
                people: &self.people,
                browser: tab.browser(),
                read: &self.read[tab.browser()],
                number,
            };
            let Some(form) = writer.fill(&page, hidden, filling, letters) else { return Ok(()) };
            self.send(tab, form).await?;
            if self.pages[tab as usize].path == page.path {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Sends a form again; with the old cookie it is a double click.
    async fn again(&mut self, tab: Tab, back: u8, with_old_cookie: bool) -> Verdict {
        let mine = self.sent.iter().rev().filter(|sent| sent.browser == tab.browser());
        let Some(sent) = mine.into_iter().nth(back.into()) else { return Ok(()) };
        let (form, token) = (sent.form.clone(), sent.token.clone());
        if let (true, Some(token), Some(errand)) = (with_old_cookie, token, form.errand()) {
            self.jars[tab.browser()].put(errand, &token);
        }
        self.send(tab, form).await
    }

    /// “Refrescar”.
    async fn refresh(&mut self, tab: Tab) -> Verdict {
        let page = self.pages[tab as usize].clone();
        let (Some(action), Some(_)) = (page.action(), page.hidden("imagen")) else { return Ok(()) };
        let action = format!("{}/captcha", action.rsplit_once('/').map_or("", |(start, _)| start));
        let hidden =
            ["pagina", "imagen"].map(|name| (name.to_owned(), page.hidden(name).unwrap_or_default()));
        let fields = [vec![("tipo".to_owned(), self.kind.slug().to_owned())], hidden.to_vec()].concat();
        self.send(tab, Form { action, fields }).await
    }

    /// The stranger takes up a token that was given up.
    async fn former(&mut self, errand: Errand, back: u8) -> Verdict {
        let tokens = self.sent.iter().rev().filter_map(|sent| sent.token.clone());
        let of_errand = |token: &String| {
            self.model.flows.get(token).is_some_and(|flow| flow.errand == errand && flow.is_given_up())
        };
        let Some(token) = tokens.filter(of_errand).nth(back.into()) else { return Ok(()) };
        self.jars[1].put(errand, &token);
        self.model.happened("former tokens taken up");
        for step in steps(errand) {
            self.open(Tab::Stranger, format!("{}/{step}", errand.path(self.kind))).await?;
        }
        Ok(())
    }

    /// A company asks for the key of a facilitator, and an officer grants it.
    async fn grant(&mut self, account: usize, contact: u8) -> Verdict {
        let mail = match contact {
            0 => self.model.accounts[account].contact.mail.clone(),
            number => format!("{}{number}@correo.ejemplo.cl", ["duena", "ladron"][account]),
        };
        let granted = self.world.grant(account, &mail).await;
        let allowed = if granted { self.model.granted(account, mail) } else { Allowed::default() };
        self.compare(allowed, "").await
    }

    /// Compares what is stored with what may have changed.
    async fn compare(&mut self, allowed: Allowed, captcha: &str) -> Verdict {
        let ids = [self.model.accounts[0].id, self.model.accounts[1].id];
        let seen = [self.world.seen(ids[0]).await, self.world.seen(ids[1]).await];
        self.model.compare(&seen, allowed, captcha, self.world.now())
    }

    /// “Terminar y borrar”: the cookies go, and who has kept them sees nothing.
    async fn erase(&mut self, tab: Tab) -> Verdict {
        let before = self.jars[tab.browser()].clone();
        self.send(tab, Form { action: "/api/terminar".to_owned(), fields: Vec::new() }).await?;
        if !self.jars[tab.browser()].is_empty() {
            return Err("7: cookies are left".to_owned());
        }
        for errand in Errand::MENU {
            let Some(token) = before.token(errand) else { continue };
            if self.model.flows.get(&token).is_some_and(|flow| flow.errand == errand) {
                self.model.end(&token, "it was deleted");
            }
            let kept = std::mem::replace(&mut self.jars[tab.browser()], before.clone());
            for step in steps(errand) {
                self.open(tab, format!("{}/{step}", errand.path(self.kind))).await?;
            }
            self.jars[tab.browser()] = kept;
        }
        Ok(())
    }

    /// The messages are sent, and who gets them reads them.
    async fn deliver(&mut self) -> Verdict {
        for letter in self.world.messages().await {
            let Some(key) = key_in(&letter) else { continue };
            self.model.happened("messages with a key");
            self.model.read(&letter.to, &key)?;
            let stranger = &self.people[1];
            let theirs = ["ladron", "+5696", &stranger.contact.mail];
            let theirs = theirs.into_iter().chain(stranger.contact.mobile.as_deref());
            let reader = usize::from(theirs.into_iter().any(|start| letter.to.starts_with(start)));
            if !self.read[reader].contains(&key) {
                self.read[reader].push(key);
            }
        }
        // Messages arrive in any order; the same case is to go the same way again.
        for read in &mut self.read {
            read.sort_by_key(|key| self.model.place_of(key));
        }
        Ok(())
    }
}

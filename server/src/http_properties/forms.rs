//! What a person types into the form of a page.

use app::errand::Errand;
use domain::kind::Kind;
use domain::territory::{ComunaCode, RegionCode};

use super::browser::{Form, Page};
use super::command::{Filling, Key};
use super::model::Model;
use super::party::{Contact, Field, Party};
use super::support::people::Person;

/// Who types, and whom for.
pub(super) struct Writer<'a> {
    pub(super) model: &'a Model,
    pub(super) people: &'a [Party; 2],
    /// The browser.
    pub(super) browser: usize,
    /// Provisional keys that this person has read, oldest first.
    pub(super) read: &'a [String],
    /// Goes up with each good new key.
    pub(super) number: u32,
}

type Fields = Vec<Field>;

/// A field, when it is one that nobody else may learn.
pub(super) const SECRETS: [&str; 8] =
    ["respuesta", "serie", "documento", "clave_actual", "clave", "clave_otra_vez", "email", "celular"];

impl Writer<'_> {
    /// The form of a page, filled in; none when there is none. `hidden` is the page whose hidden fields it carries, `letters` are
    /// those of its captcha.
    pub(super) fn fill(
        &self,
        page: &Page,
        hidden: &Page,
        filling: Filling,
        letters: Option<String>,
    ) -> Option<Form> {
        let action = page.action()?;
        let mut form =
            Form { action, fields: vec![("tipo".to_owned(), self.people[0].kind.slug().to_owned())] };
        for name in ["pagina", "imagen"] {
            form.fields.extend(hidden.hidden(name).map(|value| (name.to_owned(), value)));
        }
        let letters = letters.filter(|_| filling.letters).unwrap_or_else(|| "MALAS".to_owned());
        let mut typed = self.typed(form.errand()?, form.step(), filling, letters.clone());
        if page.hidden("imagen").is_some() && typed.iter().all(|(name, _)| *name != "captcha") {
            // Letters in place of a wait.
            typed.push(("captcha", letters));
        }
        form.fields.extend(typed.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Some(form)
    }

    fn typed(&self, errand: Errand, step: &str, filling: Filling, letters: String) -> Fields {
        let account = if filling.own { self.browser } else { 1 - self.browser };
        let party = &self.people[account];
        let who = party.who.clone();
        match (errand, step) {
            (Errand::Recover, "validar") => who,
            (Errand::Change | Errand::Update, "validar") => {
                let representative = self.representative(account, filling);
                who.into_iter().chain(representative).chain([("clave_actual", self.key(filling))]).collect()
            }
            (_, "representante") => self.representative(account, filling).into_iter().collect(),
            (_, "pregunta") => {
                let ticked = if filling.forgotten { "si" } else { "" };
                vec![("respuesta", self.answer(filling)), ("no_recuerdo", ticked.to_owned())]
            }
            (_, "documento") => vec![self.document(filling)],
            (_, "correo") => {
                vec![("email_correcto", if filling.confirm { "si" } else { "no" }.to_owned())]
            }
            (_, "contacto") => contact(&self.contact(filling)),
            (_, "elegir") => {
                let answer =
                    if filling.right { format!("Un volantín {}", self.number) } else { String::new() };
                vec![("pregunta", question()), ("respuesta", answer)]
            }
            (Errand::Recover, "confirmar") => vec![("captcha", letters)],
            (Errand::Change, "clave") => {
                let new = self.new_key(filling);
                vec![("clave", new.clone()), ("clave_otra_vez", new), ("captcha", letters)]
            }
            (Errand::Update, "datos") => {
                [address(), contact(&self.contact(filling)), vec![("captcha", letters)]].concat()
            }
            (Errand::Register, _) => self.registration(party, filling, letters),
            _ => Vec::new(),
        }
    }

    /// What this person knows or guesses of secrets, and what is right of it.
    fn own(&self) -> &super::model::AccountModel {
        &self.model.accounts[self.browser]
    }

    fn key(&self, filling: Filling) -> String {
        let own = self.own();
        match filling.key {
            Key::Current => own.key.clone(),
            Key::Former => own.former.last().unwrap_or(&own.key).clone(),
            Key::Provisional(back) => {
                let newest = self.read.len().checked_sub(1 + usize::from(back));
                newest.map_or_else(|| own.key.clone(), |at| self.read[at].clone())
            }
            Key::Wrong => "Maqui#99".to_owned(),
        }
    }

    fn new_key(&self, filling: Filling) -> String {
        let own = self.own();
        match filling.new_key {
            0 => "corta".to_owned(),
            1 => own.key.clone(),
            2 => own.former.last().unwrap_or(&own.key).clone(),
            3 => self.read.last().unwrap_or(&own.key).clone(),
            _ => format!("{}#{:03}", if self.browser == 0 { "Peumo" } else { "Molle" }, self.number),
        }
    }

    fn answer(&self, filling: Filling) -> String {
        let known = self.own().answer.clone().filter(|_| filling.right);
        known.unwrap_or_else(|| format!("no es la de {}", self.browser))
    }

    fn document(&self, filling: Filling) -> Field {
        let (field, right) = self.people[self.browser].document.clone();
        (field, if filling.right { right } else { "A999999999".to_owned() })
    }

    /// Of a company: the person who represents this account, or the other.
    fn representative(&self, account: usize, filling: Filling) -> Option<Field> {
        self.people[if filling.named { account } else { 1 - account }].representative()
    }

    fn contact(&self, filling: Filling) -> Contact {
        let number = filling.contact;
        if number == 0 {
            return self.own().contact.clone();
        }
        let (name, digit) = if self.browser == 0 { ("duena", 5) } else { ("ladron", 6) };
        // Nothing asks for the mobile of a company.
        let has_mobile = number != 3 && self.people[0].kind != Kind::Juridica;
        Contact {
            mail: format!("{name}{number}@correo.ejemplo.cl"),
            mobile: has_mobile.then(|| format!("+569{digit}000000{number}")),
        }
    }

    fn registration(&self, party: &Party, filling: Filling, letters: String) -> Fields {
        let key = format!("Litre#{:03}", self.number);
        let own = vec![
            ("pregunta", question()),
            ("respuesta", format!("otra de {}", self.browser)),
            ("clave", key.clone()),
            ("clave_otra_vez", key),
            ("captcha", letters),
        ];
        [party.who.clone(), party.registration(), own, address(), contact(&self.contact(filling))].concat()
    }
}

/// A secret question.
fn question() -> String {
    Person::number(0).form().question.to_owned()
}

fn address() -> Fields {
    let home = super::support::people::HOME;
    vec![
        ("direccion", home.street.to_owned()),
        ("numero", home.number.to_owned()),
        // The lists send names.
        ("region", RegionCode::parse(home.region).unwrap().region().name.to_owned()),
        ("comuna", ComunaCode::parse(home.comuna).unwrap().comuna().name.to_owned()),
    ]
}

fn contact(contact: &Contact) -> Fields {
    let mobile = contact.mobile.as_deref().map(|mobile| mobile.trim_start_matches("+569").to_owned());
    let none = if mobile.is_none() { "si" } else { "" };
    vec![
        ("email", contact.mail.clone()),
        ("celular", mobile.unwrap_or_default()),
        ("sin_celular", none.to_owned()),
    ]
}

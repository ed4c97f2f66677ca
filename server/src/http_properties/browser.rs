//! A browser as far as the service sees it: cookies, and the page in each tab.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use app::errand::Errand;

/// The cookies of a browser, and where it is.
#[derive(Debug, Clone)]
pub(super) struct Jar {
    pub(super) address: SocketAddr,
    cookies: BTreeMap<String, String>,
}

/// What the service answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    /// Names and values; an empty value takes the cookie away.
    pub(super) cookies: Vec<(String, String)>,
    pub(super) body: String,
}

/// The page in a tab.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    pub(super) path: String,
    pub(super) body: String,
}

/// A form as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// Where it was sent.
    pub(super) action: String,
    pub(super) fields: Vec<(String, String)>,
}

/// The name of the cookie of an errand.
fn cookie(errand: Errand) -> String {
    format!("__Host-cs_{}", errand.slug())
}

impl Jar {
    pub(super) fn at(address: &str) -> Self {
        Self { address: address.parse().unwrap(), cookies: BTreeMap::new() }
    }

    /// Takes the cookies of an answer.
    pub(super) fn take(&mut self, answer: &Answer) {
        for (name, value) in &answer.cookies {
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.clone(), value.clone());
            }
        }
    }

    pub(super) fn token(&self, errand: Errand) -> Option<String> {
        self.cookies.get(&cookie(errand)).cloned()
    }

    pub(super) fn put(&mut self, errand: Errand, token: &str) {
        self.cookies.insert(cookie(errand), token.to_owned());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cookies.is_empty()
    }

    /// As a request carries them.
    pub(super) fn header(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}

impl Answer {
    /// The token that it gives for an errand.
    pub(super) fn token(&self, errand: Errand) -> Option<String> {
        let name = cookie(errand);
        let found = self.cookies.iter().rev().find(|(set, value)| *set == name && !value.is_empty());
        found.map(|(_, value)| value.clone())
    }
}

impl Page {
    /// The errand that it is of.
    pub(super) fn errand(&self) -> Option<Errand> {
        Errand::from_slug(self.path.trim_start_matches('/').split('/').next()?)
    }

    /// The value of a hidden field.
    pub(super) fn hidden(&self, name: &str) -> Option<String> {
        let start = format!(" name=\"{name}\" value=\"");
        let from = self.body.find(&start)? + start.len();
        self.body[from..].split('"').next().map(str::to_owned)
    }

    /// Where its form is sent; none on a page without one.
    pub(super) fn action(&self) -> Option<String> {
        let start = " action=\"";
        let actions = self.body.match_indices(start);
        let mut actions = actions.filter_map(|(at, _)| self.body[at + start.len()..].split('"').next());
        actions.find(|action| *action != "/api/terminar").map(str::to_owned)
    }

    /// Whether an error stands beside a field.
    pub(super) fn has_error(&self, field: &str) -> bool {
        self.body.contains(&format!("id=\"{field}-error\""))
    }
}

impl Form {
    /// The errand that it is of.
    pub(super) fn errand(&self) -> Option<Errand> {
        let word = self.action.strip_prefix("/api/")?.split('/').next()?;
        Errand::from_slug(word)
    }

    pub(super) fn step(&self) -> &str {
        self.action.rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
}

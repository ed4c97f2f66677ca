//! Scopes: what a client may learn of who signs in.

use serde::{Deserialize, Serialize};

/// One thing that a client may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// That somebody signed in: always.
    Openid,
    /// RUN, NIE, RUT or document: the claims `run` and `cuenta`.
    Run,
    /// The name.
    Name,
    /// The mail address.
    Email,
    /// Tokens that are renewed without the person.
    OfflineAccess,
}

impl Scope {
    /// Every scope, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Openid, Self::Run, Self::Name, Self::Email, Self::OfflineAccess];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Openid => "openid",
            Self::Run => "run",
            Self::Name => "name",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        // `profile` is what clients of other providers call the name.
        if word == "profile" {
            return Some(Self::Name);
        }
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// A set of scopes, each once, in the order of [`Scope::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Scope>")]
pub struct Scopes(Vec<Scope>);

impl From<Vec<Scope>> for Scopes {
    fn from(scopes: Vec<Scope>) -> Self {
        Self(Scope::ALL.into_iter().filter(|scope| scopes.contains(scope)).collect())
    }
}

impl Scopes {
    /// Reads a list, parted by spaces. Words that are no scope are left out (OpenID Connect Core §3.1.2.1).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split(' ').filter_map(Scope::from_word).collect::<Vec<_>>().into()
    }

    /// Reads the list of an operator, in which each word has to be a scope.
    ///
    /// # Errors
    /// The word that is none.
    pub fn parse_exactly(text: &str) -> Result<Self, String> {
        let words = text.split([' ', ',']).filter(|word| !word.is_empty());
        let scopes: Result<Vec<_>, _> =
            words.map(|word| Scope::from_word(word).ok_or_else(|| word.to_owned())).collect();
        Ok(scopes?.into())
    }

    /// Whether a scope is among them.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().copied().filter(|scope| other.has(*scope)).collect())
    }

    /// Whether all of these are in the other.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        self.0.iter().all(|scope| other.has(*scope))
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }

    /// The list, parted by spaces.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_oidc_scopes_are_read_in_any_order_and_unknown_ones_are_left_out() {
        let scopes = Scopes::parse("email  nada openid email run");
        assert_eq!(scopes.text(), "openid run email");
        assert_eq!(Scopes::parse("openid profile").text(), "openid name");
        assert_eq!(
            Scopes::parse_exactly("openid,run name").map(|s| s.text()),
            Ok("openid run name".to_owned())
        );
        assert_eq!(Scopes::parse_exactly("openid rut"), Err("rut".to_owned()));
        let fewer = scopes.and(&Scopes::parse("openid email"));
        assert_eq!(fewer.text(), "openid email");
        assert!(fewer.within(&scopes) && !scopes.within(&fewer));
        let stored = serde_json::to_string(&scopes).unwrap();
        assert_eq!(stored, r#"["openid","run","email"]"#);
        assert_eq!(serde_json::from_str::<Scopes>(&stored).unwrap(), scopes);
    }
}

//! The kinds of key holders (docs/requirements.md#who-has-a-key).

use serde::{Deserialize, Serialize};

/// Who a key belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Persona natural, with a Chilean cédula.
    #[default]
    Natural,
    /// Persona migrante, with a NIE.
    Migrante,
    /// Persona jurídica: empresa, OTEC or OTIC.
    Juridica,
    /// Facilitador extranjero: a company asks for the key, and SENCE grants it.
    Facilitador,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Natural, Self::Migrante, Self::Juridica, Self::Facilitador];

    /// The kinds that get a key by themselves, in the order of the front page.
    pub const SELF_SERVED: [Self; 3] = [Self::Natural, Self::Migrante, Self::Juridica];

    /// The word that is in URLs and in the store.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Natural => "natural",
            Self::Migrante => "migrante",
            Self::Juridica => "juridica",
            Self::Facilitador => "facilitador",
        }
    }

    /// The kind of a word in a URL.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accounts, flows and links in mails hold these words.
    #[test]
    fn words_in_the_store_and_in_urls_never_change() {
        assert_eq!(Kind::ALL.map(Kind::slug), ["natural", "migrante", "juridica", "facilitador"]);
        for kind in Kind::ALL {
            assert_eq!(Kind::from_slug(kind.slug()), Some(kind));
        }
        assert_eq!(Kind::from_slug("Natural"), None);
    }
}

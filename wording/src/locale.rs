//! The languages.

use crate::Catalogue;

/// A language of the pages and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// Spanish of Chile.
    #[default]
    Es,
    /// The pseudo-language of the tests: Spanish in disguise. Not in a release.
    #[cfg(any(debug_assertions, feature = "pseudo"))]
    Qps,
}

impl Locale {
    /// Every language of this build.
    pub const ALL: &[Self] = &[
        Self::Es,
        #[cfg(any(debug_assertions, feature = "pseudo"))]
        Self::Qps,
    ];

    /// The word in the configuration.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Es => "es",
            #[cfg(any(debug_assertions, feature = "pseudo"))]
            Self::Qps => "qps",
        }
    }

    /// The language of a word in the configuration, if this build has it.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|locale| locale.id() == id)
    }

    /// The value of `lang` in HTML.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Es => "es-CL",
            #[cfg(any(debug_assertions, feature = "pseudo"))]
            Self::Qps => "qps",
        }
    }

    /// Its sentences.
    #[must_use]
    pub fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Es => &crate::es::ES,
            #[cfg(any(debug_assertions, feature = "pseudo"))]
            Self::Qps => &crate::qps::QPS,
        }
    }
}

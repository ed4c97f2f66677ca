//! What can be done with a key, for whom, and where.

use domain::kind::Kind;
use wording::Catalogue;
use wording::catalogue::errands;

/// What can be done with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Get one.
    Register,
    /// Get a new one in place of a forgotten one.
    Recover,
    /// Set another.
    Change,
    /// Change address and contact data.
    Update,
    /// For a foreign facilitator.
    Facilitator,
    /// Type the code of a mail.
    ConfirmMail,
}

impl Errand {
    /// The entries of the menu that lead to a choice of kinds.
    pub const MENU: [Self; 4] = [Self::Register, Self::Recover, Self::Change, Self::Update];

    /// The word in URLs.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Register => "registrar",
            Self::Recover => "recuperar",
            Self::Change => "cambiar",
            Self::Update => "actualizar",
            Self::Facilitator => "facilitador",
            Self::ConfirmMail => "correo",
        }
    }

    /// The errand of a word in a URL that leads to a choice of kinds. “Confirmar correo” is in no menu: a mail leads there.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::MENU.into_iter().chain([Self::ConfirmMail]).find(|errand| errand.slug() == slug)
    }

    /// Its words in a language.
    #[must_use]
    pub fn words(self, catalogue: &'static Catalogue) -> &'static errands::Errand {
        let errands = &catalogue.errands;
        match self {
            Self::Register => &errands.register,
            Self::Recover => &errands.recover,
            Self::Change => &errands.change,
            Self::Update => &errands.update,
            Self::Facilitator => &errands.facilitator,
            Self::ConfirmMail => &errands.confirm_mail,
        }
    }

    /// The small line over a heading: which errand, for whom.
    #[must_use]
    pub fn over(self, catalogue: &'static Catalogue, kind: Kind) -> String {
        (catalogue.form.over)(self.words(catalogue).menu, (catalogue.kinds.title)(kind))
    }

    /// Which kinds it serves.
    #[must_use]
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Update => &[Kind::Natural, Kind::Migrante],
            Self::Facilitator => &[Kind::Juridica],
            Self::Change => &Kind::ALL,
            Self::Register | Self::Recover | Self::ConfirmMail => &Kind::SELF_SERVED,
        }
    }

    /// Where it is, for a kind.
    #[must_use]
    pub fn path(self, kind: Kind) -> String {
        match self {
            Self::Facilitator => "/facilitador".to_owned(),
            _ => format!("/{}/{}", self.slug(), kind.slug()),
        }
    }
}

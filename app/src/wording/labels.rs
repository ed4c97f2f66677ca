//! Labels, titles and texts of the pages.

use domain::kind::Kind;

/// Name of the service.
pub const SERVICE: &str = "Clave Sence (CS)";
/// Help line.
pub const HELP_LINE: &str = "800 80 10 30";
/// Hours of the help line.
pub const HELP_HOURS: &str = "lunes a viernes de 9:00 a 18:00";

/// So many hours.
#[must_use]
pub fn duration(hours: i64) -> String {
    if hours == 1 { "1 hora".to_owned() } else { format!("{hours} horas") }
}

/// A kind as the front page names it.
#[must_use]
pub fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "Persona Natural",
        Kind::Migrante => "Persona Migrante",
        Kind::Juridica => "Persona Jurídica",
        Kind::Facilitador => "Facilitador extranjero",
    }
}

/// What stands in brackets behind the name of a kind.
#[must_use]
pub fn kind_detail(kind: Kind) -> &'static str {
    match kind {
        Kind::Natural => "con cédula de identidad nacional",
        Kind::Migrante => "con NIE",
        Kind::Juridica => "Empresa | OTEC | OTIC",
        Kind::Facilitador => "con documento de identidad extranjero",
    }
}

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
        }
    }

    /// The errand of a word in a URL.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::MENU.into_iter().find(|errand| errand.slug() == slug)
    }

    /// Its entry in the menu.
    #[must_use]
    pub fn menu(self) -> &'static str {
        match self {
            Self::Register => "Regístrese",
            Self::Recover => "Recuperar CS",
            Self::Change => "Cambiar CS",
            Self::Update => "Actualizar datos",
            Self::Facilitator => "Facilitador extranjero",
        }
    }

    /// Its link in the box of a kind.
    #[must_use]
    pub fn link(self) -> &'static str {
        match self {
            Self::Register => "Regístrese aquí",
            Self::Recover => "Recuperar CS aquí",
            Self::Change => "Cambie su CS aquí",
            Self::Update => "Actualice sus datos aquí",
            Self::Facilitator => "Solicitud de CS para facilitador extranjero",
        }
    }

    /// Button that leads back to it, when it had stopped for missing data.
    #[must_use]
    pub fn go_on(self) -> &'static str {
        match self {
            Self::Register => "Seguir con mi registro",
            Self::Recover => "Seguir con Recuperar CS",
            Self::Change => "Seguir con Cambiar CS",
            Self::Update => "Seguir con Actualizar datos",
            Self::Facilitator => "Seguir con la solicitud",
        }
    }

    /// What it is for, in a few words.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Register => "Obtenga su clave por primera vez",
            Self::Recover => "Olvidó su clave y necesita una nueva",
            Self::Change => "Conoce su clave y quiere otra, o recibió una clave provisoria",
            Self::Update => "Cambió de dirección, correo o teléfono",
            Self::Facilitator => "Pídala como empresa",
        }
    }

    /// Which kinds it serves.
    #[must_use]
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Update => &[Kind::Natural, Kind::Migrante],
            Self::Facilitator => &[Kind::Juridica],
            Self::Change => &Kind::ALL,
            Self::Register | Self::Recover => &Kind::SELF_SERVED,
        }
    }

    /// What a company does instead, where it is not served.
    #[must_use]
    pub fn not_for_companies(self) -> Option<&'static str> {
        (self == Self::Update).then_some(
            "Persona Jurídica: para cambiar el correo de una empresa use «Recuperar CS»; para otros datos llame al \
             800 80 10 30.",
        )
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

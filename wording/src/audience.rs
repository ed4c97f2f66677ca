//! To whom a page speaks. A company reads “el RUT de la empresa” where a person reads “su RUT”.

use domain::kind::Kind;

/// To whom, and of whom.
///
/// The page says it once (`web::Page::audience`), and the fields and the error summary find it as a context: nearly every
/// field of nearly every form may bear an error, and handing a kind through all of them would put the same argument on
/// every line of every form. A page that says nothing speaks to a person about themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// A person, about themselves.
    #[default]
    Person,
    /// A company, about itself and its legal representative.
    Company,
    /// A company that asks for the key of a foreign facilitator (F-REQ): RUT and key are its own, the rest is the
    /// facilitator's.
    ForFacilitator,
    /// An operator who runs a command, about rows and texts that are not their own.
    Command,
}

impl Audience {
    /// The audience of the flows that a kind goes through by itself.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Juridica => Self::Company,
            Kind::Natural | Kind::Migrante | Kind::Facilitador => Self::Person,
        }
    }

    /// Whether the RUT, the key and the name in question are those of a company.
    #[must_use]
    pub fn is_company(self) -> bool {
        matches!(self, Self::Company | Self::ForFacilitator)
    }
}

/// What a form holds that is never sent back to the browser, and has to be typed again when the page comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SecretFields {
    /// The secret answer.
    pub answer: bool,
    /// A key.
    pub key: bool,
    /// The letters of the captcha.
    pub letters: bool,
}

impl SecretFields {
    /// Nothing.
    pub const NOTHING: Self = Self { answer: false, key: false, letters: false };
    /// The secret answer.
    pub const ANSWER: Self = Self { answer: true, ..Self::NOTHING };
    /// A key.
    pub const KEY: Self = Self { key: true, ..Self::NOTHING };
    /// A key, and the letters of the captcha.
    pub const KEY_AND_LETTERS: Self = Self { letters: true, ..Self::KEY };
    /// The secret answer, a key, and the letters of the captcha.
    pub const ANSWER_KEY_AND_LETTERS: Self = Self { answer: true, ..Self::KEY_AND_LETTERS };

    /// The same without the answer, or without the key, where it is kept.
    #[must_use]
    pub fn without(self, answer: bool, key: bool) -> Self {
        Self { answer: self.answer && !answer, key: self.key && !key, ..self }
    }
}

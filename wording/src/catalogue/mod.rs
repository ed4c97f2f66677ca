//! The table: which sentences there are, and what each takes. `es` has the Spanish of each field.

pub mod commands;
pub mod declaration;
pub mod errands;
pub mod errors;
pub mod frame;
pub mod mail;
pub mod sms;

/// Every sentence of a language, by area.
#[derive(Debug)]
pub struct Catalogue {
    /// What stands around every page.
    pub frame: frame::Frame,
    /// What can be done with a key: menus and links.
    pub errands: errands::Errands,
    /// What stands beside a field that is wrong.
    pub errors: errors::Errors,
    /// What a mail says.
    pub mail: mail::Mail,
    /// What an SMS says.
    pub sms: sms::Sms,
    /// What the commands say to the operator.
    pub commands: commands::Commands,
}

/// A sentence with a piece of markup in it, such as a number to call.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// What stands before it.
    pub before: &'static str,
    /// What stands behind it.
    pub after: &'static str,
}

/// A sentence with a link in it.
#[derive(Debug, Clone, Copy)]
pub struct Linked {
    /// What stands before the link.
    pub before: &'static str,
    /// The link.
    pub link: &'static str,
    /// What stands behind it.
    pub after: &'static str,
}

/// A heading and the text under it.
#[derive(Debug, Clone, Copy)]
pub struct Headed {
    /// The heading.
    pub heading: &'static str,
    /// The text.
    pub text: &'static str,
}

//! The table: which sentences there are, and what each takes. `es` has the Spanish of each field.

pub mod attendance;
pub mod change;
pub mod commands;
pub mod declaration;
pub mod desk;
pub mod errands;
pub mod errors;
pub mod fields;
pub mod form;
pub mod frame;
pub mod help;
pub mod kinds;
pub mod mail;
pub mod mail_check;
pub mod notices;
pub mod recover;
pub mod register;
pub mod request;
pub mod sign_in;
pub mod sms;
pub mod update;

/// Every sentence of a language, by area.
#[derive(Debug)]
pub struct Catalogue {
    /// What is around every page.
    pub frame: frame::Frame,
    /// The front page.
    pub home: form::Home,
    /// “Más información”.
    pub help: help::Help,
    /// The pages of error statuses.
    pub failures: form::Failures,
    /// What can be done with a key: menus and links.
    pub errands: errands::Errands,
    /// Names of kinds.
    pub kinds: kinds::Kinds,
    /// What every form and every step has.
    pub form: form::Form,
    /// Labels and hints of fields.
    pub fields: fields::Fields,
    /// What is beside a field that is wrong.
    pub errors: errors::Errors,
    /// What a page says above its form.
    pub notices: notices::Notices,
    /// `/registrar`.
    pub register: register::Register,
    /// `/correo`, and the end of `/registrar`.
    pub mail_check: mail_check::MailCheck,
    /// `/recuperar`.
    pub recover: recover::Recover,
    /// `/cambiar`.
    pub change: change::Change,
    /// `/actualizar`.
    pub update: update::Update,
    /// `/facilitador`.
    pub request: request::Request,
    /// `/ingresar`, `/cuenta`.
    pub sign_in: sign_in::SignIn,
    /// `/asistencia`.
    pub attendance: attendance::Attendance,
    /// `/mesa`.
    pub desk: desk::Desk,
    /// `/demo/bandeja`.
    pub inbox: form::Inbox,
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
    /// What is before it.
    pub before: &'static str,
    /// What is behind it.
    pub after: &'static str,
}

/// A sentence with a link in it.
#[derive(Debug, Clone, Copy)]
pub struct Linked {
    /// What is before the link.
    pub before: &'static str,
    /// The link.
    pub link: &'static str,
    /// What is behind it.
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

//! Chilean Spanish. Short, respectful, no jargon; each error says what to do next. The labels in “quotes” of
//! docs/requirements.md are here to the letter.
//!
//! `build.rs` makes the pseudo-language of these files and disguises every string literal in them. So only sentences are
//! here: no anchor, class or URL, and no `match` on a string. Modules have no tests; those are in `src/tests`.

use crate::Catalogue;
use crate::catalogue::declaration::Declaration;

/// Hours of the help line.
macro_rules! help_hours {
    () => {
        "lunes a viernes de 9:00 a 18:00"
    };
}

mod attendance;
mod change;
mod commands;
mod declaration;
mod desk;
mod errands;
mod errors;
mod fields;
mod form;
mod frame;
mod help;
mod kinds;
mod mail;
mod mail_check;
mod notices;
mod questions;
mod recover;
mod register;
mod request;
mod sign_in;
mod sms;
mod terms;
mod update;

pub(crate) static ES: Catalogue = Catalogue {
    frame: frame::FRAME,
    home: form::HOME,
    help: help::HELP,
    failures: form::FAILURES,
    errands: errands::ERRANDS,
    kinds: kinds::KINDS,
    form: form::FORM,
    fields: fields::FIELDS,
    errors: errors::ERRORS,
    notices: notices::NOTICES,
    register: register::REGISTER,
    mail_check: mail_check::MAIL_CHECK,
    recover: recover::RECOVER,
    change: change::CHANGE,
    update: update::UPDATE,
    request: request::REQUEST,
    sign_in: sign_in::SIGN_IN,
    attendance: attendance::ATTENDANCE,
    desk: desk::DESK,
    inbox: form::INBOX,
    mail: mail::MAIL,
    sms: sms::SMS,
    commands: commands::COMMANDS,
};

/// In no other language: see [`Declaration`].
pub(crate) static DECLARATION: Declaration = declaration::DECLARATION;

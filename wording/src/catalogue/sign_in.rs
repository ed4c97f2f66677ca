//! Sign-in for other systems, and “Mi cuenta”.

use domain::openid::scope::Scope;

use super::Headed;

/// The pages of a sign-in.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct SignIn {
    /// Heading, with the name of a system.
    pub heading: fn(&str) -> String,
    /// Which system, at which host.
    pub comes_from: fn(&str, &str) -> String,
    /// Over the links to the other kinds of keys.
    pub other_kinds: &'static str,
    pub key: &'static str,
    pub key_hint: &'static str,
    pub enter: &'static str,
    pub no_key: &'static str,
    /// The button that goes back to a system, or to the front page.
    pub back: fn(Option<&str>) -> String,
    /// What a system of SENCE learns.
    pub shared: fn(&[&'static str]) -> String,
    /// One thing that a system may learn; none for what is no news.
    pub scope: fn(Scope) -> Option<&'static str>,
    /// Heading where somebody has signed in in this browser.
    pub session: &'static str,
    pub session_text: &'static str,
    pub go_on_as: fn(&str) -> String,
    pub other_account: &'static str,
    /// Heading of the question whether a system may learn something.
    pub consent: fn(&str) -> String,
    pub consent_text: fn(&str) -> String,
    pub agree: &'static str,
    pub expired: Headed,
    pub again: fn(&str) -> String,
    pub again_unknown: &'static str,
    pub done: Headed,
    pub left: Headed,
    pub go_on_to: fn(&str) -> String,
    pub go_on_text: &'static str,
    /// Requests of systems that nobody has registered.
    pub unknown: Headed,
    pub account: Account,
    pub sign_out: SignOut,
    pub example: Example,
}

/// The end of a session that a system asks for.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct SignOut {
    /// Heading of the question.
    pub ask: &'static str,
    /// Which system asks.
    pub sent_by: fn(&str) -> String,
    /// What happens.
    pub text: &'static str,
    /// The link that ends nothing.
    pub stay: &'static str,
    pub over: Headed,
}

/// “Mi cuenta”.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Account {
    pub heading: &'static str,
    /// Who is signed in.
    pub who: fn(&str) -> String,
    pub systems: &'static str,
    pub no_systems: &'static str,
    /// First and last use of a system, as days.
    pub used: fn(&str, &str) -> String,
    pub disconnect: &'static str,
    pub disconnect_from: fn(&str) -> String,
    pub sign_out: &'static str,
    pub everywhere: &'static str,
    pub everywhere_text: &'static str,
    pub signed_out: Headed,
}

/// The demo's example of a system.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Example {
    pub name: &'static str,
    pub text: &'static str,
    pub enter: &'static str,
    pub received: &'static str,
    pub failed: fn(&str) -> String,
}

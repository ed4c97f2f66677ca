//! Sign-in for other systems, and “Mi cuenta”.

use domain::kind::Kind;

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
    pub key_hint: fn(Kind) -> &'static str,
    pub enter: &'static str,
    pub no_key: &'static str,
    /// The button that goes back to a system, or to the front page.
    pub back: fn(Option<&str>) -> String,
    /// What a system of SENCE learns.
    pub shared: fn(&[String]) -> String,
    pub share: Share,
    /// Heading where somebody has signed in in this browser.
    pub session: &'static str,
    pub session_text: &'static str,
    pub go_on_as: fn(&str) -> String,
    pub other_account: &'static str,
    /// Heading of the question whether a system may learn something.
    pub consent: fn(&str) -> String,
    pub consent_text: fn(&str) -> String,
    pub agree: &'static str,
    pub code: SignInCode,
    /// In place of “Volver a {sistema}”, under what would be shared.
    pub refuse: fn(&str) -> String,
    pub expired: Headed,
    pub again: fn(&str) -> String,
    pub again_unknown: &'static str,
    pub done: Headed,
    pub left: Headed,
    pub go_on_to: fn(&str) -> String,
    pub go_on_text: &'static str,
    /// On the pages on the way: where the person goes afterwards.
    pub afterwards: fn(&str) -> String,
    /// Requests of systems that nobody has registered.
    pub unknown: Headed,
    pub account: Account,
    pub sign_out: SignOut,
    pub example: Example,
}

/// The code of a mail, where a system wants it besides the key.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct SignInCode {
    /// Beside “Continuar como …”: that a code comes next.
    pub comes: &'static str,
    pub heading: &'static str,
    /// For which system the code is, and for how many minutes it works.
    pub type_it: fn(&str, i64) -> String,
    pub field: &'static str,
    pub not_arrived: &'static str,
    pub another: &'static str,
    /// Heading where no code was sent.
    pub no_mail: &'static str,
    /// Too many were sent.
    pub capped: &'static str,
    pub try_again: &'static str,
    /// Which system wants a code.
    pub wants: fn(&str) -> String,
    /// What a person does whose account has no address; or one that others gave, too.
    pub without: fn(Kind, bool) -> &'static str,
}

/// What a system learns, each thing of a kind of holder.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after what is shared")]
pub struct Share {
    /// One thing, with its value.
    pub item: fn(&str, &str) -> String,
    pub identifier: fn(Kind) -> &'static str,
    pub representative: &'static str,
    pub name: fn(Kind) -> &'static str,
    /// The name, where it is not known yet who will sign in.
    pub name_if_known: fn(Kind) -> &'static str,
    pub email: fn(Kind) -> &'static str,
    /// Tokens that are renewed without the person.
    pub offline: &'static str,
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
    /// Over the links to what else can be done with the key.
    pub more: &'static str,
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

//! Confirmation of a mail address by the code of a mail (A-MAIL).

use domain::kind::Kind;

use super::Around;

/// At the end of a registration, on a page of its own, and in a recovery.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct MailCheck {
    /// Title and heading, also of the part at the end of a registration.
    pub heading: &'static str,
    /// After a wrong code, behind what is done: the rest is a choice.
    pub only_code_left: &'static str,
    /// Before the address that was typed.
    pub wrote_to: &'static str,
    /// At the end of a registration: what the code is, and that nobody has to type it.
    pub lead: &'static str,
    /// The same on the page of its own.
    pub lead_later: &'static str,
    /// Label of the field.
    pub code: &'static str,
    pub code_hint: &'static str,
    pub confirm: &'static str,
    /// What to do when no mail came.
    pub not_arrived: &'static str,
    /// What a person does about a wrong address: around a link to “Actualizar datos”.
    pub mistyped: Around,
    /// Link to there, behind a suggestion: it names what it costs.
    pub correct_in_update: &'static str,
    /// The same to “Recuperar CS”.
    pub correct_in_recover: &'static str,
    /// What a company does: around a link to “Recuperar CS”.
    pub mistyped_company: Around,
    /// On the page of its own, for a reader who has no code.
    pub no_code: &'static str,
    pub no_code_text: fn(Kind, i64) -> String,
    pub done_title: &'static str,
    /// The code was right.
    pub done: &'static str,
    /// What is left to do then.
    pub nothing_left: &'static str,
    /// The same at the end of a registration, in a box of its own.
    pub done_heading: &'static str,
    pub works: &'static str,
    /// What holds where another address is on file.
    pub same_account: &'static str,
    /// In a recovery, beside an address.
    pub unconfirmed: &'static str,
    /// What that means.
    pub nobody_confirmed: &'static str,
    /// Behind it, after an answer: up to a link to the start.
    pub if_not_opened: &'static str,
}

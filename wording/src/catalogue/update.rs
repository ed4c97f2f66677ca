//! Update of address and contact data.

use domain::kind::Kind;

/// Update of address and contact data, step by step.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Update {
    /// Heading of the first step.
    pub check: &'static str,
    pub lead: &'static str,
    pub registered_email: &'static str,
    pub registered_email_hint: &'static str,
    /// Before the link to “Recuperar CS”, where the registered mail is asked for.
    pub forgotten_email: &'static str,
    pub why_question: &'static str,
    /// What happens when the answer is not known.
    pub if_ticked: fn(Kind) -> String,
    pub why_document: &'static str,
    /// Heading of the step where a question is chosen.
    pub choose: &'static str,
    pub replaces: &'static str,
    pub none_yet: &'static str,
    /// Heading of the step with the data.
    pub review: &'static str,
    pub review_text: &'static str,
    pub done_title: &'static str,
    pub changed: &'static str,
    pub unchanged: &'static str,
    pub by_mail: &'static str,
    pub by_sms: &'static str,
    /// Over the button that leads back to a flow that stopped for missing data.
    pub stopped: &'static str,
}

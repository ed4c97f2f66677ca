//! Change of a key.

use domain::flow::update::UpdateProof;
use domain::kind::Kind;

use super::Around;

/// Change of a key, step by step.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Change {
    /// Heading of the first step.
    pub check: &'static str,
    /// What a foreign facilitator does who forgot the key.
    pub ask_company: &'static str,
    /// What to do about missing data.
    pub complete: &'static str,
    /// Heading of the second step.
    pub choose: &'static str,
    /// Below it, where a provisional key was typed at a sign-in, and where that leads.
    pub was_provisional: fn(Option<&str>) -> String,
    pub key: &'static str,
    pub key_again: &'static str,
    pub change: &'static str,
    pub done_title: &'static str,
    pub done: &'static str,
    /// What to use from now on, and what became of the key before.
    pub sign_in: fn(Kind) -> String,
    pub by_sms: &'static str,
    pub by_mail: &'static str,
    /// That the secret question was deleted.
    pub question_deleted: &'static str,
    /// Around a link to “Actualizar datos”, where a person of a kind chooses another, and by which proof.
    pub choose_question: fn(Kind, UpdateProof) -> Around,
    /// What a company without a question does who forgets the key.
    pub recover_by_representative: &'static str,
}

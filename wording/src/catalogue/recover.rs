//! Recovery of a key.

use domain::kind::Kind;

use super::fields::Labelled;
use super::{Around, Linked};

/// Recovery of a key, step by step.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Recover {
    /// Heading of the first step.
    pub which_identifier: fn(Kind) -> &'static str,
    /// Heading of the step that asks for the identity document.
    pub document_heading: fn(Kind) -> &'static str,
    /// Where the provisional key goes.
    pub key_goes_to: fn(Kind) -> &'static str,
    /// The doubt of who is reached elsewhere by now.
    pub changed_contact: fn(Kind) -> &'static str,
    /// How to give other contact data, which only the document earns, and what to have at hand.
    pub other_mail: fn(Kind) -> String,
    /// Around a link to “Actualizar datos”.
    pub change_before: Around,
    /// Before the identifier whose key is being recovered.
    pub subject: fn(Kind) -> &'static str,
    /// Link to the first step, for another identifier.
    pub other_subject: &'static str,
    /// What that link adds for a screen reader, which reads it alone.
    pub other_subject_more: fn(Kind) -> &'static str,
    /// What happens when the answer is not known.
    pub if_ticked: fn(Kind) -> String,
    /// Why the document is asked for at once: there is no question, or none is shown for now.
    pub no_question: fn(Kind) -> String,
    pub who_represents: &'static str,
    pub representative_checked: &'static str,
    /// Why the flow stops without a mail address.
    pub no_address: &'static str,
    /// Heading over the way by the document.
    pub by_document: fn(Kind) -> String,
    /// What comes after it.
    pub by_document_text: &'static str,
    /// Its button.
    pub go_on_by_document: fn(Kind) -> &'static str,
    /// Heading over the way by the key.
    pub by_key: &'static str,
    /// Around a link to where the data is completed.
    pub by_key_text: Around,
    pub check_mail: &'static str,
    pub key_goes_here: &'static str,
    /// Before the registered mobile, where there is one.
    pub sms_goes_here: &'static str,
    pub only_a_part: &'static str,
    pub mail_is_right: &'static str,
    /// The same question when a mobile is shown as well.
    pub both_are_right: &'static str,
    /// When to answer “NO”.
    pub no_if_not_yours: &'static str,
    /// The same when only the mail is shown.
    pub no_if_mail_not_yours: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub where_to: &'static str,
    pub current_email: &'static str,
    pub current_email_hint: &'static str,
    pub current_mobile: &'static str,
    /// What becomes of the contact data on file: of a kind, and whether there is a mail address on file.
    pub replaces: fn(Kind, bool) -> &'static str,
    /// Who else is notified when the key goes to other contact data: of a kind, and whether there is a mail address on file.
    pub also_notified: fn(Kind, bool) -> Option<&'static str>,
    pub last_step: &'static str,
    pub sending_to: &'static str,
    pub recover: &'static str,
    pub change_address: &'static str,
    pub mail_lost: &'static str,
    pub start_again: &'static str,
    /// The same within a sentence.
    pub then_start_again: &'static str,
    /// What to do there; follows the link.
    pub tick_and_prove: fn(Kind) -> String,
    pub sent_title: &'static str,
    pub sent: &'static str,
    pub key_shown: &'static str,
    /// Until when the key works: the date follows the part in bold.
    pub valid: Linked,
    pub by_sms: &'static str,
    /// The mail, before its address.
    pub by_mail: fn(Kind) -> &'static str,
    /// The mail to an address that a company gave on the way: around it.
    pub by_mail_to_new: Around,
    pub note_key: &'static str,
    pub find_message: &'static str,
    pub one_step_left: &'static str,
    pub write_key: &'static str,
    /// The same where a company has to name its representative too.
    pub write_key_and_representative: &'static str,
    pub provisional: Labelled,
    pub elsewhere: &'static str,
    pub create_key: &'static str,
    pub create_key_button: &'static str,
    /// What to do when the key does not arrive at an address that nobody has proven; around a link to the recovery.
    pub not_arrived: Around,
    pub old_key: &'static str,
    pub no_account_title: &'static str,
    pub no_account_heading: &'static str,
    /// The document is valid, and there is no account.
    pub no_account: fn(Kind) -> &'static str,
    pub create_account: &'static str,
}

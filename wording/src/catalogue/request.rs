//! Request for the key of a foreign facilitator.

/// Request for the key of a foreign facilitator, step by step.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Request {
    pub title: &'static str,
    pub under_way: &'static str,
    pub resume: &'static str,
    pub lead: &'static str,
    pub needs: &'static str,
    pub needs_items: [&'static str; 3],
    /// Heading of the first step.
    pub check: &'static str,
    pub rut_hint: &'static str,
    pub key_hint: &'static str,
    pub forgotten_key: &'static str,
    /// Heading of the second step.
    pub sign: &'static str,
    /// When an unsigned form came, and what file it is.
    pub unsigned_uploaded: fn(&str) -> String,
    pub unsigned_text: &'static str,
    /// The button by which a company insists.
    pub signed_after_all: &'static str,
    pub signed_kept: &'static str,
    /// When a signed declaration came, and what file it is.
    pub signed_uploaded: fn(&str) -> String,
    pub use_signed: &'static str,
    pub download_text: &'static str,
    pub download: &'static str,
    pub complete: &'static str,
    pub scan: &'static str,
    pub more_time: &'static str,
    pub more_time_text: &'static str,
    pub declaration: &'static str,
    pub upload: &'static str,
    /// Heading of the third step.
    pub details: &'static str,
    pub details_text: &'static str,
    pub document_heading: &'static str,
    pub document_hint: &'static str,
    /// When a document came, and what file it is.
    pub document_kept: fn(&str) -> String,
    pub use_document: &'static str,
    pub document_file: &'static str,
    pub other_document_file: &'static str,
    pub contact_heading: &'static str,
    pub names: &'static str,
    pub email_hint: &'static str,
    pub phone: &'static str,
    pub phone_hint: &'static str,
    pub question_heading: &'static str,
    pub question_hint: &'static str,
    pub file: &'static str,
    pub sign_again: &'static str,
    pub done_title: &'static str,
    pub done: &'static str,
    pub number: &'static str,
    pub note_number: &'static str,
    pub unsigned_done: &'static str,
    pub next: &'static str,
    pub next_review: &'static str,
    pub next_key: &'static str,
}

//! Registration.

use domain::kind::Kind;

/// Registration, step by step.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Register {
    /// Title and heading.
    pub heading: fn(Kind) -> String,
    pub lead: &'static str,
    /// Over the heading.
    pub over: &'static str,
    pub identity: &'static str,
    pub company_name: &'static str,
    pub company_kind: &'static str,
    pub representative: &'static str,
    pub representative_names: &'static str,
    pub document_hint: &'static str,
    pub key_heading: &'static str,
    pub key: &'static str,
    pub key_again: &'static str,
    pub create: &'static str,
    pub done_title: &'static str,
    pub done: &'static str,
    pub by_sms: &'static str,
    /// In place of the mail: this address has had as many as a day allows.
    pub no_mail: &'static str,
    pub by_mail: &'static str,
    /// What to use from now on, for who had no key.
    pub sign_in: fn(Kind) -> String,
    /// What became of an account that existed before, and how its owner takes it back: up to a link to “Recuperar CS”.
    pub had_account: fn(Kind) -> String,
    /// Question before that.
    pub had_one: &'static str,
    /// What to do if that fails.
    pub not_recovered: &'static str,
}

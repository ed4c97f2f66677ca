//! What depends on the kind of holder, and the names of other kinds of things.

use domain::company::CompanyKind;
use domain::document::DocumentKind;
use domain::kind::Kind;
use domain::needs::Datum;

/// Names of kinds.
#[derive(Debug)]
pub struct Kinds {
    /// A kind as the front page names it.
    pub title: fn(Kind) -> &'static str,
    /// What is in brackets behind its name.
    pub detail: fn(Kind) -> &'static str,
    /// Below its name: whom it includes; empty where the name says it.
    pub note: fn(Kind) -> &'static str,
    /// What it is known by, within a sentence.
    pub identifier: fn(Kind) -> &'static str,
    /// What it must have (guide 004).
    pub requirement: fn(Kind) -> &'static str,
    /// A kind of company, in a list.
    pub company: fn(CompanyKind) -> &'static str,
    /// A kind of identity document, in a list.
    pub identity_document: fn(DocumentKind) -> &'static str,
    /// Something that an account lacks, in a list.
    pub datum: fn(Datum) -> &'static str,
}

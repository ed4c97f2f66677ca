//! The desk, where officers of SENCE decide the requests for foreign facilitators (F-REVIEW).

use super::{Headed, Linked};

/// The pages of officers (F-REVIEW).
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Desk {
    pub requests: &'static str,
    pub sign_out: &'static str,
    pub sign_in: &'static str,
    pub sign_in_over: &'static str,
    pub user: &'static str,
    pub key: &'static str,
    pub code: &'static str,
    pub code_hint: &'static str,
    pub enter: &'static str,
    pub lost: &'static str,
    /// For citizens who came here: around a link to the front page.
    pub citizens: Linked,
    pub no_request: &'static str,
    pub no_such_request: &'static str,
    pub back_to_list: &'static str,
    /// Heading of a request, before its number.
    pub request: &'static str,
    /// Title of a request, with its number.
    pub request_title: fn(&str) -> String,
    pub open: State,
    pub granted: State,
    pub refused: State,
    /// All states.
    pub all: &'static str,
    pub list: List,
    pub facts: Facts,
    /// When a request came.
    pub received: fn(&str) -> String,
    /// That it is decided: one of the next two.
    pub decided: fn(&str) -> String,
    /// By whom and when; within a sentence.
    pub granted_by: fn(&str, &str) -> String,
    /// The same.
    pub refused_by: fn(&str, &str) -> String,
    pub reason_sent: &'static str,
    pub facilitator: &'static str,
    pub company: &'static str,
    pub files: &'static str,
    pub declaration: &'static str,
    pub document: &'static str,
    /// Alternative text of a picture, from the name of the file.
    pub image: fn(&str) -> String,
    /// Link to a file: what it is and how large.
    pub download: fn(&str) -> String,
    pub hash: &'static str,
    pub read_only: &'static str,
    pub grant: &'static str,
    pub grant_text: &'static str,
    pub grant_link: &'static str,
    pub grant_title: &'static str,
    pub grant_heading: &'static str,
    pub on_grant: &'static str,
    pub on_grant_items: [&'static str; 3],
    pub grant_button: &'static str,
    pub grant_back: &'static str,
    /// Over what there is of an account.
    pub existing: &'static str,
    pub account: Account,
    pub refuse: Refuse,
    pub warnings: Warnings,
    pub history: History,
    pub notices: Notices,
}

/// The list of requests.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct List {
    pub heading: &'static str,
    pub filters: &'static str,
    /// A state, and how many requests have it.
    pub filter: fn(&str, i64) -> String,
    pub search: &'static str,
    pub search_hint: &'static str,
    /// What is searched for.
    pub searched: fn(&str) -> String,
    pub clear: &'static str,
    pub none_found: &'static str,
    pub none_open: &'static str,
    pub none: &'static str,
    /// Caption of the table, from the states that it shows.
    pub caption: fn(&str) -> String,
    pub number: &'static str,
    pub company: &'static str,
    pub facilitator: &'static str,
    pub received: &'static str,
    pub state: &'static str,
    pub pages: &'static str,
    pub previous: &'static str,
    /// Which page of how many.
    pub page: fn(i64, i64) -> String,
    pub next: &'static str,
}

/// What a request says of facilitator and company.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Facts {
    pub names: &'static str,
    pub document_kind: &'static str,
    pub document_number: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub company_name: &'static str,
    pub no_name: &'static str,
    pub company_rut: &'static str,
    pub representative: &'static str,
}

/// The account that a facilitator has already, as sentences.
#[derive(Debug)]
pub struct Account {
    /// Whether it has a key; names and masked mail address on file.
    pub exists: fn(bool, Option<&str>, Option<&str>) -> String,
    /// What a grant does, where another mail address is on file.
    pub replaces_mail: &'static str,
    /// Where none is.
    pub sets_mail: &'static str,
    /// Where it is the same.
    pub same_mail: &'static str,
}

/// What an officer should know before deciding.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Warnings {
    /// Heading over the warnings of an open request.
    pub open: &'static str,
    /// The same, when it is decided.
    pub decided: &'static str,
    pub file_missing: &'static str,
    pub unsigned: &'static str,
    pub same_file: &'static str,
    pub company_mail: &'static str,
    /// The representative whom SII named last, if any.
    pub other_representative: fn(Option<&str>) -> String,
    pub company_without_mail: &'static str,
    /// Over the list of the others.
    pub same_document: &'static str,
    /// Company, time and state of another request; follows its number.
    pub other_request: fn(&str, &str, &str) -> String,
}

/// What happened to a request.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct History {
    pub heading: &'static str,
    pub filed: &'static str,
    pub not_filed: &'static str,
    pub seen: &'static str,
    pub declaration_opened: &'static str,
    pub document_opened: &'static str,
    pub granted: &'static str,
    pub daily_cap: &'static str,
    pub account_changed: &'static str,
    pub not_granted: &'static str,
    pub refused: &'static str,
    pub not_refused: &'static str,
    /// Who, what (one of the above) and how often.
    pub entry: fn(Option<&str>, &str, i64) -> String,
}

/// What a page of the desk says above all else.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the pages")]
pub struct Notices {
    pub left: Headed,
    pub signed_out: Headed,
    pub signed_out_kept: Headed,
    pub resumed: Headed,
    pub granted: Headed,
    pub granted_without_mail: Headed,
    pub refused: Headed,
    pub refused_without_mail: Headed,
    pub decided: Headed,
    pub read_only: Headed,
    pub daily_cap: Headed,
    pub changed: Headed,
}

/// A state of requests.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// Of one request.
    pub one: &'static str,
    /// Of many.
    pub many: &'static str,
}

/// How a request is refused.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct Refuse {
    pub heading: &'static str,
    pub reason: &'static str,
    pub reason_hint: &'static str,
    pub button: &'static str,
    pub irreversible: &'static str,
}

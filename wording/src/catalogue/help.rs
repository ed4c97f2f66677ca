//! “Más información” (A-INFO).

use domain::kind::Kind;

use super::Around;

/// The page.
#[derive(Debug)]
pub struct Help {
    /// Title and heading.
    pub title: &'static str,
    /// Heading over what the key is.
    pub what: &'static str,
    /// What it is.
    pub what_it_is: &'static str,
    /// That it is personal.
    pub personal: &'static str,
    /// That it is not ClaveÚnica.
    pub not_clave_unica: &'static str,
    /// Heading over what one needs.
    pub needs: &'static str,
    /// What a kind needs, as an item of a list.
    pub need: fn(Kind) -> String,
    /// What all of them need.
    pub need_mail: &'static str,
    /// Heading over the topics.
    pub trouble: &'static str,
    /// So many hours, in [`Topic::answer`].
    pub hours: fn(i64) -> String,
    /// The topics.
    pub topics: Topics,
    /// Under them, around the help line.
    pub other: Around,
}

/// Messages that stop a person, and what to do: `app::topics` has their anchors and links.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the messages")]
pub struct Topics {
    pub forgotten_key: Topic,
    pub forgotten_answer: Topic,
    pub serial: Topic,
    pub blocked_card: Topic,
    pub document: Topic,
    pub civil_registry: Topic,
    pub representative: Topic,
    pub tax_registry: Topic,
    pub missing_data: Topic,
    pub other_person: Topic,
    pub old_mail: Topic,
    pub provisional_key: Topic,
    pub wait: Topic,
    pub many_keys: Topic,
    pub no_message: Topic,
    pub expired: Topic,
    pub easy_key: Topic,
    pub facilitator: Topic,
    pub open_requests: Topic,
    pub file: Topic,
}

/// A message as people would ask about it, and what to do.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// The message, or the doubt.
    pub question: &'static str,
    /// What to do.
    pub answer: Answer,
}

/// What to do.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// Always the same.
    Plain(&'static str),
    /// With how long a provisional key works, as [`Help::hours`] has it.
    Within(fn(&str) -> String),
}

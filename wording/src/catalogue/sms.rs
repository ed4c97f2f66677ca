//! What an SMS says: all of it, one message each.

use domain::kind::Kind;

/// The text of every SMS. In a language of people it has at most 160 characters of the GSM alphabet, or it is sent as two.
#[derive(Debug)]
pub struct Sms {
    /// N-REC-END: the provisional key, from the key and for how many hours it works.
    pub provisional_key: fn(&str, i64) -> String,
    /// To the old mobile: a key was asked for to be sent elsewhere.
    pub contact_changed: &'static str,
    /// N-REG: a registration arrived. True whether or not the identity had an account.
    pub registered: &'static str,
    /// Somebody tried to register who has an account.
    pub registered_again: fn(Kind) -> String,
    /// N-CHG: a new key was set.
    pub key_changed: &'static str,
    /// SII names another legal representative.
    pub representative_changed: &'static str,
    /// F-REQ: a request for a foreign facilitator was filed.
    pub request_filed: &'static str,
    /// N-UPD: address or contact data were changed.
    pub updated: &'static str,
    /// L-PAGE: a code was sent by mail, for a system that wants one besides the key. No such SMS is sent.
    pub sign_in_code: &'static str,
    /// F-REVIEW: a request was granted, from its number.
    pub request_granted: fn(&str) -> String,
    /// F-REVIEW: a request was refused, from its number.
    pub request_refused: fn(&str) -> String,
}

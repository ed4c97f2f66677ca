//! The end: the right to one provisional key, and what the last page says of it.

use serde::{Deserialize, Serialize};

use super::{Destination, Proof, Recovery};
use crate::flow::AccountId;
use crate::flow::key::ProvisionalId;

/// The right to one provisional key. It cannot be stored, copied or read from anywhere: only [`Ready::captcha`]
/// gives it, and sending spends it.
#[derive(Debug)]
pub struct Grant {
    pub(super) account: AccountId,
    pub(super) proof: Proof,
    pub(super) destination: Destination,
}

impl Grant {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// What earned it.
    #[must_use]
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// Where the key goes.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The end of the flow, once the messages are written.
    #[must_use]
    pub fn sent(self, sent: KeySent) -> Recovery {
        Recovery::Sent(sent)
    }
}

/// N-REC-END: what the last page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySent {
    /// Whether an SMS goes out as well as the mail (a person may have no mobile).
    pub by_sms: bool,
    /// Whether it goes to an address that was given on the way, and is not the registered one.
    #[serde(default)]
    pub to_new: bool,
    /// Until when the provisional key works, in milliseconds since 1970 (V-TTL).
    pub until: i64,
    /// The provisional key, where the configuration has it shown on the screen (V-SHOW).
    pub shown: Option<KeyOnScreen>,
}

/// A provisional key to be shown, as long as it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyOnScreen {
    /// Which one it is.
    pub id: ProvisionalId,
    /// The key, sealed.
    pub sealed: String,
}

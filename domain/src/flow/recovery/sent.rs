//! The end: what the last page says of the provisional key.

use serde::{Deserialize, Serialize};

use crate::flow::AccountId;
use crate::flow::key::ProvisionalId;
use crate::kind::Kind;
use crate::rut::Rut;

/// N-REC-END: what the last page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySent {
    /// Whether an SMS goes out as well as the mail (a person may have no mobile).
    pub by_sms: bool,
    /// Whether it goes to an address that was given on the way, and is not the registered one.
    #[serde(default)]
    pub to_new: bool,
    /// Whether it goes to an address that nobody has proven, of which the person saw only a part. If it does not arrive, the address
    /// may be another person's, and the next recovery asks for one.
    #[serde(default)]
    pub doubted: bool,
    /// Whose key it is: in this browser the provisional key can be given without saying it again.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// Of a company: the legal representative whose cédula earned the key.
    #[serde(default)]
    pub representative: Option<Rut>,
    /// The mail address as the page before showed it: in part if it is the registered one.
    #[serde(default)]
    pub to: Option<String>,
    /// The mobile, shown in the same way.
    #[serde(default)]
    pub to_mobile: Option<String>,
    /// Until when the provisional key works, in milliseconds since 1970 (V-TTL).
    pub until: i64,
    /// The provisional key, where the configuration has it shown on the screen (V-SHOW).
    pub shown: Option<KeyOnScreen>,
}

impl KeySent {
    /// Whether the provisional key can be typed on the last page: it is known there whose key it is.
    #[must_use]
    pub fn continues_here(&self) -> bool {
        self.account.is_some()
    }

    /// Whether the representative has to be named there too. J-CHG needs one, whom SII names when the key is used; an answer named
    /// none.
    #[must_use]
    pub fn asks_representative(&self, kind: Kind) -> bool {
        kind == Kind::Juridica && self.representative.is_none()
    }
}

/// A provisional key to show while it is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyOnScreen {
    /// Which one it is.
    pub id: ProvisionalId,
    /// The key, sealed.
    pub sealed: String,
}

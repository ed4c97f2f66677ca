//! Minimum data (A-MIN): the one place that says what an account of each kind must have for each flow.
//!
//! Accounts of the older system may lack anything but their identifier. A flow stops only for what it cannot do without;
//! “Actualizar datos” asks for all that a registration would have asked for.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// Something that an account may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Datum {
    /// Secret question and answer.
    Question,
    /// Street, number and comuna.
    Address,
    /// A mail address.
    Email,
}

/// What a flow wants to do with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Send a provisional key to the registered contact data.
    SendKey,
    /// Set another key and tell the owner.
    SetKey,
    /// Keep the account up to date.
    Update,
}

/// What is on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DataOnFile {
    /// Question and answer.
    pub question: bool,
    /// Street, number and comuna.
    pub address: bool,
    /// A mail address.
    pub email: bool,
}

impl DataOnFile {
    fn has(self, datum: Datum) -> bool {
        match datum {
            Datum::Question => self.question,
            Datum::Address => self.address,
            Datum::Email => self.email,
        }
    }
}

/// What an account of a kind must have.
#[must_use]
pub fn needed(kind: Kind, need: Need) -> &'static [Datum] {
    match (kind, need) {
        // The key, or the notice that it was set, has to go somewhere.
        (_, Need::SendKey) | (Kind::Natural | Kind::Migrante, Need::SetKey) => &[Datum::Email],
        // Companies and facilitators have no “Actualizar datos” that could bring what is missing.
        (Kind::Juridica | Kind::Facilitador, Need::SetKey) => &[],
        (Kind::Natural | Kind::Migrante | Kind::Juridica | Kind::Facilitador, Need::Update) => {
            &[Datum::Question, Datum::Address, Datum::Email]
        }
    }
}

/// What of it an account lacks, in the order of the registration form.
#[must_use]
pub fn missing(kind: Kind, need: Need, on_file: DataOnFile) -> Vec<Datum> {
    needed(kind, need).iter().copied().filter(|datum| !on_file.has(*datum)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_min_each_flow_stops_only_for_what_it_needs() {
        let nothing = DataOnFile::default();
        let mail = DataOnFile { email: true, ..nothing };
        for kind in Kind::ALL {
            assert_eq!(missing(kind, Need::SendKey, nothing), [Datum::Email]);
            let stops = missing(kind, Need::SetKey, nothing);
            assert_eq!(
                stops,
                if matches!(kind, Kind::Juridica | Kind::Facilitador) { vec![] } else { vec![Datum::Email] }
            );
            assert_eq!(missing(kind, Need::SetKey, mail), []);
            assert_eq!(missing(kind, Need::Update, mail), [Datum::Question, Datum::Address]);
        }
    }
}

//! What was typed into the forms of a flow.

use std::collections::BTreeMap;

use domain::field::Field;
use serde::{Deserialize, Serialize};

/// What the user typed so far, by the name of the field, to fill in a page that is shown again. Keys and answers are never kept;
/// a serial that was refused is, so that the user can compare it with the card and correct it. `Debug` hides all of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed {
    fields: BTreeMap<String, String>,
}

impl Typed {
    /// Longest text that is kept of a field, in characters.
    const MAX: usize = 256;
    /// Most that is kept of all fields, in bytes as they are stored: the registration with everything filled in has under two
    /// thousand, and whoever sends a form may send any number.
    const MAX_STORED: usize = 4096;

    /// Keeps what was typed into a field; keys, answers and codes are left out.
    #[must_use]
    pub fn with(self, field: Field, text: &str) -> Self {
        let secret = matches!(
            field,
            Field::Answer
                | Field::CurrentKey
                | Field::NewKey
                | Field::NewKeyAgain
                | Field::OfficerKey
                | Field::Code
                | Field::MailCode
        );
        if !secret {
            return self.with_part(field.name(), text);
        }
        self
    }

    /// Keeps one control of a field that has several, such as an area code.
    #[must_use]
    pub fn with_part(mut self, name: &str, text: &str) -> Self {
        self.fields.remove(name);
        let kept: usize = self.fields.iter().map(|(name, text)| stored(name) + stored(text) + 6).sum();
        let mut left = Self::MAX_STORED.saturating_sub(kept + stored(name) + 6);
        let text = text.chars().take(Self::MAX).take_while(|c| {
            let fits = stored_char(*c) <= left;
            left = left.saturating_sub(stored_char(*c));
            fits
        });
        let text = text.collect();
        self.fields.insert(name.to_owned(), text);
        self
    }

    /// What was typed into a control.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Removes what was typed into a field.
    pub fn forget(&mut self, field: Field) {
        self.fields.remove(field.name());
    }

    /// Whether nothing was typed yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// How many bytes a character takes in JSON.
fn stored_char(c: char) -> usize {
    match c {
        '"' | '\\' => 2,
        c if c.is_control() => 6,
        c => c.len_utf8(),
    }
}

fn stored(text: &str) -> usize {
    text.chars().map(stored_char).sum()
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

//! The number of a request (F-REQ).

use serde::{Deserialize, Serialize};

/// The number of a request, as people read it out on the telephone: `F-` and two groups of four letters and digits without
/// look-alikes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestNumber(String);

/// The letters and digits of a number: none that looks or sounds like another, and no `F`, which begins each number.
const ALPHABET: &[u8; 23] = b"ACDEGHJKLMNPRTUWXY34679";

impl RequestNumber {
    /// How many there are: 23^8, about 2^36.
    pub const COUNT: u64 = 78_310_985_281;

    /// The number of a random value below [`RequestNumber::COUNT`].
    #[must_use]
    pub fn from_random(mut random: u64) -> Self {
        let mut text = String::from("F-");
        for place in 0..8 {
            if place == 4 {
                text.push('-');
            }
            let index = usize::try_from(random % 23).unwrap_or_default();
            text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'A')));
            random /= 23;
        }
        Self(text)
    }

    /// Reads a number, typed with or without its dashes and `F`, in small letters or capitals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = crate::text::compact(text);
        let core = if text.len() == 9 { text.strip_prefix('F')? } else { &text };
        let whole = core.len() == 8 && core.bytes().all(|b| ALPHABET.contains(&b));
        whole.then(|| Self(format!("F-{}-{}", &core[..4], &core[4..])))
    }

    /// The number: `F-7K3M-49RD`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RequestNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not the number of a request")
    }
}

impl From<RequestNumber> for String {
    fn from(number: RequestNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_req_a_number_is_read_however_it_is_typed() {
        let number = RequestNumber::from_random(RequestNumber::COUNT - 1);
        assert_eq!(number.as_str(), "F-9999-9999");
        let number = RequestNumber::from_random(12_345_678_901);
        assert_eq!(number.as_str(), "F-6JRY-DMUE");
        assert_eq!(String::from(number.clone()), "F-6JRY-DMUE");
        let plain = number.as_str().replace('-', "").to_lowercase();
        for typed in [number.as_str(), &plain, &plain[1..]] {
            assert_eq!(RequestNumber::parse(typed).as_ref(), Some(&number), "{typed}");
        }
        for bad in ["", "F-1111-1111", "F-9999-999", "G-9999-9999", "F-9999-99990", "ññññññññ"] {
            assert_eq!(RequestNumber::parse(bad), None, "{bad}");
        }
    }
}

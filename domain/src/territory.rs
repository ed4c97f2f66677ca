//! The territory of Chile: 16 regions and 346 comunas with their official codes (CUT 2018). N-REG,
//! “Región” and “Comuna”.
//!
//! A comuna is identified by five digits, of which the first two are its region, and no two comunas share a name.
//! [`RegionCode`] and [`ComunaCode`] only exist for places that exist; whether a comuna lies in the region that was
//! chosen is asked with [`ComunaCode::region`]. Forms send names, because the codes were a tenth
//! of the registration form; what is stored is the code.

mod comunas;

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use crate::text::{folded, without_accent};
use comunas::COMUNAS;

/// One of the 16 regions.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Region {
    /// Two digits, `"13"`.
    pub code: &'static str,
    /// The name without “Región de”, as a list of regions shows it: “Metropolitana de Santiago”.
    pub name: &'static str,
}

/// One of the 346 comunas.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Comuna {
    /// Five digits, `"13101"`.
    pub code: &'static str,
    /// The name, “Santiago”.
    pub name: &'static str,
    region: &'static Region,
}

const fn r(code: &'static str, name: &'static str) -> Region {
    Region { code, name }
}

/// From north to south: the order that people in Chile know from every list and every weather report.
static REGIONS: [Region; 16] = [
    r("15", "Arica y Parinacota"),
    r("01", "Tarapacá"),
    r("02", "Antofagasta"),
    r("03", "Atacama"),
    r("04", "Coquimbo"),
    r("05", "Valparaíso"),
    r("13", "Metropolitana de Santiago"),
    r("06", "Libertador General Bernardo O'Higgins"),
    r("07", "Maule"),
    r("16", "Ñuble"),
    r("08", "Biobío"),
    r("09", "La Araucanía"),
    r("14", "Los Ríos"),
    r("10", "Los Lagos"),
    r("11", "Aysén del General Carlos Ibáñez del Campo"),
    r("12", "Magallanes y de la Antártica Chilena"),
];

/// The comunas by their folded name.
static BY_NAME: LazyLock<HashMap<String, &'static Comuna>> =
    LazyLock::new(|| COMUNAS.iter().map(|comuna| (folded(comuna.name), comuna)).collect());

impl Comuna {
    /// A row of the table. It is only called while compiling, so that a code of no region does not compile.
    const fn in_table(code: &'static str, name: &'static str) -> Self {
        let digits = code.as_bytes();
        assert!(digits.len() == 5, "a comuna has five digits");
        let mut i = 0;
        loop {
            assert!(i < REGIONS.len(), "no region has this prefix");
            let prefix = REGIONS[i].code.as_bytes();
            if prefix[0] == digits[0] && prefix[1] == digits[1] {
                return Self { code, name, region: &REGIONS[i] };
            }
            i += 1;
        }
    }

    /// The region it lies in.
    #[must_use]
    pub fn region(&self) -> &'static Region {
        self.region
    }
}

/// The regions from north to south.
#[must_use]
pub fn regions() -> &'static [Region] {
    &REGIONS
}

/// The comunas of a region in alphabetical order, as Spanish has it: accents do not count, ñ comes after n.
#[must_use]
pub fn comunas_of(region: RegionCode) -> Vec<&'static Comuna> {
    let mut found: Vec<_> = COMUNAS.iter().filter(|comuna| comuna.region == region.0).collect();
    found.sort_by_cached_key(|comuna| spanish_order(comuna.name));
    found
}

/// What to compare in place of `name`: each letter twice its base letter, and one more for ñ. Apostrophes are
/// skipped.
fn spanish_order(name: &str) -> Vec<u32> {
    let letters = name.chars().flat_map(char::to_lowercase).filter(|c| *c != '\'');
    letters.map(|c| 2 * u32::from(without_accent(c)) + u32::from(c == 'ñ')).collect()
}

/// The code of a region that exists. As text and in serde: `"13"`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(&'static Region);

/// Why a text is not the code of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionCodeError {
    /// Nothing was chosen.
    Empty,
    /// No region has this code.
    Unknown,
}

impl RegionCode {
    /// Reads a code of two digits; spaces around it are dropped.
    ///
    /// # Errors
    /// [`RegionCodeError`] when nothing is left or no region has the code.
    pub fn parse(text: &str) -> Result<Self, RegionCodeError> {
        match text.trim() {
            "" => Err(RegionCodeError::Empty),
            code => {
                REGIONS.iter().find(|region| region.code == code).map(Self).ok_or(RegionCodeError::Unknown)
            }
        }
    }

    /// The region with this code or this name, whatever its case, accents, spaces and apostrophes.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::parse(text).ok().or_else(|| {
            let name = folded(text);
            REGIONS.iter().find(|region| folded(region.name) == name).map(Self)
        })
    }

    /// The two digits.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0.code
    }

    /// The region itself.
    #[must_use]
    pub fn region(self) -> &'static Region {
        self.0
    }
}

/// The code of a comuna that exists. As text and in serde: `"13101"`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ComunaCode(&'static Comuna);

/// Why a text is not the code of a comuna.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComunaCodeError {
    /// Nothing was chosen.
    Empty,
    /// No comuna has this code.
    Unknown,
}

impl ComunaCode {
    /// Reads a code of five digits; spaces around it are dropped.
    ///
    /// # Errors
    /// [`ComunaCodeError`] when nothing is left or no comuna has the code.
    pub fn parse(text: &str) -> Result<Self, ComunaCodeError> {
        let code = text.trim();
        if code.is_empty() {
            return Err(ComunaCodeError::Empty);
        }
        let found = COMUNAS.binary_search_by_key(&code, |comuna| comuna.code).ok();
        found.and_then(|i| COMUNAS.get(i)).map(Self).ok_or(ComunaCodeError::Unknown)
    }

    /// The comuna with this code or this name, whatever its case, accents, spaces and apostrophes.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::parse(text).ok().or_else(|| BY_NAME.get(&folded(text)).copied().map(Self))
    }

    /// The five digits.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0.code
    }

    /// The comuna itself.
    #[must_use]
    pub fn comuna(self) -> &'static Comuna {
        self.0
    }

    /// The code of the region it lies in.
    #[must_use]
    pub fn region(self) -> RegionCode {
        RegionCode(self.0.region)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({})", self.as_str())
    }
}

impl fmt::Debug for ComunaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ComunaCode({})", self.as_str())
    }
}

impl fmt::Display for RegionCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "no region was chosen",
            Self::Unknown => "no region has this code",
        })
    }
}

impl fmt::Display for ComunaCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "no comuna was chosen",
            Self::Unknown => "no comuna has this code",
        })
    }
}

impl std::error::Error for RegionCodeError {}
impl std::error::Error for ComunaCodeError {}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;
    fn try_from(text: String) -> Result<Self, RegionCodeError> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for ComunaCode {
    type Error = ComunaCodeError;
    fn try_from(text: String) -> Result<Self, ComunaCodeError> {
        Self::parse(&text)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.as_str().into()
    }
}

impl From<ComunaCode> for String {
    fn from(code: ComunaCode) -> Self {
        code.as_str().into()
    }
}

#[cfg(test)]
#[path = "territory_tests.rs"]
mod tests;

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
mod tests {
    use super::*;

    fn region(code: &str) -> RegionCode {
        RegionCode::parse(code).unwrap()
    }

    #[test]
    fn there_are_16_regions_and_346_comunas() {
        let per_region: Vec<_> = regions().iter().map(|r| comunas_of(region(r.code)).len()).collect();
        // From Arica y Parinacota to Magallanes; the Metropolitana is the seventh.
        assert_eq!(per_region, [4, 7, 9, 9, 15, 38, 52, 33, 30, 21, 33, 32, 12, 30, 10, 11]);
        assert_eq!(per_region.iter().sum::<usize>(), 346);
        assert_eq!(COMUNAS.len(), 346);
    }

    #[test]
    fn codes_are_digits_each_once_and_in_order() {
        assert!(COMUNAS.is_sorted_by(|a, b| a.code < b.code));
        for comuna in &COMUNAS {
            assert!(comuna.code.bytes().all(|b| b.is_ascii_digit()), "{comuna:?}");
            assert_eq!(comuna.code[..2], *comuna.region().code);
            assert_eq!(ComunaCode::parse(comuna.code).unwrap().comuna(), comuna);
        }
        for (i, one) in REGIONS.iter().enumerate() {
            assert_eq!(region(one.code).region(), one);
            assert!(REGIONS[..i].iter().all(|other| other.code != one.code && other.name != one.name));
        }
    }

    #[test]
    fn names_are_tidy_and_each_once_in_its_region() {
        for r in regions() {
            let names: Vec<_> = comunas_of(region(r.code)).iter().map(|comuna| comuna.name).collect();
            assert!(
                names.windows(2).all(|pair| spanish_order(pair[0]) < spanish_order(pair[1])),
                "{names:?}"
            );
            for name in names {
                assert_eq!(name.trim(), name);
                assert!(name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '\''), "{name}");
            }
        }
    }

    /// So a name alone says which comuna is meant.
    #[test]
    fn no_two_comunas_and_no_two_regions_share_a_name() {
        assert_eq!(BY_NAME.len(), COMUNAS.len());
        for comuna in &COMUNAS {
            assert_eq!(ComunaCode::find(comuna.name).unwrap().comuna(), comuna);
        }
        for one in &REGIONS {
            assert_eq!(RegionCode::find(one.name).unwrap().region(), one);
        }
    }

    #[test]
    fn a_place_is_found_by_its_code_or_by_its_name_however_it_is_written() {
        for (text, code) in [
            ("05109", "05109"),
            ("Viña del Mar", "05109"),
            (" VINA  DEL MAR\n", "05109"),
            ("vin\u{303}a del mar", "05109"),
            ("ÑUÑOA", "13120"),
            ("Los Ángeles", "08301"),
            ("OHiggins", "11302"),
        ] {
            assert_eq!(ComunaCode::find(text).map(ComunaCode::as_str), Some(code), "{text}");
        }
        for (text, code) in [
            (" 05 ", "05"),
            ("VALPARAISO", "05"),
            ("Libertador General Bernardo O\u{2019}Higgins", "06"),
            ("bi\u{f3}bi\u{f3}", "08"),
        ] {
            assert_eq!(RegionCode::find(text).map(RegionCode::as_str), Some(code), "{text}");
        }
        for bad in ["", " ", "-", "13", "1101", "99999", "Atlántida", "Santiago Centro"] {
            assert_eq!(ComunaCode::find(bad), None, "{bad}");
        }
        for bad in ["", "-", "99", "Santiago", "13101"] {
            assert_eq!(RegionCode::find(bad), None, "{bad}");
        }
    }

    #[test]
    fn well_known_places() {
        for (code, name, region) in [
            ("13101", "Santiago", "Metropolitana de Santiago"),
            ("05109", "Viña del Mar", "Valparaíso"),
            ("08101", "Concepción", "Biobío"),
            ("16101", "Chillán", "Ñuble"),
            ("15101", "Arica", "Arica y Parinacota"),
            ("12202", "Antártica", "Magallanes y de la Antártica Chilena"),
        ] {
            let code = ComunaCode::parse(code).unwrap();
            assert_eq!((code.comuna().name, code.comuna().region().name), (name, region));
            assert_eq!(code.region().region().name, region);
        }
    }

    #[test]
    fn lists_are_in_the_order_people_know() {
        assert_eq!(regions().first().unwrap().name, "Arica y Parinacota");
        assert_eq!(regions().last().unwrap().name, "Magallanes y de la Antártica Chilena");
        let names = |code| comunas_of(region(code)).iter().map(|c| c.name).collect::<Vec<_>>();
        assert_eq!(names("15"), ["Arica", "Camarones", "General Lagos", "Putre"]);
        let metropolitana = names("13");
        let from = |name| metropolitana.iter().position(|n| *n == name).unwrap();
        assert!(from("Macul") < from("Maipú") && from("Maipú") < from("María Pinto"));
        assert!(from("Melipilla") < from("Ñuñoa") && from("Ñuñoa") < from("Padre Hurtado"));
        assert_eq!(names("16")[7..10], ["Ninhue", "Ñiquén", "Pemuco"]);
        assert!(
            spanish_order("Peña") > spanish_order("Penúltima")
                && spanish_order("Peña") < spanish_order("Peo")
        );
    }

    #[test]
    fn only_codes_that_exist() {
        assert_eq!(region(" 13 ").as_str(), "13");
        assert_eq!(ComunaCode::parse("13101\n").unwrap().as_str(), "13101");
        assert_eq!(RegionCode::parse(" "), Err(RegionCodeError::Empty));
        assert_eq!(ComunaCode::parse(""), Err(ComunaCodeError::Empty));
        for bad in ["0", "1", "00", "17", "013", "13101", "RM", "１３"] {
            assert_eq!(RegionCode::parse(bad), Err(RegionCodeError::Unknown), "{bad}");
        }
        // The last two: Chillán and Valdivia before they moved to regions of their own.
        for bad in ["13", "1101", "13100", "131011", "99999", "Santiago", "08401", "10501"] {
            assert_eq!(ComunaCode::parse(bad), Err(ComunaCodeError::Unknown), "{bad}");
        }
    }

    #[test]
    fn in_serde_a_code_is_its_text() {
        let code = ComunaCode::parse("05101").unwrap();
        assert_eq!(serde_json::to_string(&(code, code.region())).unwrap(), r#"["05101","05"]"#);
        assert_eq!(serde_json::from_str::<ComunaCode>(r#""05101""#).unwrap(), code);
        let error = |code| serde_json::from_str::<ComunaCode>(code).unwrap_err().to_string();
        assert!(error(r#""05106""#).starts_with("no comuna has this code"));
        assert!(error(r#""""#).starts_with("no comuna was chosen"));
        let error = |code| serde_json::from_str::<RegionCode>(code).unwrap_err().to_string();
        assert!(error(r#""17""#).starts_with("no region has this code"));
        assert!(error(r#""""#).starts_with("no region was chosen"));
        assert!(serde_json::from_str::<RegionCode>("5").is_err());
    }
}

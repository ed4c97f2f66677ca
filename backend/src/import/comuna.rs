//! A comuna by its code or its name.

use std::collections::HashMap;

use domain::territory::{ComunaCode, RegionCode, comunas_of, regions};

/// The comunas by name, ignoring accents, case and spaces.
pub(super) struct Comunas {
    /// None where two comunas share a name.
    by_name: HashMap<String, Option<ComunaCode>>,
}

impl Comunas {
    pub(super) fn new() -> Self {
        let mut by_name = HashMap::new();
        let regions = regions().iter().filter_map(|region| RegionCode::parse(region.code).ok());
        for comuna in regions.flat_map(comunas_of) {
            let code = ComunaCode::parse(comuna.code).ok();
            by_name.entry(folded(comuna.name)).and_modify(|known| *known = None).or_insert(code);
        }
        Self { by_name }
    }

    /// The comuna with this code of five digits (or four, when a spreadsheet dropped the leading zero), or with this
    /// name, if it is the name of only one comuna.
    pub(super) fn find(&self, text: &str) -> Option<ComunaCode> {
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return ComunaCode::parse(&format!("{text:0>5}")).ok();
        }
        self.by_name.get(&folded(text)).copied().flatten()
    }
}

/// A name without what people and programs write differently: case, accents (also combining ones), spaces, dashes and
/// apostrophes.
fn folded(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    letters
        .map(|c| match c {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_import_comunas_are_found_by_code_or_name() {
        let comunas = Comunas::new();
        let find = |text: &str| comunas.find(text).map(ComunaCode::as_str);
        for (text, code) in [
            ("13101", "13101"),
            ("1101", "01101"),
            ("Viña del Mar", "05109"),
            ("VINA DEL MAR", "05109"),
            ("vin\u{303}a  del mar", "05109"),
            ("ÑUÑOA", "13120"),
            ("Los Ángeles", "08301"),
        ] {
            assert_eq!(find(text), Some(code), "{text}");
        }
        for bad in ["13", "99999", "Atlántida", "-", "013101"] {
            assert_eq!(find(bad), None, "{bad}");
        }
        assert!(comunas.by_name.values().all(Option::is_some), "no two comunas share a name");
        assert_eq!(comunas.by_name.len(), 346);
    }
}

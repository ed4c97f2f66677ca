//! A comuna by its code or its name.

use domain::territory::ComunaCode;

/// The comuna with this code of five digits (or four, when a spreadsheet dropped the leading zero), or with this name.
pub(super) fn find(text: &str) -> Option<ComunaCode> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return ComunaCode::parse(&format!("{text:0>5}")).ok();
    }
    ComunaCode::find(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_import_comunas_are_found_by_code_or_name() {
        let find = |text: &str| find(text).map(ComunaCode::as_str);
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
    }
}

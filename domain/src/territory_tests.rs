//! Regions and comunas: each once, found by code and by name.

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
        assert!(names.windows(2).all(|pair| spanish_order(pair[0]) < spanish_order(pair[1])), "{names:?}");
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
        spanish_order("Peña") > spanish_order("Penúltima") && spanish_order("Peña") < spanish_order("Peo")
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

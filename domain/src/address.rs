//! A Chilean postal address as the registration form asks for it. N-REG, “Domicilio”.

use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldError, Reason};
use crate::territory::{ComunaCode, RegionCode};
use crate::text::{composed, is_unseen, tidy};

/// Where a person lives. Every text is tidy: no control characters, single spaces. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// “Dirección Particular”: street or passage.
    pub street: String,
    /// “N° de Dirección Particular”; `S/N` where there is none.
    pub number: String,
    /// “Block”.
    pub block: Option<String>,
    /// “N° de Departamento”.
    pub flat: Option<String>,
    /// The comuna, and with it the region.
    pub comuna: ComunaCode,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

/// The six fields as they were typed.
#[derive(Clone, Copy)]
pub struct AddressInput<'a> {
    /// “Dirección Particular”.
    pub street: &'a str,
    /// “N° de Dirección Particular”.
    pub number: &'a str,
    /// “Block”.
    pub block: &'a str,
    /// “N° de Departamento”.
    pub flat: &'a str,
    /// Name of the region, or its code.
    pub region: &'a str,
    /// Name of the comuna, or its code.
    pub comuna: &'a str,
}

impl Address {
    /// Reads an address; the comuna must be one of the region.
    ///
    /// # Errors
    /// Every field that is missing or wrong, in the order of the form.
    pub fn parse(input: AddressInput<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let street = required(Field::Street, input.street, 100, &mut errors);
        let number = required(Field::StreetNumber, input.number, 10, &mut errors);
        let block = optional(Field::Block, input.block, 20, &mut errors);
        let flat = optional(Field::Flat, input.flat, 20, &mut errors);
        let comuna = parse_comuna(input.region, input.comuna, &mut errors);
        match comuna {
            Some(comuna) if errors.is_empty() => Ok(Self { street, number, block, flat, comuna }),
            _ => Err(errors),
        }
    }
}

fn parse_comuna(region: &str, comuna: &str, errors: &mut Vec<FieldError>) -> Option<ComunaCode> {
    let region = RegionCode::find(region);
    if region.is_none() {
        errors.push(FieldError::new(Field::Region, Reason::Missing));
    }
    let Some(comuna) = ComunaCode::find(comuna) else {
        errors.push(FieldError::new(Field::Comuna, Reason::Missing));
        return None;
    };
    if region.is_some_and(|region| comuna.region() != region) {
        errors.push(FieldError::new(Field::Comuna, Reason::OtherRegion));
    }
    Some(comuna)
}

fn required(field: Field, text: &str, most: usize, errors: &mut Vec<FieldError>) -> String {
    optional(field, text, most, errors).unwrap_or_else(|| {
        errors.push(FieldError::new(field, Reason::Missing));
        String::new()
    })
}

fn optional(field: Field, text: &str, most: usize, errors: &mut Vec<FieldError>) -> Option<String> {
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    let text = tidy(&composed(&seen));
    if text.chars().any(char::is_control) {
        errors.push(FieldError::new(field, Reason::Characters));
    } else if text.chars().count() > most {
        errors.push(FieldError::new(field, Reason::TooLong));
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: AddressInput<'_> = AddressInput {
        street: "  Pasaje  Los   Aromos ",
        number: "S/N",
        block: "",
        flat: " 12 B ",
        region: "13",
        comuna: "13101",
    };

    #[test]
    fn a_full_address() {
        let address = Address::parse(GOOD).unwrap();
        assert_eq!(address.street, "Pasaje Los Aromos");
        let pasted =
            Address::parse(AddressInput { street: "\u{202a}Ñun\u{303}oa\u{200b}\u{202c}", ..GOOD }).unwrap();
        assert_eq!(pasted.street, "Ñuñoa");
        assert_eq!((address.block, address.flat.as_deref()), (None, Some("12 B")));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let errors = Address::parse(AddressInput {
            street: " ",
            number: "12345678901",
            block: "a\u{7}b",
            region: "99",
            comuna: "",
            ..GOOD
        })
        .unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.field, e.reason)).collect();
        assert_eq!(
            found,
            [
                (Field::Street, Reason::Missing),
                (Field::StreetNumber, Reason::TooLong),
                (Field::Block, Reason::Characters),
                (Field::Region, Reason::Missing),
                (Field::Comuna, Reason::Missing),
            ]
        );
    }

    #[test]
    fn region_and_comuna_by_name_or_by_code() {
        for (region, comuna) in [
            ("13", "13101"),
            ("Metropolitana de Santiago", "Santiago"),
            ("metropolitana DE santiago", "SANTIAGO"),
        ] {
            assert_eq!(Address::parse(AddressInput { region, comuna, ..GOOD }), Address::parse(GOOD));
        }
        let errors = Address::parse(AddressInput { comuna: "Viña del Mar", ..GOOD }).unwrap_err();
        assert_eq!(errors, [FieldError::new(Field::Comuna, Reason::OtherRegion)]);
    }

    #[test]
    fn a_comuna_of_another_region_is_refused() {
        let errors = Address::parse(AddressInput { comuna: "05101", ..GOOD }).unwrap_err();
        assert_eq!(errors, [FieldError::new(Field::Comuna, Reason::OtherRegion)]);
    }

    #[test]
    fn n_reg_a_text_may_fill_its_field_and_no_more() {
        let (street, number, block, flat) = ("á".repeat(100), "1".repeat(10), "b".repeat(20), "c".repeat(20));
        let full = AddressInput { street: &street, number: &number, block: &block, flat: &flat, ..GOOD };
        let address = Address::parse(full).unwrap();
        assert_eq!((&address.street, &address.number), (&street, &number));
        assert_eq!((address.block.as_deref(), address.flat.as_deref()), (Some(&*block), Some(&*flat)));
        let one_more = |text: &str| format!("{text}x");
        let (street, number, block, flat) =
            (one_more(&street), one_more(&number), one_more(&block), one_more(&flat));
        let longer = AddressInput { street: &street, number: &number, block: &block, flat: &flat, ..GOOD };
        let fields = [Field::Street, Field::StreetNumber, Field::Block, Field::Flat];
        assert_eq!(
            Address::parse(longer),
            Err(fields.map(|field| FieldError::new(field, Reason::TooLong)).into())
        );
    }
}

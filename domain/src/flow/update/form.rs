//! The form of an update: “Domicilio” and “Datos de Contacto”.

use crate::address::{Address, AddressInput};
use crate::field::FieldError;
use crate::flow::contact::{Contact, ContactInput};

/// Address and contact data as they were typed.
#[derive(Clone, Copy)]
pub struct UpdateInput<'a> {
    /// “Domicilio”.
    pub address: AddressInput<'a>,
    /// “Datos de Contacto”.
    pub contact: ContactInput<'a>,
}

/// Address and contact data in which nothing is missing or malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateForm {
    /// Where the person lives.
    pub address: Address,
    /// How the person is reached.
    pub contact: Contact,
}

impl UpdateForm {
    /// Reads the whole form.
    ///
    /// # Errors
    /// Every field that is missing or wrong, in the order of the form.
    pub fn parse(input: UpdateInput<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let address = Address::parse(input.address).map_err(|mut found| errors.append(&mut found)).ok();
        let contact = Contact::parse(input.contact, &mut errors);
        match (address, contact) {
            (Some(address), Some(contact)) => Ok(Self { address, contact }),
            _ => Err(errors),
        }
    }
}

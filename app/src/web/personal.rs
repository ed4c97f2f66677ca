//! “Domicilio” and “Datos de Contacto” as a form sends them.

use domain::address::AddressInput;
use domain::flow::contact::ContactInput;
use serde::{Deserialize, Serialize};

/// The fields as they come in; one that is missing counts as empty. `Debug` shows nothing of them.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    missing_docs,
    reason = "the fields are named like the controls of the form: domain::field::Field::name"
)]
pub struct Personal {
    pub direccion: String,
    pub numero: String,
    pub block: String,
    pub departamento: String,
    pub region: String,
    pub comuna: String,
    pub email: String,
    pub area_particular: String,
    pub telefono_particular: String,
    pub area_trabajo: String,
    pub telefono_trabajo: String,
    pub celular: String,
    pub sin_celular: String,
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Personal(…)")
    }
}

impl Personal {
    /// “Domicilio”.
    #[must_use]
    pub fn address(&self) -> AddressInput<'_> {
        AddressInput {
            street: &self.direccion,
            number: &self.numero,
            block: &self.block,
            flat: &self.departamento,
            region: &self.region,
            comuna: &self.comuna,
        }
    }

    /// “Datos de Contacto”.
    #[must_use]
    pub fn contact(&self) -> ContactInput<'_> {
        ContactInput {
            email: &self.email,
            home_phone: (&self.area_particular, &self.telefono_particular),
            work_phone: (&self.area_trabajo, &self.telefono_trabajo),
            mobile: &self.celular,
            no_mobile: !self.sin_celular.is_empty(),
        }
    }
}

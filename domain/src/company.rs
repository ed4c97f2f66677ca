//! What a company is asked beyond its RUT: its kind, its name and its legal representative (J-REG).

use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldError, Reason, checked};
use crate::name::Name;
use crate::rut::Rut;

/// What sort of company it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CompanyKind {
    /// An employer.
    Empresa,
    /// Organismo técnico de capacitación: gives courses.
    Otec,
    /// Organismo técnico intermedio para capacitación: works between employers and OTEC.
    Otic,
}

impl CompanyKind {
    /// Every kind, in the order of the screen.
    pub const ALL: [Self; 3] = [Self::Empresa, Self::Otec, Self::Otic];

    /// The word that is stored and sent.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Empresa => "empresa",
            Self::Otec => "otec",
            Self::Otic => "otic",
        }
    }

    /// The kind of a stored word.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id.trim())
    }
}

/// What a company gives beyond what a person gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// “Razón Social”.
    pub name: Name,
    /// Empresa, OTEC or OTIC.
    pub kind: CompanyKind,
    /// “Rut Representante Legal”.
    pub representative: Rut,
    /// “Nombres Representante Legal”.
    pub representative_names: Name,
}

/// The same as it was typed.
#[derive(Clone, Copy, Default)]
pub struct CompanyInput<'a> {
    /// “Razón Social”.
    pub name: &'a str,
    /// Id of the kind of company.
    pub kind: &'a str,
    /// “Rut Representante Legal”.
    pub representative: &'a str,
    /// “Nombres Representante Legal”.
    pub representative_names: &'a str,
}

impl Company {
    /// Reads the four fields.
    ///
    /// # Errors
    /// Every field that is missing or wrong, in the order of the form.
    pub fn parse(input: CompanyInput<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = checked(Field::CompanyName, Name::parse(input.name), &mut errors);
        let kind = CompanyKind::parse(input.kind).ok_or(Reason::Missing);
        let kind = checked(Field::CompanyKind, kind, &mut errors);
        let representative = checked(Field::Representative, Rut::parse(input.representative), &mut errors);
        let names = Name::parse(input.representative_names);
        let representative_names = checked(Field::RepresentativeNames, names, &mut errors);
        (|| {
            Some(Self {
                name: name?,
                kind: kind?,
                representative: representative?,
                representative_names: representative_names?,
            })
        })()
        .ok_or(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accounts hold these words.
    #[test]
    fn stored_words_never_change() {
        assert_eq!(CompanyKind::ALL.map(CompanyKind::id), ["empresa", "otec", "otic"]);
        for kind in CompanyKind::ALL {
            assert_eq!(CompanyKind::parse(kind.id()), Some(kind));
        }
        assert_eq!(CompanyKind::parse("persona"), None);
    }

    #[test]
    fn j_reg_a_company_is_what_was_typed() {
        let company = Company::parse(CompanyInput {
            name: " Quillay  Inventada SpA",
            kind: "otec",
            representative: "11111111-1",
            representative_names: "Rosa Prueba",
        });
        let company = company.unwrap();
        assert_eq!((company.name.as_str(), company.kind), ("Quillay Inventada SpA", CompanyKind::Otec));
        assert_eq!(company.representative.plain(), "11111111-1");
        assert_eq!(company.representative_names.as_str(), "Rosa Prueba");
    }
}

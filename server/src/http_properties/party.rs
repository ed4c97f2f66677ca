//! Somebody with an account, of any kind, and the fields of forms that name them and prove who they are.

use domain::kind::Kind;

use super::support::mesa::Facilitator;
use super::support::people::{Company, Holder as _, Migrant, Person};

/// A field of a form, and what is in it.
pub(super) type Field = (&'static str, String);

/// Mail address, and mobile with `+569`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contact {
    pub(super) mail: String,
    pub(super) mobile: Option<String>,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(super) struct Party {
    pub(super) kind: Kind,
    pub(super) key: String,
    /// To the secret question.
    pub(super) answer: String,
    pub(super) contact: Contact,
    /// What names the account on a first page.
    pub(super) who: Vec<Field>,
    /// What proves the identity.
    pub(super) document: Field,
    /// Of a company: the RUT of the person whom SII names.
    pub(super) representative: Option<String>,
}

impl Party {
    /// The owner, who is number 1, or the stranger, who is number 2.
    pub(super) fn number(kind: Kind, number: u32) -> Self {
        let (key, answer) = match number {
            1 => ("Quillay7x", "El Guatón Loyola"),
            _ => ("Canelo8x", "La Sirena Varada"),
        };
        let person = match kind {
            Kind::Natural => Person::number(number),
            Kind::Migrante => Migrant::number(number).person,
            Kind::Juridica => Company::number(number).person,
            Kind::Facilitador => {
                Person { email: Facilitator::number(number).email, ..Person::number(number) }
            }
        };
        let (who, document) = match kind {
            Kind::Natural => {
                let natural = Person::number(number);
                (vec![("rut", natural.who().to_owned())], ("serie", natural.document().to_owned()))
            }
            Kind::Migrante => {
                let migrant = Migrant::number(number);
                (vec![("nie", migrant.nie.clone())], ("documento", migrant.document))
            }
            Kind::Juridica => {
                let company = Company::number(number);
                (vec![("rut", company.rut_text.clone())], ("serie", company.document().to_owned()))
            }
            Kind::Facilitador => {
                let document = Facilitator::number(number).document.plain();
                let typed =
                    document.split_once(':').map_or(document.as_str(), |(_, number)| number).to_owned();
                let who = vec![("documento_tipo", "pasaporte".to_owned()), ("documento", typed)];
                // Nothing asks for it.
                (who, ("serie", String::new()))
            }
        };
        let mobile = (kind != Kind::Juridica).then(|| person.phone());
        Self {
            kind,
            key: key.to_owned(),
            answer: answer.to_owned(),
            contact: Contact { mail: person.email, mobile },
            who,
            document,
            representative: (kind == Kind::Juridica).then(|| Company::number(number).representative.rut_text),
        }
    }

    /// What only a registration of this kind asks for.
    pub(super) fn registration(&self) -> Vec<Field> {
        let fields: &[(&'static str, &str)] = match self.kind {
            Kind::Migrante => &[("documento_tipo", "pasaporte"), ("documento_pais", "VE")],
            Kind::Juridica => &[
                ("razon_social", "Molle Inventado SpA"),
                ("tipo_empresa", "otec"),
                ("nombres_representante", "Zutana Quiltrana"),
            ],
            Kind::Natural | Kind::Facilitador => &[],
        };
        let own = fields.iter().map(|(name, value)| (*name, (*value).to_owned()));
        own.chain([self.document.clone()]).chain(self.representative()).collect()
    }

    /// Of a company: the field of the person who represents it.
    pub(super) fn representative(&self) -> Option<Field> {
        self.representative.clone().map(|rut| ("rut_representante", rut))
    }
}

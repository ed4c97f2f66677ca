//! What a system learns of who signed in: the claims of userinfo, by scope. Nothing of it stands in the ID token.

use serde::Serialize;

use super::client::Client;
use super::scope::{Scope, Scopes};
use crate::identifier::Identifier;
use crate::kind::Kind;
use crate::rut::Rut;

/// What is on file of who signed in.
#[derive(Debug, Clone)]
pub struct Holder<'a> {
    /// Kind of holder.
    pub kind: Kind,
    /// RUT, NIE or document.
    pub identifier: &'a Identifier,
    /// Who acts for a company.
    pub representative: Option<Rut>,
    /// The name, as far as it is known.
    pub names: Option<&'a str>,
    /// The mail address.
    pub email: Option<&'a str>,
    /// Whether somebody has read a message there.
    pub email_verified: bool,
}

/// The claims of userinfo. What is not known is left out, never made up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claims {
    /// Who it is, to this client.
    pub sub: String,
    /// The RUN of a natural person, in the form of ClaveÚnica.
    #[serde(rename = "RolUnico", skip_serializing_if = "Option::is_none")]
    pub run: Option<RolUnico>,
    /// Whose key it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cuenta: Option<Cuenta>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The given names of a person, as far as they can be told from the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The surnames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether somebody has read a message there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
}

/// A RUN as ClaveÚnica writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolUnico {
    numero: u32,
    #[serde(rename = "DV")]
    check_digit: String,
    tipo: &'static str,
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cuenta {
    clase: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    rut: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    representante: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nie: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documento: Option<String>,
}

/// The name: one string, or in the form of ClaveÚnica.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Name {
    /// In one string (OpenID Connect Core §5.1).
    Whole(String),
    /// In two lists.
    Parts {
        /// Given names.
        nombres: Vec<String>,
        /// Surnames.
        apellidos: Vec<String>,
    },
}

impl Claims {
    /// What these scopes give a client of this holder.
    #[must_use]
    pub fn new(sub: String, scopes: &Scopes, client: &Client, holder: &Holder<'_>) -> Self {
        let named = scopes.has(Scope::Run);
        let names = holder.names.filter(|names| scopes.has(Scope::Name) && !names.trim().is_empty());
        let parts = names.filter(|_| holder.kind != Kind::Juridica).map(split_name);
        let email = holder.email.filter(|_| scopes.has(Scope::Email));
        let compatible = client.claveunica_compatible;
        let name = if compatible {
            scopes.has(Scope::Name).then(|| Name::in_lists(names, parts.as_ref()))
        } else {
            names.map(|whole| Name::Whole(whole.to_owned()))
        };
        let parts = parts.filter(|_| !compatible);
        let (given_name, family_name) =
            parts.map(|(given, family)| (given.join(" "), family.join(" "))).unzip();
        let family_name = family_name.filter(|family: &String| !family.is_empty());
        Self {
            sub,
            run: run_of(holder).filter(|_| named),
            cuenta: named.then(|| Cuenta::new(holder)),
            name,
            given_name,
            family_name,
            email: email.map(str::to_owned),
            email_verified: email.map(|_| holder.email_verified),
        }
    }
}

impl Name {
    /// Always two lists, as clients of ClaveÚnica read them without looking: both are empty where no name is known, and a company's name
    /// is one whole.
    fn in_lists(whole: Option<&str>, parts: Option<&(Vec<String>, Vec<String>)>) -> Self {
        match parts {
            Some((given, family)) => Self::Parts { nombres: given.clone(), apellidos: family.clone() },
            None => {
                Self::Parts { nombres: whole.into_iter().map(str::to_owned).collect(), apellidos: Vec::new() }
            }
        }
    }
}

/// The RUN of a natural person. A NIE, a document or a company's RUT is none.
fn run_of(holder: &Holder<'_>) -> Option<RolUnico> {
    match (holder.kind, holder.identifier) {
        (Kind::Natural, Identifier::Rut(rut)) => {
            Some(RolUnico { numero: rut.number(), check_digit: rut.check_digit().to_string(), tipo: "RUN" })
        }
        _ => None,
    }
}

impl Cuenta {
    fn new(holder: &Holder<'_>) -> Self {
        let plain = holder.identifier.plain();
        let (rut, nie, documento) = match holder.identifier {
            Identifier::Rut(_) => (Some(plain), None, None),
            Identifier::Nie(_) => (None, Some(plain), None),
            Identifier::Document(_) => (None, None, Some(plain)),
        };
        let representante = holder.representative.map(Rut::plain);
        Self { clase: holder.kind, rut, representante, nie, documento }
    }
}

/// Given names and surnames of a whole name, as names are written in Chile: the last two are surnames, of two words the last; small
/// words go with what follows them.
fn split_name(whole: &str) -> (Vec<String>, Vec<String>) {
    const SMALL: [&str; 14] =
        ["da", "das", "de", "del", "den", "der", "di", "do", "dos", "la", "las", "los", "van", "von"];
    let mut names: Vec<String> = Vec::new();
    let mut small = String::new();
    for word in whole.split_whitespace() {
        small.push_str(word);
        if SMALL.contains(&word.to_lowercase().as_str()) {
            small.push(' ');
        } else {
            names.push(std::mem::take(&mut small));
        }
    }
    if !small.is_empty() {
        names.push(small.trim_end().to_owned());
    }
    let surnames = if names.len() > 2 { 2 } else { names.len().saturating_sub(1) };
    let family = names.split_off(names.len() - surnames);
    (names, family)
}

#[cfg(test)]
mod tests {
    use super::super::client::tests::client;
    use super::*;
    use crate::document::ForeignDocument;
    use crate::nie::{Nie, NiePattern};

    fn claims(scope: &str, client: &Client, holder: &Holder<'_>) -> serde_json::Value {
        serde_json::to_value(Claims::new("s1".to_owned(), &Scopes::parse(scope), client, holder)).unwrap()
    }

    fn rut(text: &str) -> Identifier {
        Rut::parse(text).unwrap().into()
    }

    fn person(identifier: &Identifier) -> Holder<'_> {
        Holder {
            kind: Kind::Natural,
            identifier,
            representative: None,
            names: Some("Rosa Inventada de la Fuente Quillay"),
            email: Some("rosa@correo.cl"),
            email_verified: true,
        }
    }

    #[test]
    fn l_oidc_each_scope_gives_its_claims_and_no_other() {
        let rut = rut("12345678-5");
        let holder = person(&rut);
        assert_eq!(claims("openid", &client(), &holder), serde_json::json!({ "sub": "s1" }));
        assert_eq!(
            claims("openid run", &client(), &holder),
            serde_json::json!({
                "sub": "s1",
                "RolUnico": { "numero": 12_345_678, "DV": "5", "tipo": "RUN" },
                "cuenta": { "clase": "natural", "rut": "12345678-5" },
            })
        );
        assert_eq!(
            claims("openid name email", &client(), &holder),
            serde_json::json!({
                "sub": "s1",
                "name": "Rosa Inventada de la Fuente Quillay",
                "given_name": "Rosa Inventada",
                "family_name": "de la Fuente Quillay",
                "email": "rosa@correo.cl",
                "email_verified": true,
            })
        );
    }

    #[test]
    fn l_oidc_a_client_of_claveunica_gets_names_in_lists() {
        let rut = rut("12345678-5");
        let compatible = Client { claveunica_compatible: true, ..client() };
        assert_eq!(
            claims("openid name", &compatible, &person(&rut)),
            serde_json::json!({
                "sub": "s1",
                "name": { "nombres": ["Rosa", "Inventada"], "apellidos": ["de la Fuente", "Quillay"] },
            })
        );
        // They read both lists without looking whether there are any.
        let nameless = Holder { names: None, ..person(&rut) };
        let empty = serde_json::json!({ "sub": "s1", "name": { "nombres": [], "apellidos": [] } });
        assert_eq!(claims("openid name", &compatible, &nameless), empty);
        assert_eq!(claims("openid", &compatible, &nameless), serde_json::json!({ "sub": "s1" }));
        let company = Holder { kind: Kind::Juridica, names: Some("Quillay de Chile SpA"), ..person(&rut) };
        let whole = serde_json::json!({ "sub": "s1", "name": { "nombres": ["Quillay de Chile SpA"], "apellidos": [] } });
        assert_eq!(claims("openid name", &compatible, &company), whole);
    }

    #[test]
    fn l_oidc_what_is_not_known_is_left_out() {
        let rut = rut("12345678-5");
        let bare = Holder { names: Some(" "), email: None, ..person(&rut) };
        assert_eq!(claims("openid name email", &client(), &bare), serde_json::json!({ "sub": "s1" }));
    }

    #[test]
    fn security_l_oidc_only_a_natural_person_has_a_run() {
        let nie = Identifier::Nie(Nie::parse("AB1234567", &NiePattern::any()).unwrap());
        let migrant = Holder { kind: Kind::Migrante, names: None, ..person(&nie) };
        assert_eq!(
            claims("openid run", &client(), &migrant),
            serde_json::json!({ "sub": "s1", "cuenta": { "clase": "migrante", "nie": nie.plain() } })
        );
        let company = rut("76192083-9");
        let representative = Rut::parse("12345678-5").ok();
        let company = Holder {
            kind: Kind::Juridica,
            representative,
            names: Some("Quillay de Chile SpA"),
            ..person(&company)
        };
        assert_eq!(
            claims("openid run name", &client(), &company),
            serde_json::json!({
                "sub": "s1",
                "cuenta": { "clase": "juridica", "rut": "76192083-9", "representante": "12345678-5" },
                "name": "Quillay de Chile SpA",
            })
        );
        let document = Identifier::Document(ForeignDocument::parse("pasaporte", "X1234567").unwrap());
        let foreign = Holder { kind: Kind::Facilitador, names: None, ..person(&document) };
        assert_eq!(
            claims("openid run", &client(), &foreign),
            serde_json::json!({ "sub": "s1", "cuenta": { "clase": "facilitador", "documento": document.plain() } })
        );
    }

    #[test]
    fn l_oidc_names_are_parted_as_they_are_written_in_chile() {
        for (whole, given, family) in [
            ("Rosa", "Rosa", ""),
            ("Rosa Quillay", "Rosa", "Quillay"),
            ("Rosa Quillay Soto", "Rosa", "Quillay Soto"),
            ("Rosa Inés Quillay Soto", "Rosa Inés", "Quillay Soto"),
            ("Rosa del Carmen Quillay de los Ríos", "Rosa del Carmen", "Quillay de los Ríos"),
            ("María de la", "María", "de la"),
            ("", "", ""),
        ] {
            let (first, last) = split_name(whole);
            assert_eq!((first.join(" "), last.join(" ")), (given.to_owned(), family.to_owned()), "{whole}");
        }
    }
}

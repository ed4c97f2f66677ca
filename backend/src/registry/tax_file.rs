//! SII from a CSV file with the columns `rut_empresa,razon_social,rut_representante`, one row per representative of a
//! company. The file is read again when it changes; while it is missing or malformed the registry is down.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use domain::flow::TaxAnswer;
use domain::rut::Rut;
use serde::Deserialize;

use super::file::{Line, Watched};

/// A file adapter. Clones share the content.
#[derive(Clone)]
pub struct TaxFile(Watched<HashMap<Rut, Company>>);

#[derive(Default)]
struct Company {
    name: Option<String>,
    representatives: HashSet<Rut>,
}

#[derive(Deserialize)]
struct Row {
    rut_empresa: String,
    razon_social: Option<String>,
    rut_representante: String,
}

impl TaxFile {
    /// An adapter for the file at `path`, which need not exist yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(Watched::new(path, "tax"))
    }

    pub(super) async fn check(&self, company: Rut, person: Rut) -> TaxAnswer {
        let Some(companies) = self.0.content(companies).await else { return TaxAnswer::TechnicalFailure };
        match companies.get(&company) {
            Some(known) if known.representatives.contains(&person) => {
                TaxAnswer::Represents { company_name: known.name.clone() }
            }
            Some(_) => TaxAnswer::DoesNot,
            None => TaxAnswer::NoSuchCompany,
        }
    }
}

fn companies(rows: Vec<Line<Row>>) -> Result<HashMap<Rut, Company>, u64> {
    let mut companies: HashMap<Rut, Company> = HashMap::new();
    for (line, row) in rows {
        let company = companies.entry(Rut::parse(&row.rut_empresa).map_err(|_| line)?).or_default();
        company.name = super::name(row.razon_social).or(company.name.take());
        company.representatives.insert(Rut::parse(&row.rut_representante).map_err(|_| line)?);
    }
    Ok(companies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_sii_file_answers_follow_the_file() {
        let folder = std::env::temp_dir().join(format!("sii-{}", crate::secrets::random_id().unwrap()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("sii.csv");
        let registry = TaxFile::new(path.clone());
        let rut = |text: &str| Rut::parse(text).unwrap();
        let ask = async |company: &str, person: &str| registry.check(rut(company), rut(person)).await;
        assert_eq!(ask("76192083-9", "11111111-1").await, TaxAnswer::TechnicalFailure, "no file");
        std::fs::write(
            &path,
            "rut_empresa,razon_social,rut_representante\n76.192.083-9,Quillay Inventada SpA,11111111-1\n\
             76192083-9,,22222222-2\n",
        )
        .unwrap();
        let company_name = Some("Quillay Inventada SpA".to_owned());
        assert_eq!(
            ask("76192083-9", "11111111-1").await,
            TaxAnswer::Represents { company_name: company_name.clone() }
        );
        assert_eq!(ask("76192083-9", "22222222-2").await, TaxAnswer::Represents { company_name });
        assert_eq!(ask("76192083-9", "12345678-5").await, TaxAnswer::DoesNot);
        assert_eq!(ask("12345678-5", "11111111-1").await, TaxAnswer::NoSuchCompany);
        std::fs::write(&path, "rut_empresa,razon_social,rut_representante\n1,x,2\n").unwrap();
        assert_eq!(ask("76192083-9", "11111111-1").await, TaxAnswer::TechnicalFailure, "malformed");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

//! The countries that may have issued the identity document of a persona migrante: ISO 3166-1 codes (and `XK`, which
//! Kosovo uses) with the names that people use in Chile. Chile is not among them: the holder of a Chilean cédula is no migrant
//! here.

use serde::{Deserialize, Serialize};

/// A country other than Chile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(u8);

/// In alphabetical order of the names, accents aside: the order of the list on the screen.
static COUNTRIES: [(&str, &str); 201] = [
    ("AF", "Afganistán"),
    ("AL", "Albania"),
    ("DE", "Alemania"),
    ("AD", "Andorra"),
    ("AO", "Angola"),
    ("AG", "Antigua y Barbuda"),
    ("SA", "Arabia Saudita"),
    ("DZ", "Argelia"),
    ("AR", "Argentina"),
    ("AM", "Armenia"),
    ("AW", "Aruba"),
    ("AU", "Australia"),
    ("AT", "Austria"),
    ("AZ", "Azerbaiyán"),
    ("BS", "Bahamas"),
    ("BD", "Bangladés"),
    ("BB", "Barbados"),
    ("BH", "Baréin"),
    ("BE", "Bélgica"),
    ("BZ", "Belice"),
    ("BJ", "Benín"),
    ("BY", "Bielorrusia"),
    ("BO", "Bolivia"),
    ("BA", "Bosnia y Herzegovina"),
    ("BW", "Botsuana"),
    ("BR", "Brasil"),
    ("BN", "Brunéi"),
    ("BG", "Bulgaria"),
    ("BF", "Burkina Faso"),
    ("BI", "Burundi"),
    ("BT", "Bután"),
    ("CV", "Cabo Verde"),
    ("KH", "Camboya"),
    ("CM", "Camerún"),
    ("CA", "Canadá"),
    ("QA", "Catar"),
    ("TD", "Chad"),
    ("CN", "China"),
    ("CY", "Chipre"),
    ("VA", "Ciudad del Vaticano"),
    ("CO", "Colombia"),
    ("KM", "Comoras"),
    ("CG", "Congo"),
    ("CD", "Congo (República Democrática)"),
    ("KP", "Corea del Norte"),
    ("KR", "Corea del Sur"),
    ("CI", "Costa de Marfil"),
    ("CR", "Costa Rica"),
    ("HR", "Croacia"),
    ("CU", "Cuba"),
    ("CW", "Curazao"),
    ("DK", "Dinamarca"),
    ("DM", "Dominica"),
    ("EC", "Ecuador"),
    ("EG", "Egipto"),
    ("SV", "El Salvador"),
    ("AE", "Emiratos Árabes Unidos"),
    ("ER", "Eritrea"),
    ("SK", "Eslovaquia"),
    ("SI", "Eslovenia"),
    ("ES", "España"),
    ("US", "Estados Unidos"),
    ("EE", "Estonia"),
    ("SZ", "Esuatini"),
    ("ET", "Etiopía"),
    ("PH", "Filipinas"),
    ("FI", "Finlandia"),
    ("FJ", "Fiyi"),
    ("FR", "Francia"),
    ("GA", "Gabón"),
    ("GM", "Gambia"),
    ("GE", "Georgia"),
    ("GH", "Ghana"),
    ("GD", "Granada"),
    ("GR", "Grecia"),
    ("GT", "Guatemala"),
    ("GN", "Guinea"),
    ("GQ", "Guinea Ecuatorial"),
    ("GW", "Guinea-Bisáu"),
    ("GY", "Guyana"),
    ("HT", "Haití"),
    ("HN", "Honduras"),
    ("HK", "Hong Kong"),
    ("HU", "Hungría"),
    ("IN", "India"),
    ("ID", "Indonesia"),
    ("IQ", "Irak"),
    ("IR", "Irán"),
    ("IE", "Irlanda"),
    ("IS", "Islandia"),
    ("MH", "Islas Marshall"),
    ("SB", "Islas Salomón"),
    ("IL", "Israel"),
    ("IT", "Italia"),
    ("JM", "Jamaica"),
    ("JP", "Japón"),
    ("JO", "Jordania"),
    ("KZ", "Kazajistán"),
    ("KE", "Kenia"),
    ("KG", "Kirguistán"),
    ("KI", "Kiribati"),
    ("XK", "Kosovo"),
    ("KW", "Kuwait"),
    ("LA", "Laos"),
    ("LS", "Lesoto"),
    ("LV", "Letonia"),
    ("LB", "Líbano"),
    ("LR", "Liberia"),
    ("LY", "Libia"),
    ("LI", "Liechtenstein"),
    ("LT", "Lituania"),
    ("LU", "Luxemburgo"),
    ("MO", "Macao"),
    ("MK", "Macedonia del Norte"),
    ("MG", "Madagascar"),
    ("MY", "Malasia"),
    ("MW", "Malaui"),
    ("MV", "Maldivas"),
    ("ML", "Malí"),
    ("MT", "Malta"),
    ("MA", "Marruecos"),
    ("MU", "Mauricio"),
    ("MR", "Mauritania"),
    ("MX", "México"),
    ("FM", "Micronesia"),
    ("MD", "Moldavia"),
    ("MC", "Mónaco"),
    ("MN", "Mongolia"),
    ("ME", "Montenegro"),
    ("MZ", "Mozambique"),
    ("MM", "Myanmar"),
    ("NA", "Namibia"),
    ("NR", "Nauru"),
    ("NP", "Nepal"),
    ("NI", "Nicaragua"),
    ("NE", "Níger"),
    ("NG", "Nigeria"),
    ("NO", "Noruega"),
    ("NZ", "Nueva Zelanda"),
    ("OM", "Omán"),
    ("NL", "Países Bajos"),
    ("PK", "Pakistán"),
    ("PW", "Palaos"),
    ("PS", "Palestina"),
    ("PA", "Panamá"),
    ("PG", "Papúa Nueva Guinea"),
    ("PY", "Paraguay"),
    ("PE", "Perú"),
    ("PL", "Polonia"),
    ("PT", "Portugal"),
    ("PR", "Puerto Rico"),
    ("GB", "Reino Unido"),
    ("CF", "República Centroafricana"),
    ("CZ", "República Checa"),
    ("DO", "República Dominicana"),
    ("RW", "Ruanda"),
    ("RO", "Rumania"),
    ("RU", "Rusia"),
    ("WS", "Samoa"),
    ("KN", "San Cristóbal y Nieves"),
    ("SM", "San Marino"),
    ("VC", "San Vicente y las Granadinas"),
    ("LC", "Santa Lucía"),
    ("ST", "Santo Tomé y Príncipe"),
    ("SN", "Senegal"),
    ("RS", "Serbia"),
    ("SC", "Seychelles"),
    ("SL", "Sierra Leona"),
    ("SG", "Singapur"),
    ("SY", "Siria"),
    ("SO", "Somalia"),
    ("LK", "Sri Lanka"),
    ("ZA", "Sudáfrica"),
    ("SD", "Sudán"),
    ("SS", "Sudán del Sur"),
    ("SE", "Suecia"),
    ("CH", "Suiza"),
    ("SR", "Surinam"),
    ("TH", "Tailandia"),
    ("TW", "Taiwán"),
    ("TZ", "Tanzania"),
    ("TJ", "Tayikistán"),
    ("TL", "Timor Oriental"),
    ("TG", "Togo"),
    ("TO", "Tonga"),
    ("TT", "Trinidad y Tobago"),
    ("TN", "Túnez"),
    ("TM", "Turkmenistán"),
    ("TR", "Turquía"),
    ("TV", "Tuvalu"),
    ("UA", "Ucrania"),
    ("UG", "Uganda"),
    ("UY", "Uruguay"),
    ("UZ", "Uzbekistán"),
    ("VU", "Vanuatu"),
    ("VE", "Venezuela"),
    ("VN", "Vietnam"),
    ("YE", "Yemen"),
    ("DJ", "Yibuti"),
    ("ZM", "Zambia"),
    ("ZW", "Zimbabue"),
];

impl Country {
    /// Every country, in the order of the list on the screen.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u8..).zip(&COUNTRIES).map(|(index, _)| Self(index))
    }

    /// The country of a code of two letters.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.trim();
        Self::all().find(|country| country.code().eq_ignore_ascii_case(code))
    }

    /// Two letters, `VE`.
    #[must_use]
    pub fn code(self) -> &'static str {
        COUNTRIES[usize::from(self.0)].0
    }

    /// The name, “Venezuela”.
    #[must_use]
    pub fn name(self) -> &'static str {
        COUNTRIES[usize::from(self.0)].1
    }
}

impl TryFrom<String> for Country {
    type Error = &'static str;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::parse(&code).ok_or("no such country")
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::without_accent;

    #[test]
    fn codes_are_there_once_and_names_in_order() {
        let codes: std::collections::HashSet<_> = Country::all().map(Country::code).collect();
        assert_eq!(codes.len(), COUNTRIES.len());
        assert!(codes.iter().all(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())));
        let fold = |name: &str| name.to_lowercase().chars().map(without_accent).collect::<String>();
        assert!(COUNTRIES.is_sorted_by_key(|(_, name)| fold(name)));
        assert_eq!(Country::parse("ve").map(Country::name), Some("Venezuela"));
        assert_eq!(Country::parse("CL"), None);
    }

    #[test]
    fn in_serde_a_country_is_its_code() {
        let country = Country::parse("VE").unwrap();
        assert_eq!(serde_json::to_string(&country).unwrap(), r#""VE""#);
        assert_eq!(serde_json::from_str::<Country>(r#""VE""#).unwrap(), country);
        assert!(serde_json::from_str::<Country>(r#""CL""#).is_err());
    }
}

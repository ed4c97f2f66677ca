//! What is read from a row, and what is refused.

use super::super::split::Splitter;
use super::super::text::Encoding;
use super::*;
use crate::hashing::UnfitHash;

fn check(header: &str, row: &str) -> Result<Candidate, Vec<Fault>> {
    let checker = Checker { today: Date::constant(2026, 11, 21), nie_pattern: Arc::new(NiePattern::any()) };
    let header = Header::read(header.as_bytes(), Encoding::Utf8).unwrap();
    checker.check(&header, &Splitter::new(header.separator).split(row).unwrap())
}

/// The faults of a natural person's row with a valid RUT and this value in one more column.
fn fault_of(column: &str, value: &str) -> Vec<(Option<Column>, Why)> {
    let found = check(&format!("rut,{column}"), &format!("11.111.111-1,\"{value}\""));
    found.unwrap_err().into_iter().map(|fault| (fault.column, fault.why)).collect()
}

#[test]
fn a_import_every_column_of_a_person_is_read() {
    let header = Column::ALL.map(Column::name).join(";");
    let row = "migrante;;ab-123456;  Ana  Rojas ;;;;;AAABAgMEBQYHCAkKCwwNDg/CBu1qM2lWisWIdjBFmxTt50vWQVomNZ1rxNTqyzQCPg==;\
               pais-favorito;Perú;1/12/1992;Pasaporte;ve;v-12.345.678;Los  Aromos;12;B;3;Ñuñoa;Ana@Correo.CL;221234567;\
               +56 32 212 3456;9 1234 5678";
    let Candidate { account, answer, document } = check(&header, row).unwrap();
    assert_eq!((account.kind, account.identifier.as_str()), (Kind::Migrante, "AB123456"));
    assert_eq!(account.names.as_deref(), Some("Ana Rojas"));
    assert!(account.key_hash.unwrap().starts_with("AAAB"));
    assert_eq!(account.question.map(SecretQuestion::id), Some("pais-favorito"));
    assert_eq!(answer.unwrap().expose(), "peru");
    assert_eq!(account.birth_date.map(BirthDate::plain).as_deref(), Some("1992-12-01"));
    let (kind, country) = account.document.unwrap();
    assert_eq!((kind.id(), country.code()), ("pasaporte", "VE"));
    assert_eq!(document.unwrap().expose(), "V12345678");
    let address = [account.street, account.street_number, account.block, account.flat].map(Option::unwrap);
    assert_eq!(address, ["Los Aromos", "12", "B", "3"]);
    assert_eq!(account.comuna.unwrap().as_str(), "13120");
    assert_eq!(account.email.unwrap().as_str(), "Ana@correo.cl");
    assert_eq!(account.home_phone.unwrap().as_str(), "+56221234567");
    assert_eq!(account.work_phone.unwrap().as_str(), "+56322123456");
    assert_eq!(account.mobile.unwrap().as_str(), "+56912345678");
    assert_eq!((account.answer_hash, account.document_hash), (None, None), "hashed later");
}

#[test]
fn a_import_every_column_of_a_company_is_read() {
    let candidate = check(
        "tipo,rut,razon_social,tipo_empresa,rut_representante,nombres_representante",
        "Juridica,761920839, Capacitación  Ñandú Ltda.,OTEC,11.111.111-1,Ana Rojas",
    );
    let account = candidate.unwrap().account;
    assert_eq!((account.kind, account.identifier.as_str()), (Kind::Juridica, "76192083-9"));
    assert_eq!(account.names.as_deref(), Some("Capacitación Ñandú Ltda."));
    assert_eq!(account.company_kind, Some(CompanyKind::Otec));
    assert_eq!(account.representative.map(|rut| rut.plain()).as_deref(), Some("11111111-1"));
    assert_eq!(account.representative_names.as_deref(), Some("Ana Rojas"));
}

#[test]
fn a_import_columns_of_another_kind_of_holder_are_refused() {
    let faults = |header: &str, row: &str| -> Vec<_> {
        let faults = check(header, row).unwrap_err();
        faults.into_iter().map(|fault| (fault.column.unwrap().name(), fault.why)).collect()
    };
    assert_eq!(
        faults(
            "tipo,rut,nombres,fecha_nacimiento,documento_tipo,documento_pais,documento,celular",
            "juridica,76192083-9,Ana,01-12-1992,pasaporte,VE,12345,912345678",
        ),
        ["nombres", "fecha_nacimiento", "documento_tipo", "documento_pais", "documento", "celular"]
            .map(|column| (column, Why::OnlyPeople))
    );
    for person in ["natural,11111111-1,", "migrante,,AB123456", ",11111111-1,"] {
        assert_eq!(
            faults(
                "tipo,rut,nie,razon_social,tipo_empresa,rut_representante,nombres_representante",
                &format!("{person},Ñandú,otec,12345678-5,Ana Rojas"),
            ),
            ["razon_social", "tipo_empresa", "rut_representante", "nombres_representante"]
                .map(|column| (column, Why::OnlyCompanies))
        );
    }
    assert_eq!(faults("tipo,rut,nie", "juridica,76192083-9,AB123456"), [("nie", Why::OtherIdentifier)]);
    assert_eq!(
        faults("tipo,rut,tipo_empresa,rut_representante", "juridica,76192083-9,corredora,12345678-9"),
        [
            ("tipo_empresa", Why::UnknownCompanyKind),
            ("rut_representante", Why::Field(FieldError::new(Field::Representative, Reason::CheckDigit))),
        ]
    );
}

#[test]
fn a_import_an_identifier_is_enough() {
    let candidate = check("tipo,rut", "juridica,76192083-9").unwrap();
    assert_eq!((candidate.account.kind, candidate.account.names), (Kind::Juridica, None));
    let candidate = check("email,rut,tipo", ", 12345678-5 ,").unwrap();
    assert_eq!(
        (candidate.account.kind, candidate.account.identifier.as_str()),
        (Kind::Natural, "12345678-5")
    );
    assert!(!candidate.has_proofs() && candidate.account.email.is_none());
}

#[test]
fn a_import_each_column_reports_its_fault() {
    use Column as C;
    let field = |column, field, reason| vec![(Some(column), Why::Field(FieldError::new(field, reason)))];
    let why = |column, why| vec![(Some(column), why)];
    for (column, value, expected) in [
        ("tipo", "otec", why(C::Kind, Why::UnknownKind)),
        ("tipo", "migrante", why(C::Rut, Why::OtherIdentifier)),
        ("nie", "AB12345", why(C::Nie, Why::OtherIdentifier)),
        ("nombres", &"x".repeat(101), why(C::Names, Why::NamesTooLong)),
        ("clave_hash", "Quillay7x", why(C::KeyHash, Why::Hash(UnfitHash::UnknownScheme))),
        ("pregunta,respuesta", "color\",\"rojo", why(C::Question, Why::UnknownQuestion)),
        ("pregunta", "pais-favorito", why(C::Answer, Why::Incomplete)),
        ("respuesta", "Perú", why(C::Question, Why::Incomplete)),
        ("pregunta,respuesta", "pais-favorito\",\"x", field(C::Answer, Field::Answer, Reason::TooShort)),
        ("fecha_nacimiento", "31-02-1992", field(C::BirthDate, Field::BirthDate, Reason::Format)),
        ("fecha_nacimiento", "22-11-2026", field(C::BirthDate, Field::BirthDate, Reason::Future)),
        (
            "documento_tipo,documento_pais,documento",
            "carnet\",\"VE\",\"1234",
            why(C::DocumentKind, Why::UnknownDocumentKind),
        ),
        (
            "documento_tipo,documento_pais,documento",
            "otro\",\"CL\",\"1234",
            why(C::DocumentCountry, Why::UnknownCountry),
        ),
        (
            "documento_tipo,documento_pais,documento",
            "otro\",\"VE\",\"123",
            field(C::DocumentNumber, Field::DocumentNumber, Reason::Format),
        ),
        (
            "documento_tipo,documento_pais,documento",
            "otro\",\"VE\",\"",
            why(C::DocumentNumber, Why::Incomplete),
        ),
        ("direccion", &"x".repeat(101), field(C::Street, Field::Street, Reason::TooLong)),
        ("numero", "12345678901", field(C::StreetNumber, Field::StreetNumber, Reason::TooLong)),
        ("comuna", "Atlántida", why(C::Comuna, Why::UnknownComuna)),
        ("email", "ana@correo", field(C::Email, Field::Email, Reason::Format)),
        ("telefono_particular", "21234567", field(C::HomePhone, Field::HomePhone, Reason::Format)),
        ("telefono_particular", "991234567", field(C::HomePhone, Field::HomePhone, Reason::Area)),
        ("telefono_trabajo", "22123456a", field(C::WorkPhone, Field::WorkPhone, Reason::Format)),
        ("celular", "1234567", field(C::Mobile, Field::Mobile, Reason::Format)),
    ] {
        assert_eq!(fault_of(column, value), expected, "{column}: {value}");
    }
    for (rut, reason) in [
        ("", Reason::Missing),
        ("12345678-9", Reason::CheckDigit),
        ("1-9", Reason::Format),
        ("x", Reason::Characters),
    ] {
        let faults = check("rut,email", &format!("{rut},")).unwrap_err();
        assert_eq!(
            faults[0],
            Fault { column: Some(C::Rut), why: Why::Field(FieldError::new(Field::Rut, reason)) }
        );
    }
    let faults = check("tipo,nie", "migrante,AB_1").unwrap_err();
    assert_eq!(faults[0].column, Some(C::Nie));
}

#[test]
fn a_import_all_faults_of_a_row_are_reported_at_once() {
    let faults = check("rut,email,celular,comuna", "1-1,ana,123,13101").unwrap_err();
    assert_eq!(
        faults.iter().map(|f| f.column.unwrap().name()).collect::<Vec<_>>(),
        ["rut", "email", "celular"]
    );
    for row in ["1-1", "1-1,,,,"] {
        let faults = check("rut,email,celular,comuna", row).unwrap_err();
        assert_eq!(faults, [Fault { column: None, why: Why::FieldCount }]);
    }
}

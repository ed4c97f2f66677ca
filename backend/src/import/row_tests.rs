//! What is read from a row, and what is refused.

use super::super::split::Splitter;
use super::super::text::Encoding;
use super::*;
use crate::hashing::UnfitHash;

fn check(header: &str, row: &str) -> Result<Candidate, Vec<Fault>> {
    check_with_notes(header, row).map(|(candidate, _)| candidate)
}

fn check_with_notes(header: &str, row: &str) -> Result<(Candidate, Notes), Vec<Fault>> {
    let checker = Checker { today: Date::constant(2026, 11, 21), nie_pattern: Arc::new(NiePattern::any()) };
    let header = Header::read(header.as_bytes(), Encoding::Utf8).unwrap();
    checker.check(&header, &Survey::default(), &Splitter::new(header.separator).split(row).unwrap())
}

/// The faults of a natural person's row with a valid RUT and this value in one more column.
fn fault_of(column: &str, value: &str) -> Vec<(Option<Column>, Why)> {
    let found = check(&format!("rut,{column}"), &format!("11.111.111-1,\"{value}\""));
    found.unwrap_err().into_iter().map(|fault| (fault.column, fault.why)).collect()
}

#[test]
fn a_import_every_column_of_a_person_is_read() {
    let header = Column::ALL.map(Column::name).join(";");
    let row = "migrante;;;ab-123456;  Ana  Rojas ;;;;;AAABAgMEBQYHCAkKCwwNDg/CBu1qM2lWisWIdjBFmxTt50vWQVomNZ1rxNTqyzQCPg==;\
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

/// The faults of a row, by the name of their column.
fn faults(header: &str, row: &str) -> Vec<(&'static str, Why)> {
    let faults = check(header, row).map(|_| ()).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.column.map_or("-", Column::name), fault.why)).collect()
}

#[test]
fn a_import_words_for_nothing_are_no_keys_and_no_answers() {
    for nothing in [
        "NULL",
        "null",
        "\\N",
        "N/A",
        "#N/A",
        "#¡REF!",
        "nan",
        "-",
        "(null)",
        "None",
        "S/I",
        "sin información",
    ] {
        for (header, row, column) in [
            ("rut,pregunta,respuesta", "11111111-1,primera-mascota,?", "respuesta"),
            ("rut,clave_hash", "11111111-1,?", "clave_hash"),
            ("rut,email", "?,ana@ejemplo.cl", "rut"),
            ("tipo,nie", "migrante,?", "nie"),
            ("tipo,rut", "?,11111111-1", "tipo"),
            ("rut,documento_tipo,documento_pais,documento", "11111111-1,pasaporte,VE,?", "documento"),
        ] {
            let row = row.replace('?', nothing);
            assert_eq!(faults(header, &row), [(column, Why::Placeholder)], "{row}");
        }
    }
}

#[test]
fn a_import_words_for_nothing_are_empty_elsewhere_and_noted() {
    let header = "tipo,rut,nie,nombres,pregunta,respuesta,fecha_nacimiento,documento_tipo,documento_pais,documento,direccion,numero,\
                  block,departamento,comuna,email,telefono_particular,telefono_trabajo,celular";
    for nothing in ["NULL", "\\N", "N/A", "#N/A", "-", "(null)", "None", "sin información"] {
        let row = format!("migrante,{nothing},AB123456{}", format!(",{nothing}").repeat(16));
        let (Candidate { account, answer, document }, notes) = check_with_notes(header, &row).unwrap();
        assert!(
            answer.is_none()
                && document.is_none()
                && account.document.is_none()
                && account.question.is_none()
        );
        let texts = [account.names, account.street, account.street_number, account.block, account.flat];
        assert!(texts.iter().all(Option::is_none), "{nothing}");
        assert!(account.birth_date.is_none() && account.comuna.is_none() && account.email.is_none());
        assert!(account.home_phone.is_none() && account.work_phone.is_none() && account.mobile.is_none());
        assert_eq!(notes.placeholders.len(), 17, "{nothing}");
    }
    let company = check_with_notes(
        "tipo,rut,nombres,razon_social,rut_representante,nombres_representante,celular",
        "juridica,76192083-9,NULL,N/A,\\N,-,#N/A",
    );
    let (Candidate { account, .. }, notes) = company.unwrap();
    assert!(
        account.names.is_none() && account.representative.is_none() && account.representative_names.is_none()
    );
    assert_eq!(notes.placeholders.len(), 5);
    for date in ["0000-00-00", "00/00/0000", "0000-00-00 00:00:00"] {
        let (Candidate { account, .. }, notes) =
            check_with_notes("rut,fecha_nacimiento", &format!("11111111-1,{date}")).unwrap();
        assert_eq!((account.birth_date, notes.placeholders), (None, vec![Column::BirthDate]));
    }
    let (kept, notes) = check_with_notes("rut,direccion,numero", "11111111-1,Null Island,S/N").unwrap();
    assert_eq!(kept.account.street_number.as_deref(), Some("S/N"), "how people write such an address");
    assert_eq!((kept.account.street.as_deref(), notes.placeholders.len()), (Some("Null Island"), 0));
    let row = "11111111-1,pasaporte,NA,P1234567";
    let (namibia, notes) = check_with_notes("rut,documento_tipo,documento_pais,documento", row).unwrap();
    assert_eq!((namibia.account.document.unwrap().1.code(), notes.placeholders.len()), ("NA", 0));
}

#[test]
fn a_import_numbers_of_spreadsheets_are_read_as_typed_or_refused() {
    let rut = |text: &str| check("rut", text).map(|candidate| candidate.account.identifier);
    for text in [
        "=\"10000181-0\"",
        "\"=\"\"10000181-0\"\"\"",
        "'10000181-0",
        "'10.000.181-0'",
        "100001810",
        "10.000.181-0",
    ] {
        assert_eq!(rut(text).as_deref(), Ok("10000181-0"), "{text}");
    }
    for text in [
        "10000181.0",
        "\"10000181,0\"",
        "10000181.00",
        "1.00018E+07",
        "\"1,00018E+07\"",
        "1.00018e7",
        "10000181.000",
    ] {
        assert_eq!(faults("rut", text), [("rut", Why::ChangedNumber)], "{text}");
        assert_eq!(faults("tipo,nie", &format!("migrante,{text}")), [("nie", Why::ChangedNumber)], "{text}");
        for column in ["celular", "telefono_particular", "comuna", "numero", "departamento"] {
            let row = format!("11111111-1,{text}");
            assert_eq!(faults(&format!("rut,{column}"), &row), [(column, Why::ChangedNumber)], "{text}");
        }
        let row = format!("11111111-1,otro,VE,{text}");
        let found = faults("rut,documento_tipo,documento_pais,documento", &row);
        assert_eq!(found, [("documento", Why::ChangedNumber)], "{text}");
    }
    for text in ["10.000.181", "\"10,000,181\""] {
        assert_eq!(faults("rut", text), [("rut", Why::AmbiguousRut)], "{text}");
    }
    assert_eq!(faults("rut,celular", "11111111-1,91234567.0"), [("celular", Why::ChangedNumber)]);
    for answer in ["150000.0", "1.5E+05"] {
        let row = format!("11111111-1,primer-sueldo,{answer}");
        assert_eq!(faults("rut,pregunta,respuesta", &row), [("respuesta", Why::ChangedNumber)], "{answer}");
    }
    assert_eq!(faults("rut", "=A1"), [("rut", Why::Formula)]);
    assert_eq!(faults("rut,nombres", "11111111-1,=HYPERLINK(A1)"), [("nombres", Why::Formula)]);
    let mobile =
        check("rut,celular", "11111111-1;\"912,345,678\"".replace(';', ",").as_str()).unwrap().account.mobile;
    assert_eq!(mobile.unwrap().as_str(), "+56912345678");
}

#[test]
fn a_import_dates_of_databases_are_read_without_their_midnight() {
    for date in [
        "1992-12-01 00:00:00",
        "1992-12-01T00:00:00Z",
        "1992-12-01 00:00:00.000",
        "01/12/1992 0:00",
        "'01-12-1992",
    ] {
        let account = check("rut,fecha_nacimiento", &format!("11111111-1,{date}")).unwrap().account;
        assert_eq!(account.birth_date.map(BirthDate::plain).as_deref(), Some("1992-12-01"), "{date}");
    }
    for date in ["33939", "33939.0", "01-12-92", "1992-12-01 10:30:00", "12/25/1992", "1899-12-30"] {
        assert_eq!(faults("rut,fecha_nacimiento", &format!("11111111-1,{date}")).len(), 1, "{date}");
    }
}

#[test]
fn a_import_values_in_columns_without_a_name_are_refused() {
    assert!(check("rut,email,,", "11111111-1,,,").is_ok());
    for row in ["11111111-1,,,x", "11111111-1,,x,"] {
        assert_eq!(faults("rut,email,,", row), [("-", Why::Unnamed)]);
    }
    assert_eq!(faults("rut,email,,", "11111111-1,"), [("-", Why::FieldCount)]);
}

#[test]
fn a_import_letters_that_were_encoded_twice_are_refused_and_lost_ones_noted() {
    for (column, value) in [
        ("nombres", "JosÃ© MuÃ±oz"),
        ("direccion", "PeÃ±alolÃ©n"),
        ("numero", "NÂ° 5"),
        ("comuna", "Ã‘uÃ±oa"),
        ("nombres", "Jos├® Rojas"),
    ] {
        let row = format!("11111111-1,{value}");
        assert_eq!(faults(&format!("rut,{column}"), &row), [(column, Why::EncodedTwice)], "{value}");
    }
    for (names, lost) in [("José Muñoz", false), ("Jos\u{fffd}", true)] {
        let (_, notes) = check_with_notes("rut,nombres", &format!("11111111-1,{names}")).unwrap();
        assert_eq!(notes.lost_letters, lost, "{names}");
    }
}

#[test]
fn a_import_dates_and_boxes_of_spreadsheets_are_no_address() {
    for column in ["numero", "block", "departamento"] {
        for date in ["12-ene", "ene-12", "01-12-2026", "2026-12-01"] {
            let row = format!("11111111-1,{date}");
            assert_eq!(faults(&format!("rut,{column}"), &row), [(column, Why::ChangedNumber)], "{date}");
        }
    }
    for nothing in ["FALSO", "VERDADERO", "TRUE", "false"] {
        let row = format!("11111111-1,{nothing},{nothing},12-A");
        let (kept, notes) = check_with_notes("rut,direccion,departamento,numero", &row).unwrap();
        assert_eq!((kept.account.street, kept.account.flat), (None, None), "{nothing}");
        assert_eq!((kept.account.street_number.as_deref(), notes.placeholders.len()), (Some("12-A"), 2));
    }
}

#[test]
fn a_import_a_house_without_a_number_is_kept_as_people_write_it() {
    for number in ["S/N", "s/n", "S.N.", "S. N.", "s / n", "SN", "sin número", "SIN NUMERO", "(S/N)"] {
        let (kept, notes) = check_with_notes("rut,numero", &format!("11111111-1,{number}")).unwrap();
        assert_eq!((kept.account.street_number.as_deref(), notes.placeholders.len()), (Some(number), 0));
    }
    for street in ["S/N", "sin número"] {
        assert_eq!(check("rut,direccion", &format!("11111111-1,{street}")).unwrap().account.street, None);
    }
}

#[test]
fn a_import_labels_and_cards_around_values_are_left_out() {
    let header = "tipo,nie,email,celular,telefono_particular";
    let row = "migrante,NIE: AB123456,Correo: ana@correo.cl,TEL;TYPE=CELL:+56912345678,Fono: (2) 2123 4567";
    let account = check(&header.replace(',', "|"), &row.replace(',', "|")).unwrap().account;
    assert_eq!((account.identifier.as_str(), account.email.unwrap().as_str()), ("AB123456", "ana@correo.cl"));
    assert_eq!(account.mobile.unwrap().as_str(), "+56912345678");
    assert_eq!(account.home_phone.unwrap().as_str(), "+56221234567");
    assert_eq!(faults("rut,celular", "11111111-1,56912345").len(), 1);
    let account = check("rut,dv", "12.345.678,5").unwrap().account;
    assert_eq!(account.identifier, "12345678-5");
    let found = faults("tipo,rut,dv,nie", "migrante,,5,AB123456");
    assert_eq!(found, [("dv", Why::OtherIdentifier)]);
}

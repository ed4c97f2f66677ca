//! A-IMPORT: accounts of the older system from a CSV file.

use std::fmt::Write as _;
use std::io::{Read, Seek};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend::clock::chilean_day;
use backend::import::{
    Column, Counts, Encoding, Fault, HeaderError, ImportError, Options, Progress, Refusal, Warning, Why, run,
};
use backend::store::accounts::{self, Account};
use domain::company::CompanyKind;
use domain::field::{Field, FieldError, Reason};
use domain::kind::Kind;
use domain::rut::Rut;

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    a_import_writes_accounts_and_repeating_it_changes_nothing,
    a_import_writes_companies,
    a_import_leaves_existing_accounts_unchanged,
    a_import_a_failed_batch_is_rolled_back,
    a_import_aborted_leaves_whole_batches_and_can_be_repeated,
    a_import_two_concurrent_imports_write_each_account_once,
    a_import_refuses_rows_by_line_column_and_reason,
    a_import_reads_what_spreadsheets_write,
    a_import_warns_once_for_each_column,
    a_import_numbers_without_a_check_digit_create_no_account,
    a_import_refuses_letters_that_were_encoded_twice_and_goes_on,
    a_import_latin1_stops_at_a_file_in_utf8,
    a_import_reads_files_of_older_systems,
    a_import_a_line_of_ten_megabytes_refuses_one_row_only,
    a_import_refuses_files_that_are_not_account_lists,
    a_import_keys_of_the_older_system_open_their_accounts,
    a_import_proofs_are_hashed,
    a_import_a_dry_run_reports_counts_and_writes_nothing,
];

/// One import: its options and its progress.
struct Import {
    encoding: Encoding,
    batch: usize,
    dry_run: bool,
    progress: Arc<Progress>,
}

impl Default for Import {
    fn default() -> Self {
        Self { encoding: Encoding::Utf8, batch: 1000, dry_run: false, progress: Arc::default() }
    }
}

impl Import {
    async fn run(
        self,
        t: &TestBackend,
        file: impl Read + Seek + Send + 'static,
    ) -> Result<(Counts, Vec<Refusal>), ImportError> {
        let options = Options {
            encoding: self.encoding,
            batch: self.batch,
            dry_run: self.dry_run,
            now: t.now(),
            today: chilean_day(t.now()),
            nie_pattern: t.settings.nie.clone(),
        };
        let refused = Arc::new(Mutex::new(Vec::new()));
        let kept = refused.clone();
        let counts = run(file, options, &t.store, self.progress, move |refusal| {
            kept.lock().unwrap().push(refusal.clone());
            Ok(())
        })
        .await?;
        let refused = refused.lock().unwrap().clone();
        Ok((counts, refused))
    }
}

async fn import(t: &TestBackend, text: &str) -> (Counts, Vec<Refusal>) {
    Import::default().run(t, bytes(text)).await.unwrap()
}

fn bytes(text: impl AsRef<[u8]>) -> std::io::Cursor<Vec<u8>> {
    std::io::Cursor::new(text.as_ref().to_vec())
}

fn rut(number: u32) -> String {
    Rut::from_number(12_000_000 + number).unwrap().plain()
}

/// A CSV file of `count` people, each with a mail address.
fn people(count: u32) -> String {
    let mut text = String::from("rut,email\n");
    for number in 0..count {
        writeln!(text, "{},p{number}@ejemplo.cl", rut(number)).unwrap();
    }
    text
}

fn counts(counts: Counts) -> (u64, u64, u64, u64) {
    (counts.rows, counts.created, counts.present, counts.refused)
}

async fn account(t: &TestBackend, kind: Kind, identifier: &str) -> Account {
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::find(connection, kind, identifier).await.unwrap().unwrap()
}

async fn a_import_writes_accounts_and_repeating_it_changes_nothing(t: TestBackend) {
    let file = "\
tipo,rut,nie,nombres,clave_hash,fecha_nacimiento,direccion,numero,block,departamento,comuna,email,telefono_particular,telefono_trabajo,celular
natural,12.345.678-5,,Zutana Quiltrana,,1/12/1992,Los Aromos,12,B,3,Ñuñoa,z@ejemplo.cl,221234567,322123456,912345678
,11111111-1,,,,,Los Boldos,,,,,,,,
migrante,,ab-123456,,,,,,,,,,,,
";
    let (first, refused) = import(&t, file).await;
    assert_eq!((counts(first), refused), ((3, 3, 0, 0), vec![]));
    let before = t.dump("account").await;
    for (column, value) in [
        ("kind", "natural"),
        ("identifier", "12345678-5"),
        ("names", "Zutana Quiltrana"),
        ("birth_date", "1992-12-01"),
        ("street", "Los Aromos"),
        ("street_number", "12"),
        ("block", "B"),
        ("flat", "3"),
        ("comuna", "13120"),
        ("email", "z@ejemplo.cl"),
        ("home_phone", "+56221234567"),
        ("work_phone", "+56322123456"),
        ("mobile", "+56912345678"),
        ("identifier", "AB123456"),
    ] {
        assert!(before.contains(&format!("{column}={value};")), "{column} in {before}");
    }
    let poor = account(&t, Kind::Natural, "11111111-1").await;
    assert!(poor.key_hash.is_none() && poor.email.is_none() && !poor.has_address, "lacks data (A-MIN)");
    let migrant = account(&t, Kind::Migrante, "AB123456").await;
    assert!(migrant.names.is_none() && migrant.question.is_none());

    t.clock.advance(backend::clock::DAY);
    let (second, refused) = import(&t, file).await;
    assert_eq!((counts(second), refused), ((3, 0, 3, 0), vec![]));
    assert_eq!(t.dump("account").await, before);
}

async fn a_import_writes_companies(t: TestBackend) {
    let file = "\
tipo,rut,nombres,razon_social,tipo_empresa,rut_representante,nombres_representante,email
juridica,76.192.083-9,,Boldo y Cía.,otic,12345678-5,Zutana Quiltrana,c@ejemplo.cl
juridica,11111111-1,,,,,,
natural,11111111-1,Ana Rojas,,,,,
";
    assert_eq!((counts(import(&t, file).await.0)), (3, 3, 0, 0), "a RUT may be a person's and a company's");
    let company = account(&t, Kind::Juridica, "76192083-9").await;
    assert_eq!(company.names.as_deref(), Some("Boldo y Cía."));
    assert_eq!(company.representative.map(|rut| rut.plain()).as_deref(), Some("12345678-5"));
    let connection = &mut *t.store.connection().await.unwrap();
    let (kind, names) = accounts::company(connection, company.id).await.unwrap();
    assert_eq!((kind, names.as_deref()), (Some(CompanyKind::Otic), Some("Zutana Quiltrana")));
    let poor = account(&t, Kind::Juridica, "11111111-1").await;
    assert!(poor.names.is_none() && poor.representative.is_none() && poor.email.is_none());
    assert_eq!(accounts::company(connection, poor.id).await.unwrap(), (None, None));
    assert_eq!(counts(import(&t, file).await.0), (3, 0, 3, 0));
}

async fn a_import_leaves_existing_accounts_unchanged(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let before = t.dump("account").await;
    let (found, _) = import(&t, &format!("rut,email\n{},otra@ejemplo.cl\n", person.rut_text)).await;
    assert_eq!(counts(found), (1, 0, 1, 0));
    assert_eq!(t.dump("account").await, before);
}

/// A repeated mail address violates an index that only this test creates. The batch takes several statements on each
/// engine, and the last one fails.
async fn a_import_a_failed_batch_is_rolled_back(t: TestBackend) {
    let connection = &mut *t.store.connection().await.unwrap();
    sqlx::query("CREATE UNIQUE INDEX one_each ON account (email)").execute(&mut *connection).await.unwrap();
    let file = people(500).replace(",p490@", ",p260@");
    let import = Import { batch: 250, ..Import::default() };
    let error = import.run(&t, bytes(&file)).await.unwrap_err();
    assert!(matches!(error, ImportError::Store(_)), "{error:?}");
    assert!(!error.to_string().contains("p260@"), "{error}");
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 250, "the first batch, none of the second");

    sqlx::query("DROP INDEX one_each").execute(&mut *connection).await.unwrap();
    let import = Import { batch: 250, ..Import::default() };
    let (counted, _) = import.run(&t, bytes(&file)).await.unwrap();
    assert_eq!(counts(counted), (500, 250, 250, 0));
}

async fn a_import_aborted_leaves_whole_batches_and_can_be_repeated(t: TestBackend) {
    let (t, file) = (Arc::new(t), people(4_000));
    for millis in [20, 50, 90, 140, 200] {
        let (progress, shared, text) = (Arc::<Progress>::default(), t.clone(), file.clone());
        let import = Import { batch: 400, progress: progress.clone(), ..Import::default() };
        let task = tokio::spawn(async move { import.run(&shared, bytes(text)).await.map(|_| ()) });
        while progress.counts().rows == 0 {
            tokio::time::sleep(Duration::from_micros(100)).await;
        }
        tokio::time::sleep(Duration::from_millis(millis)).await;
        task.abort();
        let _ = task.await;
        let there = t.number("SELECT COUNT(*) FROM account").await;
        assert_eq!(there % 400, 0, "{there} after {millis} ms");
    }
    let import = Import { batch: 70, ..Import::default() };
    let (counted, _) = import.run(&t, bytes(&file)).await.unwrap();
    assert_eq!(counted.created + counted.present, 4_000);
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 4_000);
}

async fn a_import_two_concurrent_imports_write_each_account_once(t: TestBackend) {
    let file = people(1_000);
    // The second file is in reverse order, so that the batches overlap.
    let (header, rows) = file.split_once('\n').unwrap();
    let backwards: Vec<&str> = std::iter::once(header).chain(rows.lines().rev()).collect();
    let run = |text: String| Import { batch: 100, ..Import::default() }.run(&t, bytes(text));
    let (one, other) = tokio::join!(run(file.clone()), run(backwards.join("\n")));
    let (one, other) = (one.unwrap().0, other.unwrap().0);
    assert_eq!(one.created + other.created, 1_000);
    assert_eq!(one.present + other.present, 1_000);
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 1_000);
}

async fn a_import_refuses_rows_by_line_column_and_reason(t: TestBackend) {
    let file = "\
rut,email,pregunta,respuesta,celular
11111111-1,,,,
12345678-9,ana@correo,,,
,,,,

11.111.111-1,z@ejemplo.cl,,,
12345678-5,z@ejemplo.cl,,
12345678-5,\"z@ejemplo.cl,,,
12345678-5,z\u{1}@ejemplo.cl,,,
12345678-5,,pais-favorito,,12345678
76192083-9,z@ejemplo.cl,,,12345678
";
    let (counted, refused) = import(&t, file).await;
    let field = |field, reason| Why::Field(FieldError::new(field, reason));
    let found: Vec<_> = refused
        .iter()
        .flat_map(|r| r.faults.iter().map(|Fault { column, why }| (r.line, *column, *why)))
        .collect();
    assert_eq!(
        found,
        [
            (3, Some(Column::Rut), field(Field::Rut, Reason::CheckDigit)),
            (3, Some(Column::Email), field(Field::Email, Reason::Format)),
            (6, None, Why::Duplicate),
            (7, None, Why::FieldCount),
            (8, None, Why::Quote),
            (9, None, Why::Control),
            (10, Some(Column::Answer), Why::Incomplete),
        ]
    );
    assert_eq!(counts(counted), (8, 2, 0, 6));
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 2);
}

async fn a_import_reads_what_spreadsheets_write(t: TestBackend) {
    let marked =
        "\u{FEFF}RUT;Nombres;comuna\r\n11111111-1;\"Rojas; Ana \"\"Anita\"\"\";VIÑA DEL MAR\r\n\r\n;;\r\n";
    let (counted, refused) = import(&t, marked).await;
    assert_eq!((counts(counted), refused), ((1, 1, 0, 0), vec![]));
    let row = t.dump("account").await;
    assert!(row.contains("names=Rojas; Ana \"Anita\";") && row.contains("comuna=05109;"), "{row}");

    let latin1 = b"comuna,rut,nombres\n\xD1u\xF1oa,12345678-5,Mu\xF1oz \x96 P\xE9rez";
    let (counted, refused) = Import::default().run(&t, bytes(latin1)).await.unwrap();
    assert_eq!(counts(counted), (1, 0, 0, 1));
    assert_eq!(refused, [Refusal { line: 2, faults: vec![Fault { column: None, why: Why::NotUtf8 }] }]);
    let import = Import { encoding: Encoding::Latin1, ..Import::default() };
    let (counted, refused) = import.run(&t, bytes(latin1)).await.unwrap();
    assert_eq!((counts(counted), refused), ((1, 1, 0, 0), vec![]));
    assert_eq!(account(&t, Kind::Natural, "12345678-5").await.names.as_deref(), Some("Muñoz – Pérez"));
}

async fn a_import_warns_once_for_each_column(t: TestBackend) {
    let file = "\
rut,nombres,email,direccion
11111111-1,NULL,-,Los Aromos
12345678-5,N/A,ana@ejemplo.cl,José Ramón Carnicer
76192083-9,Ana,\\N,Jos\u{fffd} Joaqu\u{fffd}n
12345678-9,NULL,NULL,NULL
NULL,,,
";
    let import = Import::default();
    let progress = import.progress.clone();
    let (counted, refused) = import.run(&t, bytes(file)).await.unwrap();
    assert_eq!(counts(counted), (5, 3, 0, 2));
    assert_eq!(
        refused[1],
        Refusal { line: 6, faults: vec![Fault { column: Some(Column::Rut), why: Why::Placeholder }] }
    );
    assert_eq!(
        progress.warnings(),
        [
            Warning::Placeholders(Column::Names, 2),
            Warning::Placeholders(Column::Email, 2),
            Warning::LostLetters(1)
        ],
        "of rows that were imported"
    );
    for empty in [
        "SELECT COUNT(*) FROM account WHERE names IS NULL",
        "SELECT COUNT(*) FROM account WHERE email IS NULL",
    ] {
        assert_eq!(t.number(empty).await, 2, "{empty}");
    }
}

async fn a_import_numbers_without_a_check_digit_create_no_account(t: TestBackend) {
    // Ten of these numbers are RUTs of somebody else, too.
    let numbers: String =
        (16_300_001..16_300_111).fold(String::new(), |file, number| format!("{file}{number},\n"));
    let import = Import { batch: 7, ..Import::default() };
    let (counted, refused) =
        import.run(&t, bytes(format!("rut,email\n{numbers}11111111-1,\n"))).await.unwrap();
    assert_eq!(counts(counted), (111, 1, 0, 110));
    let why =
        |refusal: &Refusal| refusal.faults.iter().map(|fault| (fault.column, fault.why)).collect::<Vec<_>>();
    assert!(refused.iter().all(|refusal| why(refusal) == [(Some(Column::Rut), Why::NoCheckDigit)]));
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 1);
    let with_digit: String = (16_300_001..16_300_111)
        .filter_map(Rut::from_number)
        .fold(String::new(), |file, rut| format!("{file}{};{}\n", rut.number(), rut.check_digit()));
    let (counted, refused) = self::import(&t, &format!("RUT;Dígito Verificador\n{with_digit}")).await;
    assert_eq!((counts(counted), refused), ((110, 110, 0, 0), vec![]));
    assert!(t.dump("account").await.contains("identifier=16300001-"));
}

async fn a_import_refuses_letters_that_were_encoded_twice_and_goes_on(t: TestBackend) {
    let (counted, refused) =
        import(&t, "rut,nombres\n11111111-1,JosÃ©\n12345678-5,José\n76192083-9,Ã\u{81}vila\n").await;
    assert_eq!(counts(counted), (3, 1, 0, 2));
    let found: Vec<_> = refused.iter().map(|r| (r.line, r.faults[0].column, r.faults[0].why)).collect();
    assert_eq!(found, [(2, Some(Column::Names), Why::EncodedTwice), (4, None, Why::EncodedTwice)]);
}

async fn a_import_latin1_stops_at_a_file_in_utf8(t: TestBackend) {
    let latin1 = |dry_run| Import { encoding: Encoding::Latin1, dry_run, ..Import::default() };
    for (file, line) in [
        ("rut,nombres\n11111111-1,Ana\n12345678-5,José\n", 3),
        ("rut,Razón Social\n11111111-1,Ana\n", 1),
        ("rut,nombres\n\n11111111-1,“Ana”\n", 3),
    ] {
        for dry_run in [true, false] {
            match latin1(dry_run).run(&t, bytes(file)).await {
                Err(ImportError::Utf8(found)) => assert_eq!(found, line),
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
    // A file in Latin-1 with one line of another.
    let mixed = [&b"rut,nombres\n11111111-1,Mu\xf1oz\n12345678-5,"[..], "José\n".as_bytes()].concat();
    let (counted, refused) = latin1(false).run(&t, bytes(mixed)).await.unwrap();
    assert_eq!(counts(counted), (2, 1, 0, 1));
    assert_eq!(refused, [Refusal { line: 3, faults: vec![Fault { column: None, why: Why::Utf8Line }] }]);
    // What Windows-1252 has where Latin-1 has nothing.
    let quotes = b"rut,nombres,direccion\n12345678-5,Ana,\x93Los Boldos\x94 \x96 \x80\n";
    let (counted, _) = latin1(false).run(&t, bytes(quotes)).await.unwrap();
    assert_eq!(counts(counted), (1, 1, 0, 0));
    assert!(t.dump("account").await.contains("street=“Los Boldos” – €;"));
    let undefined = b"rut,nombres\n76192083-9,A\x81b\n";
    let (_, refused) = latin1(false).run(&t, bytes(undefined)).await.unwrap();
    assert_eq!(refused, [Refusal { line: 2, faults: vec![Fault { column: None, why: Why::Control }] }]);
}

async fn a_import_reads_files_of_older_systems(t: TestBackend) {
    let name = async |rut| account(&t, Kind::Natural, rut).await.names;
    for (rut, file) in [
        ("11111111-1", "rut,nombres\r11111111-1,Ana\r\r"),
        ("12345678-5", "sep=;\r\nRut; Nombres \r\n12345678-5;Ana\r\n\u{1a}"),
        ("76192083-9", "RUT\tNOMBRES\t\n76192083-9\tAna\t\n\0\0\0"),
        ("10000181-0", "\u{feff}nombres|rut\nAna|'10000181-0\n"),
    ] {
        let (counted, refused) = import(&t, file).await;
        assert_eq!((counts(counted), refused), ((1, 1, 0, 0), vec![]), "{file:?}");
        assert_eq!(name(rut).await.as_deref(), Some("Ana"), "{file:?}");
    }
}

async fn a_import_a_line_of_ten_megabytes_refuses_one_row_only(t: TestBackend) {
    let file = [&b"rut\n11111111-1\n"[..], &vec![b'1'; 10_000_000], b"\n12345678-5\n"].concat();
    let (counted, refused) = Import::default().run(&t, bytes(file)).await.unwrap();
    assert_eq!(refused, [Refusal { line: 3, faults: vec![Fault { column: None, why: Why::LineTooLong }] }]);
    assert_eq!(counts(counted), (3, 2, 0, 1));
}

async fn a_import_refuses_files_that_are_not_account_lists(t: TestBackend) {
    for (file, reason) in [
        (&b""[..], HeaderError::Empty),
        (b"\n\r\n", HeaderError::Empty),
        (b"\x89PNG\r\n\x1A\n\0\0\0", HeaderError::Line(Why::NotUtf8)),
        (b"\x7FELF\x02\x01\0\0\0", HeaderError::Line(Why::Control)),
        (b"PK\x03\x04\x14\0", HeaderError::Workbook),
        (b"r\0u\0t\0", HeaderError::Utf16),
        (b"\xFF\xFEr\0u\0t\0", HeaderError::Utf16),
        (b"11111111-1,z@ejemplo.cl\n12345678-5,y@ejemplo.cl\n", HeaderError::NoHeader),
        (b"rut,sueldo\n11111111-1,1\n", HeaderError::Unknown(vec!["sueldo".to_owned()])),
        (b"email\nz@ejemplo.cl\n", HeaderError::NoIdentifier),
    ] {
        match Import::default().run(&t, bytes(file)).await {
            Err(ImportError::Header(found)) => assert_eq!(found, reason),
            other => panic!("{other:?}"),
        }
    }
    let long = Import::default().run(&t, bytes("rut".repeat(100_000))).await;
    assert!(matches!(long, Err(ImportError::Header(HeaderError::Line(Why::LineTooLong)))));
    assert_eq!(t.number("SELECT COUNT(*) FROM account").await, 0);
}

/// How each hash was made is in `backend/src/hashing/older_tests.rs`.
async fn a_import_keys_of_the_older_system_open_their_accounts(t: TestBackend) {
    let hashes = [
        "$2y$05$P9PKw3mWWWJGoJHUB2ym3uPITp2uizSv7mqysm7PnAoN367SN/cdi",
        "$pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw$r1nSWWygO.6YwwxVK/q9N.BZxGh.929lPCLntH.brLg",
        "\"$pbkdf2-sha512$i=2000,l=32$AAECAwQFBgcICQoLDA0ODw$UZd6s5m4AWkpMBxr7d1LznWPdSdqwUOY0XI4MPGGNWM\"",
        "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9pJKbFdmP7L5iJgJp7nPWVyrmdTyba6FYFGwIalHCTVQ==",
        "AAABAgMEBQYHCAkKCwwNDg/CBu1qM2lWisWIdjBFmxTt50vWQVomNZ1rxNTqyzQCPg==",
        "\"$argon2id$v=19$m=64,t=3,p=2$AAECAwQFBgcICQoLDA0ODw$2RfBLeqTgWxHtQwQtYGY81ivrmotk/+o\"",
    ];
    let mut file = String::from("rut,clave_hash\n");
    for (number, hash) in (0..).zip(hashes) {
        writeln!(file, "{},{hash}", rut(number)).unwrap();
    }
    writeln!(file, "{},Quillay7x\n{},", rut(90), rut(91)).unwrap();
    let (counted, refused) = import(&t, &file).await;
    assert_eq!(counts(counted), (8, 7, 0, 1));
    assert_eq!(refused[0].line, 8, "a key that is not hashed is refused");
    for number in 0..6 {
        let account = account(&t, Kind::Natural, &rut(number)).await;
        let hash = account.key_hash.as_deref();
        assert_eq!(t.hasher.verify("Quillay7x", hash).await, Ok(true), "{hash:?}");
        assert_eq!(t.hasher.verify("Quillay7y", hash).await, Ok(false), "{hash:?}");
        assert!(!t.hasher.is_current(hash.unwrap()));
    }
    let keyless = account(&t, Kind::Natural, &rut(91)).await;
    assert_eq!(keyless.key_hash, None);
    assert_eq!(t.hasher.verify("", keyless.key_hash.as_deref()).await, Ok(false));
}

async fn a_import_proofs_are_hashed(t: TestBackend) {
    let file = "\
tipo,nie,rut,pregunta,respuesta,documento_tipo,documento_pais,documento
migrante,AB123456,,pais-favorito,Mi Perú,pasaporte,PE,x-99.887.766
,,11111111-1,primera-mascota,Boldo,,,
,,12345678-5,,,,,
";
    assert_eq!(counts(import(&t, file).await.0), (3, 3, 0, 0));
    let migrant = account(&t, Kind::Migrante, "AB123456").await;
    assert_eq!(migrant.asked().unwrap().id(), "pais-favorito");
    assert_eq!(t.hasher.verify("miperu", migrant.answer_hash.as_deref()).await, Ok(true));
    assert_eq!(t.hasher.verify("X99887766", migrant.document_hash.as_deref()).await, Ok(true));
    let natural = account(&t, Kind::Natural, "11111111-1").await;
    assert_eq!(t.hasher.verify("boldo", natural.answer_hash.as_deref()).await, Ok(true));
    assert!(account(&t, Kind::Natural, "12345678-5").await.asked().is_none());
    let before = t.dump("account").await;
    assert!(
        before.contains("document_kind=pasaporte;") && before.contains("document_country=PE;"),
        "{before}"
    );
    for plain in ["Perú", "miperu", "99887766", "Boldo", "boldo"] {
        assert!(!before.contains(plain), "{plain}");
    }
    assert_eq!(counts(import(&t, file).await.0), (3, 0, 3, 0));
    assert_eq!(t.dump("account").await, before);
}

async fn a_import_a_dry_run_reports_counts_and_writes_nothing(t: TestBackend) {
    import(&t, &people(3)).await;
    let before = t.dump("account").await;
    let import = Import { dry_run: true, batch: 100, ..Import::default() };
    let file = format!("{}1-9,x\n{},p@ejemplo.cl\n", people(250), rut(7));
    let (counted, refused) = import.run(&t, bytes(file)).await.unwrap();
    assert_eq!(counts(counted), (252, 247, 3, 2));
    assert_eq!(refused.iter().map(|r| r.line).collect::<Vec<_>>(), [252, 253]);
    assert_eq!(t.dump("account").await, before);
}

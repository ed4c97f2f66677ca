//! The fuzz target of the import: whatever the file, each row is either an account that the parsers of `domain` accept, or is
//! refused with a reason and its line.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use domain::birth::Date;
use domain::identifier::{Identifier, IdentifierInput};
use domain::kind::Kind;
use domain::nie::NiePattern;
use fuzz::texts;
use tokio::sync::mpsc;

use super::progress::Progress;
use super::read::Reading;
use super::row::{Candidate, Checker};
use super::{Encoding, Refusal};

/// A file; one that begins with `L` is Latin-1, without that letter.
pub(crate) fn import(input: &[u8]) {
    let (encoding, file) = match input.strip_prefix(b"L") {
        Some(rest) => (Encoding::Latin1, rest),
        None => (Encoding::Utf8, input),
    };
    let progress = Arc::<Progress>::default();
    let refusals = Arc::new(Mutex::new(Vec::<Refusal>::new()));
    let noted = refusals.clone();
    let reading = Reading {
        encoding,
        batch: usize::MAX,
        checker: Checker { today: Date::constant(2026, 11, 29), nie_pattern: Arc::new(NiePattern::any()) },
        progress: progress.clone(),
        refused: Box::new(move |refusal| {
            noted.lock().unwrap_or_else(PoisonError::into_inner).push(refusal.clone());
            Ok(())
        }),
    };
    let (batches, mut taken) = mpsc::channel(1);
    let read = reading.run(std::io::Cursor::new(file), &batches);
    let candidates = taken.try_recv().unwrap_or_default();
    if read.is_err() {
        assert!(candidates.is_empty(), "nothing is imported of a file without a header");
        return;
    }
    let refusals = refusals.lock().unwrap_or_else(PoisonError::into_inner);
    let counts = progress.counts();
    assert_eq!(counts.bytes, file.len() as u64, "the whole file is read");
    assert_eq!(counts.rows, (candidates.len() + refusals.len()) as u64, "no row is lost");
    assert_eq!(counts.refused, refusals.len() as u64);
    assert!(refusals.is_sorted_by_key(|refusal| refusal.line));
    assert!(refusals.iter().all(|refusal| refusal.line > 1 && !refusal.faults.is_empty()));
    let mut seen = HashSet::new();
    for candidate in &candidates {
        let account = &candidate.account;
        assert!(
            seen.insert((account.kind.slug(), account.identifier.clone())),
            "an identity is imported twice"
        );
        sound(candidate);
    }
}

/// What is written is what the parsers of `domain` would give.
fn sound(candidate: &Candidate) {
    let account = &candidate.account;
    let number = IdentifierInput::Number(&account.identifier);
    assert_ne!(account.kind, Kind::Facilitador);
    let identifier = Identifier::parse(account.kind, number, &NiePattern::any());
    assert_eq!(identifier.map(|identifier| identifier.plain()).as_deref(), Ok(account.identifier.as_str()));
    let texts = [&account.names, &account.street, &account.street_number, &account.block, &account.flat];
    let breaks = |text: &String| text.chars().any(char::is_control) || text.trim() != text || text.is_empty();
    assert!(!texts.into_iter().flatten().any(breaks), "a text that could break out of its line");
    assert_eq!(account.question.is_some(), candidate.answer.is_some());
    assert_eq!(account.document.is_some(), candidate.document.is_some());
}

/// Files of people, migrants and companies.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        "rut,email,celular\n11.111.111-1,ana@correo.cl,912345678\n12345678-5,,\n",
        "rut;nombres;comuna;direccion\r\n11111111-1;\"Ana \"\"la\"\" Rojas\";Ñuñoa;Los Aromos\r\n11111111-1;;;\r\n",
        "tipo,rut,nie\nmigrante,,EX-123456\nnatural,11111111-1,\njuridica,76.192.083-9,\n",
        "rut;dv\n12345678;5\n1000005;k\n",
        "rut\n16300004\n16300005\n16300006\n",
        "\u{feff}rut,fecha_nacimiento\n11111111-1,01-12-1992\n1-9,2030-01-01\n",
    ]);
    seeds.push(b"Lrut;nombres\n11111111-1;Mu\xf1oz\n".to_vec());
    let all = super::Column::ALL.map(super::Column::name).join(";");
    let row = "migrante;;ab-123456;Ana  Rojas;;;;;;pais-favorito;Per\u{fa};1/12/1992;Pasaporte;ve;v-12.345.678;Los Aromos;12;B;3;\
               13120;Ana@Correo.CL;221234567;+56 32 212 3456;9 1234 5678";
    seeds.push(format!("{all}\n{row}\n").into_bytes());
    seeds
}

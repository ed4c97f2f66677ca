//! Keys, provisional keys and answers as telephones and pastes write them.

use argon2::Params;
use domain::flow::change::Change;
use domain::flow::recovery::Recovery;

use crate::support::accounts::hash_with;
use crate::support::people::key_in;
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    n_chg_a_key_is_right_in_every_way_that_unicode_writes_it,
    n_chg_a_space_that_a_telephone_adds_does_not_make_a_key_wrong,
    n_chg_a_provisional_key_is_right_as_it_was_copied,
    n_rec_3_an_answer_that_was_hashed_before_is_still_right,
    security_as_many_hashes_for_a_key_or_answer_with_or_without_an_account,
];

fn hash(secret: &str) -> String {
    hash_with(secret, Params::new(64, 1, 1, None).unwrap())
}

async fn n_chg_a_key_is_right_in_every_way_that_unicode_writes_it(t: TestBackend) {
    let person = Person::number(1);
    let account = t.account(&person).await;
    let (composed, decomposed) = ("ñandú7xq", "n\u{303}andu\u{301}7xq");
    t.change_key(&person, &person.key, decomposed).await;
    assert!(t.key_is(&person, composed).await, "a key is set with each letter as one character");
    t.proven_by_key(&person, composed).await;
    t.proven_by_key(&person, decomposed).await;
    t.write("UPDATE account SET key_hash = $2 WHERE id = $1", account, &hash(decomposed)).await;
    t.proven_by_key(&person, decomposed).await;
}

async fn n_chg_a_space_that_a_telephone_adds_does_not_make_a_key_wrong(t: TestBackend) {
    let person = Person::number(1);
    let account = t.account(&person).await;
    for typed in [format!("{} ", person.key), format!("\u{feff}{}\u{200b}", person.key)] {
        t.proven_by_key(&person, &typed).await;
    }
    t.write("UPDATE account SET key_hash = $2 WHERE id = $1", account, &hash("Quillay7 ")).await;
    t.proven_by_key(&person, "Quillay7 ").await;
    let page = t.changing().identify(&person.rut_text, "Quillay7").await;
    assert_eq!(page.state, Change::Identify, "the space was part of that key");
}

async fn n_chg_a_provisional_key_is_right_as_it_was_copied(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    browser.answer(&person.answer).await;
    browser.send_right().await;
    let key = key_in(&t.messages().await[0]).unwrap();
    let look_alikes = key.replace('0', "o").replace('1', "l").replace('5', "S").replace('8', "b");
    for copied in [format!("«{key}»."), format!("clave: {} {}", &key[..3], &key[3..]), look_alikes] {
        t.proven_by_key(&person, &copied).await;
    }
}

async fn n_rec_3_an_answer_that_was_hashed_before_is_still_right(t: TestBackend) {
    let person = Person::number(1);
    let account = t.account(&person).await;
    let is_right = async |answer: &str| {
        let mut browser = t.recovering();
        browser.rut(&person.rut_text).await;
        matches!(browser.answer(answer).await.state, Recovery::Captcha(_) | Recovery::Mail(_))
    };
    assert!(is_right(&person.answer).await);
    // As answers were folded before: without the sign of degree, and with the ordinal.
    for (former, typed) in
        [("liceon5", "Liceo N° 5"), ("liceonº5", "Liceo Nº 5"), ("ﬁn", "ﬁn"), ("nguyễn", "Nguyễn")]
    {
        t.write("UPDATE account SET answer_hash = $2 WHERE id = $1", account, &hash(former)).await;
        assert!(is_right(typed).await, "{typed}");
    }
    t.write("UPDATE account SET answer_hash = $2 WHERE id = $1", account, &hash("liceono5")).await;
    for same in ["Liceo N° 5", "Liceo Nº 5", "liceo no. 5"] {
        assert!(is_right(same).await, "{same}");
    }
    assert!(!is_right("Liceo N° 6").await);
}

async fn security_as_many_hashes_for_a_key_or_answer_with_or_without_an_account(t: TestBackend) {
    let (known, unknown) = (Person::number(1), Person::number(2));
    t.account(&known).await;
    for (typed, most) in [("NoEsEsta1", 1), ("NoEsEsta1 ", 2), ("n\u{303}oEsEsta ", 3)] {
        let mut runs = Vec::new();
        for person in [&known, &unknown] {
            let before = t.hasher.runs();
            t.changing().identify(&person.rut_text, typed).await;
            runs.push(t.hasher.runs() - before);
        }
        assert_eq!(runs, [most, most], "{typed:?}");
    }
    // An unknown RUT may be shown no question; these are looked at until one is.
    let mut asked = None;
    for number in 2..60 {
        let person = Person::number(number);
        if matches!(t.recovering().rut(&person.rut_text).await.state, Recovery::Question(_)) {
            asked = Some(person);
            break;
        }
    }
    let asked = asked.expect("one of many unknown RUT is asked a question");
    for (typed, most) in [("no es esta", 1), ("N° 7", 2)] {
        let mut runs = Vec::new();
        for person in [&known, &asked] {
            let mut browser = t.recovering();
            browser.rut(&person.rut_text).await;
            let before = t.hasher.runs();
            browser.answer(typed).await;
            runs.push(t.hasher.runs() - before);
        }
        assert_eq!(runs, [most, most], "{typed:?}");
    }
}

//! Keys hashed with older parameters or algorithms: they are rehashed at the next right key, kept as former keys, and
//! copied by decoys.

use argon2::Params;
use backend::hashing::Hasher;
use backend::store::accounts;
use domain::field::{Field, Reason};
use domain::flow::AccountId;
use domain::flow::change::Change;
use domain::flow::update::Update;
use domain::identifier::Identifier;
use domain::kind::Kind;

use crate::support::accounts::hash_with;
use crate::support::{Person, TestBackend, at_once, on_both_engines};

on_both_engines![
    security_an_older_hash_is_replaced_at_the_next_right_key,
    security_sixteen_right_keys_at_once_replace_an_older_hash_once,
    security_a_rehash_does_not_overwrite_a_newer_key,
    security_an_imported_key_cannot_be_set_again,
    security_decoys_have_older_hashes_as_often_as_accounts,
    security_the_hash_of_a_decoy_opens_no_account,
];

const CURRENT: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// An account whose key was hashed with other parameters; `remembered` also lists it among the former keys.
async fn older(t: &TestBackend, person: &Person, remembered: bool) -> (AccountId, String) {
    let account = t.account(person).await;
    let hash = hash_with(&person.key, Params::new(64, 3, 1, None).unwrap());
    t.write("UPDATE account SET key_hash = $2 WHERE id = $1", account, &hash).await;
    t.write("UPDATE former_key SET key_hash = $2 WHERE account_id = $1", account, &hash).await;
    if !remembered {
        t.write("DELETE FROM former_key WHERE account_id = $1 AND key_hash = $2", account, &hash).await;
    }
    (account, hash)
}

async fn former(t: &TestBackend, account: AccountId) -> Vec<String> {
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::former_keys(connection, account).await.unwrap()
}

async fn security_an_older_hash_is_replaced_at_the_next_right_key(t: TestBackend) {
    let t = t.hashing_for_real();
    for (number, by_update) in [(1, false), (2, true)] {
        let person = Person::number(number);
        let (account, old) = older(&t, &person, true).await;
        t.changing().identify(&person.rut_text, "NoEsEsta1").await;
        assert_eq!(t.on_file(&person).await.key_hash.as_ref(), Some(&old), "a wrong key changes nothing");
        let identify = async || {
            if by_update {
                let page = t.updating().by_key(&person.rut_text, &person.key).await;
                assert!(matches!(page.state, Update::Question(_)), "{:?}", page.feedback);
            } else {
                t.proven_by_key(&person, &person.key).await;
            }
        };
        let hashes = t.hasher.runs();
        identify().await;
        assert_eq!(t.hasher.runs() - hashes, 2, "one to check, one to rehash");
        let new = t.on_file(&person).await.key_hash.unwrap();
        assert!(new.starts_with(CURRENT), "{new}");
        assert_eq!(former(&t, account).await, std::slice::from_ref(&new), "the former key is rehashed too");
        assert!(t.key_is(&person, &person.key).await);

        let hashes = t.hasher.runs();
        identify().await;
        assert_eq!(t.hasher.runs() - hashes, 1, "it is rehashed only once");
        assert_eq!(t.on_file(&person).await.key_hash, Some(new));
        assert!(!t.dump("account").await.contains(&old) && !t.dump("former_key").await.contains(&old));
    }
    assert!(t.messages().await.is_empty(), "no notice: the key is the same");
}

async fn security_sixteen_right_keys_at_once_replace_an_older_hash_once(t: TestBackend) {
    let t = t.hashing_at_once();
    let person = Person::number(1);
    let (account, _) = older(&t, &person, true).await;
    let identify = (0..16).map(|number| {
        let mut browser = t.changing().at_address(&format!("198.51.100.{number}"));
        let person = person.clone();
        async move { browser.identify(&person.rut_text, &person.key).await.state }
    });
    for state in at_once(identify).await {
        assert!(matches!(state, Change::NewKey(_)), "{state:?}");
    }
    let new = t.on_file(&person).await.key_hash.unwrap();
    assert!(new.starts_with(&t.hasher.current_prefix()));
    assert_eq!(former(&t, account).await, [new]);
    t.change_key(&person, &person.key, "Peumo#41").await;
}

async fn security_a_rehash_does_not_overwrite_a_newer_key(t: TestBackend) {
    let person = Person::number(1);
    let (account, old) = older(&t, &person, true).await;
    let late = Hasher::worthless(1, 10).unwrap().hash(&person.key).await.unwrap();
    t.change_key(&person, &person.key, "Peumo#41").await;
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::rehash_key(connection, account, &old, &late).await.unwrap();
    assert!(t.key_is(&person, "Peumo#41").await);
    assert!(!t.dump("former_key").await.contains(&late));
}

async fn security_an_imported_key_cannot_be_set_again(t: TestBackend) {
    let cases = [(1, true, false), (2, false, false), (3, true, true), (4, false, true)];
    for (number, remembered, provisional) in cases {
        let person = Person::number(number);
        let (account, _) = older(&t, &person, remembered).await;
        let key = if provisional { t.recover_by_answer(&person).await } else { person.key.clone() };
        let mut browser = t.proven_by_key(&person, &key).await;
        let page = browser.set(&person.key).await;
        assert_eq!(page.errors(), [(Field::NewKey, Reason::UsedBefore)], "it is the current key");
        assert_eq!(
            browser.set("Peumo#41").await.state,
            Change::Done { by_sms: true, question_deleted: false }
        );
        assert_eq!(former(&t, account).await.len(), 2);
        t.clock.advance(1000);
        let mut browser = t.proven_by_key(&person, "Peumo#41").await;
        let page = browser.set(&person.key).await;
        assert!(matches!(page.state, Change::NewKey(_)), "{number}");
        assert_eq!(page.errors(), [(Field::NewKey, Reason::UsedBefore)], "{number}");
        t.change_key(&person, "Peumo#41", "Boldo#123").await;
        let page = t.proven_by_key(&person, "Boldo#123").await.set(&person.key).await;
        assert_eq!(page.errors(), [(Field::NewKey, Reason::UsedBefore)], "{number}, a change later");
    }
}

/// A hash that the older system may have made.
const OTHER: &str = "$pbkdf2-sha256$i=1000$c29tZXNhbHRzb21l$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn security_decoys_have_older_hashes_as_often_as_accounts(t: TestBackend) {
    let of_kind = |kind| {
        (100..400)
            .filter_map(|number| {
                let who = Identifier::Rut(Person::number(number).rut);
                t.decoys.key_hash(&t.secrets, kind, &who)
            })
            .collect::<Vec<_>>()
    };
    for number in 0..10 {
        let account = t.account(&Person::number(number)).await;
        if number % 2 == 0 {
            t.write("UPDATE account SET key_hash = $2 WHERE id = $1", account, OTHER).await;
        }
    }
    assert_eq!(of_kind(Kind::Natural).len(), 0, "decoys change only when refreshed");
    t.refresh_decoys().await.unwrap();
    let half = of_kind(Kind::Natural);
    assert!(
        (100..200).contains(&half.len()),
        "{} of 300 decoys, when half of the accounts have one",
        half.len()
    );
    assert!(half.iter().all(|hash| hash == OTHER));
    assert_eq!(of_kind(Kind::Natural).len(), half.len(), "always the same ones");
    assert_eq!(of_kind(Kind::Migrante).len(), 0, "no account of a migrant has one");

    t.write("UPDATE account SET key_hash = $2 WHERE id <> $1", AccountId(0), &t.hasher.current_prefix())
        .await;
    t.refresh_decoys().await.unwrap();
    assert_eq!(of_kind(Kind::Natural).len(), 0, "all keys were rehashed");
}

async fn security_the_hash_of_a_decoy_opens_no_account(t: TestBackend) {
    let (person, unknown) = (Person::number(1), Person::number(2));
    let account = t.account(&person).await;
    t.write("UPDATE account SET key_hash = $2 WHERE id = $1", account, OTHER).await;
    t.refresh_decoys().await.unwrap();
    let who = Identifier::Rut(unknown.rut);
    assert!(t.decoys.key_hash(&t.secrets, Kind::Natural, &who).is_some(), "every account has such a hash");
    for key in [person.key.as_str(), "A00000A0"] {
        let mut paid = Vec::new();
        for who in [&person, &unknown] {
            let hashes = t.hasher.runs();
            let page = t.changing().identify(&who.rut_text, &format!("{key}x")).await;
            assert_eq!(
                (page.state.clone(), page.errors()),
                (Change::Identify, vec![(Field::CurrentKey, Reason::Wrong)])
            );
            let page = t.changing().identify(&who.rut_text, key).await;
            assert!(
                who.rut == person.rut || page.state == Change::Identify,
                "the key of another account is refused"
            );
            paid.push(t.hasher.runs() - hashes);
        }
        assert_eq!(paid[0], paid[1]);
    }
}

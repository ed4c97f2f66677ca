//! F-REVIEW: granting and refusing. One decision counts, and with it come account, key, mails and audit, or nothing.

use backend::clock::DAY;
use backend::service::officers::Officer;
use backend::service::review::{Granted, Holder, Refused, ReviewService, Unable};
use backend::store::accounts::{self, Account, NewAccount};
use backend::store::requests::RequestState;
use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::registration::Contact;
use domain::flow::request::RequestNumber;
use domain::kind::Kind;
use domain::motive::Motive;
use domain::phone::Mobile;
use domain::question::SecretQuestion;

use crate::support::accounts::{OnFile, hash};
use crate::support::mesa::{Facilitator, desk_caller};
use crate::support::people::{key_in, recipients};
use crate::support::{Company, TestBackend, at_once, on_both_engines};

on_both_engines![
    f_review_granted_the_facilitator_has_an_account_and_a_key,
    security_a_decision_that_fails_at_its_last_row_leaves_nothing,
    f_review_refused_the_company_is_told_why,
    f_review_who_may_only_look_decides_nothing,
    f_review_what_is_decided_stays_decided,
    security_the_answer_does_not_outlive_the_decision,
    security_of_sixteen_officers_who_grant_and_refuse_one_decides,
    security_sixteen_grants_of_one_request_make_one_key,
    f_review_an_existing_account_keeps_its_data_until_the_key_is_used,
    f_review_the_same_address_needs_no_warning,
    f_review_two_companies_ask_for_one_person_and_both_are_granted,
    security_two_grants_for_one_person_at_once_make_one_account,
    security_a_grant_counts_only_for_the_account_that_was_shown,
    f_review_the_daily_cap_leaves_the_request_open,
    f_review_a_company_without_mail_is_no_obstacle,
    f_review_the_commands_act_under_a_name_of_their_own,
];

fn officer(name: &str) -> Officer {
    Officer { name: name.to_owned(), may_decide: true }
}

fn motive() -> Motive {
    Motive::parse("La firma de la declaración no se lee.\nSúbala de nuevo.").unwrap()
}

/// What the page that asks once more shows.
async fn shown(desk: &ReviewService<'_>, number: &RequestNumber) -> Holder {
    let request = desk.find(number).await.unwrap().unwrap();
    Holder::of(desk.known(&request).await.unwrap().as_ref())
}

async fn grant(t: &TestBackend, number: &RequestNumber) -> Result<Granted, Unable> {
    let (ana, caller) = (officer("ana"), desk_caller());
    let desk = t.review(&ana, &caller);
    let seen = shown(&desk, number).await;
    desk.grant(number, seen).await.unwrap()
}

async fn account_of(t: &TestBackend, who: &Facilitator) -> Option<Account> {
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::find(connection, Kind::Facilitador, &who.document.plain()).await.unwrap()
}

/// The account of a facilitator who has had a key for long.
async fn known(t: &TestBackend, who: &Facilitator, email: &str, mobile: Option<&str>) -> AccountId {
    let (key, answer) = (hash("Quillay7x"), hash("boldo"));
    let contact = Contact {
        email: Email::parse(email).unwrap(),
        home_phone: None,
        work_phone: None,
        mobile: mobile.map(|mobile| Mobile::parse(mobile).unwrap()),
    };
    let new = NewAccount {
        kind: Kind::Facilitador,
        identifier: &who.document.plain(),
        names: Some("Como Estaba Antes"),
        key_hash: Some(&key),
        question: Some((SecretQuestion::by_index(3), &answer)),
        birth_date: None,
        document: None,
        company: None,
        address: None,
        contact: Some(&contact),
    };
    let connection = &mut *t.store.connection().await.unwrap();
    accounts::insert(connection, &new, t.now()).await.unwrap().unwrap()
}

async fn f_review_granted_the_facilitator_has_an_account_and_a_key(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let asking = t.account(&company).await;
    let number = t.filed_request(asking, &who).await;
    assert_eq!(grant(&t, &number).await, Ok(Granted { company_told: true, known: false }));
    let account = account_of(&t, &who).await.unwrap();
    assert_eq!(account.names.as_deref(), Some(who.names.as_str()));
    assert_eq!(account.email.as_ref().map(Email::as_str), Some(who.email.as_str()));
    assert!(account.key_hash.is_none() && account.asked() == Some(SecretQuestion::by_index(1)));
    let request = t.request_on_file(&number).await;
    assert_eq!(request.state, RequestState::Granted);
    assert_eq!(request.decision.unwrap().officer, "ana");
    assert_eq!(t.number("SELECT account_id FROM facilitator_request").await, account.id.0);
    let letters = t.letters().await;
    assert_eq!(recipients(&letters), [company.email.as_str(), who.email.as_str()]);
    for letter in &letters {
        assert_eq!(key_in(letter).is_some(), letter.to == who.email);
        if letter.to == who.email {
            for part in [who.names.as_str(), "24 horas", "https://clave.ejemplo.cl/cambiar/facilitador"] {
                assert!(letter.text.contains(part), "{part}");
            }
            assert!(!letter.text.contains("/recuperar/"));
        } else {
            assert!(letter.text.contains(number.as_str()));
            assert!(!letter.text.contains(&who.names) && !letter.text.contains(&who.email));
        }
    }
    assert_eq!(
        t.record().await,
        [
            "key-sent to-registered-contact ana",
            "request-granted granted ana",
            "request-granted new-account ana"
        ]
    );
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key WHERE new_email IS NULL").await, 1);
}

async fn security_a_decision_that_fails_at_its_last_row_leaves_nothing(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    // The audit is written last of all.
    for (sql, fails) in
        [("ALTER TABLE audit RENAME TO gone", true), ("ALTER TABLE gone RENAME TO audit", false)]
    {
        sqlx::query(sql).execute(&mut *t.store.connection().await.unwrap()).await.unwrap();
        let (ana, caller) = (officer("ana"), desk_caller());
        let desk = t.review(&ana, &caller);
        if fails {
            assert!(desk.refuse(&number, &motive()).await.is_err());
        }
        assert_eq!(desk.grant(&number, Holder::New).await.is_err(), fails);
        let left = i64::from(!fails);
        assert_eq!(t.number("SELECT COUNT(*) FROM facilitator_request WHERE state <> 'open'").await, left);
        assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, left);
        assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, left);
        assert_eq!(t.number("SELECT COUNT(*) FROM outbox").await, 2 * left);
    }
}

async fn f_review_refused_the_company_is_told_why(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let number = t.filed_request(t.account(&company).await, &who).await;
    let refused = t.review(&officer("ana"), &desk_caller()).refuse(&number, &motive()).await.unwrap();
    assert_eq!(refused, Ok(Refused { company_told: true }));
    let letters = t.letters().await;
    assert_eq!(recipients(&letters), [company.email.as_str()]);
    for part in [number.as_str(), motive().as_str(), "https://clave.ejemplo.cl/facilitador"] {
        assert!(letters[0].text.contains(part), "{part}");
    }
    let decision = t.request_on_file(&number).await.decision.unwrap();
    assert_eq!(decision.reason.as_deref(), Some(motive().as_str()));
    assert!(account_of(&t, &who).await.is_none());
    assert_eq!(t.record().await, ["request-refused refused ana"]);
    // The company may ask again at once.
    let company = t.on_file(&company).await.id;
    assert_ne!(t.filed_request(company, &who).await, number);
}

async fn f_review_who_may_only_look_decides_nothing(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    let (looks, caller) = (Officer { name: "luis".to_owned(), may_decide: false }, desk_caller());
    let desk = t.review(&looks, &caller);
    assert!(desk.show(&number).await.unwrap().is_some());
    assert_eq!(desk.grant(&number, Holder::New).await.unwrap(), Err(Unable::ReadOnly));
    assert_eq!(desk.refuse(&number, &motive()).await.unwrap(), Err(Unable::ReadOnly));
    assert_eq!(t.request_on_file(&number).await.state, RequestState::Open);
    assert!(t.letters().await.is_empty());
    let record = t.record().await;
    for line in ["request-granted read-only luis", "request-refused read-only luis", "request-seen seen luis"]
    {
        assert!(record.iter().any(|found| found == line), "{line}");
    }
}

async fn security_the_answer_does_not_outlive_the_decision(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let (one, two) = (Facilitator::number(1), Facilitator::number(2));
    let (first, second) = (t.filed_request(company, &one).await, t.filed_request(company, &two).await);
    let answer = t.request_on_file(&first).await.answer_hash;
    grant(&t, &first).await.unwrap();
    t.review(&officer("ana"), &desk_caller()).refuse(&second, &motive()).await.unwrap().unwrap();
    for number in [&first, &second] {
        assert_eq!(t.request_on_file(number).await.answer_hash, "");
    }
    assert_eq!(account_of(&t, &one).await.unwrap().answer_hash, Some(answer));
}

async fn f_review_what_is_decided_stays_decided(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    grant(&t, &number).await.unwrap();
    t.letters().await;
    let (luis, caller) = (officer("luis"), desk_caller());
    let desk = t.review(&luis, &caller);
    for unable in [
        desk.grant(&number, Holder::New).await.unwrap().err(),
        desk.refuse(&number, &motive()).await.unwrap().err(),
    ] {
        let Some(Unable::Decided(state, decision)) = unable else { panic!("{unable:?}") };
        assert_eq!((state, decision.officer.as_str()), (RequestState::Granted, "ana"));
    }
    assert!(t.letters().await.is_empty());
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 1);
    assert_eq!(desk.grant(&RequestNumber::from_random(1), Holder::New).await.unwrap(), Err(Unable::Unknown));
}

async fn security_of_sixteen_officers_who_grant_and_refuse_one_decides(t: TestBackend) {
    let t = t.hashing_at_once();
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let number = t.filed_request(t.account(&company).await, &who).await;
    let all = (0..16).map(|place| {
        let (backend, number) = (t.backend.clone(), number.clone());
        async move {
            let (officer, caller) = (officer(&format!("oficial{place}")), desk_caller());
            let desk = backend.review(&officer, &caller);
            let decided = match place % 2 {
                0 => desk.grant(&number, Holder::New).await.unwrap().map(|_| RequestState::Granted),
                _ => desk.refuse(&number, &motive()).await.unwrap().map(|_| RequestState::Refused),
            };
            (officer.name, decided)
        }
    });
    let ended = at_once(all).await;
    let won: Vec<_> = ended.iter().filter(|(_, decided)| decided.is_ok()).collect();
    assert_eq!(won.len(), 1);
    let (winner, state) = (won[0].0.as_str(), won[0].1.as_ref().unwrap());
    for (name, decided) in &ended {
        if let Err(unable) = decided {
            let Unable::Decided(told, decision) = unable else { panic!("{name}: {unable:?}") };
            assert_eq!((told, decision.officer.as_str()), (state, winner), "and {name} is told by whom");
        }
    }
    let granted = i64::from(*state == RequestState::Granted);
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, granted);
    assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, granted);
    assert_eq!(t.letters().await.len(), if granted == 1 { 2 } else { 1 });
    let record = t.record().await;
    assert_eq!(record.iter().filter(|line| line.contains("decided-before")).count(), 15);
}

async fn security_sixteen_grants_of_one_request_make_one_key(t: TestBackend) {
    let t = t.hashing_at_once();
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    let all = (0..16).map(|_| {
        let (backend, number) = (t.backend.clone(), number.clone());
        async move {
            backend.review(&officer("ana"), &desk_caller()).grant(&number, Holder::New).await.unwrap().is_ok()
        }
    });
    assert_eq!(at_once(all).await.into_iter().filter(|won| *won).count(), 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 1);
    assert_eq!(t.letters().await.len(), 2);
}

async fn f_review_an_existing_account_keeps_its_data_until_the_key_is_used(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let id = known(&t, &who, "antes@correo.ejemplo.pe", Some("71234567")).await;
    let before = t.dump("account").await;
    let number = t.filed_request(t.account(&company).await, &who).await;
    assert_eq!(grant(&t, &number).await, Ok(Granted { company_told: true, known: true }));
    let account = account_of(&t, &who).await.unwrap();
    assert_eq!(account.id, id);
    assert!(t.dump("account").await.lines().any(|row| row == before), "not a bit of it changed");
    assert_eq!(account.email.as_ref().map(Email::as_str), Some("antes@correo.ejemplo.pe"));
    assert_eq!(account.names.as_deref(), Some("Como Estaba Antes"));
    assert_eq!(account.question, Some(SecretQuestion::by_index(3)));
    let letters = t.letters().await;
    let to = ["+56971234567", "antes@correo.ejemplo.pe", company.email.as_str(), who.email.as_str()];
    assert_eq!(recipients(&letters), to, "the old address and mobile are told");
    assert!(letters.iter().filter(|letter| key_in(letter).is_some()).all(|letter| letter.to == who.email));
    let told = letters.iter().find(|letter| letter.to == "antes@correo.ejemplo.pe").unwrap();
    assert!(told.text.contains("800 80 10 30") && !told.text.contains("/recuperar/"), "{}", told.text);
    assert!(!told.text.contains(&who.email));
    // Its use brings the new address, and leaves the mobile.
    let key = letters.iter().find_map(key_in).unwrap();
    let typed = who.document.plain();
    let mut browser = t.changing_as(Kind::Facilitador);
    browser.identify(&typed, &key).await;
    let page = browser.set("Peumo=12x").await;
    assert!(matches!(page.state, domain::flow::change::Change::Done { .. }), "{:?}", page.say);
    let account = account_of(&t, &who).await.unwrap();
    assert_eq!(account.email.as_ref().map(Email::as_str), Some(who.email.as_str()));
    assert!(account.mobile.is_some());
    assert!(t.record().await.contains(&"key-sent to-new-contact ana".to_owned()));
}

async fn f_review_the_same_address_needs_no_warning(t: TestBackend) {
    let (company, who) = (Company::number(1), Facilitator::number(1));
    let registered = who.email.replace("perengana", "Perengana");
    known(&t, &who, &registered, None).await;
    let number = t.filed_request(t.account(&company).await, &who).await;
    grant(&t, &number).await.unwrap();
    // And it is written to as it is on file, not as the company typed it.
    let letters = t.letters().await;
    let mut to = [company.email.as_str(), registered.as_str()];
    to.sort_unstable();
    assert_eq!(recipients(&letters), to);
    assert!(letters.iter().all(|letter| key_in(letter).is_some() == (letter.to == registered)));
    assert!(t.record().await.contains(&"key-sent to-registered-contact ana".to_owned()));
}

async fn f_review_two_companies_ask_for_one_person_and_both_are_granted(t: TestBackend) {
    let (one, two) = (t.account(&Company::number(1)).await, t.account(&Company::number(2)).await);
    let who = Facilitator::number(1);
    let (first, second) = (t.filed_request(one, &who).await, t.filed_request(two, &who).await);
    assert!(!grant(&t, &first).await.unwrap().known);
    assert!(grant(&t, &second).await.unwrap().known);
    assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, 1);
    assert_eq!(t.number("SELECT COUNT(*) FROM provisional_key").await, 2);
    let counts = "SELECT COUNT(*) FROM provisional_key WHERE used_at IS NULL AND replaced_at IS NULL";
    assert_eq!(t.number(counts).await, 1, "the newer key is the one that counts");
}

async fn security_two_grants_for_one_person_at_once_make_one_account(t: TestBackend) {
    let t = t.hashing_at_once();
    let mut numbers = Vec::new();
    for company in 1..=8 {
        let company = t.account(&Company::number(company)).await;
        numbers.push(t.filed_request(company, &Facilitator::number(1)).await);
    }
    let all = numbers.into_iter().map(|number| {
        let backend = t.backend.clone();
        async move {
            let (ana, caller) = (officer("ana"), desk_caller());
            let desk = backend.review(&ana, &caller);
            match desk.grant(&number, Holder::New).await.unwrap() {
                // Whoever came second looks again.
                Err(Unable::Changed) => desk.grant(&number, shown(&desk, &number).await).await.unwrap(),
                granted => granted,
            }
        }
    });
    let ended = at_once(all).await;
    assert_eq!(
        ended.iter().filter(|granted| granted.as_ref().is_ok_and(|granted| !granted.known)).count(),
        1
    );
    assert!(ended.iter().all(Result::is_ok));
    assert_eq!(t.number("SELECT COUNT(*) FROM account WHERE kind = 'facilitador'").await, 1);
}

async fn security_a_grant_counts_only_for_the_account_that_was_shown(t: TestBackend) {
    let (one, two) = (t.account(&Company::number(1)).await, t.account(&Company::number(2)).await);
    let who = Facilitator::number(1);
    let first = t.filed_request(one, &who).await;
    let second = t.filed_request(two, &Facilitator::number(1).at("otra@correo.ejemplo.pe")).await;
    let (luis, caller) = (officer("luis"), desk_caller());
    let desk = t.review(&luis, &caller);
    // Luis opens the second while nobody has an account with this document; then Ana grants the first.
    let seen = shown(&desk, &second).await;
    assert_eq!(seen, Holder::New);
    grant(&t, &first).await.unwrap();
    t.letters().await;
    let before = (t.dump("account").await, t.dump("provisional_key").await);
    for seen in [seen, Holder::SameMail] {
        assert_eq!(desk.grant(&second, seen).await.unwrap(), Err(Unable::Changed));
    }
    assert_eq!((t.dump("account").await, t.dump("provisional_key").await), before);
    assert_eq!(t.request_on_file(&second).await.state, RequestState::Open);
    assert!(t.letters().await.is_empty());
    let tried = "request-granted account-changed luis";
    assert_eq!(t.record().await.iter().filter(|line| *line == tried).count(), 2);
    // The page shows whose account it is, and then it works.
    let known = desk.show(&second).await.unwrap().unwrap().known.unwrap();
    assert_eq!(known.names.as_deref(), Some(who.names.as_str()));
    assert_eq!(known.masked_mail.as_deref(), Some("p•••••@c•••••.pe"));
    assert_eq!(Holder::of(Some(&known)), Holder::OtherMail);
    let granted = desk.grant(&second, Holder::OtherMail).await.unwrap();
    assert_eq!(granted, Ok(Granted { company_told: true, known: true }));
    // Nor is an account made where one was shown.
    let third = t.filed_request(one, &Facilitator::number(3)).await;
    assert_eq!(desk.grant(&third, Holder::OtherMail).await.unwrap(), Err(Unable::Changed));
    assert!(account_of(&t, &Facilitator::number(3)).await.is_none());
    for holder in Holder::ALL {
        assert_eq!(Holder::parse(holder.word()), Some(holder));
    }
    assert_eq!(Holder::parse(""), None);
}

async fn f_review_the_daily_cap_leaves_the_request_open(t: TestBackend) {
    let mut t = t;
    t.backend.settings.keys_per_day = 1;
    let who = Facilitator::number(1);
    let (one, two) = (t.account(&Company::number(1)).await, t.account(&Company::number(2)).await);
    let (first, second) = (t.filed_request(one, &who).await, t.filed_request(two, &who).await);
    grant(&t, &first).await.unwrap();
    t.letters().await;
    assert_eq!(grant(&t, &second).await, Err(Unable::DailyCap));
    assert_eq!(t.request_on_file(&second).await.state, RequestState::Open);
    assert!(t.letters().await.is_empty());
    assert!(t.record().await.contains(&"request-granted daily-cap ana".to_owned()));
    t.later(DAY + 1);
    grant(&t, &second).await.unwrap();
}

async fn f_review_a_company_without_mail_is_no_obstacle(t: TestBackend) {
    let company = t.account_with(&Company::number(1), OnFile::NoContact).await;
    let who = Facilitator::number(1);
    let number = t.filed_request(company, &who).await;
    assert_eq!(grant(&t, &number).await, Ok(Granted { company_told: false, known: false }));
    assert_eq!(recipients(&t.letters().await), [who.email.as_str()]);
    let number = t.filed_request(company, &Facilitator::number(2)).await;
    let refused = t.review(&officer("ana"), &desk_caller()).refuse(&number, &motive()).await.unwrap();
    assert_eq!(refused, Ok(Refused { company_told: false }));
}

async fn f_review_the_commands_act_under_a_name_of_their_own(t: TestBackend) {
    let number = t.filed_request(t.account(&Company::number(1)).await, &Facilitator::number(1)).await;
    let (console, caller) = (Officer::console(), backend::service::Caller::default());
    t.review(&console, &caller).grant(&number, Holder::New).await.unwrap().unwrap();
    assert_eq!(t.request_on_file(&number).await.decision.unwrap().officer, "consola");
    assert!(t.record().await.contains(&"request-granted granted consola".to_owned()));
}

//! F-REVIEW: what officers see: the list, a request with the data needed to decide it, its files.

use std::collections::HashSet;

use backend::clock::MINUTE;
use backend::files::Format;
use backend::service::officers::{Draft, Officer};
use backend::service::review::{AccountMatch, Filter, Listed, PER_PAGE, ReviewService};
use backend::store::audit::Event;
use backend::store::requests::RequestState;
use domain::field::Reason;
use domain::flow::request::{RequestNumber, UploadPurpose};
use futures_util::TryStreamExt as _;

use crate::support::mesa::{Facilitator, desk_caller};
use crate::support::{Company, TestBackend, on_both_engines};

on_both_engines![
    f_review_the_list_filters_by_state_and_has_pages,
    f_review_the_search_takes_every_character_literally,
    f_review_the_search_finds_words_in_any_order_and_phone_numbers,
    f_review_the_search_finds_every_letter_that_names_have,
    f_review_a_request_is_shown_with_the_data_to_decide_it,
    f_review_a_repeated_mail_or_file_is_flagged,
    f_review_the_history_keeps_its_order,
    f_review_a_file_is_opened_and_recorded,
    f_review_a_session_keeps_the_search_and_the_draft,
];

fn ana() -> Officer {
    Officer { name: "ana".to_owned(), may_decide: true }
}

async fn listed(t: &TestBackend, state: Option<RequestState>, text: &str, page: i64) -> Listed {
    t.review(&ana(), &desk_caller()).list(Filter { state, text, page }).await.unwrap()
}

async fn f_review_the_list_filters_by_state_and_has_pages(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let mut filed = Vec::new();
    for number in 0..45 {
        filed.push(t.filed_request(company, &Facilitator::number(number)).await);
        t.later(1);
    }
    let refused = filed.remove(7);
    let motive = domain::motive::Motive::parse("La firma no se lee.").unwrap();
    t.review(&ana(), &desk_caller()).refuse(&refused, &motive).await.unwrap().unwrap();
    let first = listed(&t, Some(RequestState::Open), "", 1).await;
    assert_eq!((first.page, first.pages, first.requests.len()), (1, 3, PER_PAGE as usize));
    assert_eq!(first.counts.map(|(_, count)| count), [44, 0, 1]);
    let mut seen = Vec::new();
    for page in 1..=3 {
        let listed = listed(&t, Some(RequestState::Open), "", page).await;
        seen.extend(listed.requests.into_iter().map(|request| request.number));
    }
    assert_eq!(seen, filed, "open requests oldest first, each once");
    // A page out of range is replaced by the nearest one.
    assert_eq!(listed(&t, Some(RequestState::Open), "", 99).await.page, 3);
    assert_eq!(listed(&t, Some(RequestState::Open), "", -5).await.page, 1);
    let none = listed(&t, Some(RequestState::Granted), "", 1).await;
    assert_eq!((none.requests.len(), none.pages), (0, 1));
    let all = listed(&t, None, "", 1).await;
    assert_eq!(all.pages, 3);
    assert_eq!(
        all.requests.first().map(|request| &request.number),
        filed.last(),
        "all requests newest first"
    );
    assert_eq!(listed(&t, Some(RequestState::Refused), "", 1).await.requests[0].number, refused);
}

async fn f_review_the_search_takes_every_character_literally(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let mut odd = Vec::new();
    for (number, names) in [(1, "Cien% Segura"), (2, "Guion_Bajo Pérez"), (3, "Ojo! Díaz"), (4, "Otra Ñandú")]
    {
        let mut who = Facilitator::number(number);
        who.names = names.to_owned();
        odd.push((t.filed_request(company, &who).await, names));
    }
    let found = async |text: &str| -> Vec<RequestNumber> {
        let listed = listed(&t, None, text, 1).await;
        let sum: i64 = listed.counts.iter().map(|(_, count)| count).sum();
        assert_eq!(sum, listed.requests.len() as i64, "{text}");
        listed.requests.into_iter().map(|request| request.number).collect()
    };
    for (text, number) in [("%", 0), ("n% s", 0), ("_", 1), ("n_b", 1), ("!", 2), ("o! d", 2)] {
        assert_eq!(found(text).await, [odd[number].0.clone()], "{text}");
    }
    for none in ["%%", "__", "!!", "\\", "'", "'; DROP TABLE officer; --", "zzz", "%_"] {
        assert!(found(none).await.is_empty(), "{none}");
    }
    // By number with or without dashes, document, mail address, and RUT and name of the company.
    let number = &odd[3].0;
    let plain = number.as_str().replace('-', "").to_lowercase();
    for text in
        [number.as_str(), plain.as_str(), "zx 000.004", "perengana4@correo.ejemplo.pe", "  ÑANDÚ".trim()]
    {
        let numbers: HashSet<_> = found(text).await.into_iter().collect();
        assert!(numbers.contains(number) && numbers.len() == 1, "{text}");
    }
    let company = Company::number(1);
    for text in [company.rut_text.as_str(), &company.rut.plain(), "quillay inventada"] {
        assert_eq!(found(text).await.len(), 4, "{text}");
    }
}

async fn f_review_the_search_finds_words_in_any_order_and_phone_numbers(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let mut who = Facilitator::number(1);
    who.names = "Ñusta María Yñíguez Ávila".to_owned();
    who.phone = "+51987654321".to_owned();
    let number = t.filed_request(company, &who).await;
    t.filed_request(company, &Facilitator::number(2)).await;
    let mut far = Facilitator::number(3);
    far.names = "Nguyễn O’Connor Łukasz".to_owned();
    let far_number = t.filed_request(company, &far).await;
    let found = async |text: &str| -> Vec<RequestNumber> {
        listed(&t, None, text, 1).await.requests.into_iter().map(|request| request.number).collect()
    };
    for text in [
        "Nguyễn",
        "nguyen",
        "NGUYE\u{302}\u{303}N",
        "O'Connor",
        "o’connor",
        "O´Connor lukasz",
        "Ｎｇｕｙｅｎ",
    ] {
        assert_eq!(found(text).await, std::slice::from_ref(&far_number), "{text}");
    }
    let many = "nusta ".repeat(40);
    for text in [
        "nusta yniguez",
        "YÑÍGUEZ  ñusta",
        "avila nusta quillay",
        many.as_str(),
        "+51 987 654 321",
        "51987654321",
        "\u{202a}+51 987 654 321\u{202c}",
        "(51) 987-654.321",
        "987 654 321",
    ] {
        assert_eq!(found(text).await, std::slice::from_ref(&number), "{text}");
    }
    for none in ["nusta perez", "54321", "+52 987 654 321", "+51 987 654 3210", "987 654 321 x", "+"] {
        assert!(found(none).await.is_empty(), "{none}");
    }
}

async fn f_review_the_search_finds_every_letter_that_names_have(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let letters = ('\u{C0}'..='\u{17F}').chain("ƠơƯưȘșȚț".chars()).chain('\u{1EA0}'..='\u{1EF9}');
    let letters: Vec<char> = letters.filter(|c| c.is_alphabetic()).collect();
    for (number, names) in letters.chunks(100).enumerate() {
        let mut who = Facilitator::number(u32::try_from(number).unwrap());
        who.names = names.iter().collect();
        let filed = t.filed_request(company, &who).await;
        let plain = domain::text::fold(&who.names);
        for text in [&who.names, &who.names.to_lowercase(), &plain, &plain.to_uppercase()] {
            let found = listed(&t, None, text, 1).await.requests;
            let found: Vec<_> = found.into_iter().map(|request| request.number).collect();
            assert_eq!(found, std::slice::from_ref(&filed), "{text}");
        }
    }
}

async fn f_review_a_request_is_shown_with_the_data_to_decide_it(t: TestBackend) {
    let first = t.account(&Company::number(1)).await;
    let second = t.account(&Company::number(2)).await;
    let who = Facilitator::number(1);
    let number = t.filed_request(first, &who).await;
    t.later(MINUTE);
    let other = t.filed_request(second, &Facilitator::number(1).at("otra@correo.ejemplo.pe")).await;
    t.filed_request(second, &Facilitator::number(2)).await;
    let (ana, caller) = (ana(), desk_caller());
    let desk = t.review(&ana, &caller);
    let dossier = desk.show(&number).await.unwrap().unwrap();
    assert_eq!(dossier.request.names, who.names);
    assert_eq!(dossier.files.iter().map(|file| file.purpose).collect::<Vec<_>>(), UploadPurpose::ALL);
    assert_eq!(dossier.others.iter().map(|request| &request.number).collect::<Vec<_>>(), [&other]);
    assert_eq!(dossier.representative, Some(Company::number(1).representative.rut));
    assert!(dossier.known.is_none() && dossier.company_has_mail);
    assert!(!dossier.same_file() && !dossier.company_mail);
    desk.grant(&other, AccountMatch::New).await.unwrap().unwrap();
    let dossier = desk.show(&number).await.unwrap().unwrap();
    let known = dossier.known.unwrap();
    assert!(known.other_mail && !known.has_key);
    let history: Vec<_> = dossier.history.iter().map(|e| (e.event, e.officer.as_deref(), e.times)).collect();
    assert_eq!(history, [(Event::RequestSeen, Some("ana"), 2)]);
    let nowhere = RequestNumber::from_random(1);
    assert!(desk.show(&nowhere).await.unwrap().is_none() && desk.find(&nowhere).await.unwrap().is_none());
}

async fn f_review_a_repeated_mail_or_file_is_flagged(t: TestBackend) {
    let company = Company::number(1);
    let id = t.account(&company).await;
    let number = t.filed_request(id, &Facilitator::number(1).at(&company.email.to_uppercase())).await;
    let run = async |sql: &'static str| {
        sqlx::query(sql).execute(&mut *t.store.connection().await.unwrap()).await.unwrap();
    };
    run("UPDATE upload SET sha256 = 'same'").await;
    let dossier = t.review(&ana(), &desk_caller()).show(&number).await.unwrap().unwrap();
    assert!(dossier.same_file() && dossier.company_mail);
    run("DELETE FROM upload WHERE purpose = 'documento'").await;
    let dossier = t.review(&ana(), &desk_caller()).show(&number).await.unwrap().unwrap();
    assert!(!dossier.same_file());
}

async fn f_review_the_history_keeps_its_order(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let number = t.filed_request(company, &Facilitator::number(1)).await;
    let (ana, caller) = (ana(), desk_caller());
    let luis = Officer { name: "luis".to_owned(), may_decide: false };
    let (desk, other) = (t.review(&ana, &caller), t.review(&luis, &caller));
    let look = async |desk: &ReviewService<'_>| {
        t.later(1);
        desk.show(&number).await.unwrap().unwrap().history
    };
    look(&desk).await;
    look(&desk).await;
    look(&other).await;
    look(&desk).await;
    t.later(1);
    desk.file(&number, UploadPurpose::Document).await.unwrap().unwrap();
    t.later(1);
    desk.grant(&number, AccountMatch::New).await.unwrap().unwrap();
    t.later(1);
    desk.file(&number, UploadPurpose::Document).await.unwrap().unwrap();
    let history = look(&desk).await;
    let seen: Vec<_> =
        history.iter().map(|e| (e.event, e.officer.as_deref().unwrap_or(""), e.times)).collect();
    assert_eq!(
        seen,
        [
            (Event::RequestSeen, "ana", 1),
            (Event::FileOpened, "ana", 1),
            (Event::RequestGranted, "ana", 1),
            (Event::FileOpened, "ana", 1),
            (Event::RequestSeen, "ana", 1),
            (Event::RequestSeen, "luis", 1),
            (Event::RequestSeen, "ana", 2),
        ]
    );
    // Many views do not push the decision out of the history.
    for _ in 0..30 {
        look(&desk).await;
        look(&other).await;
    }
    let history = look(&desk).await;
    assert_eq!(history.len(), 51);
    assert_eq!(history.last().map(|entry| entry.event), Some(Event::RequestGranted));
}

async fn f_review_a_file_is_opened_and_recorded(t: TestBackend) {
    let company = t.account(&Company::number(1)).await;
    let number = t.filed_request(company, &Facilitator::number(1)).await;
    let (ana, caller) = (ana(), desk_caller());
    let desk = t.review(&ana, &caller);
    let file = desk.file(&number, UploadPurpose::Document).await.unwrap().unwrap();
    assert_eq!(file.name, format!("{}-documento.jpg", number.as_str()));
    assert_eq!((file.format, file.size), (Format::Jpeg, 9));
    let content: Vec<_> = file.content.try_collect().await.unwrap();
    assert_eq!(content.concat(), b"documento");
    assert_eq!(t.record().await, ["file-opened documento ana"]);
    let requests = t.texts("SELECT COALESCE(request_number, '') FROM audit").await;
    assert_eq!(requests, [number.as_str()]);
    // A missing file returns nothing and is not recorded as opened.
    std::fs::remove_dir_all(t.folder.path().join("archivos")).unwrap();
    assert!(desk.file(&number, UploadPurpose::Declaration).await.unwrap().is_none());
    assert!(desk.file(&RequestNumber::from_random(1), UploadPurpose::Document).await.unwrap().is_none());
    assert_eq!(t.record().await.len(), 1);
}

async fn f_review_a_session_keeps_the_search_and_the_draft(t: TestBackend) {
    let signer = t.officer("ana", true).await;
    let token = t.signed_in(&signer).await;
    let caller = desk_caller();
    let officers = t.officers(&caller);
    let session = officers.session(Some(&token)).await.unwrap().unwrap();
    assert_eq!(session.notes.search, "");
    officers.search(&session, "  Pérez \u{7}  Díaz").await.unwrap();
    let session = officers.session(Some(&token)).await.unwrap().unwrap();
    assert_eq!(session.notes.search, "Pérez Díaz");
    let draft = Draft::new(RequestNumber::from_random(7), "Corto", Some(Reason::TooShort));
    officers.draft(&session, draft.clone()).await.unwrap();
    let session = officers.session(Some(&token)).await.unwrap().unwrap();
    assert_eq!((session.notes.search.as_str(), session.notes.draft), ("Pérez Díaz", Some(draft)));
}

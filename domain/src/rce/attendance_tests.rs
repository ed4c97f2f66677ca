use super::super::course::tests::{TODAY, course};
use super::super::fields::Service;
use super::super::organism::tests::{organism, otec};
use super::super::organism::{Origin, TokenOnFile};
use super::super::request::tests::{ID, close_of, form_of};
use super::*;
use crate::field::Reason;
use crate::flow::AccountId;
use crate::flow::key::ProvisionalId;

pub(in crate::rce) const ACCOUNT: AccountId = AccountId(1);
pub(in crate::rce) const START: Seconds = 1_800_000_000;
pub(in crate::rce) const BITS: u128 = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;

pub(in crate::rce) fn now(after: Seconds) -> Now {
    Now { at: START + after, today: TODAY }
}

pub(in crate::rce) fn run() -> Rut {
    Rut::parse("12345678-5").unwrap()
}

pub(in crate::rce) fn other_run() -> Rut {
    Rut::parse("12667869-K").unwrap()
}

pub(in crate::rce) fn begun(form: Form, session: Option<&Session>) -> Attendance {
    let course = course();
    let on_file = OnFile { course: Some(&course), is_down: false, session };
    Attendance::begin(form, &organism(), Some("https://aula.ejemplo.cl"), on_file, now(0))
}

fn asked_of(form: Form, session: Option<&Session>) -> Asked {
    match begun(form, session) {
        Attendance::Ask(asked) => asked,
        other => panic!("{other:?}"),
    }
}

fn start(more: &[(&str, &str)]) -> Asked {
    asked_of(form_of(Service::Real, Action::Start, more), None)
}

/// The codes of what ended.
fn codes(ended: &Ended) -> String {
    match ended.outcome() {
        Outcome::Refused(glosas) => glosas.to_string(),
        other => panic!("{other:?}"),
    }
}

fn ended(step: Step) -> Ended {
    match step {
        Step::Ended(ended) => ended,
        other => panic!("{other:?}"),
    }
}

fn key(asked: Asked, run: Rut, verdict: &KeyVerdict, after: Seconds) -> Step {
    let course = course();
    asked.key(run, verdict, OnFile { course: Some(&course), is_down: false, session: None }, now(after))
}

/// A session that was opened by a right key, and the end of its start.
pub(in crate::rce) fn opened_of(more: &[(&str, &str)]) -> (Session, Ended) {
    match key(start(more), run(), &KeyVerdict::Key(ACCOUNT), 30) {
        Step::Open(opening) => opening.open(BITS),
        other => panic!("{other:?}"),
    }
}

pub(in crate::rce) fn opened() -> (Session, Ended) {
    opened_of(&[])
}

/// A close of the session by who is signed in.
fn close(session: &Session, after: Seconds) -> Closing {
    let asked = asked_of(close_of(&[]), Some(session));
    let on_file = OnFile { course: None, is_down: false, session: Some(session) };
    match asked.session(&SignedIn::person(ACCOUNT, START), on_file, now(after)) {
        Step::Close(closing) => closing,
        other => panic!("{other:?}"),
    }
}

pub(in crate::rce) fn closed() -> (Session, Ended) {
    close(&opened().0, 60).close()
}

pub(in crate::rce) fn refused_form(action: Action, more: &[(&str, &str)]) -> Ended {
    match begun(form_of(Service::Real, action, more), None) {
        Attendance::Done(ended) => ended,
        other => panic!("{other:?}"),
    }
}

#[test]
fn l_rce_a_right_key_opens_a_session() {
    let (session, ended) = opened();
    assert_eq!((session.id().as_str(), session.run(), session.account()), (ID, run(), ACCOUNT));
    assert_eq!((session.otec(), session.opened(), session.closed()), (otec(), START + 30, None));
    assert_eq!((session.cod_sence(), session.codigo_curso()), ("1237123456", "1234567"));
    assert_eq!((ended.at(), ended.way()), (START + 30, Way::Submit));
    assert_eq!(ended.outcome(), &Outcome::Opened(session.id().clone()));
    assert_eq!(ended.to().map(CallbackUrl::as_str), Some("https://aula.ejemplo.cl/volver"));
    let Step::Open(opening) = key(start(&[]), run(), &KeyVerdict::Key(ACCOUNT), 0) else { panic!() };
    assert_eq!((opening.who().account(), opening.who().kind()), (ACCOUNT, Kind::Natural));
}

#[test]
fn l_rce_the_third_wrong_key_ends_it_with_100() {
    let mut asked = start(&[]);
    for left in [2, 1] {
        let Step::Ask(next, Some(error)) = key(asked, run(), &KeyVerdict::Wrong, 1) else { panic!() };
        assert_eq!((next.tries_left(), error.reason), (left, Reason::Wrong));
        asked = next;
    }
    let last = asked.clone();
    let ended = ended(key(asked, run(), &KeyVerdict::Wrong, 1));
    assert_eq!(codes(&ended), "100");
    assert_eq!(ended.to().map(CallbackUrl::as_str), Some("https://aula.ejemplo.cl/error"));
    assert!(
        matches!(key(last, run(), &KeyVerdict::Key(ACCOUNT), 1), Step::Open(_)),
        "the third may be right"
    );
}

#[test]
fn l_rce_no_other_key_counts() {
    let provisional = KeyVerdict::Provisional(ACCOUNT, ProvisionalId(1));
    for (verdict, reason) in [
        (provisional, Reason::OnlyToChange),
        (KeyVerdict::Expired, Reason::Expired),
        (KeyVerdict::Spent, Reason::Spent),
    ] {
        let Step::Ask(next, Some(error)) = key(start(&[]), run(), &verdict, 1) else { panic!("{verdict:?}") };
        assert_eq!((next.tries_left(), error.reason), (2, reason));
    }
}

#[test]
fn l_rce_after_three_minutes_no_key_is_taken() {
    for verdict in [KeyVerdict::Key(ACCOUNT), KeyVerdict::Wrong] {
        assert_eq!(codes(&ended(key(start(&[]), run(), &verdict, 181))), "210");
    }
    assert!(matches!(key(start(&[]), run(), &KeyVerdict::Key(ACCOUNT), 180), Step::Open(_)));
    assert_eq!(codes(&ended(start(&[]).wait(START + 181))), "210");
    assert!(matches!(start(&[]).wait(START + 180), Step::Ask(_, None)));
    let (session, _) = opened();
    let late = asked_of(close_of(&[]), Some(&session));
    let on_file = OnFile { course: None, is_down: false, session: Some(&session) };
    assert_eq!(codes(&ended(late.session(&SignedIn::person(ACCOUNT, START), on_file, now(181)))), "210");
}

#[test]
fn l_rce_the_key_of_somebody_else_is_311() {
    assert_eq!(codes(&ended(key(start(&[]), other_run(), &KeyVerdict::Key(AccountId(2)), 1))), "311");
    let wrong = key(start(&[]), other_run(), &KeyVerdict::Wrong, 1);
    assert!(matches!(wrong, Step::Ask(..)), "before a right key nothing is said of the RUN");
}

#[test]
fn security_l_rce_whether_somebody_is_on_a_course_is_said_after_the_right_key_only() {
    let asked = start(&[("RunAlumno", "12667869-K")]);
    let wrong = key(asked.clone(), other_run(), &KeyVerdict::Wrong, 1);
    assert!(matches!(wrong, Step::Ask(_, Some(error)) if error.reason == Reason::Wrong));
    assert_eq!(codes(&ended(key(asked, other_run(), &KeyVerdict::Key(ACCOUNT), 1))), "208");
}

#[test]
fn l_rce_the_course_is_checked_again_with_the_key() {
    let step = start(&[]).key(run(), &KeyVerdict::Key(ACCOUNT), OnFile::default(), now(1));
    assert_eq!(codes(&ended(step)), "205");
    let tomorrow = Now { today: jiff::civil::date(2027, 1, 1), ..now(1) };
    let course = course();
    let on_file = OnFile { course: Some(&course), is_down: false, session: None };
    assert_eq!(codes(&ended(start(&[]).key(run(), &KeyVerdict::Key(ACCOUNT), on_file, tomorrow))), "309");
}

#[test]
fn l_rce_fields_and_sender_are_said_together_and_the_course_afterwards() {
    let with = |more: &[(&str, &str)], organism: &Organism, course: Option<&Course>| {
        let on_file = OnFile { course, is_down: false, session: None };
        let form = form_of(Service::Real, Action::Start, more);
        match Attendance::begin(form, organism, None, on_file, now(0)) {
            Attendance::Done(ended) => codes(&ended),
            _ => String::new(),
        }
    };
    let revoked = Organism { token: Some(TokenOnFile { otec: otec(), is_revoked: true }), ..organism() };
    assert_eq!(with(&[], &organism(), Some(&course())), "");
    assert_eq!(with(&[("CodSence", "x")], &revoked, None), "204;212");
    assert_eq!(with(&[], &revoked, None), "212", "the course is not spoken of");
    assert_eq!(with(&[], &organism(), None), "205");
    assert_eq!(with(&[("Token", "x")], &Organism::default(), None), "303", "once");
    assert_eq!(with(&[("RutOtec", "x")], &Organism::default(), None), "209");
    assert_eq!(with(&[], &Organism::default(), None), "302;303");
}

#[test]
fn security_l_rce_only_the_otec_itself_is_answered_without_a_button() {
    let way = |organism: &Organism, more: &[(&str, &str)]| {
        let form = form_of(Service::Real, Action::Start, more);
        match Attendance::begin(form, organism, None, OnFile::default(), now(0)) {
            Attendance::Done(ended) => ended.way(),
            other => panic!("{other:?}"),
        }
    };
    let elsewhere = vec![Origin::parse("https://otra.ejemplo.cl").unwrap()];
    assert_eq!(way(&organism(), &[]), Way::Submit);
    assert_eq!(way(&organism(), &[("CodSence", "x")]), Way::Submit);
    assert_eq!(way(&organism(), &[("UrlRetoma", "x")]), Way::Submit);
    assert_eq!(way(&Organism::default(), &[]), Way::Button);
    assert_eq!(way(&Organism { token: None, ..organism() }, &[]), Way::Button);
    let revoked = Some(TokenOnFile { otec: otec(), is_revoked: true });
    assert_eq!(way(&Organism { token: revoked, ..organism() }, &[]), Way::Button);
    assert_eq!(way(&Organism { origins: elsewhere, ..organism() }, &[]), Way::Button);
    assert_eq!(way(&organism(), &[("Token", "x")]), Way::Button);
    assert_eq!(way(&organism(), &[("RutOtec", "x")]), Way::Button);
}

#[test]
fn l_rce_a_close_needs_the_session_that_it_names() {
    let (session, _) = opened();
    let refused = |more: &[(&str, &str)], session: Option<&Session>| match begun(close_of(more), session) {
        Attendance::Done(ended) => codes(&ended),
        _ => String::new(),
    };
    assert_eq!(refused(&[], Some(&session)), "");
    assert_eq!(
        refused(&[("IdSesionAlumno", "otra")], Some(&session)),
        "",
        "the caller's mark may be another"
    );
    assert_eq!(refused(&[], None), "304");
    for (name, other) in [
        ("IdSesionSence", "01234567-89AB-CDEF-0123-456789ABCDE0"),
        ("RunAlumno", "12667869-K"),
        ("CodSence", "1237123457"),
        ("CodigoCurso", "7654321"),
        ("LineaCapacitacion", "6"),
    ] {
        assert_eq!(refused(&[(name, other)], Some(&session)), "304", "{name}");
    }
    let closes = ("IdSesionSence", ID);
    let test = begun(form_of(Service::Test, Action::Close, &[closes]), Some(&session));
    assert!(matches!(test, Attendance::Done(ended) if codes(&ended) == "313"), "opened at the other service");
}

#[test]
fn l_rce_who_is_signed_in_closes_their_session_and_another_browser_is_asked_for_the_key() {
    let (session, _) = opened();
    let on_file = OnFile { course: None, is_down: false, session: Some(&session) };
    let asked = || asked_of(close_of(&[]), Some(&session));
    let (closed, ended) = close(&session, 60).close();
    assert_eq!(
        (closed.closed(), closed.opened(), ended.outcome()),
        (Some(START + 60), START + 30, &Outcome::Closed)
    );
    assert_eq!(ended.to().map(CallbackUrl::as_str), Some("https://aula.ejemplo.cl/volver"));
    let other = asked().session(&SignedIn::person(AccountId(2), START), on_file, now(60));
    assert!(matches!(other, Step::Ask(_, None)), "somebody else is signed in: the key is asked for");
    let by_key = asked().key(run(), &KeyVerdict::Key(ACCOUNT), on_file, now(60));
    let Step::Close(by_key) = by_key else { panic!("{by_key:?}") };
    assert_eq!(by_key.close().0, closed);
    assert!(matches!(asked().key(run(), &KeyVerdict::Wrong, on_file, now(60)), Step::Ask(_, Some(_))));
    let gone = asked().session(&SignedIn::person(ACCOUNT, START), OnFile::default(), now(60));
    assert!(matches!(gone, Step::Ask(_, None)), "the session is gone meanwhile");
}

#[test]
fn security_l_rce_who_is_signed_in_opens_nothing_without_the_key() {
    let (course, (session, _)) = (course(), opened());
    let on_file = OnFile { course: Some(&course), is_down: false, session: Some(&session) };
    let step = start(&[]).session(&SignedIn::person(ACCOUNT, START), on_file, now(1));
    assert!(matches!(step, Step::Ask(..)));
}

#[test]
fn l_rce_a_close_at_night_needs_no_course() {
    let (session, _) = opened();
    let asked = asked_of(close_of(&[]), Some(&session));
    let next_year = Now { today: jiff::civil::date(2027, 1, 1), ..now(60) };
    let on_file = OnFile { course: None, is_down: false, session: Some(&session) };
    let step = asked.session(&SignedIn::person(ACCOUNT, START), on_file, next_year);
    assert!(matches!(step, Step::Close(_)));
}

#[test]
fn l_rce_a_repeated_close_changes_nothing_and_is_answered_alike() {
    let (first, ended) = closed();
    let again = close(&first, 170);
    assert!(again.is_repeated() && !close(&opened().0, 60).is_repeated());
    let (second, answer) = again.close();
    assert_eq!((second, answer), (first, ended));
}

#[test]
fn l_rce_going_back_and_our_own_failures_have_their_codes() {
    assert_eq!(codes(&start(&[]).leave(START)), "100");
    let failed = |failure| codes(&start(&[]).fail(failure, START));
    assert_eq!(
        [failed(Failure::Internal), failed(Failure::Changed), failed(Failure::Store)],
        ["300", "301", "305"].map(str::to_owned)
    );
}

#[test]
fn l_rce_what_is_stored_comes_back() {
    let (session, ended) = closed();
    let text = serde_json::to_string(&session).unwrap();
    assert_eq!(serde_json::from_str::<Session>(&text).unwrap(), session);
    for state in
        [Attendance::Ask(start(&[])), Attendance::Done(ended), Attendance::Done(opened().1), Attendance::Gone]
    {
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<Attendance>(&text).unwrap(), state);
    }
    assert!(!format!("{session:?}{:?}", start(&[])).contains("12345678"));
}

#[test]
fn l_rce_a_list_that_cannot_be_read_is_a_failure_of_ours() {
    let begun = |more: &[(&str, &str)], service| {
        let on_file = OnFile { is_down: true, ..OnFile::default() };
        Attendance::begin(form_of(service, Action::Start, more), &organism(), None, on_file, now(0))
    };
    let Attendance::Done(ended) = begun(&[], Service::Real) else { panic!() };
    assert_eq!((codes(&ended).as_str(), ended.way()), ("300", Way::Submit));
    let skipped = begun(&[("CodSence", "-1"), ("CodigoCurso", "-1")], Service::Test);
    assert!(matches!(skipped, Attendance::Ask(_)), "no course is looked up");
    let Step::Ended(ended) = start(&[]).key(
        run(),
        &KeyVerdict::Key(ACCOUNT),
        OnFile { is_down: true, ..OnFile::default() },
        now(1),
    ) else {
        panic!()
    };
    assert_eq!(codes(&ended), "300", "with the key, too");
}

#[test]
fn security_l_rce_before_we_know_the_sender_a_failure_of_ours_waits_for_the_button() {
    let ended = form_of(Service::Real, Action::Start, &[]).fail(START);
    assert_eq!((codes(&ended).as_str(), ended.way()), ("300", Way::Button));
    let nowhere = form_of(Service::Real, Action::Start, &[("UrlError", "javascript:alert(1)")]).fail(START);
    assert_eq!(nowhere.to(), None);
}

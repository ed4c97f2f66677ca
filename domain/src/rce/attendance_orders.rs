//! Any order of requests, keys and pages: no session without the key of its student, and no second one of an id.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::course::tests::course;
use super::super::fields::Service;
use super::super::organism::tests::organism;
use super::super::request::tests::{close_of, form_of};
use super::tests::{ACCOUNT, now, other_run, run};
use super::*;
use crate::flow::AccountId;
use crate::flow::key::ProvisionalId;

/// Anything that may happen, in any order, whatever the state.
#[derive(Debug, Clone)]
enum Event {
    /// A start comes: of the student or of another, who is not on the course.
    Start(bool),
    /// A close comes: of the session opened as this one, or of one that never was.
    Close(u8, bool),
    /// A RUN (the student's or another), and what the check of the key finds.
    Key(bool, u8),
    /// Somebody is signed in: the student or another.
    SignedIn(bool),
    /// The student goes back.
    Leave,
    /// Time goes by.
    Wait(u8),
    /// The form that was answered last comes a second time, to a server that has not seen the first.
    Repeat,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => prop::bool::weighted(0.8).prop_map(Event::Start),
        3 => (0..8u8, prop::bool::weighted(0.9)).prop_map(|(id, run)| Event::Close(id, run)),
        5 => (prop::bool::weighted(0.9), 0..8u8).prop_map(|(run, verdict)| Event::Key(run, verdict)),
        2 => prop::bool::weighted(0.8).prop_map(Event::SignedIn),
        1 => Just(Event::Leave),
        1 => any::<u8>().prop_map(Event::Wait),
        1 => Just(Event::Repeat),
    ];
    prop::collection::vec(event, 0..20)
}

/// The rows, as a store with a unique id keeps them, and what an observer who knows nothing of the code writes down.
#[derive(Default)]
struct World {
    rows: BTreeMap<SenceSession, Session>,
    state: Option<Attendance>,
    before: Option<(Asked, u128)>,
    time: Seconds,
    flows: u128,
    /// The ids that follow from the starts of the student that have come.
    starts: BTreeSet<SenceSession>,
    /// In this request: the wrong keys, and whether the student's right one was typed in time.
    wrong: u8,
    key: bool,
    began: Seconds,
}

/// The course of every request, made once: reading its row takes longer than a step.
fn the_course() -> &'static Course {
    static COURSE: std::sync::OnceLock<Course> = std::sync::OnceLock::new();
    COURSE.get_or_init(course)
}

fn verdict(of: u8) -> KeyVerdict {
    match of {
        0..=3 => KeyVerdict::Key(ACCOUNT),
        6 => KeyVerdict::Provisional(ACCOUNT, ProvisionalId(1)),
        4 => KeyVerdict::Expired,
        5 => KeyVerdict::Spent,
        _ => KeyVerdict::Wrong,
    }
}

impl World {
    fn come(&mut self, form: Form) {
        let closes = form.request.as_ref().ok().and_then(Request::closes).cloned();
        let session = closes.and_then(|id| self.rows.get(&id));
        let on_file = OnFile { course: Some(the_course()), is_down: false, session };
        let state = Attendance::begin(form, &organism(), None, on_file, now(self.time));
        self.state = Some(state);
        self.flows += 1;
        (self.wrong, self.key, self.began) = (0, false, self.time);
    }

    /// A key or a session of the browser for a request that is asked for one.
    fn step(&mut self, asked: Asked, event: &Event) -> Result<(), TestCaseError> {
        let session = asked.request().closes().and_then(|id| self.rows.get(id)).cloned();
        let on_file = OnFile { course: Some(the_course()), is_down: false, session: session.as_ref() };
        let (action, now) = (asked.request().action(), now(self.time));
        let is_in_time = self.time - self.began <= 180;
        let step = match *event {
            Event::Key(is_student, of) => {
                let (run, verdict) = (if is_student { run() } else { other_run() }, verdict(of));
                let is_right = matches!(verdict, KeyVerdict::Key(_));
                self.wrong += u8::from(!is_right);
                self.key |= is_right && is_in_time && run == asked.request().run();
                asked.key(run, &verdict, on_file, now)
            }
            Event::SignedIn(is_student) => {
                let account = if is_student { ACCOUNT } else { AccountId(2) };
                let step = asked.session(&SignedIn::person(account, now.at), on_file, now);
                let is_own = session.as_ref().is_some_and(|session| session.account() == account);
                prop_assert!(!matches!(step, Step::Close(_)) || is_own, "another's session was closed");
                step
            }
            _ => asked.wait(now.at),
        };
        self.state = Some(match step {
            Step::Ask(asked, _) => {
                prop_assert!(self.wrong < 3 && is_in_time, "a fourth try, or one too late");
                Attendance::Ask(asked)
            }
            Step::Open(opening) => {
                prop_assert!(self.key && action == Action::Start, "a session without its key, or by a close");
                prop_assert!(self.wrong < 3 && is_in_time);
                let (row, ended) = opening.open(self.flows);
                prop_assert!(row.run() == run() && row.closed().is_none());
                self.rows.entry(row.id().clone()).or_insert(row);
                Attendance::Done(ended)
            }
            Step::Close(closing) => {
                prop_assert!(action == Action::Close && is_in_time);
                let is_repeated = closing.is_repeated();
                let (row, ended) = closing.close();
                prop_assert!(row.closed().is_some());
                let old = self.rows.insert(row.id().clone(), row.clone());
                prop_assert!(old.is_some(), "a close opened a session");
                prop_assert_eq!(
                    old.as_ref() == Some(&row),
                    is_repeated,
                    "a repeated close changed something"
                );
                prop_assert_eq!(ended.at(), row.closed().unwrap());
                Attendance::Done(ended)
            }
            Step::Ended(ended) => {
                prop_assert!(matches!(ended.outcome(), Outcome::Refused(_)));
                let says = |glosa| matches!(ended.outcome(), Outcome::Refused(codes) if codes.codes().contains(&glosa));
                prop_assert!(
                    !says(Glosa::NotOnCourse) || self.key,
                    "whose course it is was said before the key"
                );
                prop_assert_eq!(says(Glosa::TimeOver), !is_in_time);
                Attendance::Done(ended)
            }
        });
        Ok(())
    }

    fn happen(&mut self, event: &Event) -> Result<(), TestCaseError> {
        match (event, self.state.clone()) {
            (Event::Start(is_student), _) => {
                let run = if *is_student { "12345678-5" } else { "12667869-K" };
                self.come(form_of(Service::Real, Action::Start, &[("RunAlumno", run)]));
                if *is_student {
                    self.starts.insert(SenceSession::from_bits(self.flows));
                }
            }
            (Event::Close(of, is_student), _) => {
                let run = if *is_student { "12345678-5" } else { "12667869-K" };
                let never = SenceSession::from_bits(u128::MAX);
                let of = self
                    .rows
                    .len()
                    .checked_sub(1)
                    .filter(|_| *of > 0)
                    .map(|last| last.min(usize::from(*of) / 4));
                let id = of.and_then(|at| self.rows.keys().nth(at)).unwrap_or(&never).as_str().to_owned();
                self.come(close_of(&[("RunAlumno", run), ("IdSesionSence", &id)]));
            }
            (Event::Wait(seconds), _) => self.time += Seconds::from(*seconds),
            (Event::Leave, Some(Attendance::Ask(asked))) => {
                self.state = Some(Attendance::Done(asked.leave(now(self.time).at)));
            }
            (Event::Key(..) | Event::SignedIn(_), Some(Attendance::Ask(asked))) => {
                self.before = Some((asked.clone(), self.flows));
                self.step(asked, event)?;
            }
            // The store knows the id already, which follows from the form: the row is the same one.
            (Event::Repeat, _) => {
                if let Some((asked, flow)) = self.before.clone() {
                    let on_file = OnFile { course: Some(the_course()), is_down: false, session: None };
                    let step = asked.key(run(), &KeyVerdict::Key(ACCOUNT), on_file, now(self.time));
                    if let Step::Open(opening) = step {
                        let (row, _) = opening.open(flow);
                        self.rows.entry(row.id().clone()).or_insert(row);
                    }
                }
            }
            (_, None | Some(Attendance::Done(_) | Attendance::Gone)) => {}
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(crate::flow::orders())]

    /// Whatever is sent in whatever order: no session without a right key of `RunAlumno`, none twice, and none by a close.
    #[test]
    fn security_l_rce_no_session_without_the_key_of_its_student(events in events()) {
        let mut world = World::default();
        for event in &events {
            let (rows, done) = (world.rows.clone(), world.state.clone());
            world.happen(event)?;
            let closed = |row: &Session, at| row.clone().close(at);
            for (id, old) in &rows {
                let Some(new) = world.rows.get(id) else { return Err(TestCaseError::fail("a session was lost")) };
                let is_close = new.closed().is_some_and(|at| old.closed().is_none() && closed(old, at) == *new);
                prop_assert!(new == old || is_close, "a session changed other than by its close");
            }
            let opened = world.rows.len() - rows.len();
            prop_assert!(opened <= usize::from(matches!(event, Event::Key(..) | Event::Repeat)), "opened without a key");
            prop_assert!(world.rows.keys().all(|id| world.starts.contains(id)), "a session of no start");
            let is_answered = matches!(done, Some(Attendance::Done(_)));
            if is_answered && !matches!(event, Event::Start(_) | Event::Close(..) | Event::Repeat) {
                prop_assert_eq!((&rows, &done), (&world.rows, &world.state), "an answer changed");
            }
        }
    }
}

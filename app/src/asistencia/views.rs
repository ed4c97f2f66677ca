//! What the pages of attendance hold.

use backend::service::rce::{AttendancePage, End};
use domain::field::{Field, FieldError, Reason};
use domain::flow::Feedback;
use domain::kind::Kind;
use domain::rce::answer::Answer;
use domain::rce::attendance::{Attendance, Outcome};
use domain::rce::fields::Action;
use domain::rce::glosa::Glosas;
use domain::rce::organism::Way;
use leptos::prelude::*;
use wording::SecretFields;
use wording::catalogue::Headed;
use wording::catalogue::attendance::Attendance as Words;

use super::path;
use crate::errand::Errand;
use crate::ui::{Head, action, frame, shared_fields};
use crate::words::words;

/// The heading above the key.
pub(super) fn ask_heading(words: &Words, action: Action) -> &'static str {
    match action {
        Action::Start => words.enter,
        Action::Close => words.leave,
    }
}

/// The heading of the end of a request.
pub(super) fn end_heading(words: &Words, action: Action, outcome: &Outcome) -> &'static str {
    match (outcome, action) {
        (Outcome::Opened(_), _) => words.entered.heading,
        (Outcome::Closed, _) => words.left.heading,
        (Outcome::Refused(_), Action::Start) => words.not_entered,
        (Outcome::Refused(_), Action::Close) => words.not_left,
    }
}

/// “Clave Sence” → “Ingresar”.
pub(super) fn ask(page: &AttendancePage) -> AnyView {
    let (words, flow) = (words(), &page.flow);
    let own = &words.attendance;
    let here = path(flow.tag());
    let run = match &flow.state {
        Attendance::Ask(asked) => Some(asked.request().run()),
        Attendance::Done(_) | Attendance::Gone => None,
    };
    let feedback = of_the_key(&flow.feedback);
    let form = view! {
        <p>{(own.comes_from)(&page.host, &page.codigo_curso)}</p>
        <form method="post" action=here.clone() novalidate="" data-nativo="">
            <input type="hidden" name="paso" value="clave" />
            <input type="hidden" name="rut" value=run.map(|run| run.plain()) />
            <p>
                {own.run} " " <strong class="numero">{run.map(|run| run.to_string())}</strong>
            </p>
            <p class="ayuda">{own.not_you}</p>
            {shared_fields::current_key(words.sign_in.key, &feedback, (words.sign_in.key_hint)(Kind::Natural))}
            <p class="ayuda">{(own.limits)(page.tries_left)}</p>
            {action(words.sign_in.enter)}
        </form>
        <form method="post" action=here data-nativo="">
            <input type="hidden" name="paso" value="volver" />
            <button type="submit" class="boton-texto">{own.back}</button>
        </form>
        <p>
            {words.form.forgotten_key} " " <a href=Errand::Recover.path(Kind::Natural)>{words.errands.recover.menu}</a> ". " {own.then}
        </p>
        <p>{words.sign_in.no_key} " " <a href=Errand::Register.path(Kind::Natural)>{words.errands.register.menu}</a></p>
    };
    let head = Head { heading: ask_heading(own, page.action).to_owned(), ..Head::default() };
    frame(head.with(SecretFields::KEY), &feedback, form)
}

/// The RUN stands there and cannot be typed, so only the key can be wrong.
fn of_the_key(feedback: &Feedback) -> Feedback {
    let of_the_key = |error: FieldError| match (error.field, error.reason) {
        (Field::CurrentKey, Reason::Wrong) => FieldError::new(Field::CurrentKey, Reason::NotTheKeyOfRun),
        _ => error,
    };
    Feedback { errors: feedback.errors.iter().copied().map(of_the_key).collect(), ..feedback.clone() }
}

/// What a request came to, and the way back.
pub(super) fn end(end: &End) -> AnyView {
    let own = &words().attendance;
    let heading = end_heading(own, end.ended.action(), end.ended.outcome());
    let outcome = match end.ended.outcome() {
        Outcome::Opened(_) => done(heading, own.entered.text),
        Outcome::Closed => done(heading, own.left.text),
        Outcome::Refused(glosas) => refused(heading, glosas),
    };
    let way_back = match &end.answer {
        Some(answer) => back(answer),
        None => view! {
            <p>{own.nowhere}</p>
            <p><a class="boton boton--claro" href="/">{words().form.to_start}</a></p>
        }
        .into_any(),
    };
    view! {
        {outcome}
        {way_back}
    }
    .into_any()
}

fn done(heading: &'static str, text: &'static str) -> AnyView {
    view! {
        <div class="exito">
            <span class="exito-marca" aria-hidden="true">"✓"</span>
            <h1 tabindex="-1">{heading}</h1>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

/// Why nothing was recorded, each reason once.
fn refused(heading: &'static str, glosas: &Glosas) -> AnyView {
    let own = &words().attendance;
    let mut reasons: Vec<&'static str> = glosas.codes().iter().map(|glosa| (own.reason)(*glosa)).collect();
    let mut seen = std::collections::HashSet::new();
    reasons.retain(|reason| seen.insert(*reason));
    let reasons: Vec<_> = reasons.into_iter().map(|reason| view! { <p>{reason}</p> }).collect();
    view! {
        <div class="aviso aviso--alto" role="alert" tabindex="-1" autofocus="" data-foco="">
            <h1>{heading}</h1>
            {reasons}
            <p>{(own.codes)(&glosas.to_string())}</p>
        </div>
    }
    .into_any()
}

/// The form that takes the answer to the course. Where anybody may have sent the student, only its button does.
pub(super) fn back(answer: &Answer) -> AnyView {
    let own = &words().attendance;
    let is_sent = answer.way == Way::Submit;
    let host = answer.to.host();
    let said = if is_sent { (own.going)(host) } else { (own.stranger)(host) };
    let fields: Vec<_> = answer
        .fields
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone() /> })
        .collect();
    view! {
        <p>{said}</p>
        <form method="post" action=answer.to.as_str().to_owned() data-nativo="" data-continuar=is_sent.then_some("")>
            {fields}
            {action(own.go_on)}
        </form>
    }
    .into_any()
}

/// A page that says one thing.
pub(super) fn plain(of: fn(&Words) -> &Headed) -> AnyView {
    let said = of(&words().attendance);
    view! {
        <h1 tabindex="-1">{said.heading}</h1>
        <p>{said.text}</p>
        <p><a class="boton boton--claro" href="/">{words().form.to_start}</a></p>
    }
    .into_any()
}

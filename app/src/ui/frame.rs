//! The frame of a step: what went wrong, where one is, the heading, the form.

use backend::flows::Kept;
use domain::flow::{Feedback, Notice};
use domain::kind::Kind;
use domain::needs::Datum;
use leptos::prelude::*;
use wording::SecretFields;
use wording::facts::SENCE_SITE;

use super::unfinished;
use crate::errand::Errand;
use crate::named::{go_to, linked, may_lack_a_key, named_by, named_by_error};
use crate::topics::{Topic, about, about_error};
use crate::words::{audience, error_cause, error_sentence, type_again, words};

/// How a notice looks: something went wrong, or something is good to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The person is stopped.
    Stop,
    /// Good to know.
    Info,
}

/// How a notice of a flow looks.
pub fn severity(notice: Notice) -> Severity {
    match notice {
        Notice::Expired
        | Notice::ExpiredForm
        | Notice::OtherTab
        | Notice::NewCaptcha
        | Notice::NewCode
        | Notice::OtherIdentity { .. }
        | Notice::DocumentForNow { .. } => Severity::Info,
        Notice::RegistryDown
        | Notice::TaxRegistryDown
        | Notice::ForeignRegistryDown
        | Notice::Wait { .. }
        | Notice::WaitOrSerial { .. }
        | Notice::WaitOrDocument { .. }
        | Notice::WaitOrLetters { .. }
        | Notice::ManyMessages
        | Notice::UseDocument
        | Notice::StillMissing
        | Notice::DailyCap
        | Notice::KeysToday
        | Notice::CodesToday
        | Notice::MostRequests
        | Notice::MostFiles
        | Notice::Unsigned
        | Notice::Busy => Severity::Stop,
    }
}

/// Heading and step number of a form.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The small line over the heading: which errand, for whom.
    pub over: String,
    /// The heading.
    pub heading: String,
    /// Which step of how many.
    pub step: Option<(u8, u8)>,
    /// What its form holds that has to be typed again.
    pub secrets: SecretFields,
}

impl Head {
    /// The same, above a form with secrets.
    #[must_use]
    pub fn with(self, secrets: SecretFields) -> Self {
        Self { secrets, ..self }
    }
}

/// Of the secrets of a form, those that its page asks for again: what the flow has kept is not typed again.
pub fn still_to_type(secrets: SecretFields, kept: &Kept) -> SecretFields {
    secrets.without(kept.has_answer(), kept.has_key())
}

/// A page of a flow.
pub fn frame(head: Head, feedback: &Feedback, content: impl IntoView + 'static) -> AnyView {
    view! {
        {errors(feedback, head.secrets)}
        {head.step.map(|(step, of)| steps(step, of))}
        {(!head.over.is_empty()).then(|| view! { <p class="sobre">{head.over}</p> })}
        <h1 tabindex="-1">{head.heading}</h1>
        {content}
    }
    .into_any()
}

/// A page whose heading ends with the number of a request, which never breaks at its dashes.
pub fn frame_of_number(
    heading: &'static str,
    number: String,
    feedback: &Feedback,
    content: impl IntoView + 'static,
) -> AnyView {
    view! {
        {errors(feedback, SecretFields::NOTHING)}
        <h1 tabindex="-1">{heading} " " <span class="entero">{number}</span></h1>
        {content}
    }
    .into_any()
}

/// “Paso 2 de 4”, with a bar.
fn steps(step: u8, of: u8) -> impl IntoView {
    let bars: Vec<_> =
        (1..=of).map(|bar| view! { <span class="barra" class:barra--hecha=bar <= step></span> }).collect();
    view! {
        <div class="pasos">
            <p>{(words().form.step)(step, of)}</p>
            <div class="barras" aria-hidden="true">{bars}</div>
        </div>
    }
}

/// What went wrong, above the form: linked to the fields, worded like the errors beside them, and the first thing that
/// gets the focus: from the script, and from the browser where it loads the page itself. A notice that stops the person too
/// stands in the same box, with its help in place of another; any other notice below. Where one has to wait, nothing else is to do: the
/// errors say what was wrong and no more, under the heading of the wait.
pub fn errors(feedback: &Feedback, secrets: SecretFields) -> impl IntoView + use<> {
    let words = words();
    let said = |notice| (words.notices.notice)(notice, audience(), secrets);
    let errors = &feedback.errors;
    let stop = feedback.notice.filter(|notice| !errors.is_empty() && severity(*notice) == Severity::Stop);
    let waits = feedback.wait().is_some();
    let summary = (!errors.is_empty()).then(|| {
        let sentence = |error| if waits { error_cause(error) } else { error_sentence(error) };
        let links: Vec<_> = errors
            .iter()
            .map(|error| view! { <li><a href=format!("#{}", error.field.name())>{sentence(*error)}</a></li> })
            .collect();
        let more = match stop {
            Some(notice) => about(notice),
            None => errors.iter().find_map(|error| about_error(*error)),
        };
        let named = errors.iter().find_map(|error| named_by_error(*error)).filter(|_| !waits).map(go_to);
        let no_key = (!waits && errors.iter().any(|error| may_lack_a_key(*error))).then(register);
        let again = type_again(secrets, errors).map(|text| view! { <p>{text}</p> });
        let stop = stop.map(|notice| {
            let (heading, text) = said(notice);
            view! {
                {(!waits).then(|| view! { <h2>{heading}</h2> })}
                <p>{linked(&text, named_by(notice))}</p>
            }
        });
        let heading =
            feedback.notice.filter(|_| waits).map_or(words.form.to_correct, |notice| said(notice).0);
        view! {
            <div class="resumen" role="alert" tabindex="-1" autofocus="" data-foco="">
                <h2>{heading}</h2>
                <ul>{links}</ul>
                {again}
                {named}
                {no_key}
                {stop}
                {more.map(help_link)}
            </div>
        }
    });
    let notice = feedback.notice.filter(|_| stop.is_none()).map(|notice| {
        let (heading, text) = said(notice);
        let more = about(notice).map(help_link);
        panel(severity(notice), heading, linked(&text, named_by(notice)), more)
    });
    view! {
        {summary}
        {notice}
    }
}

/// “¿No tiene clave? Regístrese”.
fn register() -> impl IntoView {
    let words = words();
    let kind = use_context::<Kind>().unwrap_or_default();
    view! { <p>{words.sign_in.no_key} " " <a href=Errand::Register.path(kind)>{words.errands.register.menu}</a></p> }
}

/// Leads from a message to its topic.
fn help_link(topic: Topic) -> impl IntoView {
    view! { <p>{help_beside(topic, words().form.help)}</p> }
}

/// A link to a topic of the help, from a page with a form. It opens another tab: without script, Back would bring an empty form.
fn help_beside(topic: Topic, label: &'static str) -> impl IntoView {
    let text = format!("{label} {}", words().form.new_tab);
    view! { <a href=format!("/informacion#{}", topic.anchor()) target="_blank">{text}</a> }
}

/// What a page says above all else: it stops who is there, or is good to know. It gets the focus.
pub fn panel(
    severity: Severity,
    heading: &'static str,
    text: impl IntoView + 'static,
    more: impl IntoView + 'static,
) -> AnyView {
    let stop = severity == Severity::Stop;
    view! {
        <div
            class="aviso"
            class:aviso--alto=stop
            role=if stop { "alert" } else { "status" }
            tabindex="-1"
            autofocus=""
            data-foco=""
        >
            <h2>{heading}</h2>
            <p>{text}</p>
            {more}
        </div>
    }
    .into_any()
}

/// What every form carries along unseen: the kind, and the tag of its flow.
pub fn hidden(kind: Kind, tag: &str) -> AnyView {
    let tag = (!tag.is_empty()).then(|| tag.to_owned());
    view! {
        <input type="hidden" name="tipo" value=kind.slug() />
        {tag.map(|tag| view! { <input type="hidden" name="pagina" value=tag /> })}
    }
    .into_any()
}

/// A-MIN: what an account lacks.
pub fn lacking(data: &[Datum]) -> AnyView {
    let words = words();
    let items: Vec<_> = data.iter().map(|data| view! { <li>{(words.kinds.datum)(*data)}</li> }).collect();
    view! {
        <div class="falta">
            <p>{words.form.lacking}</p>
            <ul class="lista">{items}</ul>
            <p class="ayuda">{help_beside(Topic::MissingData, words.form.lacking_help)}</p>
        </div>
    }
    .into_any()
}

/// The main button of a form.
pub fn action(label: &'static str) -> AnyView {
    view! {
        <button type="submit" class="boton">
            {label}
        </button>
    }
    .into_any()
}

/// The main button of a form, and “Volver”, which leads to the page before.
pub fn action_or_back(label: &'static str, back: &str) -> AnyView {
    view! {
        {action(label)}
        <a class="boton-texto" href=back.to_owned()>{words().form.back}</a>
    }
    .into_any()
}

/// On the last page of a flow that promises a message: what to do when none comes.
pub fn not_arrived() -> AnyView {
    let topic = Topic::NoMessage;
    view! { <p>{help_beside(topic, topic.words(&words().help).question)}</p> }.into_any()
}

/// On a last page: the way to the systems that the key is for, and back to the front page.
pub fn to_systems() -> AnyView {
    let form = &words().form;
    view! {
        <p><a href=SENCE_SITE>{form.systems}</a></p>
        <p><a class="boton boton--claro" href="/">{form.to_start}</a></p>
    }
    .into_any()
}

/// The end of a flow: “Éxito”, and what happens next.
pub fn success(lead: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="exito">
            <span class="exito-marca" aria-hidden="true">"✓"</span>
            <h1 tabindex="-1">{words().form.success}</h1>
            <p>{lead}</p>
        </div>
        {unfinished::links()}
        {content}
    }
    .into_any()
}

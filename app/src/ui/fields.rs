//! Fields of a form. Each has a label, a hint, its error and a control, tied together for screen readers.

use backend::files::MAX_FILE_BYTES;
use domain::field::{Field, FieldError};
use domain::flow::Feedback;
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

use crate::named::{linked, named_by_error};
use crate::words::{error_sentence, words};

/// The HTML attributes of an input. An empty one is left out: the browser does what its `type` asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct InputAttributes {
    /// `type` of the input.
    pub kind: &'static str,
    /// `inputmode`: which keyboard a phone shows.
    pub mode: &'static str,
    /// `autocomplete`.
    pub complete: &'static str,
    /// `autocapitalize`.
    pub capital: &'static str,
    /// `passwordrules`: what a password manager may make up.
    pub rules: &'static str,
}

impl InputAttributes {
    /// Plain text.
    pub const TEXT: Self = Self { kind: "text", mode: "", complete: "off", capital: "", rules: "" };
    /// A RUT: letters too, for the K; kept by password managers as the name of the account.
    pub const RUT: Self = Self { complete: "username", capital: "characters", ..Self::TEXT };
    /// Letters and digits of a card, or of a captcha.
    pub const CODE: Self = Self { capital: "characters", ..Self::TEXT };
    /// A secret answer: shown while typed, so that people see what they write; never remembered.
    pub const ANSWER: Self = Self { capital: "none", ..Self::TEXT };
    /// A mail address.
    pub const EMAIL: Self = Self { kind: "email", complete: "email", ..Self::TEXT };
    /// A telephone number.
    pub const PHONE: Self = Self { kind: "tel", complete: "tel-national", ..Self::TEXT };
    /// A date, typed: digits and dashes, which not every number pad has.
    pub const DATE: Self = Self { complete: "bday", ..Self::TEXT };
    /// The current key. “Ver lo que escribo” makes plain text of it, which no keyboard may capitalize.
    pub const CURRENT_KEY: Self =
        Self { kind: "password", complete: "current-password", capital: "none", ..Self::TEXT };
    /// A key to be set. The length is that of `domain::clave::KEY_LENGTH`.
    pub const NEW_KEY: Self = Self {
        complete: "new-password",
        rules: "minlength: 8; maxlength: 10; required: lower; required: digit;",
        ..Self::CURRENT_KEY
    };
}

fn error_of(feedback: &Feedback, field: Field) -> Option<Said> {
    let error = feedback.errors.iter().find(|error| error.field == field).copied()?;
    Some(Said { error, wait: feedback.wait() })
}

/// What is said beside a field: what is wrong, or, while nothing that is typed would be looked at, how long to wait.
#[derive(Clone, Copy)]
struct Said {
    error: FieldError,
    wait: Option<u32>,
}

/// Label, hint and error of a control.
struct FieldWrapper {
    field: Field,
    label: &'static str,
    hint: &'static str,
    optional: bool,
    error: Option<Said>,
    /// The field beside which it is said what is wrong with this one too.
    with: Option<Field>,
}

impl FieldWrapper {
    /// Label, hint and error, then the control.
    fn view(self, control: impl IntoView + 'static) -> AnyView {
        let Self { field, label, hint, optional, error, with } = self;
        let name = field.name();
        view! {
            <div class="campo" class:campo--error=error.is_some() || with.is_some()>
                <div class="rotulo">
                    <label for=name>{label}</label>
                    {optional
                        .then(|| view! { <span class="opcional" id=format!("{name}-opcional")>{words().form.optional}</span> })}
                </div>
                {(!hint.is_empty()).then(|| view! { <p class="ayuda" id=format!("{name}-ayuda")>{hint}</p> })}
                {error_line(name, error)}
                {control}
            </div>
        }
        .into_any()
    }

    /// The ids of what describes the control.
    fn described(&self) -> Option<String> {
        let parts =
            [("opcional", self.optional), ("ayuda", !self.hint.is_empty()), ("error", self.error.is_some())];
        let ids: Vec<String> = parts
            .into_iter()
            .filter(|(_, there)| *there)
            .map(|(part, _)| format!("{}-{part}", self.field.name()))
            .chain(self.with.map(|with| format!("{}-error", with.name())))
            .collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

fn error_line(name: &'static str, said: Option<Said>) -> impl IntoView {
    said.map(|Said { error, wait }| {
        let text = match wait {
            Some(minutes) => (words().errors.wait)(minutes).into_any(),
            None => linked(error_sentence(error), named_by_error(error)),
        };
        view! {
            <p class="error" id=format!("{name}-error")>
                <span class="oculto">{words().form.error}</span>
                {text}
            </p>
        }
    })
}

/// The properties of a text field.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Its value.
    pub value: String,
    /// Hint under the label.
    pub hint: &'static str,
    /// How it takes what is typed.
    pub attributes: InputAttributes,
    /// May be left empty.
    pub optional: bool,
    /// The text before the input, such as `+56 9`.
    pub prefix: &'static str,
    /// How wide it should look, as the end of a class: `corto`, `medio`, or nothing.
    pub width: &'static str,
    /// Wrong together with another field, beside which it is said.
    pub with: Option<Field>,
}

/// A text field.
pub fn text_field(field: Field, label: &'static str, feedback: &Feedback, input: Input) -> AnyView {
    text_field_with(field, label, feedback, input, (), ())
}

/// A text field with something before the input (an area code) and something after it (an island).
pub fn text_field_with(
    field: Field,
    label: &'static str,
    feedback: &Feedback,
    input: Input,
    lead: impl IntoView + 'static,
    after: impl IntoView + 'static,
) -> AnyView {
    let error = error_of(feedback, field);
    let wrapper =
        FieldWrapper { field, label, hint: input.hint, optional: input.optional, error, with: input.with };
    let name = field.name();
    let prefixed = !input.prefix.is_empty();
    let given = |value: &'static str| (!value.is_empty()).then_some(value);
    let control = view! {
        <div class="fila">
            {prefixed.then(|| view! { <span class="prefijo" aria-hidden="true">{input.prefix}</span> })}
            {lead}
            <input
                id=name
                name=name
                type=input.attributes.kind
                class=input.width
                value=(!input.value.is_empty()).then_some(input.value)
                inputmode=given(input.attributes.mode)
                autocomplete=given(input.attributes.complete)
                autocapitalize=given(input.attributes.capital)
                {..custom_attribute("passwordrules", given(input.attributes.rules))}
                spellcheck="false"
                aria-describedby=wrapper.described()
                aria-invalid=(error.is_some() || input.with.is_some()).then_some("true")
            />
        </div>
        {after}
    };
    wrapper.view(control)
}

/// A file to be sent. The script leaves out one of more than [`MAX_FILE_BYTES`] bytes, and says so.
pub fn file_field(field: Field, label: &'static str, feedback: &Feedback, hint: &'static str) -> AnyView {
    let error = error_of(feedback, field);
    let wrapper = FieldWrapper { field, label, hint, optional: false, error, with: None };
    let name = field.name();
    let control = view! {
        <input
            id=name
            name=name
            type="file"
            accept=".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
            data-max=MAX_FILE_BYTES.to_string()
            aria-describedby=wrapper.described()
            aria-invalid=error.map(|_| "true")
        />
    };
    wrapper.view(control)
}

/// A text of several lines. Leptos does not escape what is in a `<textarea>`, so it is done here.
pub fn text_area(
    field: Field,
    label: &'static str,
    feedback: &Feedback,
    value: &str,
    hint: &'static str,
) -> AnyView {
    let error = error_of(feedback, field);
    let wrapper = FieldWrapper { field, label, hint, optional: false, error, with: None };
    let name = field.name();
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let control = view! {
        <textarea
            id=name
            name=name
            rows="5"
            aria-describedby=wrapper.described()
            aria-invalid=error.map(|_| "true")
            inner_html=value
        ></textarea>
    };
    wrapper.view(control)
}

/// An option of a list: its value and its text. Where both are the same, the page has the text only.
pub type Item = (String, String);

/// The properties of a list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The chosen value.
    pub value: String,
    /// Hint under the label.
    pub hint: &'static str,
    /// `autocomplete`.
    pub complete: &'static str,
    /// Plain options.
    pub options: Vec<Item>,
    /// Options in groups: the name of the group, its options.
    pub groups: Vec<(&'static str, Vec<Item>)>,
}

/// A list to choose one from.
pub fn select(
    field: Field,
    label: &'static str,
    feedback: &Feedback,
    list: List,
    after: impl IntoView + 'static,
) -> AnyView {
    let error = error_of(feedback, field);
    let wrapper = FieldWrapper { field, label, hint: list.hint, optional: false, error, with: None };
    let name = field.name();
    let options = options(list.options, &list.value);
    let groups: Vec<_> = list
        .groups
        .into_iter()
        .map(|(label, items)| {
            view! { <optgroup label=label>{self::options(items, &list.value)}</optgroup> }
        })
        .collect();
    let control = view! {
        <select
            id=name
            name=name
            autocomplete=(!list.complete.is_empty()).then_some(list.complete)
            aria-describedby=wrapper.described()
            aria-invalid=error.map(|_| "true")
        >
            <option value="">{words().form.choose}</option>
            {options}
            {groups}
        </select>
        {after}
    };
    wrapper.view(control)
}

/// The options of a select.
pub fn options(items: Vec<Item>, chosen: &str) -> Vec<AnyView> {
    items
        .into_iter()
        .map(|(code, text)| {
            let selected = code == chosen;
            let value = (code != text).then_some(code);
            view! { <option value=value selected=selected>{text}</option> }.into_any()
        })
        .collect()
}

/// A box to tick.
pub fn check(name: &'static str, label: &'static str, checked: bool) -> AnyView {
    check_as(name, "si", label, checked)
}

/// The same, with what it sends.
pub fn check_as(name: &'static str, value: &'static str, label: &'static str, checked: bool) -> AnyView {
    view! {
        <div class="casilla">
            <input type="checkbox" id=name name=name value=value checked=checked />
            <label for=name>{label}</label>
        </div>
    }
    .into_any()
}

/// A question with a few answers, one of which is chosen: value and label each.
pub fn choice(
    field: Field,
    legend: &'static str,
    feedback: &Feedback,
    chosen: &str,
    answers: &[(&'static str, &'static str)],
) -> AnyView {
    let error = error_of(feedback, field);
    let name = field.name();
    let answers: Vec<_> = answers
        .iter()
        .enumerate()
        .map(|(index, &(code, label))| {
            // The first one bears the name of the field, so that the error summary leads to it.
            let id = if index == 0 { name.to_owned() } else { format!("{name}-{code}") };
            view! {
                <div class="casilla">
                    <input type="radio" id=id.clone() name=name value=code checked=chosen == code />
                    <label for=id>{label}</label>
                </div>
            }
        })
        .collect();
    view! {
        <fieldset
            class="campo"
            class:campo--error=error.is_some()
            aria-describedby=error.map(|_| format!("{name}-error"))
        >
            <legend>{legend}</legend>
            {error_line(name, error)}
            <div class="opciones">{answers}</div>
        </fieldset>
    }
    .into_any()
}

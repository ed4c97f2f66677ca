//! What every form and every step of a flow has.

use super::{Around, Headed, Linked};

/// The words around forms.
#[derive(Debug)]
pub struct Form {
    /// Above the list of errors.
    pub to_correct: &'static str,
    /// Link from an error or a notice to the help about it.
    pub help: &'static str,
    /// Behind a link that leaves a form as it is, since it opens another tab.
    pub new_tab: &'static str,
    /// Around the name of a page within a sentence.
    pub page_name: Around,
    /// Link to the page that an error names, by its entry in the menu.
    pub go_to: fn(&str) -> String,
    /// Which step of how many.
    pub step: fn(u8, u8) -> String,
    /// The small line over a heading: an errand, by its entry in the menu, and a kind, by its title.
    pub over: fn(&str, &str) -> String,
    /// Before an error beside its field, for screen readers.
    pub error: &'static str,
    /// Beside the label of a field that may be left empty.
    pub optional: &'static str,
    /// The first entry of a list, when nothing is chosen.
    pub choose: &'static str,
    /// Button of a step that checks something.
    pub validate: &'static str,
    /// Button of a step that takes something.
    pub go_on: &'static str,
    /// Link below a form to the page before it.
    pub back: &'static str,
    /// Link from the last page to the site of SENCE.
    pub systems: &'static str,
    /// Link from the last page to the front page.
    pub to_start: &'static str,
    /// Heading of the last page.
    pub success: &'static str,
    /// Heading over what to do after the last page.
    pub next: &'static str,
    /// Heading of a page that stops for missing data.
    pub data_missing: &'static str,
    /// Over the list of what an account lacks.
    pub lacking: &'static str,
    /// Link to the help about it.
    pub lacking_help: &'static str,
    /// Button for who has completed it meanwhile.
    pub completed: &'static str,
    /// Heading of the step that asks the secret question.
    pub answer_question: &'static str,
    /// The box that leads on without the answer.
    pub forgotten_answer: &'static str,
    /// Link back to the question.
    pub remembered: &'static str,
    /// Before the link to “Recuperar CS”.
    pub forgotten_key: &'static str,
    /// The security check.
    pub captcha: Captcha,
    /// “Terminar y borrar”.
    pub erase: Erase,
    /// Files that are sent.
    pub files: Files,
    /// A form found no connection.
    pub lost: Headed,
    /// The button that shows what is typed into key fields, and the same button pressed.
    pub keys: Keys,
}

/// “Validación de seguridad anti-Robots” (A-CAPTCHA).
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct Captcha {
    pub head: Headed,
    /// Over the letters that stand in for a wait.
    pub in_place_of_wait: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub alt: &'static str,
    /// Over the sound of the letters.
    pub listen: &'static str,
    /// How the letters are spoken.
    pub listen_hint: &'static str,
    pub refresh: &'static str,
    /// While the browser works in place of the letters.
    pub working: &'static str,
    /// When it has.
    pub worked: &'static str,
    /// When it could not.
    pub not_worked: &'static str,
}

/// “Terminar y borrar”, below every form of a flow and at its end.
#[derive(Debug)]
pub struct Erase {
    /// When to use it.
    pub hint: &'static str,
    /// The button.
    pub button: &'static str,
    /// The page that follows.
    pub done: Headed,
    /// What to do on a shared computer.
    pub close: &'static str,
}

/// What is said of files.
#[derive(Debug)]
pub struct Files {
    /// What may be sent.
    pub hint: &'static str,
    /// Beside a declaration of an earlier flow.
    pub same_for_declaration: &'static str,
    /// Beside a document of an earlier flow.
    pub same_for_document: &'static str,
    /// The declaration came back as it was handed out.
    pub unsigned: &'static str,
    /// What is kept, and for how long.
    pub lost_after: &'static str,
    /// A photo.
    pub jpeg: &'static str,
    /// A picture that is no photo.
    pub png: &'static str,
    /// A PDF.
    pub pdf: &'static str,
    /// What it is, one of the three above, and how many bytes it has.
    pub size: fn(&str, i64) -> String,
}

/// A button with two states.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after what the button does")]
pub struct Keys {
    pub show: &'static str,
    pub hide: &'static str,
}

/// The pages of an error status.
#[derive(Debug)]
pub struct Failures {
    /// 404.
    pub not_found: Failure,
    /// 403: a form that was not sent from a page of ours.
    pub forbidden: Failure,
    /// 500, 503, 504.
    pub unavailable: Failure,
    /// Any other.
    pub unreadable: Failure,
    /// Before the number under which the logs have the request.
    pub request: &'static str,
}

/// The page of an error status.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct Failure {
    pub title: &'static str,
    pub head: Headed,
}

/// The local inbox of the demo.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are named after the elements of the page")]
pub struct Inbox {
    pub head: Headed,
    pub empty: &'static str,
    pub sms: &'static str,
    pub to: &'static str,
}

/// The front page, and the choice of kinds of each errand (A-HOME).
#[derive(Debug)]
pub struct Home {
    /// Title of the front page.
    pub title: &'static str,
    /// What the key is for.
    pub lead: &'static str,
    /// For who has a key already: around a link to the site of SENCE.
    pub sign_in: Linked,
    /// Asks for which kind.
    pub for_whom: &'static str,
}

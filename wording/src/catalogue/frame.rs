//! What is around every page.

use super::{Around, Linked};

/// The head of the document, the bars at the top, and the foot.
#[derive(Debug)]
pub struct Frame {
    /// Name of the service.
    pub service: &'static str,
    /// `<title>`, from the title of the page.
    pub title: fn(&str) -> String,
    /// The same of a page with errors, which is what a screen reader says first.
    pub error_title: fn(&str) -> String,
    /// `<meta name="description">`.
    pub description: &'static str,
    /// Link to the content, for the keyboard.
    pub skip: &'static str,
    /// The name at the top, and its short form.
    pub brand: &'static str,
    /// Its short form.
    pub brand_short: &'static str,
    /// Before the help line at the top.
    pub help_line: &'static str,
    /// That this is the demo, and where its messages are.
    pub demo: Linked,
    /// Name of the menu.
    pub menu: &'static str,
    /// Entry of the menu that leads to `/informacion`.
    pub information: &'static str,
    /// At the foot, around the help line.
    pub help: Around,
    /// Whose service this is, and what it is not.
    pub owner: &'static str,
}

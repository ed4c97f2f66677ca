//! Facts that many sentences use and are the same in every language, each written once.
//!
//! They are macros, so that `concat!` can put them into a `&'static str`.

/// The help line.
macro_rules! help_line {
    () => {
        "800 80 10 30"
    };
}
pub(crate) use help_line;

/// The help line within a sentence of a page: no line breaks in it. Mails and SMS have `help_line!`, since an SMS has no such space.
macro_rules! unbroken_help_line {
    () => {
        "800\u{a0}80\u{a0}10\u{a0}30"
    };
}
pub(crate) use unbroken_help_line;

/// The site of SENCE, which leads to the systems that the key is for.
pub const SENCE_SITE: &str = "https://sence.gob.cl";

/// Number of the help line, as people read it.
pub const HELP_LINE: &str = help_line!();

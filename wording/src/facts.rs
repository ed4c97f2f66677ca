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

/// Number of the help line, as people read it.
pub const HELP_LINE: &str = help_line!();

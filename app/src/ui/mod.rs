//! Markup that recurs: fields with their hints and errors, the error summary, the step indicator, the frame of a step.

mod fields;
mod frame;
pub mod personal;
pub mod shared_fields;
mod unfinished;

pub use fields::{
    Input, InputAttributes, Item, List, check, check_as, choice, file_field, options, select, text_area,
    text_field, text_field_with,
};
pub use frame::{
    Head, Severity, action, action_or_back, errors, frame, frame_of_number, hidden, lacking, not_arrived,
    panel, severity, still_to_type, success, to_systems,
};
pub(crate) use unfinished::{NO_SYSTEM, Unfinished, begin_again, fresh_sign_in_path, sign_in_path};

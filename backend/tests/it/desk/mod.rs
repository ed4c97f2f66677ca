//! The officers’ desk: F-REVIEW.

mod at_once;
mod decisions;
mod existing_account;
mod officers;
mod review;

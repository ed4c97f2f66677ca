//! What accounts hold: minimum data, import, policies of older guides.

mod epochs;
mod import;
mod minimum_data;
mod policies;

//! Account data: minimum data, import, policies of older guides, validity of proofs.

mod epochs;
mod import;
mod minimum_data;
mod policies;

//! The store, the registries, uploads in S3, restarts, and what all flows share.

#[cfg(feature = "s3")]
mod files_s3;
mod registries_http;
mod restart;
mod steps_of_all_flows;
mod store;

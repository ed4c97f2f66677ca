//! The store, the registries, files in S3, restarts, and rules common to all flows.

#[cfg(feature = "s3")]
mod files_s3;
mod registries_http;
mod restart;
mod steps_of_all_flows;
mod store;

//! The store and the rights of its files, the registries, uploads in S3, restarts, and what all flows share.

#[cfg(feature = "s3")]
mod files_s3;
#[cfg(unix)]
mod owner_only;
mod registries_http;
mod restart;
mod steps_of_all_flows;
mod store;
mod stored_words;
mod unreadable_flows;

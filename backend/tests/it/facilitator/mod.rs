//! Requests for foreign facilitators: F-REQ.

mod details;
mod files;
mod identify;
mod kept_files;
mod many;
mod request;
mod same_document;
mod steps;
mod sweep;
mod tabs;

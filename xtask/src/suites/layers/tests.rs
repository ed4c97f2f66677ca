//! Small crates, in which one import at a time is wrong.

use super::source::paths;
use super::*;

/// A repository of these files.
fn tree(files: &[(&str, &str)]) -> Tree {
    let text =
        |(path, content): &(&str, &str)| Text { path: (*path).to_owned(), content: (*content).to_owned() };
    let mut tree = Tree { texts: files.iter().map(text).collect(), ..Tree::default() };
    tree.texts.sort_by(|a, b| a.path.cmp(&b.path));
    tree
}

fn findings(files: &[(&str, &str)]) -> Vec<String> {
    check(&tree(files)).1
}

/// A crate in order: the outbox takes its messages from below, parents and children name each other.
const BACKEND: [(&str, &str); 7] = [
    ("backend/src/lib.rs", "pub mod courier; pub mod message; pub mod store;\npub use courier::Courier;"),
    ("backend/src/message.rs", "pub struct Message;"),
    ("backend/src/store/mod.rs", "pub mod outbox; pub struct Store;\npub use outbox::Taken;"),
    ("backend/src/store/outbox.rs", "use super::Store;\nuse crate::message::Message;"),
    (
        "backend/src/courier/mod.rs",
        "mod sms;\nuse crate::store::{Store, outbox::{self, Taken}};\nfn f() { sms::send() }",
    ),
    ("backend/src/courier/sms.rs", "use super::Courier;\nuse crate::message::Message;"),
    ("backend/Cargo.toml", "[dependencies]\ndomain = { workspace = true }\nsqlx.workspace = true"),
];

/// The same with `extra` in it, which takes the place of a file of its name.
fn with(extra: &[(&str, &str)]) -> Vec<String> {
    let mut files = BACKEND.to_vec();
    files.retain(|(path, _)| extra.iter().all(|(other, _)| path != other));
    files.extend(extra);
    findings(&files)
}

#[test]
fn a_repository_in_order_has_no_findings() {
    assert_eq!(findings(&BACKEND), Vec::<String>::new());
}

#[test]
fn a_circle_between_siblings_is_found_whatever_lies_deep_in_them() {
    let found = with(&[("backend/src/store/outbox.rs", "\nuse crate::courier::sms::Text;")]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("backend/src: a circle between courier, store:"), "{found:?}");
    assert!(found[0].contains("backend/src/store/outbox.rs:2: crate::courier::sms::Text"), "{found:?}");
    assert!(found[0].contains("backend/src/courier/mod.rs:2: crate::store"), "{found:?}");
}

#[test]
fn a_circle_over_three_files_or_inside_a_folder_is_found() {
    let found = with(&[
        ("backend/src/message.rs", "pub struct Message(crate::courier::Courier);"),
        ("backend/src/courier/mod.rs", "use crate::store::Store;"),
    ]);
    assert!(found[0].contains("a circle between courier, message, store:"), "{found:?}");
    let found = with(&[
        ("backend/src/store/outbox.rs", "use super::audit::Event;"),
        ("backend/src/store/audit.rs", "#[cfg(test)]\nmod tests { use super::super::outbox; }"),
    ]);
    assert!(found[0].starts_with("backend/src/store: a circle between audit, outbox:"), "{found:?}");
}

#[test]
fn a_reexport_counts_as_the_file_that_it_comes_from() {
    // `Taken` is re-exported by store/mod.rs, so audit.rs imports outbox.rs.
    let found = with(&[
        ("backend/src/store/outbox.rs", "use super::audit::Event;"),
        ("backend/src/store/audit.rs", "use super::Taken;"),
    ]);
    assert!(found[0].starts_with("backend/src/store: a circle between audit, outbox:"), "{found:?}");
}

#[test]
fn files_of_tests_comments_and_strings_import_nothing() {
    let quiet = "// use crate::courier::Courier;\n/* crate::courier::a /* nested */ crate::courier::b */\n\
                 const A: &str = \"crate::courier::c \\\" crate::courier::d\";\nconst B: &str = r#\"crate::courier::\"e\"#;\n\
                 fn f<'a>(_: &'a str) -> char { '\"' }\nconst C: &str = \"crate::courier::f\";";
    let found = with(&[
        ("backend/src/store/outbox.rs", quiet),
        ("backend/src/store/outbox_tests.rs", "use crate::courier::Courier;"),
        ("backend/tests/it/main.rs", "use backend::courier::Courier;"),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn an_upward_dependency_is_found_in_every_section() {
    for (manifest, why) in [
        ("[dependencies]\napp = { workspace = true }", "backend may not depend on app"),
        ("[dev-dependencies]\nserver = { path = \"../server\" }", "backend may not depend on server"),
        (
            "[target.'cfg(unix)'.dependencies]\nfrontend.workspace = true",
            "backend may not depend on frontend",
        ),
        (
            "[dependencies.leptos]\nworkspace = true",
            "leptos belongs to app, frontend, server, not to backend",
        ),
        ("[dependencies]\naxum = \"0.8\"", "axum belongs to app, server, fuzz/engine, not to backend"),
    ] {
        let found = with(&[("backend/Cargo.toml", manifest)]);
        assert_eq!(found.len(), 1, "{manifest}: {found:?}");
        assert!(found[0].contains(why), "{found:?}");
    }
    let found =
        with(&[("wording/Cargo.toml", "[dependencies]\ndomain.workspace = true\nbackend.workspace = true")]);
    assert_eq!(found, ["wording/Cargo.toml:3: wording may not depend on backend"]);
}

#[test]
fn a_query_outside_the_store_is_found_and_a_transaction_may_pass() {
    let found = with(&[(
        "backend/src/message.rs",
        "use sqlx::AnyConnection;\nfn f() { sqlx::query(\"SELECT 1\"); }",
    )]);
    assert_eq!(found, ["backend/src/message.rs:2: sqlx::query belongs to backend/src/store/"]);
    let found = with(&[("app/src/lib.rs", "use sqlx::{AnyConnection, Row as _};")]);
    assert_eq!(found, ["app/src/lib.rs:1: sqlx::Row belongs to backend/src/store/"]);
}

#[test]
fn a_use_tree_is_taken_apart() {
    let found: Vec<_> = paths("pub use a::{self, b::{c as d, e}, f::*};\nmod m { use super::g; }")
        .into_iter()
        .map(|named| {
            (named.line, named.within.join("::"), named.path.join("::"), named.import.unwrap_or_default())
        })
        .collect();
    let row = |line, within: &str, path: &str, name: &str| {
        (line, within.to_owned(), path.to_owned(), name.to_owned())
    };
    let whole = [
        row(1, "", "a", "a"),
        row(1, "", "a::b::c", "d"),
        row(1, "", "a::b::e", "e"),
        row(1, "", "a::f", ""),
        row(2, "m", "super::g", "g"),
    ];
    assert_eq!(found, whole);
}

//! A small repository, in which one thing at a time is wrong.

use super::*;

const REQUIREMENTS: &str = "\
# Requirements

| guide | title |
|---|---|
| 004 | the newest |

## Persona natural

### N-REG

Registration.

*Built.* Guide 004. Tests: `backend/tests/it/registration.rs`.

### N-REC-1

*Built.* Guide 004. Tests: `backend/tests/it/registration.rs`,
`backend/tests/it/recovery.rs`.

## Later

### O-HOLD

*Not built yet.* No guide.
";

/// A repository in order, with `extra` in it, which may take the place of a file.
fn tree(extra: &[(&str, &str)]) -> Tree {
    let mut files = vec![
        (requirements::PAGE, REQUIREMENTS),
        ("docs/security.md", "# What holds\n\n## The web, and more\n\n```sh\n# no heading\n```\n"),
        ("docs/decisions/0005-memory.md", "# 0005\n"),
        ("backend/src/store/mod.rs", "pub struct Store;\nimpl Store { pub fn begin() {} }\n"),
        ("backend/src/store/flows.rs", "//! Rows of flows.\n"),
        ("app/src/recuperar/documento.rs", "\n"),
        ("backend/tests/it/registration.rs", "//! N-REG, N-REC-1\n"),
        ("backend/tests/it/recovery.rs", "fn n_rec_1_by_serial() {}\n"),
    ];
    files.retain(|(path, _)| extra.iter().all(|(other, _)| other != path));
    files.extend(extra);
    let mut tree = Tree::default();
    for (path, content) in files {
        tree.files.push(path.to_owned());
        tree.texts.push(Text { path: path.to_owned(), content: content.to_owned() });
    }
    tree.collect_names();
    tree
}

/// What is found in the repository with this file in it, as the terminal shows it.
fn found(path: &str, content: &str) -> Vec<String> {
    let (_, findings) = check(&tree(&[(path, content)])).unwrap();
    findings.iter().map(|Finding { file, line, what }| format!("{file}:{line}: {what}")).collect()
}

/// The one thing that is wrong with a page of one line.
fn wrong(line: &str) -> String {
    let mut found = found("docs/page.md", line);
    assert_eq!(found.len(), 1, "{line}: {found:?}");
    found.remove(0).strip_prefix("docs/page.md:1: ").unwrap().to_owned()
}

#[test]
fn references_that_resolve_are_not_reported() {
    let page = "\
# Page

N-REG, N-REC-1 and O-HOLD of guide 004; request F-7K3M-49RD is no requirement, nor is [A-Z] or UTF-8.
`backend/src/store`, `store/flows.rs`, `flows.rs`, `backend/src/store/{mod,flows}.rs`, `store/f*.rs`,
`app/src/recuperar/STEP.rs`, `Store::begin`, `text/html`, `/recuperar/natural`, `show_key`, `clave-sence.toml`,
decisions/0005, docs/security.md#the-web-and-more, [here](#page), [there](security.md#the-web-and-more),
[memory](decisions/0005-memory.md), [folder](decisions), [outside](https://example.org/nowhere.html#x).

```sh
cat nothing.md # `nothing.rs`
```
";
    assert_eq!(found("docs/page.md", page), [""; 0]);
    assert_eq!(
        found("backend/src/lib.rs", "//! See docs/security.md#the-web-and-more (decisions/0005).\n"),
        [""; 0]
    );
}

#[test]
fn an_unknown_requirement_or_guide_is_reported() {
    assert_eq!(wrong("N-REGG"), "N-REGG is no requirement of docs/requirements.md");
    assert_eq!(wrong("as in N-REC-2"), "N-REC-2 is no requirement of docs/requirements.md");
    assert_eq!(wrong("guides 004 and 007"), "guide 007 is not in the table of docs/requirements.md");
    assert_eq!(wrong("N-REC-12"), "N-REC-12 is no requirement of docs/requirements.md");
    let range = found("docs/page.md", "N-REC-1…3");
    assert_eq!(range.len(), 2, "{range:?}");
}

#[test]
fn requirements_count_in_code_and_in_strings_too() {
    let found = found("end2end/tests/x.spec.ts", "\ntest('N-NONE is not there', () => {});\n");
    assert_eq!(found, ["end2end/tests/x.spec.ts:2: N-NONE is no requirement of docs/requirements.md"]);
}

#[test]
fn a_file_that_is_gone_is_reported() {
    assert_eq!(wrong("`backend/src/stores`"), "`backend/src/stores` leads to no file or folder");
    assert_eq!(wrong("`store/accounts.rs`"), "`store/accounts.rs` leads to no file or folder");
    assert_eq!(
        wrong("`backend/src/store/{flows,accounts}.rs`"),
        "`backend/src/store/{flows,accounts}.rs` leads to no file or folder"
    );
    assert_eq!(wrong("see docs/nothing.md"), "docs/nothing.md does not exist");
    assert_eq!(wrong("decisions/0099"), "there is no decision 0099");
    assert_eq!(wrong("[x](../nothing)"), "the link to ../nothing leads to no file or folder");
    let found = found(
        "app/src/lib.rs",
        "fn f() {} // as in `store/accounts.rs`\nconst X: &str = \"`store/no.rs`\";\n",
    );
    assert_eq!(found, ["app/src/lib.rs:1: `store/accounts.rs` leads to no file or folder"]);
}

#[test]
fn a_section_that_is_gone_is_reported() {
    assert_eq!(wrong("docs/security.md#the-net"), "docs/security.md has no section #the-net");
    assert_eq!(wrong("docs/security.md#no-heading"), "docs/security.md has no section #no-heading");
    assert_eq!(wrong("[x](security.md#the-net)"), "docs/security.md has no section #the-net");
    assert_eq!(wrong("[x](#elsewhere)"), "docs/page.md has no section #elsewhere");
}

#[test]
fn a_name_that_the_code_does_not_have_is_reported() {
    assert_eq!(wrong("`Store::open`"), "`Store::open`: the code has no open");
    assert_eq!(wrong("`OldStore`"), "`OldStore`: the code has no OldStore");
    assert_eq!(wrong("`n_rec_1_by_passport`"), "`n_rec_1_by_passport`: the code has no n_rec_1_by_passport");
}

#[test]
fn a_page_from_outside_is_reported_wherever_it_is_cited() {
    for name in ["spec", "design", "security", "bugs"].map(str::to_uppercase) {
        let what = format!("{name} is a page that readers of the repository do not have");
        assert_eq!(wrong(&format!("as {name} §5 says")), what);
        assert_eq!(
            found("app/src/lib.rs", &format!("//! ({name}, 3)\n")),
            [format!("app/src/lib.rs:1: {what}")]
        );
    }
    assert_eq!(found("docs/page.md", "`CREATE ROLE clave LOGIN`, CS_LOGIN, Security"), [""; 0]);
}

#[test]
fn a_built_requirement_has_tests_that_name_it() {
    let with = |test: &str, content: &str| {
        let (_, findings) = check(&tree(&[(test, content)])).unwrap();
        findings.into_iter().map(|finding| finding.what).collect::<Vec<_>>()
    };
    let unnamed = with("backend/tests/it/recovery.rs", "fn by_serial() {}\n");
    assert_eq!(unnamed, ["N-REC-1: `backend/tests/it/recovery.rs` does not name it"]);

    let page = "### N-REG\n\n*Built.* Guide 004.\n\n### N-REC-1\n\nNo state.\n\n### O-HOLD\n\n*Built.* Tests: `backend/src/store/mod.rs`, `x.rs`.\n";
    let what = with(requirements::PAGE, page);
    for part in [
        "N-REG is built and lists no test",
        "N-REC-1 says neither or both",
        "O-HOLD: `backend/src/store/mod.rs` has no tests",
        "O-HOLD: there is no test `x.rs`",
        "guide 004 is not in the table",
        "`x.rs` leads to no file",
    ] {
        assert!(what.iter().any(|what| what.starts_with(part)), "{part}: {what:?}");
    }
}

#[test]
fn released_migrations_are_left_alone() {
    assert_eq!(found("backend/migrations/0001_base.sql", "-- N-NONE, `nothing.rs`\n"), [""; 0]);
}

/// The repository itself is the suite's task; here only that its page is read as meant.
#[test]
fn the_requirements_of_this_repository_are_read() {
    let tree = Tree::read(&Places::find().unwrap().root).unwrap();
    let known = Requirements::read(tree.text(requirements::PAGE).unwrap());
    assert!(["A-HOME", "N-REC-END", "V-TTL", "L-OIDC"].iter().all(|id| known.has(id)));
    assert!(["000", "001", "002", "003", "004"].iter().all(|guide| known.has_guide(guide)));
}

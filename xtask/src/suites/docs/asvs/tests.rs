//! A page in which one thing at a time is wrong.

use super::*;
use crate::places::Places;

/// The cells behind the level of a row of a requirement that is not met.
const PLAIN: &str = "a thing | not met | not built yet | –";

/// A page with a row for each requirement, `row` in place of the one of its number, and these lines of counts.
fn page(row: &str, counts: &str) -> String {
    let replaced = row.trim_start_matches("| ").split(' ').next().unwrap_or_default();
    let mut page = format!("# Table\n\n{counts}\n");
    let mut chapter = String::new();
    let mut levels: Vec<_> = levels().into_iter().collect();
    levels.sort_by_key(|(number, _)| {
        number.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>()
    });
    for (number, level) in levels {
        let (of, _) = number.split_once('.').unwrap();
        if of != chapter {
            of.clone_into(&mut chapter);
            page.push_str(&format!("\n## V{of} Some chapter\n\n"));
        }
        let plain = format!("| {number} | {level} | {PLAIN} |");
        page.push_str(if number == replaced { row } else { &plain });
        page.push('\n');
    }
    page
}

/// The counts of a page whose requirements are all not met, but for one of level 1 that is met.
const COUNTS: &str = "\
| L1 | 70 | 1 | 0 | 69 | 0 |
| L2 | 183 | 0 | 0 | 183 | 0 |
| L3 | 92 | 0 | 0 | 92 | 0 |
| all | 345 | 1 | 0 | 344 | 0 |";

/// What is found on a page, without the name of the page and the line.
fn found(content: String) -> Vec<String> {
    let mut tree = Tree::default();
    for (path, content) in [
        (PAGE, content.as_str()),
        ("server/src/wall.rs", "pub fn not_marked() {}\n"),
        (
            "server/src/wall_tests.rs",
            "#[test]\n#[cfg(unix)]\nfn security_a_form() {}\nfn helper() {}\n    #[tokio::test(x)]\n    async fn waits() {}\n",
        ),
        (
            "backend/tests/it/limits.rs",
            "on_both_engines![\n    counts_twice,\n];\nasync fn counts_twice() {}\n",
        ),
        ("end2end/tests/web.spec.ts", "test('headers: all', async () => {\n  // a word\n});\n"),
    ] {
        tree.files.push(path.to_owned());
        tree.texts.push(Text { path: path.to_owned(), content: content.to_owned() });
    }
    check(&tree).unwrap().into_iter().map(|finding| finding.what).collect()
}

/// What is found when the row of 2.2.1, of level 1, has these cells behind its level.
fn with(cells: &str) -> Vec<String> {
    found(page(&format!("| 2.2.1 | 1 | {cells} |"), COUNTS))
}

#[test]
fn the_list_has_all_345_requirements() {
    let levels = levels();
    let of = |level| levels.values().filter(|one| **one == level).count();
    assert_eq!([of('1'), of('2'), of('3'), levels.len()], [70, 183, 92, 345]);
    assert_eq!(levels.get("10.4.16"), Some(&'3'));
}

#[test]
fn rows_that_name_what_exists_are_not_reported() {
    for test in [
        "`security_a_form`",
        "`waits`, `counts_twice`",
        "`web.spec.ts` “headers: all”",
        "`limits.rs`",
        "page",
        "build",
        "absence",
    ] {
        assert_eq!(with(&format!("asks | met | `server/src/wall.rs` | {test}")), [""; 0], "{test}");
    }
    assert_eq!(with("asks | met | [elsewhere](security.md) | page"), [""; 0]);
}

#[test]
fn a_test_that_is_none_is_reported() {
    for (test, what) in [
        ("`helper`", "2.2.1 names `helper`, which is no test"),
        ("`not_marked`", "2.2.1 names `not_marked`, which is no test"),
        ("`server/src/wall.rs`", "2.2.1 names `server/src/wall.rs`, which holds no tests"),
        (
            "`web.spec.ts` “headers: none”",
            "2.2.1 names “headers: none”, which is no test of a file in the cell",
        ),
        ("`web.spec.ts` “a word”", "2.2.1 names “a word”, which is no test of a file in the cell"),
        ("`waits` “headers: all”", "2.2.1 names “headers: all”, which is no test of a file in the cell"),
        ("trust me", "2.2.1 has “trust me” in place of a test"),
        (NOTHING, "2.2.1 is met and names no test"),
    ] {
        assert_eq!(with(&format!("asks | met | `server/src/wall.rs` | {test}")), [what], "{test}");
    }
}

#[test]
fn a_state_asks_for_its_cells() {
    let wrong = |cells: &str, what: &str| {
        let found = with(cells);
        assert!(found.iter().any(|one| one == what), "{cells}: {found:?}");
    };
    wrong("asks | met | by trust | page", "2.2.1 is met and names no file");
    wrong("asks | partly | by trust | –", "2.2.1 is partly and names no file");
    wrong("asks | not met | missing | `waits`", "2.2.1 is not met and names a test");
    wrong("asks | not applicable | none | `waits`", "2.2.1 is not applicable and names a test");
    wrong("asks | not applicable | – | –", "2.2.1 has an empty cell");
    wrong(" | not applicable | none | –", "2.2.1 has an empty cell");
    wrong("asks | perhaps | none | –", "2.2.1 has the state “perhaps”");
    wrong("asks | met | `server/src/wall.rs`", "a row of 5 cells in place of 6");
}

#[test]
fn every_requirement_has_one_row_with_its_level_under_its_chapter() {
    let met = "asks | met | `server/src/wall.rs` | build";
    let twice = found(page(&format!("| 2.2.1 | 1 | {met} |\n| 2.2.1 | 1 | {met} |"), COUNTS));
    assert!(
        twice.contains(&"2.2.1 is no requirement of the standard, or has a row above".to_owned()),
        "{twice:?}"
    );
    let level = found(page(&format!("| 2.2.1 | 2 | {met} |"), COUNTS));
    assert!(level.contains(&"2.2.1 has level 1".to_owned()), "{level:?}");
    let whole = page(&format!("| 2.2.1 | 1 | {met} |"), COUNTS);
    let none = found(whole.replace(&format!("| 2.2.2 | 1 | {PLAIN} |\n"), ""));
    assert!(none.contains(&"2.2.2 has no row".to_owned()), "{none:?}");
    let misplaced = found(whole.replace("## V3 ", "## Something else, V"));
    assert!(misplaced.contains(&"3.1.1 stands under the heading of another chapter".to_owned()));
}

#[test]
fn counts_that_are_not_those_of_the_rows_are_reported() {
    let row = "| 2.2.1 | 1 | asks | met | `server/src/wall.rs` | build |";
    assert_eq!(found(page(row, COUNTS)), [""; 0]);
    let wrong = found(page(row, &COUNTS.replace("| L2 | 183 | 0 ", "| L2 | 183 | 1 ")));
    assert_eq!(wrong, ["the counts are | L2 | 183 | 0 | 0 | 183 | 0 |"]);
    let missing = found(page(row, ""));
    assert_eq!(missing.len(), 4, "{missing:?}");
}

/// The repository itself is the suite's task; here only that its tests are found.
#[test]
fn the_tests_of_this_repository_are_found() {
    let tree = Tree::read(&Places::find().unwrap().root).unwrap();
    let names = TestNames::of(&tree);
    let cell =
        "`security_malformed_heads_are_refused`, `security_a_session_expires`, `random_bytes_never_panic`";
    assert_eq!(names.missing(cell, &tree), [""; 0]);
}

//! Searches requests, with the same results on both engines.

use std::sync::LazyLock;

use domain::email::Email;
use domain::text::fold;
use sqlx::{AnyConnection, Row};

use super::{FacilitatorRequest, RequestState, SELECT, read};
use crate::store::Result;

/// A search of an officer.
#[derive(Clone, Copy, Default)]
pub struct Search<'a> {
    /// Only requests in this state.
    pub state: Option<RequestState>,
    /// Words of the facilitator's and the company's names, in any order and case; a part of the number, the company's
    /// RUT or the document's number; a whole mail address; a telephone, with or without its country code.
    pub text: &'a str,
    /// Results to skip.
    pub skip: i64,
    /// Most results to return.
    pub most: i64,
}

/// The matching requests: open ones oldest first, in the order of work; otherwise newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn search(connection: &mut AnyConnection, search: Search<'_>) -> Result<Vec<FacilitatorRequest>> {
    let order = match search.state {
        Some(RequestState::Open) => "r.created_at, r.id",
        _ => "r.created_at DESC, r.id",
    };
    let text = Text::of(search.text);
    let by_state = search.state.map(|state| format!("r.state = '{}'", state.word()));
    let conditions: Vec<_> = by_state.into_iter().chain(text.as_ref().map(Text::condition)).collect();
    let matches =
        if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
    let sql = format!(
        "{SELECT} {matches} ORDER BY {order} LIMIT {} OFFSET {}",
        search.most.max(0),
        search.skip.max(0)
    );
    let rows = bind(sql, text).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Number of requests of each state that match `text`, in the order of [`RequestState::ALL`].
///
/// # Errors
/// [`StoreError`].
pub async fn count(connection: &mut AnyConnection, text: &str) -> Result<[(RequestState, i64); 3]> {
    let text = Text::of(text);
    let matches = text.as_ref().map_or_else(String::new, |text| {
        format!("JOIN account a ON a.id = r.company_id WHERE {}", text.condition())
    });
    let sql = format!("SELECT r.state, COUNT(*) FROM facilitator_request r {matches} GROUP BY r.state");
    let mut counts = RequestState::ALL.map(|state| (state, 0));
    for row in bind(sql, text).fetch_all(connection).await? {
        let found = RequestState::parse(&row.try_get::<String, _>(0)?)?;
        for (_, count) in counts.iter_mut().filter(|(state, _)| *state == found) {
            *count = row.try_get(1)?;
        }
    }
    Ok(counts)
}

/// Letters that names have and ASCII has not, and every apostrophe, with what [`fold`] makes of them: SQLite's `lower` handles only
/// ASCII. What names hardly have is left out, because each letter costs time in every row.
static LETTERS: LazyLock<Vec<(char, String)>> = LazyLock::new(|| {
    let latin = ('\u{C0}'..='\u{17F}').chain(['Ơ', 'ơ', 'Ư', 'ư', 'Ș', 'ș', 'Ț', 'ț']);
    let all = latin.chain('\u{1EA0}'..='\u{1EF9}').chain("ºª°´`ʼ‘’".chars());
    let folded = all.map(|c| (c, fold(c.encode_utf8(&mut [0; 4]))));
    folded.filter(|(c, plain)| !plain.is_empty() && *plain != c.to_string()).collect()
});

/// SQL that folds a column as [`fold`] folds a text.
fn folded(column: &str) -> String {
    let mut sql = format!("lower({column})");
    for (letter, plain) in &*LETTERS {
        sql = format!("replace({sql}, '{letter}', '{}')", plain.replace('\'', "''"));
    }
    sql
}

/// Most words of the text that are used: more than any name has.
const MAX_WORDS: usize = 12;
/// Fewest digits of a telephone: too many numbers end in a shorter text.
const MIN_DIGITS: usize = 8;

/// The text of a search, as SQL parameters.
struct Text {
    /// $1: without the separators of a RUT or a document number, as a pattern; empty when nothing is left.
    compact: String,
    /// $2: a whole mail address, in lower case.
    whole: String,
    /// $3: the end of a telephone, with or without its country code, as a pattern; empty when the text is none.
    phone: String,
    /// From $4 on: its words, each as a pattern.
    words: Vec<String>,
}

impl Text {
    /// None when `typed` is blank.
    fn of(typed: &str) -> Option<Self> {
        let whole = typed.trim().to_lowercase();
        if whole.is_empty() {
            return None;
        }
        let like = |text: &str| {
            let escaped: String = text
                .chars()
                .flat_map(|c| matches!(c, '!' | '%' | '_').then_some('!').into_iter().chain([c]))
                .collect();
            if text.is_empty() { String::new() } else { format!("%{escaped}%") }
        };
        let compact = domain::text::compact(typed).to_lowercase();
        let digits: String = compact.chars().filter(|c| !matches!(c, '+' | '(' | ')')).collect();
        let dialled = digits.len() >= MIN_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        Some(Self {
            compact: like(&compact),
            phone: if dialled { format!("%{digits}") } else { String::new() },
            words: fold(&whole).split_whitespace().take(MAX_WORDS).map(like).collect(),
            whole: Email::parse(typed).map_or(whole, |mail| mail.as_str().to_lowercase()),
        })
    }

    /// Every word is in the names of the facilitator or of the company, in any order; or the text matches another
    /// column.
    fn condition(&self) -> String {
        let names = folded("r.names || ' ' || COALESCE(a.names, '')");
        let words: Vec<_> =
            (4..4 + self.words.len()).map(|at| format!("{names} LIKE ${at} ESCAPE '!'")).collect();
        format!(
            "(({}) OR ($1 <> '' AND (lower(r.document_number) LIKE $1 ESCAPE '!'
             OR lower(replace(a.identifier, '-', '')) LIKE $1 ESCAPE '!'
             OR lower(replace(r.number, '-', '')) LIKE $1 ESCAPE '!'))
             OR lower(r.email) = $2 OR ($3 <> '' AND r.phone LIKE $3))",
            words.join(" AND ")
        )
    }
}

fn bind<'q>(sql: String, text: Option<Text>) -> sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments> {
    let query = sqlx::query(sqlx::AssertSqlSafe(sql));
    match text {
        Some(text) => {
            let query = query.bind(text.compact).bind(text.whole).bind(text.phone);
            text.words.into_iter().fold(query, sqlx::query::Query::bind)
        }
        None => query,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_review_the_database_folds_letters_like_the_program() {
        let by_database = |text: &str| -> String {
            let lower = text.to_ascii_lowercase();
            LETTERS.iter().fold(lower, |text, (letter, plain)| text.replace(*letter, plain))
        };
        // Latin letters of Europe and Viet Nam, each; what is left out of the wider blocks is none of a language with many people here.
        let letters = ('\u{A0}'..='\u{24F}').chain('\u{1E00}'..='\u{1EFF}').filter(|c| c.is_alphabetic());
        let missed: String =
            letters.filter(|c| by_database(&c.to_string()) != fold(&c.to_string())).collect();
        let hardly = |c: char| {
            matches!(c, 'µ' | '\u{180}'..='\u{24F}' | '\u{1E00}'..='\u{1E9F}' | '\u{1EFA}'..='\u{1EFF}')
                && !"ƠơƯưȘșȚț".contains(c)
        };
        assert_eq!(missed.chars().filter(|c| !hardly(*c)).collect::<String>(), "");
        for name in [
            "MÖLLER Ÿñ",
            "Nguyễn Đặng",
            "O’Higgins",
            "Łukasz Škoda",
            "Straße",
            "Ştefan Țepeș",
            "Œuvre",
            "Ħal Ŋa",
        ] {
            assert_eq!(by_database(name), fold(name), "{name}");
        }
        assert_eq!(fold("MÖLLER Ÿñ"), "moller yn");
    }
}

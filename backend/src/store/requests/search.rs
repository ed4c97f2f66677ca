//! Searching requests, the same way on both engines.

use domain::text::without_accent;
use sqlx::{AnyConnection, Row};

use super::{FacilitatorRequest, RequestState, SELECT, read};
use crate::store::Result;

/// What an officer looks for.
#[derive(Clone, Copy, Default)]
pub struct Search<'a> {
    /// Only requests in this state.
    pub state: Option<RequestState>,
    /// Words of the facilitator's and the company's names, in whatever order and case; a part of the number, the company's RUT or
    /// the document's number; a whole mail address; a telephone, with or without the code of its country.
    pub text: &'a str,
    /// How many to leave out from the beginning.
    pub skip: i64,
    /// How many to give at most.
    pub most: i64,
}

/// Looks through the requests: open ones oldest first, as they are worked off; otherwise newest first.
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

/// How many requests of each state a text is found in, in the order of [`RequestState::ALL`].
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

/// Letters that a name is found by without their accents, in capitals or not: `lower` of SQLite knows only plain letters.
const ACCENTS: [(&str, char); 8] = [
    ("ÁÀÄÂÃÅáàäâãå", 'a'),
    ("ÉÈËÊéèëê", 'e'),
    ("ÍÌÏÎíìïî", 'i'),
    ("ÓÒÖÔÕóòöôõ", 'o'),
    ("ÚÙÜÛúùüû", 'u'),
    ("Ññ", 'n'),
    ("Çç", 'c'),
    ("ÝŸýÿ", 'y'),
];

/// A column as [`fold`] makes of a text.
fn folded(column: &str) -> String {
    let mut sql = format!("lower({column})");
    for (accents, plain) in ACCENTS {
        for accent in accents.chars() {
            sql = format!("replace({sql}, '{accent}', '{plain}')");
        }
    }
    sql
}

/// In small letters, without accents.
fn fold(text: &str) -> String {
    text.to_lowercase().chars().map(without_accent).collect()
}

/// So many words of what is searched for count: more than any name has.
const MOST_WORDS: usize = 12;
/// From so many digits on it may be a telephone: shorter ones end too many.
const LEAST_DIGITS: usize = 8;

/// What is searched for.
struct Text {
    /// $1: without what stands between the digits of a RUT or the letters of a document, as a pattern; empty when nothing is
    /// left.
    compact: String,
    /// $2: a whole mail address.
    whole: String,
    /// $3: how a telephone ends, with or without the code of its country, as a pattern; empty when it is none.
    phone: String,
    /// $4 and on: its words, each as a pattern.
    words: Vec<String>,
}

impl Text {
    /// None when nothing is searched for.
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
        let compact: String = whole.chars().filter(|c| !matches!(c, '.' | '-' | ' ')).collect();
        let digits: String = compact.chars().filter(|c| !matches!(c, '+' | '(' | ')')).collect();
        let dialled = digits.len() >= LEAST_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        Some(Self {
            compact: like(&compact),
            phone: if dialled { format!("%{digits}") } else { String::new() },
            words: fold(&whole).split_whitespace().take(MOST_WORDS).map(like).collect(),
            whole,
        })
    }

    /// Every word stands in the names, of the facilitator or of the company, in whatever order; or the whole is something else
    /// of the request.
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
    fn f_review_the_database_folds_as_we_do() {
        let listed =
            |c: char| ACCENTS.into_iter().find(|(accents, _)| accents.contains(c)).map(|(_, plain)| plain);
        for c in '\u{80}'..'\u{250}' {
            let small = c.to_lowercase().next().unwrap();
            let plain = without_accent(small);
            assert_eq!(listed(c), (plain != small).then_some(plain), "{c}");
        }
        assert_eq!(fold("MÖLLER Ÿñ"), "moller yn");
    }
}

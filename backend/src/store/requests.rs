//! Requests of companies for the keys of foreign facilitators: filed (F-REQ), looked through and decided (F-REVIEW).

use domain::document::ForeignDocument;
use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::request::RequestNumber;
use domain::question::SecretQuestion;
use domain::rut::Rut;
use domain::text::without_accent;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::Millis;
use crate::secrets::random_id;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// It waits for an officer.
    Open,
    /// The facilitator has an account, and got a provisional key.
    Granted,
    /// The company was told why not.
    Refused,
}

impl RequestState {
    /// Every state, in the order of an officer's work.
    pub const ALL: [Self; 3] = [Self::Open, Self::Granted, Self::Refused];

    /// The word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or(StoreError::Corrupt("facilitator_request"))
    }
}

/// A request as an officer sees it. `Debug` would show personal data, so there is none.
#[derive(Clone)]
pub struct FacilitatorRequest {
    /// Its number in the store.
    pub id: i64,
    /// Its number for people.
    pub number: RequestNumber,
    /// The company that asks.
    pub company: AccountId,
    /// The company's RUT.
    pub company_rut: Rut,
    /// The company's name.
    pub company_name: Option<String>,
    /// Its legal representative on that day.
    pub representative: Rut,
    /// The facilitator's document.
    pub document: ForeignDocument,
    /// The facilitator's names.
    pub names: String,
    /// The facilitator's mail address.
    pub email: Email,
    /// The facilitator's telephone.
    pub phone: String,
    /// The question that was chosen.
    pub question: SecretQuestion,
    /// argon2 hash of its folded answer; empty once it is decided.
    pub answer_hash: String,
    /// Where it stands.
    pub state: RequestState,
    /// When it was filed.
    pub created_at: Millis,
    /// When, by whom and, if it was refused, why it was decided.
    pub decision: Option<Decision>,
}

/// Who decided a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Millis,
    /// Name of the officer.
    pub officer: String,
    /// What the company was told, when it was refused.
    pub reason: Option<String>,
}

/// A request to be written.
pub struct NewRequest<'a> {
    /// Its number for people.
    pub number: &'a RequestNumber,
    /// The company that asks.
    pub company: AccountId,
    /// Its legal representative.
    pub representative: Rut,
    /// The facilitator's document.
    pub document: &'a ForeignDocument,
    /// The facilitator's names.
    pub names: &'a str,
    /// The facilitator's mail address.
    pub email: &'a Email,
    /// The facilitator's telephone.
    pub phone: &'a str,
    /// The question that was chosen.
    pub question: SecretQuestion,
    /// argon2 hash of its folded answer.
    pub answer_hash: &'a str,
}

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

const SELECT: &str = "SELECT r.id, r.number, r.company_id, a.identifier AS company_rut, a.names AS company_name,
     r.representative, r.document_kind, r.document_number, r.names, r.email, r.phone, r.question, r.answer_hash, r.state,
     r.created_at, r.decided_at, r.decided_by, r.reason
     FROM facilitator_request r JOIN account a ON a.id = r.company_id";

fn read(row: &AnyRow) -> Result<FacilitatorRequest> {
    let text = |column: &str| row.try_get::<String, _>(column);
    let corrupt = || StoreError::Corrupt("facilitator_request");
    let decided_at: Option<i64> = row.try_get("decided_at")?;
    let decided_by: Option<String> = row.try_get("decided_by")?;
    let reason: Option<String> = row.try_get("reason")?;
    Ok(FacilitatorRequest {
        id: row.try_get("id")?,
        number: RequestNumber::parse(&text("number")?).ok_or_else(corrupt)?,
        company: AccountId(row.try_get("company_id")?),
        company_rut: Rut::parse(&text("company_rut")?).map_err(|_| corrupt())?,
        company_name: row.try_get("company_name")?,
        representative: Rut::parse(&text("representative")?).map_err(|_| corrupt())?,
        document: ForeignDocument::parse(&text("document_kind")?, &text("document_number")?)
            .map_err(|_| corrupt())?,
        names: text("names")?,
        email: Email::try_from(text("email")?).map_err(|_| corrupt())?,
        phone: text("phone")?,
        question: SecretQuestion::parse(&text("question")?).map_err(|_| corrupt())?,
        answer_hash: text("answer_hash")?,
        state: RequestState::parse(&text("state")?)?,
        created_at: row.try_get("created_at")?,
        decision: decided_at.zip(decided_by).map(|(at, officer)| Decision { at, officer, reason }),
    })
}

/// Files a request, unless the company has an open one for the same document; then it changes nothing and gives none.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    connection: &mut AnyConnection,
    new: &NewRequest<'_>,
    now: Millis,
) -> Result<Option<i64>> {
    let id = random_id()?;
    let query = sqlx::query(
        "INSERT INTO facilitator_request (id, number, company_id, representative, document_kind, document_number, names,
             email, phone, question, answer_hash, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12)
         ON CONFLICT (company_id, document_kind, document_number) WHERE state = 'open' DO NOTHING",
    )
    .bind(id)
    .bind(new.number.as_str())
    .bind(new.company.0)
    .bind(new.representative.plain())
    .bind(new.document.kind().id())
    .bind(new.document.number())
    .bind(new.names)
    .bind(new.email.as_str())
    .bind(new.phone)
    .bind(new.question.id())
    .bind(new.answer_hash)
    .bind(now);
    Ok((super::touched(connection, query).await? == 1).then_some(id))
}

/// How many requests of a company are open.
///
/// # Errors
/// [`StoreError`].
pub async fn count_open(connection: &mut AnyConnection, company: AccountId) -> Result<i64> {
    let row =
        sqlx::query("SELECT COUNT(*) FROM facilitator_request WHERE company_id = $1 AND state = 'open'");
    Ok(row.bind(company.0).fetch_one(connection).await?.try_get(0)?)
}

/// The request of a number.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    connection: &mut AnyConnection,
    number: &RequestNumber,
) -> Result<Option<FacilitatorRequest>> {
    let sql = format!("{SELECT} WHERE r.number = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(number.as_str()).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// Other requests for the same document, newest first, at most ten: of other companies too.
///
/// # Errors
/// [`StoreError`].
pub async fn same_document(
    connection: &mut AnyConnection,
    request: &FacilitatorRequest,
) -> Result<Vec<FacilitatorRequest>> {
    let sql = format!(
        "{SELECT} WHERE r.document_kind = $1 AND r.document_number = $2 AND r.id <> $3 ORDER BY r.created_at DESC, r.id LIMIT 10"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(request.document.kind().id())
        .bind(request.document.number())
        .bind(request.id)
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
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

/// Says which account a granted request led to.
///
/// # Errors
/// [`StoreError`].
pub async fn set_account(connection: &mut AnyConnection, request: i64, account: AccountId) -> Result<()> {
    sqlx::query("UPDATE facilitator_request SET account_id = $2 WHERE id = $1")
        .bind(request)
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Decides an open request. True for exactly one officer: whoever comes later finds it decided. The hash of the answer goes:
/// whoever grants has read it before.
///
/// # Errors
/// [`StoreError`].
pub async fn decide(
    connection: &mut AnyConnection,
    request: i64,
    state: RequestState,
    decision: &Decision,
) -> Result<bool> {
    let query = sqlx::query(
        "UPDATE facilitator_request SET state = $2, decided_at = $3, decided_by = $4, reason = $5, answer_hash = ''
         WHERE id = $1 AND state = 'open'",
    )
    .bind(request)
    .bind(state.word())
    .bind(decision.at)
    .bind(&decision.officer)
    .bind(decision.reason.as_deref());
    Ok(super::touched(connection, query).await? == 1)
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

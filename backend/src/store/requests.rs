//! Requests of companies for keys of foreign facilitators: filed (F-REQ), searched and decided (F-REVIEW).

use domain::document::ForeignDocument;
use domain::email::Email;
use domain::flow::AccountId;
use domain::flow::request::RequestNumber;
use domain::question::SecretQuestion;
use domain::rut::Rut;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Result, StoreError};
use crate::clock::Millis;
use crate::secrets::random_id;

mod search;

pub use search::{Search, count, search};

/// State of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// It waits for an officer.
    Open,
    /// The facilitator has an account and was sent a provisional key.
    Granted,
    /// The company was notified of the reason.
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
    /// Its id.
    pub id: i64,
    /// Its number for people.
    pub number: RequestNumber,
    /// Account of the company that filed it.
    pub company: AccountId,
    /// The company's RUT.
    pub company_rut: Rut,
    /// The company's name.
    pub company_name: Option<String>,
    /// Its legal representative when it was filed.
    pub representative: Rut,
    /// The facilitator's document.
    pub document: ForeignDocument,
    /// The facilitator's names.
    pub names: String,
    /// The facilitator's mail address.
    pub email: Email,
    /// The facilitator's telephone.
    pub phone: String,
    /// The chosen question.
    pub question: SecretQuestion,
    /// argon2 hash of its folded answer; empty once the request is decided.
    pub answer_hash: String,
    /// Its state.
    pub state: RequestState,
    /// When it was filed.
    pub created_at: Millis,
    /// The decision, once there is one.
    pub decision: Option<Decision>,
}

/// When, by whom and, if it was refused, why a request was decided.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    /// Time of the decision.
    pub at: Millis,
    /// Name of the officer.
    pub officer: String,
    /// The reason sent to the company, when it was refused.
    pub motive: Option<String>,
}

/// A request to be filed.
pub struct NewRequest<'a> {
    /// Its number for people.
    pub number: &'a RequestNumber,
    /// Account of the company that files it.
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
    /// The chosen question.
    pub question: SecretQuestion,
    /// argon2 hash of its folded answer.
    pub answer_hash: &'a str,
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
        decision: decided_at.zip(decided_by).map(|(at, officer)| Decision { at, officer, motive: reason }),
    })
}

/// Files a request and returns its id. None, and no change, when the company has an open one for the same document.
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

/// The request with this number.
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

/// Other requests for the same document, also of other companies, newest first, at most ten.
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

/// Stores the account that a granted request resulted in.
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

/// Decides an open request. True for exactly one officer; false when it is already decided. Deletes the hash of the
/// answer: a caller that grants must have read it before.
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
    .bind(decision.motive.as_deref());
    Ok(super::touched(connection, query).await? == 1)
}

//! Address, telephone numbers and question of an account, as “Actualizar datos” shows and replaces them.

use domain::address::Address;
use domain::birth::BirthDate;
use domain::company::CompanyKind;
use domain::flow::AccountId;
use domain::flow::contact::{Contact, ContactProof, NewContact};
use domain::phone::Mobile;
use domain::question::SecretQuestion;
use sqlx::{AnyConnection, Row};

use crate::clock::Millis;
use crate::store::{Result, StoreError};

/// Address and telephone numbers of an account, as its owner wrote them; empty when not on file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Street or passage.
    pub street: String,
    /// Number in it.
    pub street_number: String,
    /// Block.
    pub block: String,
    /// Flat.
    pub flat: String,
    /// Code of the comuna.
    pub comuna: String,
    /// Fixed line at home, E.164.
    pub home_phone: String,
    /// Fixed line at work, E.164.
    pub work_phone: String,
}

/// The details of an account.
///
/// # Errors
/// [`StoreError`].
pub async fn details(connection: &mut AnyConnection, id: AccountId) -> Result<Details> {
    let row = sqlx::query(
        "SELECT street, street_number, block, flat, comuna, home_phone, work_phone FROM account WHERE id = $1",
    )
    .bind(id.0)
    .fetch_one(connection)
    .await?;
    let text = |column| Ok::<_, StoreError>(row.try_get::<Option<String>, _>(column)?.unwrap_or_default());
    Ok(Details {
        street: text("street")?,
        street_number: text("street_number")?,
        block: text("block")?,
        flat: text("flat")?,
        comuna: text("comuna")?,
        home_phone: text("home_phone")?,
        work_phone: text("work_phone")?,
    })
}

/// Kind of a company and names of its representative, for the declaration, as far as they are on file.
///
/// # Errors
/// [`StoreError`].
pub async fn company(
    connection: &mut AnyConnection,
    id: AccountId,
) -> Result<(Option<CompanyKind>, Option<String>)> {
    let row = sqlx::query("SELECT company_kind, representative_names FROM account WHERE id = $1")
        .bind(id.0)
        .fetch_one(connection)
        .await?;
    let kind: Option<String> = row.try_get("company_kind")?;
    Ok((kind.as_deref().and_then(CompanyKind::parse), row.try_get("representative_names")?))
}

/// Replaces address and contact data (N-UPD), and sets the secret question when one was chosen, and the date of birth when one came
/// with an identity document.
///
/// # Errors
/// [`StoreError`].
pub async fn set_details(
    connection: &mut AnyConnection,
    id: AccountId,
    (address, contact): (&Address, &Contact),
    question: Option<(SecretQuestion, &str)>,
    birth_date: Option<BirthDate>,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "UPDATE account SET street = $2, street_number = $3, block = $4, flat = $5, comuna = $6, email = $7,
             home_phone = $8, work_phone = $9, mobile = $10, changed_at = $11,
             question = COALESCE($12, question), answer_hash = COALESCE($13, answer_hash),
             birth_date = COALESCE($14, birth_date),
             mail_confirmed_at = CASE WHEN LOWER(email) = LOWER($7) THEN mail_confirmed_at ELSE NULL END
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(&address.street)
    .bind(&address.number)
    .bind(address.block.as_deref())
    .bind(address.flat.as_deref())
    .bind(address.comuna.as_str())
    .bind(contact.email.as_str())
    .bind(contact.home_phone.as_ref().map(|p| p.as_str()))
    .bind(contact.work_phone.as_ref().map(|p| p.as_str()))
    .bind(contact.mobile.as_ref().map(|m| m.as_str()))
    .bind(now)
    .bind(question.map(|(question, _)| question.id()))
    .bind(question.map(|(_, hash)| hash))
    .bind(birth_date.map(BirthDate::plain))
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes secret question and answer, after a proof of identity that is stronger: another person may have set them.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_question(connection: &mut AnyConnection, id: AccountId, now: Millis) -> Result<()> {
    sqlx::query("UPDATE account SET question = NULL, answer_hash = NULL, changed_at = $2 WHERE id = $1")
        .bind(id.0)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Replaces the contact data, after a provisional key sent to the new contact was used. The other telephone numbers are deleted:
/// they are those of the former contact.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_contact(
    connection: &mut AnyConnection,
    id: AccountId,
    contact: &NewContact,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "UPDATE account SET email = $2, mobile = $3, home_phone = NULL, work_phone = NULL, changed_at = $4,
             mail_confirmed_at = CASE WHEN LOWER(email) = LOWER($2) THEN mail_confirmed_at ELSE NULL END
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(contact.email.as_str())
    .bind(contact.mobile.as_ref().map(Mobile::as_str))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes what a registration gave beside the contact data, after a proof of identity that is stronger replaced that: address, date
/// of birth, kind of a company and names of its representative. `names` are those that a registry gave, or none.
///
/// # Errors
/// [`StoreError`].
pub async fn clear_registered(
    connection: &mut AnyConnection,
    id: AccountId,
    names: Option<&str>,
    now: Millis,
) -> Result<()> {
    sqlx::query(
        "UPDATE account SET street = NULL, street_number = NULL, block = NULL, flat = NULL, comuna = NULL, birth_date = NULL,
             company_kind = NULL, representative_names = NULL, names = $2, changed_at = $3
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(names)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the person who proved the identity has proven the contact data.
///
/// # Errors
/// [`StoreError`].
pub async fn is_contact_proven(connection: &mut AnyConnection, id: AccountId) -> Result<bool> {
    let row = sqlx::query("SELECT COUNT(*) FROM account WHERE id = $1 AND contact_proof = $2")
        .bind(id.0)
        .bind(super::proof_number(ContactProof::Proven))
        .fetch_one(connection)
        .await?;
    Ok(row.try_get::<i64, _>(0)? == 1)
}

/// Stores who proved the contact data.
///
/// # Errors
/// [`StoreError`].
pub async fn set_contact_proof(
    connection: &mut AnyConnection,
    id: AccountId,
    proof: ContactProof,
) -> Result<()> {
    sqlx::query("UPDATE account SET contact_proof = $2 WHERE id = $1")
        .bind(id.0)
        .bind(super::proof_number(proof))
        .execute(connection)
        .await?;
    Ok(())
}

/// Stores the hash of the number of a proven foreign document. Type and country of the one before are deleted.
///
/// # Errors
/// [`StoreError`].
pub async fn set_document(connection: &mut AnyConnection, id: AccountId, number_hash: &str) -> Result<()> {
    sqlx::query(
        "UPDATE account SET document_hash = $2, document_kind = NULL, document_country = NULL WHERE id = $1",
    )
    .bind(id.0)
    .bind(number_hash)
    .execute(connection)
    .await?;
    Ok(())
}

//! “Validación de seguridad anti-Robots” (A-CAPTCHA): a picture of letters, and their sound, whose answer is only in the store.

mod clips;
mod draw;
mod drawings;
mod glyphs;
mod letter;
mod sound;

use bytes::Bytes;
use domain::flow::CaptchaVerdict;
use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::form::FormMac;
use crate::secrets::{is_token, random_below, random_token, random_u64};
use crate::store::captchas::{self, Drawing};
use crate::store::{Result, Store};

pub use draw::{HEIGHT, WIDTH, png};
pub use drawings::Drawings;
pub use sound::wav;

/// Letters that are not confused when drawn small or badly: no I, O, Q, S, Z, B, G, no J and V (for U and Y), and no digits.
const LETTERS: &[u8] = b"ACDEFHKLMNPRTUWXY";
/// How many letters a captcha has.
const LENGTH: usize = 5;

/// Picks random letters (or `fixed`) for a new captcha, bound to the flow with this tag, and returns its id.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn create(
    connection: &mut AnyConnection,
    flow_tag: &str,
    fixed: Option<&str>,
    expires_at: Millis,
) -> Result<String> {
    let answer = match fixed {
        Some(fixed) => fixed.to_owned(),
        None => {
            let mut answer = String::with_capacity(LENGTH);
            for _ in 0..LENGTH {
                let index = usize::try_from(random_below(LETTERS.len() as u64)?).unwrap_or(0);
                answer.push(LETTERS.get(index).copied().map_or('A', char::from));
            }
            answer
        }
    };
    let id = random_token()?;
    let seed = i64::from_be_bytes(random_u64()?.to_be_bytes());
    captchas::insert(connection, &id, flow_tag, &Drawing { answer, seed }, expires_at).await?;
    Ok(id)
}

/// Checks the answer typed in a form. One try each: right or wrong, the captcha is spent for every other
/// form. Case and spaces are ignored.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn check(
    connection: &mut AnyConnection,
    id: &str,
    (flow_tag, form): (&str, &FormMac),
    typed: &str,
    now: Millis,
) -> Result<CaptchaVerdict> {
    let Some(answer) = captchas::spend(connection, id, (flow_tag, form), now).await? else {
        return Ok(CaptchaVerdict::Stale);
    };
    let fold = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace()).take(32).flat_map(char::to_uppercase).collect()
    };
    Ok(if fold(typed) == fold(&answer) { CaptchaVerdict::Right } else { CaptchaVerdict::Wrong })
}

/// The picture of a captcha that may still be answered, as PNG.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn picture(store: &Store, drawings: &Drawings, id: &str, now: Millis) -> Result<Option<Bytes>> {
    let Some(drawing) = find(store, id, now).await? else { return Ok(None) };
    Ok(drawings.picture(drawing).await)
}

/// The letters of a captcha that may still be answered, spoken, as WAV.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn sound(store: &Store, drawings: &Drawings, id: &str, now: Millis) -> Result<Option<Bytes>> {
    let Some(drawing) = find(store, id, now).await? else { return Ok(None) };
    Ok(drawings.sound(drawing).await)
}

/// Whether a captcha may still be answered.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn is_open(store: &Store, id: &str, now: Millis) -> Result<bool> {
    Ok(find(store, id, now).await?.is_some())
}

/// A captcha that may still be answered. The id comes from a URL: a malformed one returns None without a query, since the
/// database may not accept such text.
async fn find(store: &Store, id: &str, now: Millis) -> Result<Option<Drawing>> {
    if !is_token(id) {
        return Ok(None);
    }
    captchas::drawing(&mut *store.connection().await?, id, now).await
}

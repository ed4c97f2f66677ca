//! “Validación de seguridad anti-Robots” (A-CAPTCHA): a picture of letters, and their sound. The letters travel in the page, sealed, so
//! that opening a page stores nothing; the store remembers only which captchas were spent.

mod clips;
mod draw;
mod drawings;
mod glyphs;
mod letter;
mod sound;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::flow::CaptchaVerdict;
use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::form::FormMac;
use crate::secrets::{Secrets, random_below, random_bytes};
use crate::store::captchas;
use crate::store::{Result, Store};

use drawings::Drawing;

pub use draw::{HEIGHT, WIDTH, png};
pub use drawings::Drawings;
pub use sound::wav;

/// Letters that are not confused when drawn small or badly: no I, O, Q, S, Z, B, G, no J and V (for U and Y), and no digits.
const LETTERS: &[u8] = b"ACDEFHKLMNPRTUWXY";
/// How many letters a captcha has.
const LENGTH: usize = 5;

/// What captchas are sealed for.
const CONTEXT: &[u8] = b"captcha v3";
/// Longest sealed captcha that is opened, in characters.
const MAX_SEALED: usize = 400;

/// A captcha, as only the service can read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Captcha {
    /// Random: under this it is spent.
    id: [u8; 16],
    /// A keyed hash of the flow that it belongs to, the first half.
    flow: [u8; 16],
    expires_at: Millis,
    /// How many hashes of work may stand in for the letters; none where it is zero.
    work: u32,
    /// The last moment at which they may.
    work_until: Millis,
    letters: String,
}

impl std::fmt::Debug for Captcha {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Captcha(…)")
    }
}

/// The flow that a captcha belongs to, stored or not yet.
#[derive(Debug, Clone, Copy)]
pub struct FlowOfCaptcha<'a> {
    /// Which flow of which kind, such as `registrar-natural`.
    pub name: &'a str,
    /// Its tag.
    pub tag: &'a str,
}

impl FlowOfCaptcha<'_> {
    fn mac(self, secrets: &Secrets) -> [u8; 16] {
        let mac = secrets.mac("captcha flow", &[self.name, self.tag]);
        mac.first_chunk().copied().unwrap_or_default()
    }
}

impl Captcha {
    /// Picks random letters, or `fixed`.
    ///
    /// # Errors
    /// [`crate::store::StoreError`]: there is no random value.
    pub fn random(
        secrets: &Secrets,
        flow: FlowOfCaptcha<'_>,
        fixed: Option<&str>,
        expires_at: Millis,
    ) -> Result<Self> {
        let letters = match fixed {
            Some(fixed) => fixed.to_owned(),
            None => {
                let mut letters = String::with_capacity(LENGTH);
                for _ in 0..LENGTH {
                    let index = usize::try_from(random_below(LETTERS.len() as u64)?).unwrap_or(0);
                    letters.push(LETTERS.get(index).copied().map_or('A', char::from));
                }
                letters
            }
        };
        let (flow, work, work_until) = (flow.mac(secrets), 0, expires_at);
        Ok(Self { id: random_bytes()?, flow, expires_at, work, work_until, letters })
    }

    /// The same, for which this many hashes may stand in until then.
    #[must_use]
    pub fn with_work(self, work: u32, work_until: Millis) -> Self {
        Self { work, work_until, ..self }
    }

    /// As it stands in a page and in the URL of its picture. Nothing compresses it, so each byte of it is a byte of the page: the
    /// numbers are binary, and what the noise is made from follows from the id.
    ///
    /// # Errors
    /// [`crate::store::StoreError`]: there is no random value.
    pub fn seal(&self, secrets: &Secrets) -> Result<String> {
        let Self { id, flow, expires_at, work, work_until, letters } = self;
        let mut plain = Vec::with_capacity(64);
        plain.extend_from_slice(id);
        plain.extend_from_slice(flow);
        plain.extend_from_slice(&expires_at.to_be_bytes());
        plain.extend_from_slice(&work_until.to_be_bytes());
        plain.extend_from_slice(&work.to_be_bytes());
        plain.extend_from_slice(letters.as_bytes());
        Ok(BASE64.encode(secrets.seal(CONTEXT, &plain)?))
    }

    /// Opens what a page or a URL brought; none for what this service has not sealed.
    #[must_use]
    pub fn open(secrets: &Secrets, sealed: &str) -> Option<Self> {
        if sealed.len() > MAX_SEALED {
            return None;
        }
        let plain = secrets.open(CONTEXT, &BASE64.decode(sealed).ok()?).ok()?;
        let (id, rest) = plain.split_first_chunk()?;
        let (flow, rest) = rest.split_first_chunk()?;
        let (expires_at, rest) = rest.split_first_chunk()?;
        let (work_until, rest) = rest.split_first_chunk()?;
        let (work, letters) = rest.split_first_chunk()?;
        Some(Self {
            id: *id,
            flow: *flow,
            expires_at: Millis::from_be_bytes(*expires_at),
            work: u32::from_be_bytes(*work),
            work_until: Millis::from_be_bytes(*work_until),
            letters: std::str::from_utf8(letters).ok()?.to_owned(),
        })
    }

    /// The key under which it is spent.
    fn key(&self) -> String {
        BASE64.encode(self.id)
    }

    /// Whether it belongs to this flow.
    #[must_use]
    pub fn is_of(&self, secrets: &Secrets, flow: FlowOfCaptcha<'_>) -> bool {
        self.flow == flow.mac(secrets)
    }

    /// The last moment at which it may be answered.
    #[must_use]
    pub fn expires_at(&self) -> Millis {
        self.expires_at
    }

    /// How many hashes of work may stand in for the letters; none where it is zero.
    #[must_use]
    pub fn work(&self) -> u32 {
        self.work
    }

    /// The letters.
    #[must_use]
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// The letters and the seed of its picture and sound.
    pub(crate) fn drawing(self, secrets: &Secrets) -> Drawing {
        Drawing { seed: secrets.decoy("captcha noise", &[&self.key()]), letters: self.letters }
    }
}

/// Whether the form with this `mac` has spent the captcha.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn spent_by(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    sealed: &str,
    form: &FormMac,
) -> Result<bool> {
    match Captcha::open(secrets, sealed) {
        Some(captcha) => captchas::spent_by(connection, &captcha.key(), form).await,
        None => Ok(false),
    }
}

/// Checks the answer typed in a form. One try each: right or wrong, the captcha is spent for every other
/// form. Case, spaces, and what a telephone or a paste puts
/// around the letters are ignored.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn check(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    sealed: &str,
    (flow, form): (FlowOfCaptcha<'_>, &FormMac),
    typed: &str,
    now: Millis,
) -> Result<CaptchaVerdict> {
    let captcha = Captcha::open(secrets, sealed).filter(|captcha| captcha.expires_at > now);
    let Some(captcha) = spend(connection, secrets, captcha, (flow, form)).await? else {
        return Ok(CaptchaVerdict::Stale);
    };
    let fold = |text: &str| domain::text::compact(&text.chars().take(64).collect::<String>());
    let right = fold(typed) == fold(&captcha.letters);
    Ok(if right { CaptchaVerdict::Right } else { CaptchaVerdict::Wrong })
}

/// Spends the captcha of a form that brings a proof of work for it, and gives what the proof must show. The same spend as that of the
/// letters: who has used the one has used the other. None for a captcha that takes no work, is of another flow, too old, or used.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn spend_by_work(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    sealed: &str,
    (flow, form): (FlowOfCaptcha<'_>, &FormMac),
    now: Millis,
) -> Result<Option<Captcha>> {
    let captcha =
        Captcha::open(secrets, sealed).filter(|captcha| captcha.work > 0 && captcha.work_until > now);
    spend(connection, secrets, captcha, (flow, form)).await
}

/// Spends a captcha of this flow. The row lives as long as the captcha could be answered in either way.
async fn spend(
    connection: &mut AnyConnection,
    secrets: &Secrets,
    captcha: Option<Captcha>,
    (flow, form): (FlowOfCaptcha<'_>, &FormMac),
) -> Result<Option<Captcha>> {
    let Some(captcha) = captcha.filter(|captcha| captcha.is_of(secrets, flow)) else { return Ok(None) };
    let until = captcha.expires_at.max(captcha.work_until);
    let spent = captchas::spend(connection, &captcha.key(), form, until).await?;
    Ok(spent.then_some(captcha))
}

/// The captcha of a URL, while it may still be answered. What was not sealed here returns None without a query.
///
/// # Errors
/// [`crate::store::StoreError`].
pub async fn shown(store: &Store, secrets: &Secrets, sealed: &str, now: Millis) -> Result<Option<Captcha>> {
    let Some(captcha) = Captcha::open(secrets, sealed).filter(|captcha| captcha.expires_at > now) else {
        return Ok(None);
    };
    let spent = captchas::is_spent(&mut *store.connection().await?, &captcha.key()).await?;
    Ok((!spent).then_some(captcha))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_a_captcha_opens_only_here_and_counts_for_its_flow_only() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let flow = FlowOfCaptcha { name: "registrar-natural", tag: "uno" };
        let captcha = Captcha::random(&secrets, flow, Some("AB CD"), 5).unwrap();
        let sealed = captcha.seal(&secrets).unwrap();
        assert_eq!(Captcha::open(&secrets, &sealed), Some(captcha.clone()));
        let works = captcha.clone().with_work(7, 9);
        assert_eq!(Captcha::open(&secrets, &works.seal(&secrets).unwrap()), Some(works));
        assert!(captcha.is_of(&secrets, flow) && captcha.letters() == "AB CD");
        assert!(!captcha.is_of(&secrets, FlowOfCaptcha { tag: "dos", ..flow }));
        assert!(!captcha.is_of(&secrets, FlowOfCaptcha { name: "registrar-migrante", ..flow }));
        assert_eq!(Captcha::open(&Secrets::derive(&[8; 32]).unwrap(), &sealed), None);
        for strange in ["", "x", "\0", &sealed[1..], &"A".repeat(100_000)] {
            assert_eq!(Captcha::open(&secrets, strange), None);
        }
        let other = Captcha::random(&secrets, flow, None, 5).unwrap();
        assert_ne!(other.id, captcha.id);
        assert_ne!(other.clone().drawing(&secrets).seed, captcha.clone().drawing(&secrets).seed);
        assert_eq!(other.letters().len(), LENGTH);
        assert!(!BASE64.decode(&sealed).unwrap().windows(5).any(|bytes| bytes == b"AB CD"));
        assert_eq!(format!("{captcha:?}"), "Captcha(…)");
        // What is cut off, or of the last format, is no captcha.
        let [cut, old] =
            [&b"AB CD"[..], b"id flow 5 0 5 1 AB CD and more that is long enough to be taken apart"];
        assert_eq!(Captcha::open(&secrets, &BASE64.encode(secrets.seal(CONTEXT, cut).unwrap())), None);
        assert_eq!(Captcha::open(&secrets, &BASE64.encode(secrets.seal(b"captcha v2", old).unwrap())), None);
    }

    /// Nothing compresses it, so its length is what it costs.
    #[test]
    fn a_sealed_captcha_is_short() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let flow = FlowOfCaptcha { name: "registrar-natural", tag: "uno" };
        let captcha =
            Captcha::random(&secrets, flow, None, Millis::MAX).unwrap().with_work(u32::MAX, Millis::MAX);
        assert_eq!(captcha.seal(&secrets).unwrap().len(), 130);
    }
}

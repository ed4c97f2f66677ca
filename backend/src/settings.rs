//! Settings that the services need. The server reads them from its configuration.

use std::sync::Arc;

use domain::flow::registration::{RegisterProof, Rules};
use domain::flow::update::UpdateProof;
use domain::kind::Kind;
use domain::nie::NiePattern;
use wording::Locale;

use crate::clock::{DAY, MINUTE, Millis, chilean_day};

/// Most hashes of work in place of the letters of a captcha.
pub const MOST_CAPTCHA_WORK: u32 = work::MOST;

/// Settings of the services, with the defaults of the newest guides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Base of every link in a message, without a final slash. Never taken from a request.
    pub public_url: String,
    /// Language of pages and messages.
    pub language: Locale,
    /// How long a flow lives after its last step, in milliseconds.
    pub flow_ttl: Millis,
    /// How long a captcha may be answered, in milliseconds.
    pub captcha_ttl: Millis,
    /// How long a provisional key works, in milliseconds (V-TTL).
    pub provisional_ttl: Millis,
    /// Most provisional keys for one account in 24 hours.
    pub keys_per_day: i64,
    /// Tries from one address (IPv6: one /64) before it has to wait. Whole neighbourhoods can share one address.
    pub tries_per_address: i64,
    /// Most messages that callers from one address (IPv6: one /64) cause in an hour; 0 is no cap.
    pub messages_per_address: i64,
    /// Most SMS in an hour, without notices of repeated registrations, which have a tenth on top; beyond that only mails go. 0 is no cap.
    pub sms_per_hour: i64,
    /// Whether registration asks for the serial of the cédula.
    pub register_proof: RegisterProof,
    /// How a person proves who they are in “Actualizar datos” (V-UPD). With the date of birth, registration asks for it
    /// too.
    pub update_proof: UpdateProof,
    /// Whether a provisional key is also shown on the screen (V-SHOW).
    pub show_provisional: bool,
    /// Accepted form of a NIE.
    pub nie: Arc<NiePattern>,
    /// How many hashes of work stand in for the letters of a captcha where all is calm; 0: always the letters. So too with
    /// `captcha_fixed`.
    pub captcha_work: u32,
    /// The answer of every captcha, for tests; refused in production.
    pub captcha_fixed: Option<String>,
}

impl Settings {
    /// What the registration form of a kind asks for.
    #[must_use]
    pub fn rules(&self, kind: Kind, now: Millis) -> Rules<'_> {
        Rules {
            kind,
            proof: self.register_proof,
            // Companies have no date of birth, and no “Actualizar datos” to ask for it.
            birth_date: self.update_proof == UpdateProof::BirthDate && kind != Kind::Juridica,
            nie: &self.nie,
            today: chilean_day(now),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:3000".to_owned(),
            language: Locale::default(),
            flow_ttl: 15 * MINUTE,
            captcha_ttl: 5 * MINUTE,
            provisional_ttl: DAY,
            keys_per_day: 10,
            tries_per_address: 300,
            messages_per_address: 1_000,
            sms_per_hour: 3_000,
            register_proof: RegisterProof::None,
            update_proof: UpdateProof::Key,
            show_provisional: false,
            nie: Arc::new(NiePattern::any()),
            captcha_work: 48,
            captcha_fixed: None,
        }
    }
}

//! What an operator may set that the services need to know. The server reads it from its configuration.

use domain::flow::registration::RegisterProof;

use crate::clock::{DAY, MINUTE, Millis};

/// Settings of the services, with the defaults of the newest guides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Base of every link in a message, without a final slash. Never taken from a request.
    pub public_url: String,
    /// How long a flow lives after its last step.
    pub flow_ttl: Millis,
    /// How long a captcha may be answered.
    pub captcha_ttl: Millis,
    /// How long a provisional key works (V-TTL).
    pub provisional_ttl: Millis,
    /// Most provisional keys for one account in 24 hours.
    pub keys_per_day: i64,
    /// Tries from one address (IPv6: one /64) before it has to wait. Whole neighbourhoods share one address.
    pub tries_per_address: i64,
    /// Whether registration asks for the serial of the cédula.
    pub register_proof: RegisterProof,
    /// In how many of a hundred unknown RUTs the decoy is an account without a secret question. It should be the share
    /// of such accounts among the real ones, or their lack of a question would tell that they exist.
    pub decoys_without_question: u64,
    /// The answer of every captcha, for tests; refused in production.
    pub captcha_fixed: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:3000".to_owned(),
            flow_ttl: 15 * MINUTE,
            captcha_ttl: 5 * MINUTE,
            provisional_ttl: DAY,
            keys_per_day: 10,
            tries_per_address: 300,
            register_proof: RegisterProof::None,
            decoys_without_question: 0,
            captcha_fixed: None,
        }
    }
}

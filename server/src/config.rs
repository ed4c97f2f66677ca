//! The configuration: `clave-sence.toml` and `CS_*` in the environment, the same keys, the environment first. A key that
//! is unknown, or a value that cannot be read, keeps the program from starting.

mod bounds;
mod files;
mod keys;
mod public_url;
mod registries;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use backend::clock::HOUR;
use backend::courier::{Mailer, MailerError, SmsGateway};
use backend::files::Files;
use backend::registry::{CivilRegistry, ForeignDocuments, TaxRegistry};
use backend::secrets::Secrets;
use backend::service::rce::Rce;
use backend::settings::{MOST_CAPTCHA_WORK, Settings};
use domain::flow::registration::RegisterProof;
use domain::flow::update::UpdateProof;
use domain::nie::{NiePattern, NiePatternError};
use ipnet::IpNet;
use wording::Locale;

use crate::edge::Bounds;
use crate::forwarded::ForwardedHeader;
use crate::secret_strength::is_guessable;
use keys::{KEYS, TOOLS};

/// How the program is meant to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Everything on this machine: SQLite, registry from a file, a local inbox.
    Demo,
    /// With real data; settings that only help a demo are refused.
    Production,
}

/// Everything that was configured, read and checked.
pub(crate) struct Config {
    pub(crate) mode: Mode,
    pub(crate) data: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) metrics_listen: Option<SocketAddr>,
    pub(crate) database_url: String,
    pub(crate) database_connections: u32,
    pub(crate) secrets: Secrets,
    pub(crate) mailer: Option<Mailer>,
    pub(crate) sms: Option<SmsGateway>,
    pub(crate) civil: CivilRegistry,
    pub(crate) tax: TaxRegistry,
    pub(crate) foreign_documents: Option<ForeignDocuments>,
    pub(crate) rce: Rce,
    pub(crate) files: Files,
    pub(crate) frame_ancestors: Vec<String>,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) forwarded: ForwardedHeader,
    pub(crate) bounds: Bounds,
    #[cfg(debug_assertions)]
    pub(crate) worthless_hashes: bool,
    pub(crate) settings: Settings,
    raw: Raw,
}

/// What is wrong with the configuration. Names the key, never its value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("the configuration file cannot be read")]
    File,
    #[error("the configuration file is not TOML: {0}")]
    Toml(String),
    #[error("unknown key `{0}`: `clave-sence check-config` lists those that there are")]
    Unknown(String),
    #[error("`{0}`: {1}")]
    Value(&'static str, &'static str),
    #[error("`{0}` is needed in production: {1}")]
    Required(&'static str, &'static str),
    #[error("`{0}` is not allowed in production: {1}")]
    Forbidden(&'static str, &'static str),
    #[error("the data folder cannot be written: {0}")]
    Data(std::io::Error),
}

/// Values by key, as text.
type Raw = BTreeMap<&'static str, String>;

/// Reads an address or a range of addresses, such as `10.0.0.0/8`. An IPv4 range written as IPv6 (`::ffff:10.0.0.0/104`) becomes
/// the IPv4 one, and bits after the prefix are cleared.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    let text = text.replace(' ', "");
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()?;
    let mapped = match network {
        IpNet::V6(v6) => v6.addr().to_ipv4_mapped().zip(v6.prefix_len().checked_sub(96)),
        IpNet::V4(_) => None,
    };
    let canonical = mapped.and_then(|(address, bits)| IpNet::new(address.into(), bits).ok());
    Some(canonical.unwrap_or(network).trunc())
}

impl Config {
    /// Reads the file, if one is given or `clave-sence.toml` is there, and the environment.
    pub(crate) fn load(
        data: &Path,
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut raw = Raw::new();
        let default = Path::new("clave-sence.toml");
        match file {
            Some(file) => read_file(file, &mut raw)?,
            None if default.exists() => read_file(default, &mut raw)?,
            None => {}
        }
        for (name, value) in environment {
            if let Some(key) = name.strip_prefix("CS_")
                && !TOOLS.contains(&name.as_str())
            {
                set(&mut raw, &key.to_lowercase(), value)?;
            }
        }
        Self::check(data, raw)
    }

    fn check(data: &Path, raw: Raw) -> Result<Self, ConfigError> {
        let mode = match text(&raw, "mode").unwrap_or("production") {
            "demo" => Mode::Demo,
            "production" => Mode::Production,
            _ => return Err(ConfigError::Value("mode", "must be demo or production")),
        };
        let demo = mode == Mode::Demo;
        if demo {
            crate::demo::prepare(data).map_err(ConfigError::Data)?;
        }
        let listen: SocketAddr = parsed(&raw, "listen", "must be ADDRESS:PORT")?
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
        let secret = match (text(&raw, "secret_key"), text(&raw, "secret_key_file")) {
            (Some(_), Some(_)) => {
                return Err(ConfigError::Value("secret_key", "is set twice, also by secret_key_file"));
            }
            (Some(secret), None) => secret.as_bytes().to_vec(),
            (None, Some(file)) => trimmed(
                std::fs::read(file).map_err(|_| ConfigError::Value("secret_key_file", "cannot be read"))?,
            ),
            (None, None) if demo => crate::demo::secret(data).map_err(ConfigError::Data)?,
            (None, None) => return Err(ConfigError::Required("secret_key", "32 random bytes or more")),
        };
        let secrets = Secrets::derive(&secret)
            .map_err(|_| ConfigError::Value("secret_key", "needs at least 32 bytes"))?;
        if !demo && is_guessable(&secret) {
            return Err(ConfigError::Forbidden(
                "secret_key",
                "it can be guessed: make one with `openssl rand -base64 32`",
            ));
        }
        let database_url = match text(&raw, "database_url") {
            Some(url) => url.to_owned(),
            None if demo => format!("sqlite:{}", data.join("clave-sence.db").display()),
            None => return Err(ConfigError::Required("database_url", "sqlite:PATH or postgres://…")),
        };
        let settings = settings(&raw, mode, listen)?;
        Ok(Self {
            mode,
            data: data.to_owned(),
            listen,
            metrics_listen: parsed(&raw, "metrics_listen", "must be ADDRESS:PORT")?,
            database_url,
            database_connections: parsed(&raw, "database_connections", "must be a number")?.unwrap_or(8),
            secrets,
            mailer: mailer(&raw, demo, &settings.public_url)?,
            sms: sms(&raw, demo)?,
            civil: registries::civil(&raw, demo, data)?,
            tax: registries::tax(&raw, demo, data)?,
            foreign_documents: registries::foreign_documents(&raw)?,
            rce: registries::attendance(&raw, demo)?,
            files: files::files(&raw, demo, data)?,
            frame_ancestors: list(&raw, "frame_ancestors"),
            trusted_proxies: list(&raw, "trusted_proxies")
                .iter()
                .map(|text| network(text))
                .collect::<Option<_>>()
                .ok_or(ConfigError::Value(
                    "trusted_proxies",
                    "must be addresses or ranges such as 10.0.0.0/8",
                ))?,
            forwarded: match text(&raw, "forwarded_header") {
                None => ForwardedHeader::default(),
                Some(name) => ForwardedHeader::parse(name)
                    .ok_or(ConfigError::Value("forwarded_header", "must be x-forwarded-for or forwarded"))?,
            },
            bounds: bounds::bounds(&raw)?,
            #[cfg(debug_assertions)]
            worthless_hashes: worthless_hashes(&raw, mode)?,
            settings,
            raw,
        })
    }

    /// Each key with its meaning and what it is set to; secrets are not shown.
    pub(crate) fn describe(&self) -> String {
        let mut text = String::from("The configuration is in order.\n");
        for key in KEYS {
            let value = match self.raw.get(key.name) {
                Some(_) if key.secret => "(set, not shown)",
                Some(value) => value,
                None => "(not set)",
            };
            let _ = write!(text, "\n{} = {value}\n    {}\n", key.name, key.meaning);
        }
        text
    }
}

fn read_file(file: &Path, raw: &mut Raw) -> Result<(), ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|_| ConfigError::File)?;
    let table: toml::Table =
        text.parse().map_err(|e: toml::de::Error| ConfigError::Toml(e.message().to_owned()))?;
    for (key, value) in table {
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Array(items) => {
                items.iter().map(|item| item.as_str().unwrap_or_default()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        set(raw, &key, value)?;
    }
    Ok(())
}

fn set(raw: &mut Raw, key: &str, value: String) -> Result<(), ConfigError> {
    let known = KEYS.iter().find(|known| known.name == key);
    let name = known.ok_or_else(|| ConfigError::Unknown(key.to_owned()))?.name;
    raw.insert(name, value);
    Ok(())
}

fn text<'a>(raw: &'a Raw, key: &str) -> Option<&'a str> {
    raw.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn parsed<T: std::str::FromStr>(
    raw: &Raw,
    key: &'static str,
    why: &'static str,
) -> Result<Option<T>, ConfigError> {
    text(raw, key).map(|text| text.parse().map_err(|_| ConfigError::Value(key, why))).transpose()
}

fn list(raw: &Raw, key: &str) -> Vec<String> {
    let items = text(raw, key).unwrap_or_default();
    items.split([',', ' ']).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn trimmed(bytes: Vec<u8>) -> Vec<u8> {
    bytes.trim_ascii().to_vec()
}

fn settings(raw: &Raw, mode: Mode, listen: SocketAddr) -> Result<Settings, ConfigError> {
    let production = mode == Mode::Production;
    let defaults = Settings::default();
    let public_url = match text(raw, "public_url") {
        Some(url) => public_url::parse(url).map_err(|why| ConfigError::Value("public_url", why))?,
        None if production => {
            return Err(ConfigError::Required("public_url", "https://…, the base of links in mails"));
        }
        None => format!("http://{listen}"),
    };
    if production && !public_url.starts_with("https://") {
        return Err(ConfigError::Forbidden("public_url", "must be https"));
    }
    if production && text(raw, "captcha_fixed").is_some() {
        return Err(ConfigError::Forbidden("captcha_fixed", "it opens the door to robots"));
    }
    let hours: i64 = parsed(raw, "provisional_hours", "must be a number of hours")?.unwrap_or(24);
    if !(1..=168).contains(&hours) {
        return Err(ConfigError::Value("provisional_hours", "must be between 1 and 168"));
    }
    let register_proof = match text(raw, "register_proof") {
        None | Some("none") => RegisterProof::None,
        Some("serial") => RegisterProof::Serial,
        Some(_) => return Err(ConfigError::Value("register_proof", "must be none or serial")),
    };
    let show_provisional =
        parsed(raw, "show_provisional_key", "must be true or false")?.unwrap_or(defaults.show_provisional);
    if show_provisional && register_proof == RegisterProof::None {
        return Err(ConfigError::Value(
            "show_provisional_key",
            "with register_proof = none a stranger who registered the RUT of another person would see every new key: set \
             register_proof = serial, or show_provisional_key = false",
        ));
    }
    if show_provisional && production && text(raw, "foreign_documents").is_none() {
        return Err(ConfigError::Required(
            "foreign_documents",
            "with show_provisional_key = true a stranger who registered the NIE of another person would see every new key",
        ));
    }
    let number = |key, default| -> Result<i64, ConfigError> {
        let number = parsed(raw, key, "must be a number")?.unwrap_or(default);
        if number < 1 { Err(ConfigError::Value(key, "must be at least 1")) } else { Ok(number) }
    };
    // None is allowed here: no cap.
    let cap = |key, default| -> Result<i64, ConfigError> {
        let number = parsed(raw, key, "must be a number")?.unwrap_or(default);
        if number < 0 { Err(ConfigError::Value(key, "must be at least 0")) } else { Ok(number) }
    };
    let update_proof = match text(raw, "update_proof") {
        None | Some("key") => UpdateProof::Key,
        Some("birth_date") => UpdateProof::BirthDate,
        Some(_) => return Err(ConfigError::Value("update_proof", "must be key or birth_date")),
    };
    let nie = match text(raw, "nie_pattern").map(NiePattern::parse) {
        None => defaults.nie.clone(),
        Some(Ok(pattern)) => Arc::new(pattern),
        Some(Err(NiePatternError)) => {
            return Err(ConfigError::Value(
                "nie_pattern",
                "must be a regular expression, such as [A-Z0-9]{5,20}",
            ));
        }
    };
    let language = match text(raw, "language").map(Locale::parse) {
        None => Locale::default(),
        Some(Some(language)) => language,
        Some(None) => return Err(ConfigError::Value("language", "must be es")),
    };
    Ok(Settings {
        public_url,
        language,
        update_proof,
        nie,
        show_provisional,
        provisional_ttl: hours * HOUR,
        keys_per_day: number("keys_per_day", defaults.keys_per_day)?,
        tries_per_address: number("tries_per_address", defaults.tries_per_address)?,
        messages_per_address: cap("messages_per_address", defaults.messages_per_address)?,
        sms_per_hour: cap("sms_per_hour", defaults.sms_per_hour)?,
        register_proof,
        captcha_work: captcha_work(raw, defaults.captcha_work)?,
        captcha_fixed: text(raw, "captcha_fixed").map(str::to_owned),
        ..defaults
    })
}

/// Whether the hashes of this process protect nothing, for tests.
#[cfg(debug_assertions)]
fn worthless_hashes(raw: &Raw, mode: Mode) -> Result<bool, ConfigError> {
    let worthless = parsed(raw, "worthless_hashes", "must be true or false")?.unwrap_or(false);
    if worthless && mode == Mode::Production {
        return Err(ConfigError::Forbidden("worthless_hashes", "they protect no key"));
    }
    Ok(worthless)
}

fn captcha_work(raw: &Raw, default: u32) -> Result<u32, ConfigError> {
    let hashes = parsed(raw, "captcha_work", "must be a number of hashes")?.unwrap_or(default);
    if hashes > MOST_CAPTCHA_WORK {
        return Err(ConfigError::Value("captcha_work", "must be between 0 and 200"));
    }
    Ok(hashes)
}

fn mailer(raw: &Raw, demo: bool, public_url: &str) -> Result<Option<Mailer>, ConfigError> {
    let from = text(raw, "mail_from").unwrap_or("Clave SENCE <no-responder@clave-sence.invalid>");
    match text(raw, "smtp_url") {
        Some(_) if !demo && text(raw, "mail_from").is_none() => {
            Err(ConfigError::Required("mail_from", "the sender of every mail"))
        }
        Some(url) => Mailer::new(url, from, public_url).map(Some).map_err(|error| match error {
            MailerError::Url => ConfigError::Value("smtp_url", "must be smtp://HOST:PORT or smtps://…"),
            MailerError::From => ConfigError::Value("mail_from", "must be a mail address"),
        }),
        None if demo => Ok(None),
        None => Err(ConfigError::Required("smtp_url", "smtp://… or smtps://…")),
    }
}

fn sms(raw: &Raw, demo: bool) -> Result<Option<SmsGateway>, ConfigError> {
    match text(raw, "sms_url") {
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
            Ok(Some(SmsGateway::new(url, text(raw, "sms_token"))))
        }
        Some(_) => Err(ConfigError::Value("sms_url", "must be http(s)://…")),
        None if demo => Ok(None),
        None => Err(ConfigError::Required("sms_url", "the HTTP gateway for SMS")),
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

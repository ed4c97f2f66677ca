//! Hands a mail to the SMTP server, step by step, and reads whose fault a refusal is.
//!
//! `lettre` would send it in one call, but then says only which codes the server answered, not to which command. `550` without
//! more means “no such mailbox” as an answer to `RCPT`, and “I do not like you, or what you send” to any other one.

use std::error::Error as _;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use percent_encoding::percent_decode_str;
use url::Url;

use super::{Cause, SendError};

/// Time-out of the connection; a whole try has one of its own.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// How long the good-bye may take. By then everything is said.
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);

/// The SMTP server that takes our mails.
#[derive(Clone)]
pub(super) struct Relay {
    host: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    credentials: Option<Credentials>,
}

/// Which command was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Up to `MAIL`: the server has not heard of a recipient yet.
    Before,
    /// `RCPT`.
    Recipient,
    /// `DATA` and the mail itself.
    Content,
}

impl Relay {
    /// `smtp://`, `smtp://…?tls=required`, `smtp://…?tls=opportunistic` or `smtps://`, with user and password if the server asks for
    /// them, and as path the name to say hello with.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let host = url.host_str().filter(|host| !host.is_empty())?;
        // An address of IPv6 stands in brackets only in the URL.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let own = || TlsParameters::new(host.clone()).ok();
        let (port, tls) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (25, Tls::None),
            ("smtp", Some("required")) => (587, Tls::Required(own()?)),
            ("smtp", Some("opportunistic")) => (587, Tls::Opportunistic(own()?)),
            ("smtps", _) => (465, Tls::Wrapper(own()?)),
            _ => return None,
        };
        let name = url.path().trim_matches('/');
        let hello = if name.is_empty() { ClientId::default() } else { ClientId::Domain(name.to_owned()) };
        let decoded = |text| percent_decode_str(text).decode_utf8().ok().map(String::from);
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        Some(Self { host, port: url.port().unwrap_or(port), tls, hello, credentials })
    }

    /// Sends a mail.
    pub(super) async fn send(&self, envelope: &Envelope, letter: &[u8]) -> Result<(), SendError> {
        let mut connection = self.connection().await.map_err(|error| refusal(Stage::Before, &error))?;
        let sent = hand_over(&mut connection, envelope, letter).await;
        // It was taken or refused before; a server that is slow here changes nothing.
        let _ = tokio::time::timeout(QUIT_TIMEOUT, connection.abort()).await;
        sent.map_err(|(stage, error)| refusal(stage, &error))
    }

    /// A connection, encrypted and signed in as configured.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapper = match &self.tls {
            Tls::Wrapper(tls) => Some(tls.clone()),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let timeout = Some(CONNECT_TIMEOUT);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, timeout, &self.hello, wrapper, None).await?;
        match &self.tls {
            Tls::Required(tls) => connection.starttls(tls.clone(), &self.hello).await?,
            Tls::Opportunistic(tls) if connection.can_starttls() => {
                connection.starttls(tls.clone(), &self.hello).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    letter: &[u8],
) -> Result<(), (Stage, Error)> {
    let at = |stage| move |error| (stage, error);
    let eight = !letter.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime);
    let options = if eight { vec![MailParameter::Body(MailBodyParameter::EightBitMime)] } else { Vec::new() };
    let from = Mail::new(envelope.from().cloned(), options);
    connection.command(from).await.map_err(at(Stage::Before))?;
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(at(Stage::Recipient))?;
    }
    connection.command(Data).await.map_err(at(Stage::Content))?;
    connection.message(letter).await.map_err(at(Stage::Content))?;
    Ok(())
}

fn refusal(stage: Stage, error: &Error) -> SendError {
    let Some(status) = error.status().map(u16::from) else {
        return SendError::later(match error.is_timeout() {
            true => "the mail server did not answer in time",
            false => "the mail server could not be reached, or broke off",
        });
    };
    reply(stage, status, &error.source().map(ToString::to_string).unwrap_or_default())
}

/// What a negative answer to a command means.
fn reply(stage: Stage, status: u16, text: &str) -> SendError {
    let enhanced = enhanced(text);
    let codes = match enhanced {
        Some((class, subject, detail)) => format!("{status} {class}.{subject}.{detail}"),
        None => status.to_string(),
    };
    let never = (500..=599).contains(&status)
        && match enhanced {
            // Gmail answers 5.2.1 where a mailbox receives mails too quickly.
            Some(code) => {
                stage != Stage::Before
                    && is_of_the_mailbox(code)
                    && !(code == (5, 2, 1) && is_of_us(&text.to_ascii_lowercase()))
            }
            None => stage == Stage::Recipient && says_no_mailbox(status, text),
        };
    if never {
        return SendError::Never(Cause {
            what: "there is no such mailbox, or it is full",
            codes,
            pause: None,
        });
    }
    let what = match status {
        530 | 534 | 535 | 538 => "the mail server does not accept our login",
        400..=499 => "the mail server cannot take the mail now",
        _ => "the mail server does not take mails of ours",
    };
    SendError::Later(Cause { what, codes, pause: None })
}

/// The codes (RFC 3463, RFC 5248) that blame the recipient's mailbox: unknown, no valid address, moved, of no domain, or of one that
/// takes no mail; disabled or full. All others blame us or the way: quotas (5.4.5), policy and reputation (5.7.x), systems that
/// are down (5.3.x), our own address (5.1.7, 5.1.8). A message is wiped for the first ones, so those in doubt, such as 5.1.0 and
/// 5.2.0, are none of them.
fn is_of_the_mailbox(code: (u16, u16, u16)) -> bool {
    matches!(code, (5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1 | 2))
}

/// Whether an answer to `RCPT` without such a code blames the mailbox. By RFC 5321 (§4.2.3) 550, 551 and 553 do, 552 says that
/// it is full, and 556 (RFC 7504) that its domain takes no mail; 554 and 571 are refusals of us. But 550 and 553 are also what
/// older servers answer to a client that may not relay, that sends too much, or that they block, in any words. So the text has to name
/// the mailbox, or say nothing at all; in doubt a mail is tried again until what it carries expires.
fn says_no_mailbox(status: u16, text: &str) -> bool {
    const WHAT: [&str; 10] = [
        "user",
        "mailbox",
        "recipient",
        "account",
        "address",
        "usuario",
        "casilla",
        "buz",
        "destinatario",
        "cuenta",
    ];
    const IS: [&str; 22] = [
        "no such",
        "unknown",
        "not found",
        "not exist",
        "n't exist",
        "invalid",
        "not known",
        "not local",
        "name not allowed",
        "no longer",
        "not available",
        "unavailable",
        "disabled",
        "inactive",
        "full",
        "no existe",
        "desconocid",
        "no se encuentra",
        "inexistente",
        "llen",
        "no mailbox",
        "not valid",
    ];
    let text = text.trim().to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let nothing = !text.contains(|c: char| c.is_ascii_alphabetic());
    let full = status == 552 && names(&["storage", "full", "llen"]);
    let named = names(&WHAT) && names(&IS);
    matches!(status, 550..=553 | 556) && !is_of_us(&text) && (nothing || full || named || status == 556)
}

/// Whether a text blames the sender, or how often mails come, whatever else it says.
fn is_of_us(text: &str) -> bool {
    const OF_US: [&str; 24] = [
        "relay",
        "block",
        "bloque",
        "black",
        "listed",
        "lista",
        "spam",
        "polic",
        "politic",
        "reputation",
        "authoriz",
        "authentic",
        "sender",
        "verify",
        "verified",
        "callback",
        "rate",
        "quickly",
        "limit",
        "exceeded the",
        "temporar",
        "later",
        "client",
        "your ip",
    ];
    OF_US.iter().any(|word| text.contains(word))
}

/// The enhanced status code of an answer: its first word (RFC 2034), or `(#5.1.1)` in it, as qmail writes.
fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let first = text.split_whitespace().next();
    let marked = text.split_whitespace().filter(|word| word.contains('#'));
    first.into_iter().chain(marked).find_map(|word| {
        let mut numbers = word.trim_matches(|c: char| !c.is_ascii_digit()).split('.');
        let mut number = |digits: usize| -> Option<u16> {
            let text = numbers.next()?;
            let fits = (1..=digits).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            if fits { text.parse().ok() } else { None }
        };
        let code = (number(1)?, number(3)?, number(3)?);
        (matches!(code.0, 2 | 4 | 5) && numbers.next().is_none()).then_some(code)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_never(stage: Stage, status: u16, text: &str) -> bool {
        matches!(reply(stage, status, text), SendError::Never(_))
    }

    #[test]
    fn only_an_unknown_or_full_mailbox_is_the_fault_of_the_message() {
        for (status, text) in [
            (550, "5.1.1 The email account that you tried to reach does not exist."),
            (550, "5.1.1 <x@ejemplo.cl>: Recipient address rejected: User unknown in local recipient table"),
            (550, "5.1.2 The domain does not exist"),
            (501, "5.1.3 Bad recipient address syntax"),
            (551, "5.1.6 The user has moved"),
            (556, "5.1.10 Recipient address has null MX"),
            (550, "5.2.1 The account is disabled"),
            (552, "5.2.2 The recipient's inbox is out of storage space"),
            (554, "5.2.2 mailbox full"),
            (550, "sorry, no mailbox here by that name. (#5.1.1)"),
            (550, "No such user here"),
            (550, "No such user"),
            (550, "mailbox unavailable"),
            (550, "Requested action not taken: mailbox unavailable"),
            (550, ""),
            (551, "User not local; please try somebody else"),
            (552, "mailbox full"),
            (552, "Requested mail action aborted: exceeded storage allocation"),
            (553, "Requested action not taken: mailbox name not allowed"),
            (556, "Domain does not accept mail"),
        ] {
            assert!(is_never(Stage::Recipient, status, text), "{status} {text}");
            assert!(!is_never(Stage::Before, status, text), "an answer to MAIL: {status} {text}");
            let coded = enhanced(text).is_some();
            assert_eq!(is_never(Stage::Content, status, text), coded, "an answer to DATA: {status} {text}");
        }
    }

    #[test]
    fn quotas_policies_and_blocks_are_ours() {
        for (status, text) in [
            (550, "5.4.5 Daily user sending limit exceeded"),
            (554, "relay denied"),
            (554, "5.7.1 <x@ejemplo.cl>: Relay access denied"),
            (554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.ejemplo"),
            (554, "IP blocked"),
            (554, "192.0.2.1 is blocked"),
            (550, "5.7.1 Message rejected as spam"),
            (550, "5.7.26 This mail is unauthenticated"),
            (550, "5.7.708 Access denied, traffic not accepted from this IP"),
            (550, "relay not permitted"),
            (550, "IP 192.0.2.1 is blacklisted"),
            (550, "Relaying denied"),
            (550, "Sender verify failed"),
            (550, "Administrative prohibition"),
            (550, "Daily limit reached"),
            (550, "Su IP está bloqueada"),
            (
                550,
                "Domain ejemplo.cl has exceeded the max emails per hour (100/100 (100%)) allowed.  Message discarded.",
            ),
            (550, "temporarily unavailable, try again later"),
            (550, "You have exceeded the message limit for this account"),
            (550, "Recipient limit exceeded"),
            (550, "Su IP esta en lista negra"),
            (550, "rejected because 192.0.2.1 is in a black list at zen.ejemplo"),
            (550, "No rDNS (PTR) record for your IP"),
            (550, "Ip frequency limited"),
            (550, "Must issue a STARTTLS command first"),
            (550, "Callback setup failed while verifying <avisos@ejemplo.cl>"),
            (550, "Domain not verified"),
            (550, "Account suspended, contact support"),
            (550, "Mensaje rechazado por politica local"),
            (550, "Mailbox quota exceeded for domain; upgrade plan"),
            (
                550,
                "5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
            ),
            (550, "5.1.0 Address rejected"),
            (550, "5.1.7 Invalid sender"),
            (550, "5.1.8 Sender domain does not exist"),
            (550, "5.2.0 Mailbox error"),
            (550, "5.3.4 Message too big"),
            (552, "5.2.3 Message too long"),
            (553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
            (553, "sorry, that domain isn't in my list of allowed rcpthosts"),
            (550, "4.1.1 no such user"),
            (530, "5.7.0 Must issue a STARTTLS command first"),
            (535, "5.7.8 Username and Password not accepted"),
            (502, "5.5.1 Unrecognized command"),
            (503, "bad sequence"),
            (555, "5.5.4 Unsupported option"),
            (521, "5.3.2 does not accept mail"),
            (571, "blocked"),
            (421, "4.7.0 try again"),
            (450, "4.2.1 receiving mail too fast"),
            (450, "mailbox unavailable"),
            (451, "5.1.1 is contradicted by 451"),
            (452, "4.2.2 over quota"),
        ] {
            for stage in [Stage::Before, Stage::Recipient, Stage::Content] {
                assert!(!is_never(stage, status, text), "{stage:?}: {status} {text}");
            }
        }
        assert_eq!(
            reply(Stage::Content, 550, "5.4.5 Daily quota of rosa@ejemplo.cl").to_string(),
            "not now: the mail server does not take mails of ours (550 5.4.5)"
        );
    }

    #[test]
    fn a_relay_is_read_from_its_url() {
        let read = |url: &str| {
            let relay = Relay::parse(url)?;
            let tls = match relay.tls {
                Tls::None => "none",
                Tls::Opportunistic(_) => "opportunistic",
                Tls::Required(_) => "required",
                Tls::Wrapper(_) => "wrapper",
            };
            Some((relay.host, relay.port, tls, relay.credentials.is_some(), relay.hello.to_string()))
        };
        for (url, host, port, tls, credentials, hello) in [
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, "none", false, "[127.0.0.1]"),
            ("smtp://[::1]:2525", "::1", 2525, "none", false, "[127.0.0.1]"),
            ("smtps://u:p%40@correo.ejemplo.cl", "correo.ejemplo.cl", 465, "wrapper", true, "[127.0.0.1]"),
            ("smtp://u:p@c.cl/clave.cl?tls=required", "c.cl", 587, "required", true, "clave.cl"),
            ("smtp://c.cl?tls=opportunistic", "c.cl", 587, "opportunistic", false, "[127.0.0.1]"),
        ] {
            let wanted = (host.to_owned(), port, tls, credentials, hello.to_owned());
            assert_eq!(read(url), Some(wanted), "{url}");
        }
        for bad in ["", "c.cl", "http://c.cl", "smtp://", "smtp://c.cl?tls=maybe", "smtp:c.cl"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_panics_and_a_temporary_one_never_ends_a_message(status in 400u16..600, text in ".{0,60}") {
            for stage in [Stage::Before, Stage::Recipient, Stage::Content] {
                prop_assert!(status >= 500 || !is_never(stage, status, &text));
            }
        }
    }
}

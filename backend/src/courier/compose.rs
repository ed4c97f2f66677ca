//! Which sentences a message has, and in which order. Their words are in `wording`.

use domain::clave::ProvisionalKey;
use domain::document::ForeignDocument;
use domain::flow::sign_in::CODE_LIVES;
use domain::flow::update::Changed;
use domain::kind::Kind;
use domain::mail_code::MailCode;
use wording::Locale;
use wording::catalogue::mail::Mail;
use wording::catalogue::sms::Sms;

use crate::clock::{DAY, Millis, chilean_time};
use crate::message::{Message, Recipient, Template};
use crate::store::mail_codes;

/// What a message may mention.
#[derive(Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Names of the person, if known.
    pub names: Option<&'a str>,
    /// The provisional key, when one is sent.
    pub key: Option<&'a ProvisionalKey>,
    /// The code by which the reader confirms the address, when one is sent (A-MAIL).
    pub code: Option<&'a MailCode>,
    /// When the provisional key expires (V-TTL).
    pub until: Option<Millis>,
    /// Its validity in hours.
    pub hours: i64,
    /// Base of links, without a final slash.
    pub public_url: &'a str,
    /// Kind of the holder.
    pub kind: Kind,
    /// Number of a request (F-REQ).
    pub request: &'a str,
    /// Why it was refused (F-REVIEW).
    pub reason: &'a str,
    /// Of a facilitator: the document that the key is for. Messages mention only its type and last characters.
    pub document: Option<&'a ForeignDocument>,
    /// Razón Social of the company that requested the key, if known.
    pub company: Option<&'a str>,
    /// Name of the system that a code is for (L-PAGE).
    pub system: &'a str,
    /// What an update changed (N-UPD).
    pub changed: Changed,
}

impl Facts<'_> {
    fn key(&self) -> &str {
        self.key.map_or("", ProvisionalKey::expose)
    }

    /// A page of a flow, for the kind of the holder.
    fn link(&self, flow: &str) -> String {
        format!("{}/{flow}/{}", self.public_url, self.kind.slug())
    }
}

/// Writes the message of a template for a recipient, in a language.
#[must_use]
pub fn compose(locale: Locale, template: Template, to: Recipient, facts: Facts<'_>) -> Message {
    let words = locale.catalogue();
    let (subject, text) = match to {
        Recipient::Mail(_) => mail(&words.mail, template, facts),
        Recipient::Sms(_) => (String::new(), sms(&words.sms, template, facts)),
    };
    let until = facts.until.filter(|_| matches!(template, Template::ProvisionalKey | Template::SignInCode));
    Message { template, locale, to, subject, text, until }
}

fn mail(words: &Mail, template: Template, facts: Facts<'_>) -> (String, String) {
    let (subject, paragraphs) = match template {
        Template::ProvisionalKey => (words.provisional_key.subject, provisional_key(words, facts)),
        Template::ContactChanged => (words.contact_changed.subject, contact_changed(words, facts)),
        Template::Registered => (words.registered.subject, registered(words, facts)),
        Template::RegisteredAgain => (words.registered_again.subject, registered_again(words, facts)),
        Template::KeyChanged => (words.key_changed.subject, key_changed(words, facts)),
        Template::RepresentativeChanged => {
            (words.representative_changed.subject, representative_changed(words, facts))
        }
        Template::RequestFiled => (words.request_filed.subject, request_filed(words, facts)),
        Template::Updated => (words.updated.subject, updated(words, facts)),
        Template::SignInCode => (words.sign_in_code.subject, sign_in_code(words, facts)),
        Template::RequestGranted => (words.request_granted.subject, request_granted(words, facts)),
        Template::RequestRefused => (words.request_refused.subject, request_refused(words, facts)),
    };
    let text = std::iter::once((words.greeting)(facts.kind, facts.names))
        .chain(paragraphs)
        .chain([words.footer.to_owned()])
        .collect::<Vec<_>>()
        .join("\n\n");
    (subject.to_owned(), text)
}

fn not_me(words: &Mail, facts: Facts<'_>) -> String {
    (words.not_me)(facts.kind, &facts.link("recuperar"))
}

fn provisional_key(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.provisional_key;
    let until = facts.until.map(chilean_time);
    let create = match facts.document {
        Some(document) => (own.create_with)(document.kind(), &end_of(document)),
        None => own.create.to_owned(),
    };
    vec![
        own.key_is.to_owned(),
        facts.key().to_owned(),
        (own.validity)(facts.kind, facts.hours, until.as_deref()),
        format!("{create}\n{}", facts.link("cambiar")),
        own.secret.to_owned(),
        [&(own.not_asked)(facts.kind, facts.company), (own.not_asked_then)(facts.kind), words.help].join(" "),
    ]
}

/// The last characters of a document's number: enough for a person with several documents, and useless to another reader of
/// the mail.
fn end_of(document: &ForeignDocument) -> String {
    let number = document.number();
    number.chars().skip(number.chars().count().saturating_sub(3)).collect()
}

fn contact_changed(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.contact_changed;
    vec![(own.what)(facts.kind), (own.nothing_to_do)(facts.kind).to_owned(), not_me(words, facts)]
}

fn registered(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.registered;
    let mut paragraphs = vec![(own.received)(facts.kind)];
    paragraphs.extend(code(words, facts, (own.code_is, own.type_code)));
    paragraphs.extend([
        (own.had_account)(facts.kind, &facts.link("recuperar")),
        own.secret.to_owned(),
        [own.not_me, words.help].join(" "),
    ]);
    paragraphs
}

/// The code that confirms the address, and where to type it; nothing in a mail without one.
fn code(words: &Mail, facts: Facts<'_>, (before, type_it): (&str, &str)) -> Vec<String> {
    let Some(code) = facts.code else { return Vec::new() };
    let works = (words.code_works)(mail_codes::VALID_FOR.div_euclid(DAY));
    let whereto = format!("{type_it}\n{}\n{works}", facts.link("correo"));
    vec![before.to_owned(), code.expose().to_owned(), whereto]
}

fn registered_again(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.registered_again;
    vec![
        (own.nothing_changed)(facts.kind),
        format!("{}\n{}", own.recover, facts.link("recuperar")),
        words.help.to_owned(),
    ]
}

fn key_changed(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    vec![(words.key_changed.works)(facts.kind).to_owned(), not_me(words, facts), words.help.to_owned()]
}

fn representative_changed(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.representative_changed;
    vec![own.what.to_owned(), own.meaning.to_owned(), not_me(words, facts), words.help.to_owned()]
}

fn request_filed(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.request_filed;
    vec![
        own.number_is.to_owned(),
        facts.request.to_owned(),
        own.next.to_owned(),
        (own.not_asked)(&facts.link("cambiar")),
    ]
}

fn updated(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.updated;
    let mut paragraphs = vec![(own.what)(facts.changed)];
    paragraphs.extend(code(words, facts, (own.code_is, own.type_code)));
    // Below a code it would say the opposite.
    if facts.code.is_none() {
        paragraphs.push(own.nothing_to_do.to_owned());
    }
    paragraphs.extend([not_me(words, facts), words.help.to_owned()]);
    paragraphs
}

fn sign_in_code(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.sign_in_code;
    let code = facts.code.map_or("", MailCode::expose);
    vec![
        (own.code_is)(facts.system),
        code.to_owned(),
        (own.type_code)(CODE_LIVES.div_euclid(60)),
        own.secret.to_owned(),
        [&not_me(words, facts), words.help].join(" "),
    ]
}

fn request_granted(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.request_granted;
    vec![(own.granted)(facts.request), own.key_sent.to_owned(), words.help.to_owned()]
}

fn request_refused(words: &Mail, facts: Facts<'_>) -> Vec<String> {
    let own = &words.request_refused;
    vec![
        (own.refused)(facts.request),
        format!("{}\n{}", own.reason_is, facts.reason),
        format!("{}\n{}/facilitador", own.again, facts.public_url),
        words.help.to_owned(),
    ]
}

/// How many characters of the GSM alphabet one SMS holds. The texts are ASCII.
const SMS_LENGTH: usize = 160;

/// The line by which a phone fills the key in, on our pages only: “Origin-bound one-time codes delivered via SMS”, of the W3C's
/// community group. It stands last; a host that is too long for one SMS goes without.
fn code_line(facts: Facts<'_>) -> String {
    let host = facts.public_url.split_once("://").map_or(facts.public_url, |(_, host)| host);
    let host = match host.split_once(']') {
        Some((address, _)) => format!("{address}]"),
        None => host.split(':').next().unwrap_or_default().to_owned(),
    };
    format!("@{host} #{}", facts.key())
}

fn sms(words: &Sms, template: Template, facts: Facts<'_>) -> String {
    match template {
        Template::ProvisionalKey => {
            let text = (words.provisional_key)(facts.key(), facts.hours);
            let filled_in = format!("{text}\n{}", code_line(facts));
            if filled_in.len() <= SMS_LENGTH { filled_in } else { text }
        }
        Template::ContactChanged => words.contact_changed.to_owned(),
        Template::Registered => words.registered.to_owned(),
        Template::RegisteredAgain => (words.registered_again)(facts.kind),
        Template::KeyChanged => words.key_changed.to_owned(),
        Template::RepresentativeChanged => words.representative_changed.to_owned(),
        Template::RequestFiled => words.request_filed.to_owned(),
        Template::Updated => words.updated.to_owned(),
        Template::SignInCode => words.sign_in_code.to_owned(),
        Template::RequestGranted => (words.request_granted)(facts.request),
        Template::RequestRefused => (words.request_refused)(facts.request),
    }
}

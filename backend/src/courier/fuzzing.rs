//! The fuzz target of mails and SMS: no text gets into the head of a mail, none becomes markup, every accepted address can be
//! written to, and an SMS fits into one.

use std::sync::LazyLock;

use domain::clave::ProvisionalKey;
use domain::document::ForeignDocument;
use domain::email::Email;
use domain::flow::request::RequestNumber;
use domain::flow::update::Changed;
use domain::kind::Kind;
use domain::mail_code::MailCode;
use domain::phone::Mobile;
use fuzz::{lines, texts};
use wording::Locale;

use super::mail::{Mailer, html};
use super::{Facts, compose};
use crate::message::{Message, Recipient, Template};

const OURS: &str = "https://clave.ejemplo.cl";

static MAILER: LazyLock<Option<Mailer>> = LazyLock::new(|| {
    Mailer::new("smtp://127.0.0.1:2525", "Clave SENCE <no-responder@clave.ejemplo.cl>", OURS).ok()
});

/// Kind, address, names, company, document, number of a request, and a reason in all that is left. Names and reason are taken as
/// they come, also where the parsers would refuse them.
pub(crate) fn message(input: &[u8]) {
    let input = fuzz::text(input);
    let [slug, address, names, company, document, request, reason] = lines(&input);
    let key = ProvisionalKey::from_number(input.len() as u64 * 7_919);
    let code = MailCode::from_random(input.len() as u64 * 7_919);
    let document = ForeignDocument::try_from(document.to_owned()).ok();
    let request = RequestNumber::parse(request);
    let facts = Facts {
        names: (!names.is_empty()).then_some(names),
        key: Some(&key),
        code: Some(&code),
        until: Some(1_763_000_000_000),
        hours: 1 + i64::try_from(input.len() % 720).unwrap_or_default(),
        public_url: OURS,
        kind: Kind::from_slug(slug).unwrap_or_default(),
        request: request.as_ref().map_or("", RequestNumber::as_str),
        reason,
        document: document.as_ref(),
        company: (!company.is_empty()).then_some(company),
        system: names,
        changed: Changed { email: input.len().is_multiple_of(2), ..Changed::default() },
    };
    if let Ok(mobile) = Mobile::parse("12345678") {
        for template in Template::ALL {
            let sms = compose(Locale::Es, template, Recipient::Sms(mobile.clone()), facts);
            assert!(sms.text.is_ascii() && sms.text.len() <= 160, "{}: {}", sms.text.len(), sms.text);
            assert!(!sms.text.chars().any(|c| c.is_control() && c != '\n') && sms.subject.is_empty());
            assert!(!sms.text.contains("://"), "an SMS has no link");
        }
    }
    let Ok(email) = Email::parse(address) else { return };
    for template in Template::ALL {
        let mail = compose(Locale::Es, template, Recipient::Mail(email.clone()), facts);
        let with_key = mail.text.contains(key.expose());
        assert!(with_key || template != Template::ProvisionalKey, "the mail of a key is without it");
        assert!(!with_key || template == Template::ProvisionalKey || input.contains(key.expose()));
        head_is_ours(&mail, &email);
        page_is_ours(&mail);
    }
}

/// The head has exactly our fields, each once, whatever the texts are.
fn head_is_ours(mail: &Message, email: &Email) {
    let Some(mailer) = &*MAILER else { return };
    let letter = mailer.letter(255, mail);
    assert!(letter.is_some(), "no mail can be written to {}", email.as_str());
    let Some(letter) = letter else { return };
    let recipients: Vec<_> = letter.envelope().to().iter().map(ToString::to_string).collect();
    assert_eq!(recipients, [email.as_str()]);
    let bytes = letter.formatted();
    let text = String::from_utf8_lossy(&bytes);
    let (head, _) = text.split_once("\r\n\r\n").unwrap_or_default();
    // A line that begins with a space continues the one before it.
    let fields: Vec<_> = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).collect();
    let mut names: Vec<_> = fields.iter().map(|field| field.split(':').next().unwrap_or_default()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"]
    );
    assert!(!head.replace("\r\n", "").contains(['\r', '\n', '\0']) && head.is_ascii());
}

/// Every tag of the HTML part is one of ours, and every link leads to our pages.
fn page_is_ours(mail: &Message) {
    let page = html(mail.locale, &mail.text, OURS);
    let ours = [
        "!doctype html>",
        "html lang=\"",
        "body style=\"",
        "div style=\"",
        "p>",
        "p style=\"",
        "br>",
        "/p>",
        "/a>",
    ];
    let closing = ["/div>", "/body>", "/html>"];
    let link = format!("a href=\"{OURS}");
    for tag in page.split('<').skip(1) {
        let known = ours.iter().chain(&closing).any(|known| tag.starts_with(known));
        let rest = tag.strip_prefix(&link);
        assert!(known || rest.is_some_and(|rest| rest.starts_with(['/', '"'])), "<{tag}");
    }
}

/// Texts of every field, and of those who would like to write into a head.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    texts(&[
        "natural\nana.rojas@gmail.com\nAna Rojas\n\n\n\n",
        "juridica\nrr.hh@quillay.cl\nQuillay SpA\nQuillay SpA\n\nF-7K3M-49RD\nFalta la firma.",
        "facilitador\na+b@ejemplo.cl\nJosé <b>\nOTEC & Cía.\npasaporte:AB123456\n\n",
        "migrante\no'x{}~@a-b.co\nAna\r\nBcc: otra@ejemplo.cl\r\n\r\nHola\n\n\n\n",
        "natural\na@b.cl\nhttps://clave.ejemplo.cl@malo.ejemplo/ https://clave.ejemplo.cl/x\"y\n\n\n\n<script>",
    ])
}

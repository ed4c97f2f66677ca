//! Mail by SMTP, through `lettre`.

use domain::clave::ProvisionalKey;
use domain::mail_code::MailCode;
use lettre::Message as Letter;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use wording::Locale;

use super::SendError;
use super::smtp::Relay;
use crate::message::{Message, Recipient};

/// Sends mail to one SMTP server.
#[derive(Clone)]
pub struct Mailer {
    relay: Relay,
    from: Mailbox,
    public_url: String,
}

/// Why a mailer cannot be made from the configuration.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The URL is not `smtp://`, `smtps://`, with an optional `?tls=required`.
    #[error("the SMTP URL cannot be read")]
    Url,
    /// The sender is not a mail address.
    #[error("the sender is not a mail address")]
    From,
}

impl Mailer {
    /// A mailer for the server of `url` that writes as `from`. Only addresses below `public_url` become links.
    ///
    /// # Errors
    /// [`MailerError`].
    pub fn new(url: &str, from: &str, public_url: &str) -> Result<Self, MailerError> {
        let relay = Relay::parse(url).ok_or(MailerError::Url)?;
        let from = from.parse().map_err(|_| MailerError::From)?;
        Ok(Self { relay, from, public_url: public_url.trim_end_matches('/').to_owned() })
    }

    pub(super) async fn send(&self, id: i64, message: &Message) -> Result<(), SendError> {
        let letter = self.letter(id, message).ok_or_else(|| SendError::never("the mail cannot be built"))?;
        self.relay.send(letter.envelope(), &letter.formatted()).await
    }

    pub(super) fn letter(&self, id: i64, message: &Message) -> Option<Letter> {
        let Recipient::Mail(to) = &message.to else { return None };
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        let domain = self.from.email.domain();
        let page = html(message.locale, &message.text, &self.public_url);
        let parts = MultiPart::alternative()
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text.clone()))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(page));
        Letter::builder()
            .from(self.from.clone())
            .to(to.as_str().parse().ok()?)
            .subject(message.subject.clone())
            .message_id(Some(format!("<{id:x}@{domain}>")))
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .multipart(parts)
            .ok()
    }
}

/// The text as simple HTML: paragraphs, line breaks, links to our own pages, a paragraph that is a key or a code is set larger.
pub(super) fn html(locale: Locale, text: &str, public_url: &str) -> String {
    let mut body = format!(
        "<!doctype html><html lang=\"{}\"><body style=\"margin:0;padding:24px;background:#f2f5f9\">\
         <div style=\"max-width:560px;margin:0 auto;padding:24px;background:#fff;border-top:6px solid #0f69b4;\
         font:17px/1.5 Arial,sans-serif;color:#111\">",
        locale.tag()
    );
    for paragraph in text.split("\n\n") {
        let lines: Vec<String> = paragraph.lines().map(|line| html_line(line, public_url)).collect();
        let is_key = ProvisionalKey::parse(paragraph).is_some_and(|key| key.expose() == paragraph);
        if is_key || MailCode::parse(paragraph).is_ok_and(|code| code.expose() == paragraph) {
            body.push_str(
                "<p style=\"font:bold 30px/1.2 Consolas,monospace;letter-spacing:3px;margin:16px 0\">",
            );
        } else {
            body.push_str("<p>");
        }
        body.push_str(&lines.join("<br>"));
        body.push_str("</p>");
    }
    body.push_str("</div></body></html>");
    body
}

fn html_line(line: &str, public_url: &str) -> String {
    line.split(' ')
        .map(|word| {
            let escaped =
                word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            let ours =
                word.strip_prefix(public_url).is_some_and(|path| path.is_empty() || path.starts_with('/'));
            if ours && !public_url.is_empty() {
                format!("<a href=\"{escaped}\" style=\"color:#0f69b4\">{escaped}</a>")
            } else {
                escaped
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Template;
    use domain::email::Email;

    const OURS: &str = "https://clave.ejemplo.cl";

    #[test]
    fn a_mail_keeps_its_id_and_carries_no_markup_of_others() {
        let from = "Clave SENCE <no-responder@clave.ejemplo.cl>";
        let mailer = Mailer::new("smtp://127.0.0.1:2525", from, OURS).unwrap();
        let message = Message {
            template: Template::ProvisionalKey,
            locale: Locale::Es,
            to: Recipient::Mail(Email::parse("rosa@correo.cl").unwrap()),
            subject: "Su clave".to_owned(),
            text: "Estimado(a) <b>X</b>:\n\nJ53722W1\n\nhttps://clave.ejemplo.cl/cambiar/natural".to_owned(),
            until: None,
        };
        let letter = String::from_utf8(mailer.letter(255, &message).unwrap().formatted()).unwrap();
        assert!(letter.contains("Message-ID: <ff@clave.ejemplo.cl>"));
        assert!(letter.contains("To: rosa@correo.cl"));
        let page = html(message.locale, &message.text, OURS);
        assert!(page.starts_with("<!doctype html><html lang=\"es-CL\"><body "));
        assert!(
            page.contains("&lt;b&gt;X")
                && page.contains("<a href=\"https://clave.ejemplo.cl/cambiar/natural\"")
        );
        assert!(Mailer::new("http://127.0.0.1", "a@b.cl", OURS).is_err());
        assert!(Mailer::new("smtp://127.0.0.1", "nadie", OURS).is_err());
    }

    #[test]
    fn security_only_our_own_pages_become_links() {
        for ours in ["https://clave.ejemplo.cl", "https://clave.ejemplo.cl/cambiar/natural"] {
            let page = html(Locale::Es, &format!("Entre a {ours} hoy."), OURS);
            assert!(page.contains(&format!("<a href=\"{ours}\" style")), "{page}");
        }
        for foreign in [
            "https://malo.ejemplo/cambiar/natural",
            "http://clave.ejemplo.cl/",
            "https://clave.ejemplo.cl.malo.ejemplo/",
            "https://clave.ejemplo.cl@malo.ejemplo/",
        ] {
            let page = html(Locale::Es, &format!("Estimado(a) {foreign} Rojas:"), OURS);
            assert!(!page.contains("<a ") && page.contains(foreign), "{page}");
        }
    }
}

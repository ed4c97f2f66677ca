//! R-MAIL by SMTP and R-SMS by an HTTP gateway, against servers that accept, refuse and hang.

use backend::clock::{MINUTE, SECOND};
use backend::courier::{Mailer, SmsGateway, Transports};

use crate::support::people::key_in;
use crate::support::servers::{Mood, TestServer};
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    r_mail_r_sms_mail_and_sms_are_delivered,
    r_mail_r_sms_a_temporary_refusal_is_retried_with_growing_pauses,
    r_mail_r_sms_a_permanent_refusal_marks_the_message_as_failed,
    r_mail_r_sms_a_wrong_password_loses_no_message,
    r_mail_r_sms_an_unreachable_or_hanging_server_is_retried,
    r_mail_only_the_recipients_mailbox_ends_a_mail,
    r_sms_only_400_and_422_end_an_sms,
    r_sms_a_gateway_says_how_long_to_wait,
    r_mail_r_sms_a_message_is_tried_until_its_key_expires,
    r_mail_r_sms_a_message_whose_key_expired_is_not_sent,
    r_mail_a_server_that_does_not_say_goodbye_has_taken_the_mail,
];

/// The public URL of the service.
const OURS: &str = "https://clave.ejemplo.cl";

struct Outside {
    smtp: TestServer,
    sms: TestServer,
    ways: Transports,
}

/// A mail server, a gateway, and two messages that carry a provisional key.
async fn outside(t: &TestBackend) -> Outside {
    let (smtp, sms) = (TestServer::smtp().await, TestServer::http().await);
    let url = smtp.smtp_url().replace("smtp://", "smtp://usuario:clave@");
    let mailer = Mailer::new(&url, "Clave SENCE <no-responder@clave.ejemplo.cl>", OURS).unwrap();
    let gateway = SmsGateway::new(&sms.http_url(), Some("ficha"));
    let person = Person::number(1);
    t.account(&person).await;
    t.proven_by_answer(&person).await.send_right().await;
    Outside { smtp, sms, ways: Transports { mail: Some(mailer), sms: Some(gateway), inbox: None } }
}

impl Outside {
    fn be(&self, mood: Mood) {
        self.smtp.be(mood);
        self.sms.be(mood);
    }

    fn offered(&self) -> (usize, usize) {
        (self.smtp.offered(), self.sms.offered())
    }
}

const STATUS: &str = "SELECT status FROM outbox";
const SEALED: &str = "SELECT COUNT(*) FROM outbox WHERE sealed IS NOT NULL";

async fn r_mail_r_sms_mail_and_sms_are_delivered(t: TestBackend) {
    let outside = outside(&t).await;
    let person = Person::number(1);
    assert_eq!(t.courier(outside.ways.clone()).round().await.unwrap(), 2);
    assert_eq!(t.courier(outside.ways.clone()).round().await.unwrap(), 0);

    let [mail] = &outside.smtp.taken()[..] else { panic!("one mail") };
    assert!(
        mail.contains(&format!("To: {}", person.email)) && mail.contains("Auto-Submitted: auto-generated")
    );
    assert!(mail.contains("From: \"Clave SENCE\" <no-responder@clave.ejemplo.cl>"));
    assert!(mail.contains("Message-ID: <") && mail.contains("@clave.ejemplo.cl>"));

    let [sms] = &outside.sms.taken()[..] else { panic!("one SMS") };
    let (head, body) = sms.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /sms http/1.1") && head.contains("authorization: bearer ficha"));
    assert!(head.contains("idempotency-key: ") && head.contains("content-type: application/json"));
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["to"], person.phone());
    let text = body["text"].as_str().unwrap().to_owned();
    let letter =
        backend::courier::DemoMessage { at: 0, to: String::new(), sms: true, subject: String::new(), text };
    let key = key_in(&letter).unwrap();
    assert!(mail.contains(&key), "both carry the key:\n{mail}");
    assert_eq!(t.texts(STATUS).await, ["sent", "sent"]);
    assert_eq!(t.number(SEALED).await, 0);
    t.change_key(&person, &key, "Peumo#41").await;
}

async fn r_mail_r_sms_a_temporary_refusal_is_retried_with_growing_pauses(t: TestBackend) {
    let outside = outside(&t).await;
    outside.be(Mood::NotNow);
    let courier = t.courier(outside.ways.clone());
    for (round, pause) in [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32)] {
        let before = t.now();
        assert_eq!(courier.round().await.unwrap(), 2, "round {round}");
        let after = t.now();
        assert_eq!(outside.offered(), (round, round));
        let (first, last) = (
            t.number("SELECT MIN(next_at) FROM outbox").await,
            t.number("SELECT MAX(next_at) FROM outbox").await,
        );
        assert!(first >= before + pause * SECOND && last <= after + pause * SECOND, "round {round}");
        assert_eq!(t.number(SEALED).await, 2, "the messages are kept");
        if pause > 8 {
            assert_eq!(courier.round().await.unwrap(), 0, "not before the pause is over");
        }
        t.clock.advance(pause * SECOND);
    }
    outside.be(Mood::Takes);
    assert_eq!(courier.round().await.unwrap(), 2);
    assert_eq!(t.texts(STATUS).await, ["sent", "sent"]);
    assert_eq!(t.number(SEALED).await, 0);
}

async fn r_mail_r_sms_a_permanent_refusal_marks_the_message_as_failed(t: TestBackend) {
    let outside = outside(&t).await;
    outside.be(Mood::Never);
    let courier = t.courier(outside.ways.clone());
    assert_eq!(courier.round().await.unwrap(), 2);
    assert_eq!(t.texts(STATUS).await, ["failed", "failed"]);
    assert_eq!(t.number(SEALED).await, 0, "an undelivered key is not kept");
    t.clock.advance(60 * MINUTE);
    assert_eq!(courier.round().await.unwrap(), 0);
    assert_eq!(outside.offered(), (1, 1));
}

async fn r_mail_r_sms_a_wrong_password_loses_no_message(t: TestBackend) {
    let outside = outside(&t).await;
    outside.be(Mood::Login);
    let courier = t.courier(outside.ways.clone());
    assert_eq!(courier.round().await.unwrap(), 2);
    assert_eq!(t.texts(STATUS).await, ["pending", "pending"], "a wrong password does not fail the message");
    outside.be(Mood::Takes);
    t.clock.advance(MINUTE);
    assert_eq!(courier.round().await.unwrap(), 2);
    assert_eq!(t.texts(STATUS).await, ["sent", "sent"]);
}

async fn r_mail_r_sms_an_unreachable_or_hanging_server_is_retried(t: TestBackend) {
    let outside = outside(&t).await;
    // Bound, so that no other test gets the port, and not listening.
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = nobody.local_addr().unwrap().port();
    let away = Transports {
        mail: Some(Mailer::new(&format!("smtp://127.0.0.1:{port}"), "a@clave.ejemplo.cl", OURS).unwrap()),
        sms: Some(SmsGateway::new(&format!("http://127.0.0.1:{port}/"), None)),
        inbox: None,
    };
    assert_eq!(t.courier(away).round().await.unwrap(), 2);
    assert_eq!(t.texts(STATUS).await, ["pending", "pending"]);

    t.clock.advance(MINUTE);
    outside.be(Mood::Hangs);
    let started = std::time::Instant::now();
    assert_eq!(t.courier(outside.ways.clone()).round().await.unwrap(), 2);
    assert!(started.elapsed().as_secs() < 45, "an attempt ends well within its lease");
    assert_eq!(t.texts(STATUS).await, ["pending", "pending"]);

    t.clock.advance(MINUTE);
    outside.be(Mood::Takes);
    assert_eq!(t.courier(outside.ways.clone()).round().await.unwrap(), 2);
    assert_eq!(t.texts(STATUS).await, ["sent", "sent"]);
}

const MAIL: &str = "SELECT status FROM outbox WHERE channel = 'mail'";
const SMS: &str = "SELECT status FROM outbox WHERE channel = 'sms'";

async fn r_mail_only_the_recipients_mailbox_ends_a_mail(t: TestBackend) {
    let outside = outside(&t).await;
    let courier = t.courier(outside.ways.clone());
    for (command, reply) in [
        ("MAIL", "550 5.4.5 Daily user sending limit exceeded"),
        ("MAIL", "550 no such user"),
        ("RCPT", "554 relay denied"),
        ("RCPT", "554 IP blocked"),
        ("RCPT", "554 5.7.1 <x>: Relay access denied"),
        ("RCPT", "550-5.4.5 Daily user sending\r\n550 5.4.5 limit exceeded"),
        ("DATA", "554 5.7.1 no"),
        ("BODY", "550 5.7.1 spam"),
        ("BODY", "550 mailbox unavailable"),
        ("BODY", "554 Transaction failed"),
    ] {
        outside.smtp.be(Mood::Says(command, reply));
        courier.round().await.unwrap();
        assert_eq!(t.texts(MAIL).await, ["pending"], "{command}: {reply}");
        t.clock.advance(11 * MINUTE);
    }
    assert_eq!(outside.smtp.taken().len(), 0);
    outside.be(Mood::Takes);
    courier.round().await.unwrap();
    assert_eq!((t.texts(MAIL).await, outside.smtp.taken().len()), (vec!["sent".to_owned()], 1));
    for (number, command, reply) in [
        (2, "RCPT", "550-5.1.1 The email account that you tried\r\n550 5.1.1 to reach does not exist"),
        (3, "RCPT", "550 No such user"),
        (4, "RCPT", "550 mailbox unavailable"),
        (5, "RCPT", "552 mailbox full"),
        (6, "BODY", "552 5.2.2 mailbox full"),
    ] {
        let person = Person::number(number);
        t.account(&person).await;
        t.proven_by_answer(&person).await.send_right().await;
        outside.smtp.be(Mood::Says(command, reply));
        courier.round().await.unwrap();
        let failed = t.number("SELECT COUNT(*) FROM outbox WHERE status = 'failed'").await;
        assert_eq!((failed, t.number(SEALED).await), (i64::from(number) - 1, 0), "{command}: {reply}");
    }
}

async fn r_sms_only_400_and_422_end_an_sms(t: TestBackend) {
    let outside = outside(&t).await;
    let courier = t.courier(outside.ways.clone());
    for status in [
        "301 Moved",
        "401 No",
        "402 Payment Required",
        "403 No",
        "404 Not Found",
        "409 Conflict",
        "429 Slow",
        "500 Oh",
    ] {
        outside.sms.be(Mood::Status(status, "Location: /otro\r\n"));
        courier.round().await.unwrap();
        assert_eq!(t.texts(SMS).await, ["pending"], "{status}");
        t.clock.advance(11 * MINUTE);
    }
    outside.sms.be(Mood::Status("400 Bad Request", ""));
    courier.round().await.unwrap();
    assert_eq!((t.texts(SMS).await, t.number(SEALED).await), (vec!["failed".to_owned()], 0));
}

async fn r_sms_a_gateway_says_how_long_to_wait(t: TestBackend) {
    let outside = outside(&t).await;
    let courier = t.courier(outside.ways.clone());
    const NEXT: &str = "SELECT next_at FROM outbox WHERE channel = 'sms'";
    for (asked, least) in [("Retry-After: 120\r\n", 120 * SECOND), ("Retry-After: 999999\r\n", 60 * MINUTE)] {
        outside.sms.be(Mood::Status("429 Too Many Requests", asked));
        let before = t.now();
        courier.round().await.unwrap();
        assert!((least..least + 30 * SECOND).contains(&(t.number(NEXT).await - before)), "{asked}");
        t.clock.advance(61 * MINUTE);
    }
}

async fn r_mail_r_sms_a_message_is_tried_until_its_key_expires(t: TestBackend) {
    let outside = outside(&t).await;
    let written = t.now();
    outside.be(Mood::NotNow);
    let courier = t.courier(outside.ways.clone());
    let mut tries = 0;
    while t.number("SELECT COUNT(*) FROM outbox WHERE status = 'pending'").await == 2 {
        assert_eq!(courier.round().await.unwrap(), 2);
        tries += 1;
        t.clock.advance(10 * MINUTE);
    }
    let ended = t.now() - written;
    assert!(
        (t.settings.provisional_ttl - 20 * MINUTE..=t.settings.provisional_ttl + MINUTE).contains(&ended),
        "{ended}"
    );
    assert!((140..150).contains(&tries), "{tries}");
    assert_eq!(t.texts(STATUS).await, ["failed", "failed"]);
    assert_eq!((t.number(SEALED).await, courier.round().await.unwrap()), (0, 0));
}

async fn r_mail_r_sms_a_message_whose_key_expired_is_not_sent(t: TestBackend) {
    let outside = outside(&t).await;
    let courier = t.courier(outside.ways.clone());
    t.clock.advance(t.settings.provisional_ttl);
    assert_eq!(courier.round().await.unwrap(), 2);
    assert_eq!((t.texts(STATUS).await, t.number(SEALED).await), (vec!["failed".to_owned(); 2], 0));
    assert_eq!(outside.offered(), (0, 0));
}

async fn r_mail_a_server_that_does_not_say_goodbye_has_taken_the_mail(t: TestBackend) {
    let outside = outside(&t).await;
    outside.smtp.be(Mood::Says("QUIT", "421 4.3.0 me voy"));
    t.courier(outside.ways.clone()).round().await.unwrap();
    assert_eq!((t.texts(MAIL).await, outside.smtp.taken().len()), (vec!["sent".to_owned()], 1));
}

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
    r_mail_r_sms_a_message_fails_after_sixteen_attempts,
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

async fn r_mail_r_sms_a_message_fails_after_sixteen_attempts(t: TestBackend) {
    let outside = outside(&t).await;
    outside.be(Mood::NotNow);
    let courier = t.courier(outside.ways.clone());
    for _ in 0..16 {
        assert_eq!(t.texts(STATUS).await, ["pending", "pending"]);
        assert_eq!(courier.round().await.unwrap(), 2);
        t.clock.advance(11 * MINUTE);
    }
    assert_eq!(t.texts(STATUS).await, ["failed", "failed"]);
    assert_eq!((t.number(SEALED).await, courier.round().await.unwrap()), (0, 0));
    assert_eq!(outside.offered(), (16, 16));
}

//! No message of any flow, or of the desk, is written past the cap of its recipient (docs/security.md#abuse-and-enumeration).

use backend::message::Template;
use domain::kind::Kind;

use crate::support::decisions::{grant, motive, officer};
use crate::support::mesa::desk_caller;
use crate::support::requests::Facilitator;
use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    security_registrations_stop_at_the_cap,
    security_messages_of_a_recovery_stop_at_the_cap,
    security_messages_of_a_change_stop_at_the_cap,
    security_messages_about_companies_and_requests_stop_at_the_cap,
];

/// Which of the tests checks a message. A new kind of message has no cap test until it is added here.
const fn is_checked_by(template: Template) -> &'static [Template] {
    const REGISTRATION: &[Template] = &[Template::Registered, Template::RegisteredAgain];
    const RECOVERY: &[Template] = &[Template::ProvisionalKey, Template::ContactChanged];
    const CHANGE: &[Template] = &[Template::KeyChanged, Template::Updated];
    const COMPANY: &[Template] = &[
        Template::RepresentativeChanged,
        Template::RequestFiled,
        Template::RequestGranted,
        Template::RequestRefused,
    ];
    /// By `security_l_page_few_codes_are_sent_to_a_mailbox`.
    const SIGN_IN: &[Template] = &[Template::SignInCode];
    match template {
        Template::SignInCode => SIGN_IN,
        Template::Registered | Template::RegisteredAgain => REGISTRATION,
        Template::ProvisionalKey | Template::ContactChanged => RECOVERY,
        Template::KeyChanged | Template::Updated => CHANGE,
        Template::RepresentativeChanged
        | Template::RequestFiled
        | Template::RequestGranted
        | Template::RequestRefused => COMPANY,
    }
}

impl TestBackend {
    /// How many messages of each of these kinds were written, which must be some.
    async fn written(&self, templates: &[Template]) -> Vec<usize> {
        let all = self.texts("SELECT template FROM outbox").await;
        let counts: Vec<_> = templates
            .iter()
            .map(|template| all.iter().filter(|word| *word == template.word()).count())
            .collect();
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
        counts
    }

    /// Every recipient so far has had as many messages of each kind as a day allows.
    async fn fill_the_caps(&self) {
        let sql = "UPDATE attempt SET tries = 1000000 WHERE purpose LIKE 'message/%'";
        sqlx::query(sql).execute(&mut *self.store.connection().await.unwrap()).await.unwrap();
    }

    /// Takes what an account has of its own at its recipients, and then what all accounts have together, and returns what was written
    /// of these kinds. `once` is called with the number of the round.
    async fn with_full_caps(&self, templates: &[Template], once: impl AsyncFn(usize)) -> Vec<usize> {
        for round in 0..2 {
            once(round).await;
            self.fill_the_caps().await;
        }
        self.written(templates).await
    }

    /// Nothing more of these kinds was written, and that was recorded.
    async fn stopped_at(&self, before: &[usize], templates: &[Template]) {
        assert_eq!(self.written(templates).await, before, "{templates:?}");
        let left_out = self.left_out().await;
        assert!(left_out >= i64::try_from(templates.len()).unwrap(), "{left_out} were recorded");
    }
}

async fn security_registrations_stop_at_the_cap(t: TestBackend) {
    let templates = is_checked_by(Template::Registered);
    let (owner, stranger) = (Person::number(1), Person::number(2));
    let form = Person { email: stranger.email.clone(), mobile: stranger.mobile.clone(), ..owner.clone() };
    t.account(&owner).await;
    t.register(&form).await;
    let before = t.written(templates).await;
    t.fill_the_caps().await;
    t.register(&form).await;
    t.stopped_at(&before, templates).await;
}

async fn security_messages_of_a_recovery_stop_at_the_cap(t: TestBackend) {
    let templates = is_checked_by(Template::ProvisionalKey);
    let (person, new) = (Person::number(1), Person::number(2));
    t.account(&person).await;
    t.civil_knows(&[&person]);
    let once = async |to: &Person| {
        let mut browser = t.proven_by_serial(&person).await;
        browser.contact(&to.email, &to.mobile).await;
        browser.send_right().await;
    };
    let before = t.with_full_caps(templates, async |_| once(&new).await).await;
    // To the same mailbox: no key. To another one: a key, and no further notice to the contact data on file.
    once(&new).await;
    assert_eq!(t.written(templates).await, before);
    once(&Person::number(3)).await;
    let after = t.written(templates).await;
    assert_eq!(after, [before[0] + 2, before[1]], "the holder of the document can name another mailbox");
    t.stopped_at(&after, templates).await;
}

async fn security_messages_of_a_change_stop_at_the_cap(t: TestBackend) {
    let templates = is_checked_by(Template::KeyChanged);
    let person = Person::number(1);
    let other = Person { email: "otra.persona@ejemplo.cl".to_owned(), ..person.clone() };
    let keys = [&person.key, "Maiten4zQ", "Peumo#41", "Boldo#123"];
    t.account(&person).await;
    let once = async |round: usize| {
        t.change_key(&person, keys[round], keys[round + 1]).await;
        let with_new_key = Person { key: keys[round + 1].to_owned(), ..person.clone() };
        for contact in [&other, &person] {
            t.opened(&with_new_key).await.save_right(contact.update()).await;
        }
    };
    let before = t.with_full_caps(templates, once).await;
    once(2).await;
    t.stopped_at(&before, templates).await;
    assert!(t.key_is(&person, keys[3]).await, "what was done is done, with a message or without");
}

async fn security_messages_about_companies_and_requests_stop_at_the_cap(t: TestBackend) {
    let templates = is_checked_by(Template::RequestFiled);
    let (company, others) = (t.one_company().await, [8, 9, 10].map(Person::number));
    let once = async |round: usize| {
        let number = 2 * u32::try_from(round).unwrap();
        t.tax_knows(&[&company]);
        let granted = t.filed(&company, &Facilitator::number(number)).await;
        grant(&t, &granted).await.unwrap();
        let refused = t.filed(&company, &Facilitator::number(number + 1)).await;
        let (ana, caller) = (officer("ana"), desk_caller());
        t.review(&ana, &caller).refuse(&refused, &motive()).await.unwrap().unwrap();
        t.tax_says(&[(&company, &others[round])]);
        t.changing_as(Kind::Juridica)
            .identify_company(&company.rut_text, &others[round].rut_text, &company.person.key)
            .await;
    };
    let before = t.with_full_caps(templates, once).await;
    once(2).await;
    t.stopped_at(&before, templates).await;
    assert_eq!(t.number("SELECT COUNT(*) FROM facilitator_request WHERE state = 'granted'").await, 3);
}

//! R-CIVIL in recovery: the answers of Registro Civil, and its outages.

use domain::field::{Field, Reason};
use domain::flow::Notice;
use domain::flow::recovery::Recovery;

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![
    r_civil_only_the_valid_serial_is_accepted,
    r_civil_an_outage_loses_no_data_and_counts_no_attempt,
];

async fn r_civil_only_the_valid_serial_is_accepted(t: TestBackend) {
    let [person, other, blocked, former] = [1, 2, 3, 4].map(Person::number);
    t.civil_says(&[
        (&person, "vigente"),
        (&other, "vigente"),
        (&blocked, "bloqueado"),
        (&former, "no_vigente"),
    ]);
    for person in [&person, &blocked, &former] {
        t.account(person).await;
    }
    for (who, serial, reason) in [
        (&person, "A999999999", Reason::Wrong),
        (&person, other.serial.as_str(), Reason::Wrong),
        (&former, former.serial.as_str(), Reason::Wrong),
        (&blocked, blocked.serial.as_str(), Reason::Blocked),
        (&person, "", Reason::Missing),
        (&person, "A12", Reason::Format),
    ] {
        let mut browser = t.recovering();
        browser.rut(&who.rut_text).await;
        browser.forgotten().await;
        let page = browser.serial(serial).await;
        assert!(matches!(page.state, Recovery::Document(_)));
        assert_eq!(page.errors(), [(Field::Serial, reason)]);
        assert_eq!(page.typed.get("serie"), serial, "the serial stays, to be corrected");
    }
    assert_eq!(t.tries("document/pair").await, 4, "an empty or malformed serial is not counted");
}

async fn r_civil_an_outage_loses_no_data_and_counts_no_attempt(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    t.civil_is_down();
    let mut browser = t.recovering();
    browser.rut(&person.rut_text).await;
    browser.forgotten().await;
    for _ in 0..10 {
        let page = browser.serial(&person.serial).await;
        assert!(matches!(page.state, Recovery::Document(_)));
        assert_eq!((page.errors(), page.notice()), (vec![], Some(Notice::RegistryDown)));
        assert_eq!(page.typed.get("serie"), person.serial);
    }
    assert_eq!(t.tries("document").await, 0, "an outage is not counted as a wrong serial");
    std::fs::write(t.folder.path().join("civil.csv"), "esto no es un registro\n1\n").unwrap();
    assert_eq!(
        browser.serial(&person.serial).await.notice(),
        Some(Notice::RegistryDown),
        "a malformed registry file"
    );

    t.civil_knows(&[&person]);
    assert!(
        matches!(browser.serial(&person.serial).await.state, Recovery::Mail(_)),
        "the flow continues after the outage"
    );
}

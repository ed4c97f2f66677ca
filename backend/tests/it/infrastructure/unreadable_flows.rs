//! A flow that this version cannot read: its browser begins anew, as after the end of a flow.

use domain::flow::Notice;
use domain::flow::recovery::Recovery;

use crate::support::{Person, TestBackend, on_both_engines};

on_both_engines![a_flow_that_cannot_be_read_never_blocks_the_next_one];

async fn a_flow_that_cannot_be_read_never_blocks_the_next_one(t: TestBackend) {
    let person = Person::number(1);
    t.account(&person).await;
    let spoil = async |with: &str| {
        let connection = &mut *t.store.connection().await.unwrap();
        // The state with another RUT, or nothing of it at all.
        let sql = if with == "2-7" {
            "UPDATE flow SET body = replace(body, $1, $2)"
        } else {
            "UPDATE flow SET body = substr($2, 1, 20) WHERE body LIKE '%' || $1 || '%'"
        };
        let rut = domain::rut::Rut::parse(&person.rut_text).unwrap().plain();
        let spoilt = sqlx::query(sql).bind(rut).bind(with).execute(connection).await.unwrap();
        assert_eq!(spoilt.rows_affected(), 1);
    };
    for body in ["2-7", "", "[]", "{\"state\":\"no-such-state\"}"] {
        let mut browser = t.recovering();
        browser.rut(&person.rut_text).await;
        spoil(body).await;
        let page = browser.answer(&person.answer).await;
        assert_eq!((page.state, page.feedback.notice), (Recovery::Identify, Some(Notice::Expired)), "{body}");
        assert!(matches!(browser.rut(&person.rut_text).await.state, Recovery::Question(_)));

        spoil(body).await;
        assert!(browser.flow().await.is_none(), "its page begins anew too");
        assert_eq!(t.number("SELECT count(*) FROM flow").await, 0, "and it is logged once");
        assert!(matches!(browser.rut(&person.rut_text).await.state, Recovery::Question(_)));

        spoil(body).await;
        assert!(
            matches!(browser.rut(&person.rut_text).await.state, Recovery::Question(_)),
            "nor its first form"
        );
        t.write("DELETE FROM flow WHERE id <> $2 AND $1 >= 0", domain::flow::AccountId(0), "").await;
    }
}

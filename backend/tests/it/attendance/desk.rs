//! What the commands do.

use backend::clock::{DAY, chilean_day};

use super::support::{Browser, OTEC, OTHER_OTEC, Otec, add_token, caller, otec};
use crate::support::{TestBackend, on_both_engines};

on_both_engines![l_rce_tokens_are_listed_and_each_change_is_recorded, l_rce_attendance_is_exported_by_days];

async fn l_rce_tokens_are_listed_and_each_change_is_recorded(mut t: TestBackend) {
    let ours = Otec::register(&mut t).await;
    add_token(&t, OTHER_OTEC, &["https://otra.ejemplo.cl", "https://aula.ejemplo.cl:8443"]).await;
    let caller = caller();
    let service = t.attendance(&caller);
    let all = service.otecs(None).await.unwrap();
    assert_eq!(all.iter().map(|otec| otec.rut.plain()).collect::<Vec<_>>(), [OTEC, OTHER_OTEC]);
    let one = service.otecs(Some(otec(OTHER_OTEC))).await.unwrap();
    assert_eq!((one.len(), one[0].tokens.len(), one[0].origins.len()), (1, 1, 2));
    assert_eq!(service.revoke_token(otec(OTEC), &ours.token_id).await.unwrap(), Some(true));
    assert_eq!(service.revoke_token(otec(OTEC), "ffffffffffff").await.unwrap(), None);
    assert!(service.otecs(Some(otec(OTEC))).await.unwrap()[0].tokens[0].revoked_at.is_some());
    let changes =
        "SELECT COUNT(*) FROM audit WHERE event = 'otec-changed' AND outcome IN ('added', 'disabled')";
    assert_eq!(t.number(changes).await, 3, "two were added, one was revoked");
}

async fn l_rce_attendance_is_exported_by_days(mut t: TestBackend) {
    let ours = Otec::register(&mut t).await;
    let mut browser = Browser::new(&t);
    let first = browser.open(&ours).await;
    browser.close(&ours.form(&[("IdSesionSence", &first)])).await;
    browser.end().await;
    let today = chilean_day(t.now());
    t.clock.advance(DAY);
    let second = browser.open(&ours).await;
    let caller = caller();
    let service = t.attendance(&caller);
    let tomorrow = today.tomorrow().unwrap();
    let lines = async |from, to| -> Vec<String> {
        let text: String = service.export(from, to).await.unwrap();
        text.split_terminator("\r\n").map(str::to_owned).collect()
    };
    let both = lines(today, tomorrow).await;
    assert_eq!(both.len(), 3, "{both:?}");
    assert_eq!(
        both[0],
        "id_sesion_sence,servicio,rut_otec,run_alumno,linea,cod_sence,codigo_curso,id_sesion_alumno,inicio,cierre"
    );
    let run = ours.student.rut.plain();
    assert!(both[1].starts_with(&format!("{first},rce,{OTEC},{run},3,1237123456,1234567,sesion-1,{today} ")));
    assert!(!both[1].ends_with(',') && both[2].starts_with(&second) && both[2].ends_with(','), "{both:?}");
    assert_eq!(lines(today, today).await, both[..2]);
    assert_eq!(lines(today.yesterday().unwrap(), today.yesterday().unwrap()).await, both[..1]);
    assert!(t.dump("audit").await.contains("attendance-exported"));
}

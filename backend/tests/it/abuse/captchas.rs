//! Pictures and sounds of captchas (docs/decisions/0015-captcha.md): what they cost, and when they are gone.

use backend::captcha::shown;
use backend::clock::MINUTE;

use crate::support::{TestBackend, on_both_engines};

on_both_engines![
    security_a_picture_is_drawn_once,
    security_a_sound_is_made_once,
    security_a_first_page_draws_nothing,
    pictures_and_sounds_are_gone_after_five_minutes,
];

async fn security_a_picture_is_drawn_once(t: TestBackend) {
    let id = t.registering().await.captcha;
    let ask = || t.backend.captcha_picture(&id);
    let first = ask().await.unwrap().unwrap();
    assert_eq!(first.get(..4), Some(b"\x89PNG".as_slice()));
    let asked = futures_util::future::join_all((0..40).map(|_| ask())).await;
    assert!(asked.into_iter().all(|again| again.unwrap().as_ref() == Some(&first)));
    assert_eq!(t.drawings.count(), 1);
}

async fn security_a_sound_is_made_once(t: TestBackend) {
    let id = t.registering().await.captcha;
    let ask = || t.backend.captcha_sound(&id);
    let asked = futures_util::future::join_all((0..40).map(|_| ask())).await;
    let first = asked.first().unwrap().as_ref().unwrap().clone().unwrap();
    assert_eq!(first.get(..4), Some(b"RIFF".as_slice()));
    assert!(asked.into_iter().all(|again| again.unwrap().as_ref() == Some(&first)));
    assert_eq!(t.drawings.count(), 1);
}

async fn security_a_first_page_draws_nothing(t: TestBackend) {
    let mut browser = t.registering().await;
    for _ in 0..5 {
        browser.begin().await;
    }
    assert_eq!(t.drawings.count(), 0);
}

async fn pictures_and_sounds_are_gone_after_five_minutes(t: TestBackend) {
    let id = t.registering().await.captcha;
    for minutes in [0, 4] {
        t.clock.advance(minutes * MINUTE);
        assert!(t.backend.captcha_picture(&id).await.unwrap().is_some());
        assert!(t.backend.captcha_sound(&id).await.unwrap().is_some());
    }
    t.clock.advance(MINUTE);
    assert!(t.backend.captcha_picture(&id).await.unwrap().is_none());
    assert!(t.backend.captcha_sound(&id).await.unwrap().is_none());
    assert!(shown(&t.store, &t.secrets, &id, t.now()).await.unwrap().is_none());
    assert_eq!(t.drawings.count(), 2);
}

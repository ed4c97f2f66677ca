//! How slow a browser may be, and how much one company may send at once.

use futures_util::stream;

use super::*;

/// A body that sends `piece` after each pause, `pieces` times.
fn body(piece: &'static [u8], pause: Duration, pieces: usize) -> Body {
    Body::from_stream(stream::unfold(0, move |sent| async move {
        tokio::time::sleep(pause).await;
        (sent < pieces).then(|| (Ok::<_, std::io::Error>(Bytes::from_static(piece)), sent + 1))
    }))
}

/// What is read of a body: how many bytes, and whether it came to its end.
async fn read(body: Body, min_speed: MinSpeed) -> (usize, bool) {
    let incoming = Incoming::new(body, min_speed);
    let mut bytes = 0;
    while let Some(piece) = incoming.next().await {
        match piece {
            Ok(piece) => bytes += piece.len(),
            Err(_) => {
                assert!(matches!(incoming.next().await, Some(Err(_))), "a cut form stays cut");
                return (bytes, false);
            }
        }
    }
    (bytes, true)
}

const SHORT: MinSpeed = MinSpeed { bytes: 1_000, wait: Duration::from_millis(200) };

#[tokio::test]
async fn security_a_form_that_comes_too_slowly_is_cut() {
    let (bytes, whole) = read(body(b"a", Duration::from_millis(1), 5_000), SHORT).await;
    assert!(!whole && bytes < 1_000, "{bytes} bytes were read");
}

#[tokio::test]
async fn security_a_silent_form_is_cut() {
    assert_eq!(read(body(b"a", Duration::from_secs(60), 2), SHORT).await, (0, false));
}

#[tokio::test]
async fn a_form_at_the_minimum_speed_is_read_to_its_end() {
    // Over three times the time, so the speed is looked at more than once.
    let (bytes, whole) = read(body(&[b'a'; 1_000], Duration::from_millis(10), 60), SHORT).await;
    assert_eq!((bytes, whole), (60_000, true));
}

#[tokio::test]
async fn a_short_form_needs_no_speed() {
    assert_eq!(read(body(b"a", Duration::from_millis(1), 9), SHORT).await, (9, true));
}

#[tokio::test]
async fn security_one_company_never_holds_all_places() {
    let company = AccountId(-1);
    let held: Vec<_> = std::iter::from_fn(|| OF_COMPANY.try_acquire(company)).take(64).collect();
    assert_eq!(held.len(), MAX_PER_COMPANY);
    assert!(OF_COMPANY.try_acquire(AccountId(-2)).is_some(), "another company is not affected");
    drop(held);
    assert!(OF_COMPANY.try_acquire(company).is_some());
}

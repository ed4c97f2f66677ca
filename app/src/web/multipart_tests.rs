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

/// Takes a file and keeps nothing.
struct ReadAll;

impl Receiver for ReadAll {
    async fn receive(
        &self,
        mut content: impl Stream<Item = std::result::Result<Bytes, multer::Error>> + Unpin + Send,
    ) -> Result<Option<Received>> {
        while content.next().await.is_some() {}
        Ok(Some(Received::Refused(Reason::FileEmpty)))
    }
}

/// Looks at the beginning of a file only, as when it is no PDF.
struct ReadOnePiece;

impl Receiver for ReadOnePiece {
    async fn receive(
        &self,
        mut content: impl Stream<Item = std::result::Result<Bytes, multer::Error>> + Unpin + Send,
    ) -> Result<Option<Received>> {
        content.next().await;
        Ok(Some(Received::Refused(Reason::FileFormat)))
    }
}

/// A part of a form: its name, whether it is a file, its content.
type Part = (String, bool, String);

async fn fingerprint(parts: &[Part], file: UploadPurpose, receiver: impl Receiver) -> FormFingerprint {
    let mut text = String::new();
    for (name, is_file, content) in parts {
        let file_name = if *is_file { "; filename=\"a.pdf\"" } else { "" };
        text += &format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"{file_name}\r\n\r\n{content}\r\n"
        );
    }
    text += "--x--\r\n";
    let body = Incoming::new(Body::from(text), MIN_SPEED);
    let mut form = FormWithFile { fields: BTreeMap::new(), sent: None, form: FormFingerprint::of([]) };
    form.read(receiver, &body, "x".to_owned(), file).await.unwrap().unwrap();
    form.form
}

/// The part changed in one place, the file behind everything that is kept of a text, and behind the piece that is looked at.
fn changed(form: &[Part], place: usize) -> Vec<Vec<Part>> {
    let with = |part: Part| {
        let mut other = form.to_vec();
        other[place] = part;
        other
    };
    let (name, is_file, content) = form[place].clone();
    let mut without = form.to_vec();
    without.remove(place);
    let mut twice = form.to_vec();
    twice.push(form[place].clone());
    vec![
        with((name.clone(), is_file, format!("x{content}"))),
        with((name.clone(), is_file, format!("{content}x"))),
        with((name.clone(), is_file, String::new())),
        with((name.clone(), !is_file, content.clone())),
        with((format!("{name}x"), is_file, content)),
        without,
        twice,
    ]
}

#[tokio::test]
async fn security_every_part_of_a_form_with_a_file_makes_it_another_form() {
    for file in [UploadPurpose::Declaration, UploadPurpose::Document] {
        let name = file.field().name();
        let texts =
            ["pagina", "nombres", "guardado", TOO_LARGE, "un_nombre_que_es_mas_largo_que_los_que_se_guardan"];
        let mut form: Vec<Part> = texts
            .iter()
            .map(|text| ((*text).to_owned(), false, format!("{text} {}", "v".repeat(2 * MAX_TEXT))))
            .collect();
        form.push((name.to_owned(), true, "%PDF-1.7 ".repeat(8 * 1024)));
        let own = fingerprint(&form, file, ReadAll).await;
        assert_eq!(fingerprint(&form, file, ReadOnePiece).await, own, "{name}: read to the end in any case");
        for place in 0..form.len() {
            for (way, other) in changed(&form, place).iter().enumerate() {
                assert_ne!(
                    fingerprint(other, file, ReadAll).await,
                    own,
                    "{name}: part {place}, change {way}"
                );
                assert_ne!(
                    fingerprint(other, file, ReadOnePiece).await,
                    own,
                    "{name}: part {place}, change {way}"
                );
            }
        }
        form.reverse();
        assert_eq!(fingerprint(&form, file, ReadAll).await, own, "{name}: another order");
    }
}

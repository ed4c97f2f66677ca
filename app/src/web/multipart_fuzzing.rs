//! The fuzz target of forms that bring a file: nothing depends on how the body is split, no field is larger than its bound, and
//! the receiver of the file gets no more than was sent.

use std::sync::LazyLock;

use fuzz::texts;
use tokio::runtime::Runtime;

use super::*;

static RUNTIME: LazyLock<Option<Runtime>> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_time().build().ok());

/// Counts the bytes of a file.
struct Count<'a>(&'a AtomicUsize);

impl Receiver for Count<'_> {
    async fn receive(
        &self,
        mut content: impl Stream<Item = std::result::Result<Bytes, multer::Error>> + Unpin + Send,
    ) -> Result<Option<Received>> {
        while let Some(piece) = content.next().await {
            let Ok(piece) = piece else { break };
            self.0.fetch_add(piece.len(), Ordering::Relaxed);
        }
        Ok(Some(Received::Refused(Reason::FileFormat)))
    }
}

/// A content type, and in the lines after it a body.
pub(crate) fn multipart(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (kind, body) = input.split_at(end);
    let body = body.get(1..).unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(fuzz::text(kind)) else { return };
    let whole = read(&boundary, body, body.len().max(1));
    for size in [1, 11] {
        let pieces = read(&boundary, body, size);
        match (&whole, &pieces) {
            (Some(whole), Some(pieces)) => assert_eq!(whole, pieces, "the form depends on its pieces"),
            (whole, pieces) => {
                assert_eq!(whole.is_some(), pieces.is_some(), "whether it is read depends on its pieces")
            }
        }
    }
    let Some((fields, _, file)) = whole else { return };
    assert!(file <= body.len(), "the receiver got more than was sent");
    assert!(fields.len() <= MAX_PARTS);
    for (name, value) in &fields {
        assert!(!name.is_empty() && name.len() <= MAX_NAME, "{name:?}");
        // A byte that is not UTF-8 becomes three.
        assert!(value.len() <= 3 * MAX_TEXT && !value.contains('\0'));
    }
}

/// The fields, the fingerprint, and how many bytes the file had; none when the form is not read to its end.
type Form = (BTreeMap<String, String>, FormFingerprint, usize);

/// Reads a body that comes in pieces of this size.
fn read(boundary: &str, body: &[u8], size: usize) -> Option<Form> {
    let pieces: Vec<_> =
        body.chunks(size).map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece))).collect();
    let incoming = Incoming::new(Body::from_stream(stream::iter(pieces)), MIN_SPEED);
    let mut form = FormWithFile { fields: BTreeMap::new(), sent: None, form: FormFingerprint::of([]) };
    let bytes = AtomicUsize::new(0);
    let reading = form.read(Count(&bytes), &incoming, boundary.to_owned(), UploadPurpose::Declaration);
    let read = RUNTIME.as_ref()?.block_on(reading);
    matches!(read, Ok(Ok(()))).then(|| (form.fields, form.form, bytes.into_inner()))
}

/// Forms with and without a file, and some that end early.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let kind = "multipart/form-data; boundary=x\n";
    let part = |name: &str, content: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
    };
    let file = "--x\r\nContent-Disposition: form-data; name=\"declaracion\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
                %PDF-1.7\r\n--y\r\n";
    let pagina = part("pagina", "abc");
    let mut seeds = texts(&[
        "multipart/form-data; boundary=\"a b\"\n--a b\r\n\r\n\r\n--a b--",
        "multipart/form-data; boundary=x\n--x--\r\n",
        "multipart/form-data\n",
    ]);
    seeds.push(format!("{kind}{pagina}{file}--x--\r\n").into_bytes());
    seeds.push(format!("{kind}{file}{pagina}{}--x--\r\n", part("pagina", "\0")).into_bytes());
    seeds.push(format!("{kind}{pagina}{file}").into_bytes());
    seeds
}

#[cfg(test)]
mod fuzzing_tests {
    use super::*;

    #[test]
    fn a_seed_is_a_form_with_a_file() {
        let read: Vec<_> = seeds()
            .iter()
            .filter_map(|seed| {
                let end = seed.iter().position(|byte| *byte == b'\n')?;
                let boundary = multer::parse_boundary(fuzz::text(&seed[..end])).ok()?;
                read(&boundary, &seed[end + 1..], 5)
            })
            .collect();
        assert!(
            read.iter().any(|(fields, _, file)| fields.contains_key("pagina") && *file == 13),
            "{}",
            read.len()
        );
    }
}

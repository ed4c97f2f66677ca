//! The fuzz target of the heads of a connection: nothing depends on how the bytes are split, only a bare LF is changed, and no
//! head with one passes.

use fuzz::texts;

use super::heads::Heads;

/// The bytes of a connection.
pub(crate) fn heads(input: &[u8]) {
    let whole = check(input, input.len().max(1));
    for size in [1, 5, 64] {
        assert_eq!(check(input, size), whole, "it depends on the pieces");
    }
    let (checked, _) = whole;
    let changed: Vec<_> = (0..input.len()).filter(|at| input.get(*at) != checked.get(*at)).collect();
    assert!(changed.len() <= 1 && checked.len() == input.len(), "more than one byte was changed");
    for at in changed {
        assert_eq!((input.get(at), checked.get(at)), (Some(&b'\n'), Some(&0)));
    }
    // What hyper takes for the first head: up to the first empty line, empty lines before it left out.
    let begin = checked.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(checked.len());
    let rest = checked.get(begin..).unwrap_or_default();
    let end = rest.windows(2).position(|pair| pair == b"\n\n").map(|at| at + 2);
    let end = [end, rest.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)]
        .into_iter()
        .flatten()
        .min();
    let head = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let bare = head
        .iter()
        .enumerate()
        .any(|(at, byte)| *byte == b'\n' && (at == 0 || head.get(at - 1) != Some(&b'\r')));
    assert!(!bare || head.contains(&0), "a head with a bare LF passes");
}

/// The bytes that are handed on, and whether a request has ended with them.
fn check(input: &[u8], size: usize) -> (Vec<u8>, bool) {
    let mut heads = Heads::new();
    let mut bytes = input.to_vec();
    bytes.chunks_mut(size).for_each(|piece| heads.check(piece));
    (bytes, heads.between_requests())
}

/// Requests with and without a body, one after the other, and with bare LFs.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    texts(&[
        "GET / HTTP/1.1\r\nhost: a\r\n\r\n\r\nGET /x HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length:  5\r\n\r\na\nb\r\nGET / HTTP/1.1\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\n",
        "GET / HTTP/1.1\nhost: a\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
    ])
}

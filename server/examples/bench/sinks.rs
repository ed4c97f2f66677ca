//! A mail server and an SMS gateway that accept every message and count the keys.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use domain::clave::ProvisionalKey;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The provisional keys that arrived, by the number in the address of their recipient.
#[derive(Clone, Default)]
pub(crate) struct Arrived(Arc<Mutex<HashMap<u32, Vec<String>>>>);

impl Arrived {
    fn take_in(&self, recipient: &str, text: &str) {
        let number: String = recipient.chars().filter(char::is_ascii_digit).collect();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() == 8);
        // A mail carries its key twice, as text and as HTML; one message counts once.
        let keys: BTreeSet<String> =
            words.filter_map(ProvisionalKey::parse).map(|key| key.expose().to_owned()).collect();
        let mut arrived = self.0.lock().unwrap();
        arrived.entry(number.parse().unwrap_or_default()).or_default().extend(keys);
    }

    /// The keys by person; people without a key are left out.
    pub(crate) fn all(&self) -> HashMap<u32, Vec<String>> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|(_, keys)| !keys.is_empty())
            .map(|(n, k)| (*n, k.clone()))
            .collect()
    }

    /// How many keys arrived.
    pub(crate) fn total(&self) -> usize {
        self.0.lock().unwrap().values().map(Vec::len).sum()
    }
}

/// Starts a mail server. Returns its URL.
pub(crate) async fn mail() -> (String, Arrived) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, arrived) = (format!("smtp://{}", listener.local_addr().unwrap()), Arrived::default());
    let kept = arrived.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(smtp(stream, kept.clone()));
        }
    });
    (url, arrived)
}

async fn smtp(stream: TcpStream, arrived: Arrived) -> Option<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 bench\r\n").await.ok()?;
    let (mut line, mut recipient) = (String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line.starts_with("RCPT TO:") {
            line.clone_into(&mut recipient);
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        if verb == "DATA" {
            stream.write_all(b"354 go on\r\n").await.ok()?;
            let mut mail = String::new();
            while !mail.ends_with("\r\n.\r\n") {
                if stream.read_line(&mut mail).await.ok()? == 0 {
                    return None;
                }
            }
            arrived.take_in(&recipient, &mail);
        }
        let answer: &[u8] = if verb == "QUIT" { b"221 bye\r\n" } else { b"250 ok\r\n" };
        stream.write_all(answer).await.ok()?;
    }
}

/// Starts an SMS gateway. Returns its URL.
pub(crate) async fn sms() -> (String, Arrived) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, arrived) = (format!("http://{}/", listener.local_addr().unwrap()), Arrived::default());
    let kept = arrived.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(gateway(stream, kept.clone()));
        }
    });
    (url, arrived)
}

async fn gateway(stream: TcpStream, arrived: Arrived) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.trim_end().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.ok()?;
        let body = String::from_utf8_lossy(&body);
        let to = body.split("+569").nth(1).and_then(|rest| rest.get(..8)).unwrap_or_default();
        arrived.take_in(to, &body);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.ok()?;
    }
}

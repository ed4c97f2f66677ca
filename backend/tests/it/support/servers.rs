//! A mail server and an SMS gateway on loopback ports, which do what a test tells them to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a server does with the next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Takes it.
    Takes,
    /// SMTP 451, HTTP 503.
    NotNow,
    /// SMTP 550, HTTP 422.
    Never,
    /// SMTP 535 at the login, HTTP 401: the operator has it wrong, not the message.
    Login,
    /// Says nothing more.
    Hangs,
    /// Answers this SMTP command (`BODY` for the mail itself) so.
    Says(&'static str, &'static str),
    /// Answers with this HTTP status, and these header lines.
    Status(&'static str, &'static str),
}

/// One of the two servers. It ends with the runtime of its test.
#[derive(Clone)]
pub(crate) struct TestServer {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    seen: Arc<Mutex<Vec<String>>>,
    tries: Arc<Mutex<usize>>,
}

impl TestServer {
    /// A mail server.
    pub(crate) async fn smtp() -> Self {
        let (server, listener) = Self::bind().await;
        let shared = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = shared.clone();
                tokio::spawn(async move { server.mail(stream).await });
            }
        });
        server
    }

    /// An SMS gateway.
    pub(crate) async fn http() -> Self {
        let (server, listener) = Self::bind().await;
        let shared = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = shared.clone();
                tokio::spawn(async move { server.post(stream).await });
            }
        });
        server
    }

    async fn bind() -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mood = Arc::new(Mutex::new(Mood::Takes));
        (Self { port, mood, seen: Arc::default(), tries: Arc::default() }, listener)
    }

    pub(crate) fn smtp_url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub(crate) fn http_url(&self) -> String {
        format!("http://127.0.0.1:{}/sms", self.port)
    }

    pub(crate) fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The messages that it took, as they came over the line.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// How many messages it was offered.
    pub(crate) fn offered(&self) -> usize {
        *self.tries.lock().unwrap()
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }

    /// RFC 5321, as much of it as a sender of mails needs.
    async fn mail(&self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 correo.ejemplo.cl ESMTP\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let reply = match (verb.as_str(), self.mood()) {
                (verb, Mood::Says(command, _)) if verb == "RCPT" && command != "RCPT" => {
                    *self.tries.lock().unwrap() += 1;
                    "250 bueno\r\n"
                }
                (verb, Mood::Says(command, reply)) if verb == command => {
                    write.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
                    continue;
                }
                ("EHLO", _) => "250-correo.ejemplo.cl\r\n250 AUTH PLAIN\r\n",
                ("AUTH", Mood::Login) => "535 5.7.8 quien es usted\r\n",
                ("AUTH", _) => "235 2.7.0 pase\r\n",
                ("RCPT", mood) => {
                    *self.tries.lock().unwrap() += 1;
                    match mood {
                        Mood::NotNow => "451 4.3.0 vuelva luego\r\n",
                        Mood::Never => "550 5.1.1 no existe\r\n",
                        Mood::Hangs => std::future::pending().await,
                        _ => "250 bueno\r\n",
                    }
                }
                ("DATA", _) => {
                    write.write_all(b"354 diga\r\n").await.ok()?;
                    let mut letter = String::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                        letter.push_str(&line);
                        letter.push('\n');
                    }
                    if let Mood::Says("BODY", reply) = self.mood() {
                        write.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
                        continue;
                    }
                    self.seen.lock().unwrap().push(letter);
                    "250 enviado\r\n"
                }
                ("QUIT", _) => "221 adios\r\n",
                _ => "250 bueno\r\n",
            };
            write.write_all(reply.as_bytes()).await.ok()?;
        }
        Some(())
    }

    /// One request per connection.
    async fn post(&self, mut stream: TcpStream) -> Option<()> {
        let (mut request, mut buffer) = (String::new(), [0; 4096]);
        let missing = |request: &str| {
            let (head, body) = request.split_once("\r\n\r\n")?;
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())?;
            Some(body.len() < length)
        };
        while missing(&request) != Some(false) {
            let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
            request.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        *self.tries.lock().unwrap() += 1;
        let mut more = "";
        let status = match self.mood() {
            Mood::Takes | Mood::Says(..) => {
                self.seen.lock().unwrap().push(request);
                "202 Accepted"
            }
            Mood::Status(status, lines) => {
                more = lines;
                status
            }
            Mood::NotNow => "503 Service Unavailable",
            Mood::Never => "422 Unprocessable Content",
            Mood::Login => "401 Unauthorized",
            Mood::Hangs => std::future::pending().await,
        };
        let reply = format!("HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(reply.as_bytes()).await.ok()
    }
}

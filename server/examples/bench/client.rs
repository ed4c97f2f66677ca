//! A small HTTP/1.1 client with one persistent connection and the cookies of one browser.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A browser with its connection and cookies.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: SocketAddr,
    cookies: BTreeMap<String, String>,
}

/// A response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Client {
    pub(crate) async fn connect(host: SocketAddr) -> Self {
        let stream = TcpStream::connect(host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), host, cookies: BTreeMap::new() }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    /// The same, with a token.
    pub(crate) async fn get_with(&mut self, path: &str, token: &str) -> Answer {
        let head = self.head("GET", path, "application/x-www-form-urlencoded", 0);
        let head = head.replacen("\r\n", &format!("\r\nauthorization: {} {token}\r\n", "Bearer"), 1);
        self.stream.write_all(head.as_bytes()).await.unwrap();
        self.answer().await
    }

    /// Forgets every cookie.
    pub(crate) fn forget(&mut self) {
        self.cookies.clear();
    }

    /// Sends a form, follows its redirect, and returns the page; `location` is the redirect's.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post_only(path, fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        let mut page = self.get(&answer.location).await;
        page.location = answer.location;
        page
    }

    pub(crate) async fn post_only(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        // In one statement: the serializer must not be held across an await.
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, form).await
    }

    /// Sends a form with a file in `field`.
    pub(crate) async fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        field: &str,
        file: &[u8],
    ) -> Answer {
        let mut head = String::new();
        for (name, value) in fields {
            head += &format!("--parte\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        head += &format!(
            "--parte\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"a.pdf\"\r\n\r\n"
        );
        let tail = "\r\n--parte--\r\n";
        let start = self.head(
            "POST",
            path,
            "multipart/form-data; boundary=parte",
            head.len() + file.len() + tail.len(),
        );
        for part in [start.as_bytes(), head.as_bytes(), file, tail.as_bytes()] {
            self.stream.write_all(part).await.unwrap();
        }
        self.answer().await
    }

    fn head(&self, method: &str, path: &str, kind: &str, length: usize) -> String {
        let host = self.host;
        let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let cookies = cookies.join("; ");
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\naccept: text/html\r\ncookie: {cookies}\r\n\
             content-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
        )
    }

    async fn send(&mut self, method: &str, path: &str, body: String) -> Answer {
        let request = self.head(method, path, "application/x-www-form-urlencoded", body.len()) + &body;
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.answer().await
    }

    async fn answer(&mut self) -> Answer {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.unwrap();
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let (mut length, mut location) = (0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).await.unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse().unwrap(),
                "location" => value.clone_into(&mut location),
                "set-cookie" => {
                    let pair = value.split(';').next().unwrap();
                    let (name, value) = pair.split_once('=').unwrap();
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        Answer { status, location, body: String::from_utf8(body).unwrap() }
    }
}

impl Answer {
    /// The value of a hidden field of the page.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let from = self.body.find(&start).map(|at| at + start.len());
        from.and_then(|from| self.body[from..].split('"').next()).unwrap_or_default().to_owned()
    }
}

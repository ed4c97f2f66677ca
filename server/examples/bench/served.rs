//! The release binary as a running server with its own data folder.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running server. Dropping it stops the server and deletes its folder.
pub(crate) struct Served {
    child: Child,
    folder: PathBuf,
    pub(crate) address: SocketAddr,
}

impl Served {
    /// Starts `clave-sence serve` in demo mode with these settings.
    pub(crate) async fn start(settings: &[(&str, String)]) -> Self {
        let name = format!("cs-bench-{:x}", backend::secrets::random_id().unwrap());
        let folder = std::env::temp_dir().join(name);
        let mut command = Command::new(binary());
        for (key, _) in std::env::vars().filter(|(key, _)| key.starts_with("CS_")) {
            command.env_remove(key);
        }
        let mut child = command
            .args(["serve", "--data"])
            .arg(&folder)
            .envs([("CS_MODE", "demo"), ("CS_LISTEN", "127.0.0.1:0"), ("CS_CAPTCHA_FIXED", "ABCDE")])
            .envs([
                ("CS_TRIES_PER_ADDRESS", "1000000000"),
                ("CS_MESSAGES_PER_ADDRESS", "0"),
                ("CS_SMS_PER_HOUR", "0"),
                ("RUST_LOG", "error"),
                ("CS_DATABASE_CONNECTIONS", "3"),
            ])
            .envs(settings.iter().map(|(key, value)| (*key, value.as_str())))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = None;
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(found) = line.strip_prefix("Clave SENCE lista en http://") {
                address = found.parse().ok();
                break;
            }
        }
        Self { child, folder, address: address.unwrap() }
    }

    /// Runs another command of the binary on the data of this server, and gives what it writes.
    pub(crate) async fn command(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(binary());
        for (key, _) in std::env::vars().filter(|(key, _)| key.starts_with("CS_")) {
            command.env_remove(key);
        }
        let command = command.args(arguments).arg("--data").arg(&self.folder).env("CS_MODE", "demo");
        let done = command.output().await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// The processor time of each thread in nanoseconds, by its number, with its name, where the system reports it (Linux).
    pub(crate) fn threads(&self) -> BTreeMap<u32, (String, u64)> {
        let mut threads = BTreeMap::new();
        let Some(tasks) = self.child.id().and_then(|id| std::fs::read_dir(format!("/proc/{id}/task")).ok())
        else {
            return threads;
        };
        for task in tasks.flatten() {
            let read = |file: &str| std::fs::read_to_string(task.path().join(file)).ok();
            let number = task.file_name().to_str().and_then(|name| name.parse().ok());
            let nanos = read("schedstat").and_then(|text| text.split(' ').next()?.parse().ok());
            if let (Some(number), Some(name), Some(nanos)) = (number, read("comm"), nanos) {
                threads.insert(number, (name.trim().to_owned(), nanos));
            }
        }
        threads
    }

    /// Resident memory in bytes, where the system reports it (Linux).
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
    }

    /// [`Served::memory`] in MB, for a line of the report.
    pub(crate) fn megabytes(&self) -> String {
        self.memory().map_or("?".to_owned(), |bytes| format!("{:.1} MB", bytes as f64 / 1e6))
    }
}

/// The release binary, beside this program's folder.
fn binary() -> PathBuf {
    std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("clave-sence")
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Memory of a server that has just started and served one page; the bar is 60 MB. Returns whether it is met.
pub(crate) async fn idle_memory() -> bool {
    let served = Served::start(&[]).await;
    super::client::Client::connect(served.address).await.get("/recuperar/natural").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("memory: idle {} (bar: 60 MB)", served.megabytes());
    served.memory().is_none_or(|bytes| bytes <= 60_000_000)
}

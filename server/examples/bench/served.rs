//! The release binary as a running server with its own data folder.

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
    /// Starts `clave-sence serve` (the binary beside this program's folder) in demo mode with these settings.
    pub(crate) async fn start(settings: &[(&str, String)]) -> Self {
        let name = format!("cs-bench-{:x}", backend::secrets::random_id().unwrap());
        let folder = std::env::temp_dir().join(name);
        let binary = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("clave-sence");
        let mut command = Command::new(binary);
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

//! One PostgreSQL server per test process, started when the first test asks for it, on a loopback port of its own.
//!
//! A shell script starts it, then reads its standard input, whose other end only this process holds. However this
//! process ends, that pipe closes; the script then stops the server and removes its folder.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// A server under way. `_watch` holds the pipe: a static is never dropped, so it closes when the process ends.
struct Server {
    port: u16,
    _watch: Child,
}

static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();

/// The URL of a database of the server, which this starts if need be.
pub(super) fn url(database: &str) -> String {
    match SERVER.get_or_init(start) {
        Ok(server) => format!("postgres://postgres@127.0.0.1:{}/{database}", server.port),
        Err(why) => panic!("PostgreSQL for the tests does not run: {why}"),
    }
}

/// `$1` its binaries, `$2` its folder, `$3` its port. Root may not run it, so root becomes `postgres`.
const WATCH: &str = r#"
trap '' HUP INT QUIT TERM
bin=$1 folder=$2 port=$3
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as() { runuser -u postgres -- "$@"; }
fi
cd "$folder" || exit 1
options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=500
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB -c max_wal_size=128MB"
if as "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >log 2>&1 </dev/null &&
    as "$bin/pg_ctl" start -w -D data -l server.log -o "$(echo $options)" >>log 2>&1 </dev/null; then
    echo ready
    cat >/dev/null
    as "$bin/pg_ctl" stop -w -D data -m immediate >/dev/null 2>&1 </dev/null
else
    echo failed
    tail -n 5 log server.log 2>/dev/null
fi
cd / && rm -rf "$folder"
"#;

fn start() -> Result<Server, String> {
    let bin = binaries().ok_or(
        "initdb and pg_ctl are neither in /usr/lib/postgresql/*/bin nor in PATH; \
         install them (Debian: apt-get install postgresql)",
    )?;
    let mut why = String::new();
    for _ in 0..3 {
        // Somebody may take the port in between; then another one is tried.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(|error| error.to_string())?
            .port();
        match watch(&bin, port) {
            Ok(server) => return Ok(server),
            Err(error) => why = error,
        }
    }
    Err(why)
}

fn watch(bin: &Path, port: u16) -> Result<Server, String> {
    let name = format!("cs-pg-{:x}", backend::secrets::random_id().unwrap());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
    let mut child = Command::new("sh")
        .args(["-c", WATCH, "watch"])
        .arg(bin)
        .arg(&folder)
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    let mut line = String::new();
    output.read_line(&mut line).map_err(|error| error.to_string())?;
    if line.trim() == "ready" {
        return Ok(Server { port, _watch: child });
    }
    let mut rest = String::new();
    let _ = output.read_to_string(&mut rest);
    let _ = child.wait();
    Err(format!("{line}{rest}"))
}

/// The folder with the newest `initdb` and `pg_ctl`.
fn binaries() -> Option<PathBuf> {
    let packaged = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<_> = packaged
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions
        .into_iter()
        .map(|(_, bin)| bin)
        .chain(std::env::split_paths(&path))
        .find(|bin| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file())
}

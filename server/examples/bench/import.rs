//! A million accounts from a CSV file, by the command of the release binary; then the first step of a recovery among them
//! against the same step among a thousand.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use domain::rut::Rut;
use sqlx::Connection as _;
use tokio::process::Command;

use crate::{first_step, postgres};

const MANY: u32 = 1_000_000;
const FEW: u32 = 1_000;

/// bcrypt at cost 10, of a key that nobody has.
const BCRYPT: &str = "$2b$10$uIdGyHtNP2mneVLYSF9ukOAjg3WBqDrwnamy7kWj6jnRmNx6vEVpO";

/// The bars: 20,000 rows a second, 150 MB at most, and a first step that takes at most 1.3 times as long.
pub(crate) async fn measure() -> bool {
    let name = format!("cs-bench-{:x}", backend::secrets::random_id().unwrap());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir(&folder).unwrap();
    let (many, few) = (file(&folder, MANY), file(&folder, FEW));
    let mut sound = true;
    for engine in ["SQLite", "PostgreSQL"] {
        let (large, small) =
            (database(engine, &folder, "grande").await, database(engine, &folder, "chica").await);
        import(&few, &folder, &small).await;
        let (seconds, memory) = import(&many, &folder, &large).await;
        let rate = f64::from(MANY) / seconds;
        println!("import on {engine}: {rate:.0} rows/s (bar: 20000), peak memory {memory:.0} MB (bar: 150)");
        let ratio = first_step::ratio((&large, MANY), (&small, FEW), rut).await;
        println!(
            "import on {engine}: first step of a recovery among {MANY} against {FEW}: ratio {ratio:.2} (bar: 1.3)"
        );
        sound &= rate >= 20_000.0 && memory <= 150.0 && ratio <= 1.3;
    }
    let _ = std::fs::remove_dir_all(&folder);
    sound
}

/// The RUT of a person of the files, all over the range and in no order: 7,654,321 and the prime share no divisor, so none
/// comes twice.
fn rut(number: u32) -> String {
    let number = u64::from(number) * 7_654_321 % 20_000_003;
    Rut::from_number(1_000_000 + u32::try_from(number).unwrap()).unwrap().plain()
}

/// A file of so many people; a third has a key of the older system.
fn file(folder: &Path, people: u32) -> PathBuf {
    let path = folder.join(format!("{people}.csv"));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    writeln!(file, "rut,nombres,clave_hash,fecha_nacimiento,direccion,numero,comuna,email,celular").unwrap();
    for n in 0..people {
        let (rut, hash, door) = (rut(n), if n % 3 == 0 { BCRYPT } else { "" }, n % 999);
        writeln!(
            file,
            "{rut},Fulana Zutana {n},{hash},01-12-1980,Los Aromos,{door},Ñuñoa,persona{n}@ejemplo.cl,9{n:08}"
        )
        .unwrap();
    }
    file.flush().unwrap();
    path
}

/// The URL of an empty database.
async fn database(engine: &str, folder: &Path, name: &str) -> String {
    if engine == "SQLite" {
        return format!("sqlite:{}", folder.join(name).join("clave.db").display());
    }
    sqlx::any::install_default_drivers();
    let mut server = sqlx::AnyConnection::connect(&postgres::url("postgres")).await.unwrap();
    for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
    }
    postgres::url(name)
}

/// Imports a file; gives seconds and peak memory in MB.
async fn import(file: &Path, folder: &Path, database: &str) -> (f64, f64) {
    let binary = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("clave-sence");
    let mut command = Command::new(binary);
    for (key, _) in std::env::vars().filter(|(key, _)| key.starts_with("CS_")) {
        command.env_remove(key);
    }
    let start = Instant::now();
    let mut child = command
        .arg("import")
        .arg(file)
        .arg("--data")
        .arg(folder)
        .envs([("CS_MODE", "demo"), ("CS_DATABASE_URL", database)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut memory = 0.0_f64;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.unwrap(),
            () = tokio::time::sleep(Duration::from_millis(50)) => {
                memory = memory.max(child.id().and_then(peak).unwrap_or_default());
            }
        }
    };
    assert!(status.success(), "the import ended with {status}");
    (start.elapsed().as_secs_f64(), memory)
}

/// Most resident memory of a process so far in MB, where the system tells (Linux).
fn peak(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0 / 1e6)
}

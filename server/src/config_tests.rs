//! What the configuration accepts and refuses.

use super::*;

const PRODUCTION: [(&str, &str); 10] = [
    ("CS_PUBLIC_URL", "https://clave.ejemplo.cl/"),
    ("CS_DATABASE_URL", "sqlite:/nowhere/db"),
    ("CS_SECRET_KEY", "q0UYvXl7kT4mZr2sWcN9hJ6bEg8oPdAf"),
    ("CS_SMTP_URL", "smtps://correo.ejemplo.cl"),
    ("CS_MAIL_FROM", "Clave SENCE <no-responder@ejemplo.cl>"),
    ("CS_SMS_URL", "https://sms.ejemplo.cl/enviar"),
    ("CS_CIVIL_REGISTRY", "file:/nowhere/civil.csv"),
    ("CS_TAX_REGISTRY", "file:/nowhere/sii.csv"),
    ("CS_FILES", "folder:/nowhere/files"),
    ("CS_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32"),
];

fn load(changes: &[(&str, &str)]) -> Result<Config, String> {
    let mut all: BTreeMap<String, String> =
        PRODUCTION.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    for (key, value) in changes {
        all.insert((*key).to_owned(), (*value).to_owned());
    }
    Config::load(Path::new("/nowhere"), None, all).map_err(|error| error.to_string())
}

#[test]
fn production_is_the_default_and_accepts_a_complete_configuration() {
    let config = load(&[]).unwrap();
    assert_eq!(config.mode, Mode::Production);
    assert_eq!(config.settings.public_url, "https://clave.ejemplo.cl");
    let proxies: Vec<_> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "2001:db8::/32"]);
    let shown = config.describe();
    assert!(shown.contains("secret_key = (set, not shown)") && !shown.contains("q0UYvXl7"));
}

#[test]
fn networks_are_normalised_and_mapped_ipv4_is_ipv4() {
    for (text, read) in [
        ("10.0.0.1", Some("10.0.0.1/32")),
        (" 10.1.2.3/8 ", Some("10.0.0.0/8")),
        ("2001:db8::1", Some("2001:db8::1/128")),
        ("::ffff:10.0.0.1", Some("10.0.0.1/32")),
        ("::ffff:10.1.2.3/104", Some("10.0.0.0/8")),
        ("::ffff:0:0/96", Some("0.0.0.0/0")),
        ("::/0", Some("::/0")),
        ("10.0.0.0/33", None),
        ("proxy", None),
        ("", None),
    ] {
        assert_eq!(network(text).map(|network| network.to_string()).as_deref(), read, "{text:?}");
    }
}

#[test]
fn errors_name_the_key_and_never_its_value() {
    for (key, value, says) in [
        ("CS_NIE_PATTERN", "[A-Z", "`nie_pattern`: must be a regular expression"),
        ("CS_LANGUAGE", "en", "`language`: must be es"),
        ("CS_UPDATE_PROOF", "nada", "`update_proof`: must be key or birth_date"),
        ("CS_SHOW_PROVISIONAL_KEY", "quizas", "`show_provisional_key`: must be true or false"),
        ("CS_SHOW_PROVISIONAL_KEY", "true", "`show_provisional_key`: with register_proof = none"),
        ("CS_SHOW_PROVISIONAL_KEY", "true", "set register_proof = serial, or show_provisional_key = false"),
        ("CS_PUBLIC_URL", "", "`public_url` is needed"),
        ("CS_PUBLIC_URL", "http://clave.ejemplo.cl", "`public_url` is not allowed"),
        ("CS_PUBLIC_URL", "clave.ejemplo.cl", "`public_url`: must be"),
        ("CS_PUBLIC_URL", "https://clave.ejemplo.cl/clave", "`public_url`: must have no path"),
        ("CS_PUBLIC_URL", "https://clave.ejemplo.cl/?a", "`public_url`: must end behind the host"),
        ("CS_PUBLIC_URL", "https://u:short-and-secret@clave.ejemplo.cl", "`public_url`: must have no user"),
        ("CS_SECRET_KEY", "", "`secret_key` is needed"),
        ("CS_SECRET_KEY", "short-and-secret", "`secret_key`: needs at least 32"),
        ("CS_SECRET_KEY", "0123456789abcdef0123456789abcdef", "`secret_key` is not allowed"),
        ("CS_FORWARDED_HEADER", "x-real-ip", "`forwarded_header`: must be x-forwarded-for or forwarded"),
        ("CS_CONNECTIONS", "0", "`connections`: must be"),
        ("CS_CONNECTIONS_PER_ADDRESS", "many", "`connections_per_address`: must be"),
        ("CS_SMTP_URL", "", "`smtp_url` is needed"),
        ("CS_SMTP_URL", "http://x", "`smtp_url`: must be"),
        ("CS_MAIL_FROM", "nobody", "`mail_from`: must be"),
        ("CS_SMS_URL", "", "`sms_url` is needed"),
        ("CS_CIVIL_REGISTRY", "", "`civil_registry` is needed"),
        ("CS_CIVIL_REGISTRY", "ftp://x", "`civil_registry`: must be file"),
        ("CS_TAX_REGISTRY", "", "`tax_registry` is needed"),
        ("CS_FOREIGN_DOCUMENTS", "documentos.csv", "`foreign_documents`: must be file"),
        ("CS_RCE_COURSES", "cursos.csv", "`rce_courses`: must be file"),
        ("CS_RCE_COURSES", "https://cursos.ejemplo.cl", "`rce_courses`: must be file"),
        ("CS_RCE_COURSES", "file:", "`rce_courses`: must be file"),
        ("CS_TAX_REGISTRY", "sii.csv", "`tax_registry`: must be file"),
        ("CS_FILES", "", "`files` is needed"),
        ("CS_FILES", "folder:", "`files`: must be folder:PATH"),
        ("CS_FILES", "/nowhere/files", "`files`: must be folder:PATH"),
        ("CS_FILES", "s3://", "`files`: must be folder:PATH"),
        ("CS_FILES", "s3://un balde", "`files`: must be folder:PATH"),
        ("CS_FILES", "s3://balde//x", "`files`: its prefix may have"),
        ("CS_FILES", "s3://balde/../otro", "`files`: its prefix may have"),
        ("CS_FILES", "s3://balde", "`files_s3_key_id`: is needed"),
        ("CS_CAPTCHA_FIXED", "ABCDE", "`captcha_fixed` is not allowed"),
        #[cfg(debug_assertions)]
        ("CS_WORTHLESS_HASHES", "true", "`worthless_hashes` is not allowed"),
        ("CS_CAPTCHA_WORK", "201", "`captcha_work`: must be between 0 and 200"),
        ("CS_CAPTCHA_WORK", "-1", "`captcha_work`: must be a number of hashes"),
        ("CS_LISTEN", "everywhere", "`listen`: must be"),
        ("CS_TRUSTED_PROXIES", "10.0.0.0/99", "`trusted_proxies`: must be"),
        ("CS_MODE", "test", "`mode`: must be"),
        ("CS_PROVISIONAL_HOURS", "0", "`provisional_hours`: must be"),
        ("CS_KEYS_PER_DAY", "0", "`keys_per_day`: must be"),
        ("CS_PUBLIC_ULR", "x", "unknown key `public_ulr`"),
    ] {
        let error = load(&[(key, value)]).err().unwrap_or_default();
        assert!(error.contains(says), "{key}={value}: {error}");
        assert!(!error.contains("short-and-secret"));
    }
    assert!(load(&[("CS_WASM_TOOLCHAIN", "debian")]).is_ok(), "the tools' own variables do not count");
}

#[test]
fn the_environment_overrides_the_file() {
    let file = std::env::temp_dir().join(format!("clave-sence-{}.toml", std::process::id()));
    std::fs::write(
        &file,
        "listen = \"127.0.0.1:4000\"\nkeys_per_day = 3\ntrusted_proxies = [\"10.0.0.1\"]\n",
    )
    .unwrap();
    let environment = PRODUCTION.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let config = Config::load(Path::new("/nowhere"), Some(&file), environment).unwrap();
    assert_eq!((config.listen.port(), config.settings.keys_per_day), (4000, 3));
    assert_eq!(config.trusted_proxies.len(), 2);
    std::fs::write(&file, "colour = \"blue\"\n").unwrap();
    let error = Config::load(Path::new("/nowhere"), Some(&file), []).err().unwrap().to_string();
    assert!(error.contains("unknown key `colour`"));
    std::fs::remove_file(&file).unwrap();
}

/// What an object storage needs.
#[cfg(feature = "s3")]
const S3: [(&str, &str); 3] = [
    ("CS_FILES", "s3://balde/clave-sence/archivos/"),
    ("CS_FILES_S3_KEY_ID", "clave"),
    ("CS_FILES_S3_SECRET", "short-and-secret"),
];

#[test]
fn files_go_to_a_folder_or_to_an_object_storage() {
    let folder = |files| match files {
        Files::Folder(folder) => Some(folder.path().to_owned()),
        Files::Object(_) => None,
    };
    assert_eq!(folder(load(&[]).unwrap().files), Some("/nowhere/files".into()));
    let data = std::env::temp_dir().join(format!("clave-sence-{}-demo", std::process::id()));
    let demo = Config::load(&data, None, [("CS_MODE".to_owned(), "demo".to_owned())]).unwrap();
    assert_eq!(folder(demo.files), Some(data.join("archivos")));
    std::fs::remove_dir_all(&data).unwrap();
    for endpoint in
        ["", "https://s3.ejemplo.cl", "http://127.0.0.1:9000/", "http://localhost:9000", "http://[::1]:9000"]
    {
        let config = load(&[S3.as_slice(), &[("CS_FILES_S3_ENDPOINT", endpoint)]].concat()).unwrap();
        assert_eq!(folder(config.files.clone()), None, "{endpoint}");
        assert!(config.describe().contains("files_s3_secret = (set, not shown)"));
        assert!(!format!("{:?}", config.files).contains("short-and-secret"));
    }
}

#[test]
fn errors_of_object_storage_name_the_key_and_never_its_value() {
    for (key, value, says) in [
        ("CS_FILES_S3_KEY_ID", "", "`files_s3_key_id`: is needed"),
        ("CS_FILES_S3_SECRET", "", "`files_s3_secret`: is needed"),
        ("CS_FILES_S3_REGION", "us/east", "`files_s3_region`: must be"),
        ("CS_FILES_S3_ENDPOINT", "s3.ejemplo.cl", "`files_s3_endpoint`: must be"),
        ("CS_FILES_S3_ENDPOINT", "ftp://s3.ejemplo.cl", "`files_s3_endpoint`: must be"),
        ("CS_FILES_S3_ENDPOINT", "https://s3.ejemplo.cl/balde", "`files_s3_endpoint`: must be"),
        (
            "CS_FILES_S3_ENDPOINT",
            "https://clave:short-and-secret@s3.ejemplo.cl",
            "`files_s3_endpoint`: must be",
        ),
        ("CS_FILES_S3_ENDPOINT", "http://s3.ejemplo.cl", "`files_s3_endpoint` is not allowed"),
        ("CS_FILES_S3_ENDPOINT", "http://127.0.0.1.ejemplo.cl", "`files_s3_endpoint` is not allowed"),
    ] {
        let error = load(&[S3.as_slice(), &[(key, value)]].concat()).err().unwrap_or_default();
        assert!(error.contains(says), "{key}={value}: {error}");
        assert!(!error.contains("short-and-secret"));
    }
}

#[test]
fn security_a_key_on_the_screen_needs_proven_registrations() {
    let show = ("CS_SHOW_PROVISIONAL_KEY", "true");
    for mode in ["production", "demo"] {
        let data = std::env::temp_dir().join(format!("clave-sence-{}-show-{mode}", std::process::id()));
        let load = |changes: &[(&str, &str)]| {
            let all = PRODUCTION.iter().chain(changes).map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
            Config::load(&data, None, all.collect::<BTreeMap<_, _>>()).map(|config| config.settings)
        };
        let mode = ("CS_MODE", mode);
        assert!(load(&[mode, show]).is_err());
        assert!(load(&[mode, show, ("CS_REGISTER_PROOF", "none")]).is_err());
        let (serial, documents) =
            (("CS_REGISTER_PROOF", "serial"), ("CS_FOREIGN_DOCUMENTS", "file:documentos.csv"));
        assert!(load(&[mode, show, documents]).is_err());
        assert!(load(&[mode, show, serial, documents]).unwrap().show_provisional);
        // A NIE has a proof only with the registry. The demo shows the page of the older guides without it.
        assert_eq!(load(&[mode, show, serial]).is_ok(), mode.1 == "demo");
        let _ = std::fs::remove_dir_all(&data);
    }
}

//! Every key of the configuration, with its meaning: the one list that the file, the environment and
//! `clave-sence check-config` share.

/// A key.
pub(super) struct Key {
    /// Its name in the file; in the environment `CS_` and the name in capitals.
    pub(super) name: &'static str,
    /// Whether its value is never shown.
    pub(super) secret: bool,
    /// What it means, and what holds without it.
    pub(super) meaning: &'static str,
}

const fn key(name: &'static str, meaning: &'static str) -> Key {
    Key { name, secret: false, meaning }
}

const fn secret(name: &'static str, meaning: &'static str) -> Key {
    Key { name, secret: true, meaning }
}

/// The keys.
pub(super) const KEYS: &[Key] = &[
    key("mode", "demo or production. Without it: production."),
    key("listen", "ADDRESS:PORT of the pages. Without it: 127.0.0.1:3000."),
    key(
        "metrics_listen",
        "ADDRESS:PORT of the metrics for Prometheus, never a public one. Without it: no metrics.",
    ),
    key(
        "public_url",
        "Address of the service as people reach it, without a path: http(s)://HOST, https in production; the base of every link in a message. Demo \
         without it: http:// and listen.",
    ),
    key(
        "language",
        "Language of pages and messages: es. A debug build also has qps, the pseudo-language of the tests. Without it: es.",
    ),
    key(
        "database_url",
        "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. Demo without it: a file in --data.",
    ),
    key("database_connections", "Most connections to the database. Without it: 8."),
    secret(
        "secret_key",
        "At least 32 random bytes, as from `openssl rand -base64 32`; production refuses what can be guessed. Seals \
         messages, makes decoys. Demo without it: made in --data.",
    ),
    key("secret_key_file", "A file with the secret key, in place of secret_key."),
    secret(
        "smtp_url",
        "smtp://HOST:PORT, smtps://…, with USER:PASSWORD@ where needed, ?tls=required for STARTTLS.",
    ),
    key("mail_from", "Sender of every mail: Name <address>."),
    key("sms_url", "HTTP gateway for SMS: POST {\"to\",\"text\"}."),
    secret("sms_token", "Bearer token for the SMS gateway."),
    key(
        "civil_registry",
        "Registro Civil: file:PATH.csv with run,serie,estado,nombre, or http(s)://…. Demo without it: a sample.",
    ),
    secret("civil_registry_token", "Bearer token for a Registro Civil behind HTTP."),
    key(
        "tax_registry",
        "SII: file:PATH.csv with rut_empresa,razon_social,rut_representante, or http(s)://…. Demo without it: a sample.",
    ),
    secret("tax_registry_token", "Bearer token for an SII behind HTTP."),
    key(
        "foreign_documents",
        "Registry of foreign documents: file:PATH.csv with nie,tipo,pais,numero,estado,nombre, or http(s)://…. Without it: none, and \
         the document of a persona migrante is only the one they registered.",
    ),
    secret("foreign_documents_token", "Bearer token for a registry of foreign documents behind HTTP."),
    key(
        "rce_courses",
        "Courses that attendance is taken of (/rce): file:PATH.csv with codigo_curso,cod_sence,linea,rut_otec,desde,hasta,estado,modalidad,\
         run_alumnos, read again when it changes. Without it: attendance is off.",
    ),
    key(
        "files",
        "Uploaded files: folder:PATH or s3://BUCKET[/PREFIX]. Demo without it: the folder archivos in --data.",
    ),
    key(
        "files_s3_endpoint",
        "http(s)://HOST[:PORT] of an S3 that is not AWS; in production https, but for one on this machine. Without it: AWS.",
    ),
    key("files_s3_region", "Region of the bucket. Without it: us-east-1, which most others than AWS take."),
    key(
        "files_s3_key_id",
        "Id of the key for the bucket: it puts, gets and deletes objects, and needs no more.",
    ),
    secret("files_s3_secret", "The secret of that key."),
    key(
        "files_spool",
        "Folder where uploads are put together before they go to S3. Without it: clave-sence in the system's temporary \
         folder.",
    ),
    key("frame_ancestors", "Sites that may show the pages in a frame, parted by commas. Without it: none."),
    key("trusted_proxies", "Addresses or ranges of proxies whose header names the client. Without it: none."),
    key(
        "forwarded_header",
        "The header of these proxies: x-forwarded-for or forwarded (RFC 7239). Without it: x-forwarded-for.",
    ),
    key(
        "connections",
        "Most open connections; keep it 200 below the limit of open files of the process. Without it: 800.",
    ),
    key(
        "connections_per_address",
        "Most connections of one address, except trusted_proxies, and most requests of one client under way. Without it: 100.",
    ),
    key(
        "captcha_work",
        "How many hashes of 1 MiB a browser computes in place of the letters of a captcha, while few forms come from its address \
         and network and few about the identity; 0 to 200, 0: always the letters. Without it: 48.",
    ),
    key(
        "captcha_fixed",
        "The answer of every captcha, for tests; the letters are then always asked for. Refused in production.",
    ),
    #[cfg(debug_assertions)]
    key(
        "worthless_hashes",
        "true: keys and answers are hashed so that the hash protects nothing, for tests with thousands of them. Debug builds \
         only; refused in production.",
    ),
    key(
        "register_proof",
        "none, or serial: registration asks for the cédula's serial, and checks the document of a persona migrante where \
         foreign_documents is set. Without it: none.",
    ),
    key(
        "provisional_hours",
        "How long a provisional key works, 1 to 168 hours (V-TTL; guide 000: 1). Without it: 24.",
    ),
    key(
        "show_provisional_key",
        "true: the provisional key is also shown on the screen (V-SHOW; guides 000, 003). Only with register_proof = serial, and in \
         production with foreign_documents. \
         Without it: false.",
    ),
    key(
        "update_proof",
        "key, or birth_date: “Actualizar datos” asks for date of birth and registered mail in place of the key, and \
         registration takes the date of birth (V-UPD; guides 000, 003). Weaker: both are known to many. Without it: key.",
    ),
    key(
        "nie_pattern",
        "Regular expression for the whole of a NIE in capitals, without dots, spaces and dashes. Without it: any 5 to \
         20 letters and digits.",
    ),
    key("keys_per_day", "Most provisional keys for one account in 24 hours. Without it: 10."),
    key(
        "tries_per_address",
        "Failed tries from one address before it waits; also the first pages of «Recuperar CS» in ten minutes before it is asked \
         for the document, and, times four, the unproven flows that it keeps of an hour. Without it: 300.",
    ),
    key(
        "messages_per_address",
        "Most mails and SMS that callers from one address cause in an hour; further ones are left out. 0: no cap. \
         Without it: 1000.",
    ),
    key(
        "sms_per_hour",
        "Most SMS in an hour, without notices of repeated registrations, which have a further tenth of this number. Further SMS \
         are left out; mails still go. The log has one error an hour when the budget is spent, none for those notices. 0: no cap. \
         Without it: 3000.",
    ),
];

/// Variables that begin with `CS_` too and belong to the tools around the program.
pub(super) const TOOLS: &[&str] = &["CS_SITE_DIR", "CS_WASM_TOOLCHAIN", "CS_CHROMIUM", "CS_BIN", "CS_PG_BIN"];

//! The migrations, embedded in the program.
//!
//! Listed by hand and not by `sqlx::migrate!`: that macro makes cargo build sqlx, with SQLite's C code, a second time
//! for the compiler's own use (docs/decisions/0012). A test compares the list with the folder.

use std::borrow::Cow;

use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Name of each file without `.sql`, and its statements, in the order of application.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_base", include_str!("../../migrations/0001_base.sql")),
    ("0002_birth_and_document", include_str!("../../migrations/0002_birth_and_document.sql")),
    ("0003_company", include_str!("../../migrations/0003_company.sql")),
    ("0004_facilitators", include_str!("../../migrations/0004_facilitators.sql")),
    ("0005_officer_notes", include_str!("../../migrations/0005_officer_notes.sql")),
    ("0006_epochs", include_str!("../../migrations/0006_epochs.sql")),
    ("0007_captcha_form", include_str!("../../migrations/0007_captcha_form.sql")),
    ("0008_unsigned", include_str!("../../migrations/0008_unsigned.sql")),
    ("0009_outbox_census", include_str!("../../migrations/0009_outbox_census.sql")),
    ("0010_former_contact", include_str!("../../migrations/0010_former_contact.sql")),
    ("0011_readiness", include_str!("../../migrations/0011_readiness.sql")),
    ("0012_known_browsers", include_str!("../../migrations/0012_known_browsers.sql")),
    ("0013_caps", include_str!("../../migrations/0013_caps.sql")),
    ("0014_identity", include_str!("../../migrations/0014_identity.sql")),
    ("0015_traces", include_str!("../../migrations/0015_traces.sql")),
    ("0016_browser_epochs", include_str!("../../migrations/0016_browser_epochs.sql")),
    ("0017_flow_network", include_str!("../../migrations/0017_flow_network.sql")),
    ("0018_mail_codes", include_str!("../../migrations/0018_mail_codes.sql")),
    ("0019_sign_in", include_str!("../../migrations/0019_sign_in.sql")),
    ("0020_tokens", include_str!("../../migrations/0020_tokens.sql")),
    ("0021_logout", include_str!("../../migrations/0021_logout.sql")),
    ("0022_sign_in_codes", include_str!("../../migrations/0022_sign_in_codes.sql")),
    ("0023_attendance", include_str!("../../migrations/0023_attendance.sql")),
];

/// All migrations, with the versions and checksums that `sqlx` keeps in its table.
pub(super) fn migrator() -> Migrator {
    let migrations = MIGRATIONS.iter().map(|(name, sql)| {
        // As `sqlx::migrate!` derives them from the name of the file.
        let (version, rest) = name.split_once('_').unwrap_or((name, ""));
        let (version, description) = (version.parse().unwrap_or(i64::MAX), rest.replace('_', " "));
        let sql = SqlStr::from_static(sql);
        Migration::new(version, Cow::Owned(description), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_matches_the_folder_and_its_numbers_are_versions() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
        let mut files: Vec<String> =
            folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let listed: Vec<String> = MIGRATIONS.iter().map(|(name, _)| format!("{name}.sql")).collect();
        assert_eq!(listed, files);
        for (migration, (name, _)) in migrator().iter().zip(MIGRATIONS) {
            assert_eq!(format!("{:04}", migration.version), name[..4]);
        }
    }

    /// Existing databases hold the checksums of `sqlx::migrate!`.
    #[test]
    fn a_database_made_by_the_macro_is_recognised() {
        let first = migrator().iter().next().unwrap().clone();
        assert_eq!(first.description, "base");
        let checksum: String = first.checksum.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(checksum, "4a024ee4");
    }
}

//! Folders and files that only the service's user may read: they hold hashes of keys, RUTs and documents.

use std::io;
use std::path::Path;

/// Creates a folder and its parents with mode 0700. An existing folder keeps its mode.
///
/// # Errors
/// It cannot be created.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates an empty file with mode 0600. An existing file loses the rights of others; the rights of its group stay.
///
/// # Errors
/// It cannot be created, or it exists and its mode cannot be changed.
pub fn create_file(path: &Path) -> io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => remove_rights_of_others(path),
        made => made.map(drop),
    }
}

/// Creates the file of a SQLite database, and restricts the two beside it. SQLite gives new ones the mode of the first.
///
/// # Errors
/// As [`create_file`].
pub fn create_database(path: &Path) -> io::Result<()> {
    create_file(path)?;
    for suffix in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        match remove_rights_of_others(Path::new(&beside)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            closed => closed?,
        }
    }
    Ok(())
}

/// Removes the rights of others from a file.
#[cfg(unix)]
fn remove_rights_of_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o007 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o770))
}

#[cfg(not(unix))]
fn remove_rights_of_others(_: &Path) -> io::Result<()> {
    Ok(())
}

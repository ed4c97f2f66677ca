//! Folders and files for us alone: what lies in them are hashes of keys, RUTs and documents.

use std::io;
use std::path::Path;

/// Makes a folder, and those above it, for us alone (0700). One that is there stays as its operator has it.
///
/// # Errors
/// It cannot be made.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes an empty file for us alone (0600) where there is none. Of one that is there, what everybody may do with it is taken
/// away; what its operator lets a group do stays.
///
/// # Errors
/// It cannot be made, or is there and not ours to close.
pub fn create_file(path: &Path) -> io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close(path),
        made => made.map(drop),
    }
}

/// The files of a SQLite database: itself, and the two beside it, which SQLite makes with the rights of the first.
///
/// # Errors
/// As [`create_file`].
pub fn create_database(path: &Path) -> io::Result<()> {
    create_file(path)?;
    for behind in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(behind);
        match close(Path::new(&beside)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            closed => closed?,
        }
    }
    Ok(())
}

/// Takes away what everybody may do with a file.
#[cfg(unix)]
fn close(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o007 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o770))
}

#[cfg(not(unix))]
fn close(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::store::Store;

    /// Nothing where there is no such file.
    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).map_or(0, |found| found.permissions().mode() & 0o777)
    }

    #[tokio::test]
    async fn security_only_we_can_read_the_database() {
        let root = std::env::temp_dir().join(format!("privado-{}", crate::secrets::random_id().unwrap()));
        let (data, of_operator) = (root.join("datos"), root.join("de-antes"));
        let open = async |folder: &Path| {
            let path = folder.join("clave-sence.db");
            let store = Store::open(&format!("sqlite:{}", path.display()), 2).await.unwrap();
            store.begin().await.unwrap().commit().await.unwrap();
            (store, ["", "-wal", "-shm"].map(|behind| folder.join(format!("clave-sence.db{behind}"))))
        };
        let (store, files) = open(&data).await;
        assert_eq!((mode(&data), files.each_ref().map(|file| mode(file))), (0o700, [0o600; 3]));
        store.close().await;

        // A folder that is there stays as it is; files of an older version are closed for everybody, not for a group.
        std::fs::create_dir(&of_operator).unwrap();
        std::fs::set_permissions(&of_operator, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::write(of_operator.join("clave-sence.db"), "").unwrap();
        std::fs::set_permissions(of_operator.join("clave-sence.db"), std::fs::Permissions::from_mode(0o644))
            .unwrap();
        let (store, files) = open(&of_operator).await;
        assert_eq!((mode(&of_operator), files.each_ref().map(|file| mode(file))), (0o755, [0o640; 3]));
        store.close().await;
        std::fs::remove_dir_all(&root).unwrap();
    }
}

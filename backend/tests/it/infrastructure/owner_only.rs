//! Only the service's user can read the database.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use backend::secrets::random_id;
use backend::store::Store;

/// 0 if there is no such file.
fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).map_or(0, |found| found.permissions().mode() & 0o777)
}

/// Opens a database in `folder`, and gives its three files.
async fn open(folder: &Path) -> (Store, [std::path::PathBuf; 3]) {
    let path = folder.join("clave-sence.db");
    let store = Store::open(&format!("sqlite:{}", path.display()), 2).await.unwrap();
    store.begin().await.unwrap().commit().await.unwrap();
    (store, ["", "-wal", "-shm"].map(|suffix| folder.join(format!("clave-sence.db{suffix}"))))
}

#[tokio::test]
async fn security_only_the_services_user_can_read_the_database() {
    let root = std::env::temp_dir().join(format!("privado-{}", random_id().unwrap()));
    let (new, existing) = (root.join("nuevo"), root.join("existente"));
    let (store, files) = open(&new).await;
    assert_eq!((mode(&new), files.each_ref().map(|file| mode(file))), (0o700, [0o600; 3]));
    store.close().await;

    // An existing folder keeps its mode; the files of an older version are closed to others, not to a group.
    std::fs::create_dir(&existing).unwrap();
    std::fs::set_permissions(&existing, Permissions::from_mode(0o755)).unwrap();
    std::fs::write(existing.join("clave-sence.db"), "").unwrap();
    std::fs::set_permissions(existing.join("clave-sence.db"), Permissions::from_mode(0o644)).unwrap();
    let (store, files) = open(&existing).await;
    assert_eq!((mode(&existing), files.each_ref().map(|file| mode(file))), (0o755, [0o640; 3]));
    store.close().await;
    std::fs::remove_dir_all(&root).unwrap();
}

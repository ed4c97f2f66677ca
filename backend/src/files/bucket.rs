//! The settings of an object storage.

/// Where an object storage is, and how it lets us in.
#[derive(Clone)]
pub struct Bucket {
    /// The name of the bucket.
    pub bucket: String,
    /// What stands before every name, such as `clave-sence`; may be empty.
    pub prefix: String,
    /// `http(s)://HOST[:PORT]`; none for that of AWS. Without TLS only where nobody listens: on this machine.
    pub endpoint: Option<String>,
    /// The region, such as `us-east-1`, which most other storages take as well.
    pub region: String,
    /// The id of the key.
    pub key_id: String,
    /// Its secret.
    pub secret: String,
}

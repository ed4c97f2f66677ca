//! Settings of an object storage.

/// Address and credentials of an object storage.
#[derive(Clone)]
pub struct Bucket {
    /// The name of the bucket.
    pub bucket: String,
    /// Prefix of every name, such as `clave-sence`; may be empty.
    pub prefix: String,
    /// `http(s)://HOST[:PORT]`; None for AWS. Without TLS only on this machine, where nobody can listen.
    pub endpoint: Option<String>,
    /// The region, such as `us-east-1`, which most other storages accept too.
    pub region: String,
    /// The id of the key.
    pub key_id: String,
    /// Its secret.
    pub secret: String,
}

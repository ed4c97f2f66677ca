//! V-SHOW: the provisional key on the last page of a recovery.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::flow::recovery::Recovery;

use crate::flows::Flow;
use crate::service::{Backend, Result};
use crate::store::{StoreError, provisional};

impl Backend {
    /// Seals a secret that a page of a flow will show; it opens only with the tag of that flow.
    pub(super) fn seal_for(&self, tag: &str, secret: &str) -> Result<String> {
        let sealed = self.secrets.seal(tag.as_bytes(), secret.as_bytes()).map_err(StoreError::from)?;
        Ok(BASE64.encode(sealed))
    }

    /// V-SHOW: the provisional key that the last page of a recovery shows, while it is valid: not once it was used, replaced
    /// by a newer one, or expired.
    ///
    /// # Errors
    /// [`crate::service::ServiceError::Store`].
    pub async fn shown_key(&self, flow: &Flow<Recovery>) -> Result<Option<String>> {
        let Recovery::Sent(sent) = &flow.state else { return Ok(None) };
        let Some(shown) = &sent.shown else { return Ok(None) };
        if !provisional::counts(&mut *self.store.connection().await?, shown.id, self.now()).await? {
            return Ok(None);
        }
        let sealed = BASE64.decode(&shown.sealed).map_err(|_| StoreError::Corrupt("flow"))?;
        Ok(self
            .secrets
            .open(flow.tag().as_bytes(), &sealed)
            .ok()
            .and_then(|key| String::from_utf8(key.to_vec()).ok()))
    }
}

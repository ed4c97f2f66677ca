//! “Terminar y borrar”: deletes the flows of a browser.

use super::{Backend, Result};
use crate::flows::Token;
use crate::store::flows;

impl Backend {
    /// Deletes the flows of these tokens, each only if it is one of this errand (`recuperar`, …), of whichever kind.
    ///
    /// # Errors
    /// [`super::ServiceError`].
    pub async fn erase(&self, tokens: &[(&str, Token)]) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        for (errand, token) in tokens {
            flows::delete_of_errand(&mut *connection, &token.id(), errand).await?;
        }
        Ok(())
    }
}

//! “Terminar y borrar”: deletes the flows of a browser, and what it was known for.

use super::{Backend, Caller, Result};
use crate::flows::Token;
use crate::store::{browsers, flows};

impl Backend {
    /// Deletes the flows of these tokens, each only if it is one of this errand (`recuperar`, …), of whichever kind; and the caller's
    /// browser is known to no account any more.
    ///
    /// # Errors
    /// [`super::ServiceError`].
    pub async fn erase(&self, tokens: &[(&str, Token)], caller: &Caller) -> Result<()> {
        let connection = &mut *self.store.connection().await?;
        for (errand, token) in tokens {
            flows::delete_of_errand(&mut *connection, &token.id(), errand).await?;
        }
        if let Some(browser) = caller.browser.id() {
            browsers::forget_browser(&mut *connection, &browser).await?;
        }
        Ok(())
    }
}
